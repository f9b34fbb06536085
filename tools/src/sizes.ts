import { isTest, type Repository, readRepository, type SourceFile } from './repository.ts'
import { report, type Violation, violationText } from './violation.ts'

/** Where a file starts to ask for a second noun of its own, and where it must get one. */
export const warnedLines = 300
export const refusedLines = 500

export type Sizes = { readonly warnings: readonly Violation[]; readonly violations: readonly Violation[] }

/** Source files by their number of lines. Tests are passed over, and so are tables of data: they grow with the world. */
export function checkSizes(repository: Repository): Sizes {
  const tooLong = repository.files
    .filter((file) => !isTest(file.path) && !isDataTable(file))
    .map((file) => ({ file: file.path, lines: countLines(file.text) }))
    .filter(({ lines }) => lines > warnedLines)
  const violations = (sizes: typeof tooLong) =>
    sizes.map(({ file, lines }) => ({ rule: 'size', file, line: lines, message: `${lines} lines; one noun per file` }))
  return {
    warnings: violations(tooLong.filter(({ lines }) => lines <= refusedLines)),
    violations: violations(tooLong.filter(({ lines }) => lines > refusedLines)),
  }
}

function isDataTable(file: SourceFile): boolean {
  return /(-data|-table)\.ts$/.test(file.path) || file.path.includes('/data/')
}

function countLines(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
}

if (import.meta.main) {
  const repository = readRepository(process.cwd())
  const { warnings, violations } = checkSizes(repository)
  for (const warning of warnings) console.warn(`warning: ${violationText(warning)}`)
  process.exitCode = report('sizes', violations, repository.files.length)
}
