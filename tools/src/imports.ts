import { type Expression, parseSync, Visitor } from 'oxc-parser'
import type { SourceFile } from './repository.ts'
import { lineAt } from './violation.ts'

/** One name that a file reaches for, whatever the syntax: an import of a type binds two files as one of a value does. */
export type Import = {
  /** Absent when the name is computed at run time and so cannot be judged. */
  readonly specifier: string | undefined
  readonly line: number
}

export type FileImports = {
  readonly imports: readonly Import[]
  /** Lines with `export *`, in either of its forms. */
  readonly exportStars: readonly number[]
}

/**
 * Every static import, re-export, dynamic `import()` and `import('…')` type of a file. Throws on a file that does not
 * parse, since whatever it imports would go unseen.
 */
export function readImports(file: SourceFile): FileImports {
  const parsed = parseSync(file.path, file.text)
  const [firstError] = parsed.errors
  if (firstError !== undefined) throw new Error(`${file.path} does not parse: ${firstError.message}`)

  const imports: Import[] = []
  const exportStars: number[] = []
  const add = (start: number, specifier: string | undefined) => {
    imports.push({ specifier, line: lineAt(file.text, start) })
  }
  new Visitor({
    ImportDeclaration: (node) => add(node.start, node.source.value),
    ExportNamedDeclaration: (node) => {
      if (node.source !== null) add(node.start, node.source.value)
    },
    ExportAllDeclaration: (node) => {
      add(node.start, node.source.value)
      exportStars.push(lineAt(file.text, node.start))
    },
    ImportExpression: (node) => add(node.start, literalText(node.source)),
    TSImportType: (node) => add(node.start, literalText(node.source)),
  }).visit(parsed.program)
  return { imports, exportStars }
}

function literalText(source: Expression): string | undefined {
  return source.type === 'Literal' && typeof source.value === 'string' ? source.value : undefined
}
