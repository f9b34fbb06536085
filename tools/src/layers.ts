import { builtinModules } from 'node:module'
import { posix } from 'node:path'
import { findCycles } from './cycles.ts'
import { type Import, readImports } from './imports.ts'
import { arrowBroken, isTestWorld, placeMissing } from './layer-table.ts'
import { isTest, type Repository, readRepository, type SourceFile, type Workspace } from './repository.ts'
import { report, type Violation } from './violation.ts'

/**
 * The rules of who may import whom. Type-only imports count: a type binds two files as a value does. Each rule has a
 * planted violation in layers.test.ts.
 */
export function checkLayers(repository: Repository): readonly Violation[] {
  const violations: Violation[] = []
  const edges = new Map<string, string[]>()
  for (const workspace of repository.workspaces.values()) {
    const message = placeMissing(workspace)
    if (message !== undefined) violations.push({ rule: 'place', file: workspace.folder, line: 1, message })
  }
  for (const file of repository.files) {
    const { imports, exportStars } = readImports(file)
    for (const line of exportStars) {
      const message = 'name each export; with `*` nobody sees what a door lets through'
      violations.push({ rule: 'export-star', file: file.path, line, message })
    }
    for (const each of imports) {
      const broken = judge(repository, file, each)
      if (broken !== undefined) violations.push({ ...broken, file: file.path, line: each.line })
    }
    const targets = imports.flatMap((each) => (isRelative(each.specifier) ? [resolve(file, each.specifier)] : []))
    edges.set(file.path, targets)
  }
  for (const cycle of findCycles(edges)) {
    violations.push({ rule: 'cycle', file: cycle[0] ?? '', line: 1, message: `files in a circle: ${cycle.join(', ')}` })
  }
  return violations
}

type Broken = { readonly rule: string; readonly message: string }

function judge(repository: Repository, file: SourceFile, { specifier }: Import): Broken | undefined {
  const from = file.workspace
  if (specifier === undefined) {
    // A name computed at run time cannot be judged here, so only the checks themselves may have one.
    return from?.area === 'tools' ? undefined : { rule: 'computed-import', message: 'import a literal name' }
  }
  if (isBuiltin(specifier) || from === undefined) return undefined
  if (isRelative(specifier)) {
    const inside = resolve(file, specifier).startsWith(`${from.folder}/`)
    return inside ? undefined : { rule: 'leaves-package', message: `${specifier} leaves ${from.folder}` }
  }
  const name = packageName(specifier)
  const to = repository.workspaces.get(name)
  if (to === undefined) return judgeDeclared(repository, file, from, name)
  if (specifier !== name) return { rule: 'deep-import', message: `${specifier} goes past the door of ${to.folder}` }
  if (to === from) {
    return isTest(file.path) ? undefined : { rule: 'own-door', message: `${from.folder} imports itself by name` }
  }
  // Tests stand outside the arrows only so far that they may use the test world.
  if (isTest(file.path) && isTestWorld(to)) return undefined
  const message = arrowBroken(from, to)
  return message === undefined ? judgeDeclared(repository, file, from, name) : { rule: 'arrow', message }
}

function judgeDeclared(repository: Repository, file: SourceFile, from: Workspace, name: string): Broken | undefined {
  const usesRootTools = isTest(file.path) || from.shortName === 'testing'
  const declared = (each: string) => from.declared.has(each) || (usesRootTools && repository.rootDeclared.has(each))
  if (declared(name) || declared(`@types/${name}`)) return undefined
  return { rule: 'undeclared', message: `${name} is not declared in ${from.folder}/package.json` }
}

function isRelative(specifier: string | undefined): specifier is string {
  return specifier !== undefined && (specifier.startsWith('.') || specifier.startsWith('/'))
}

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith('node:') || builtinModules.includes(specifier)
}

function resolve(file: SourceFile, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(file.path), specifier))
}

/** `@scope/name/deep/file.ts` → `@scope/name`, `name/deep` → `name`. */
function packageName(specifier: string): string {
  const parts = specifier.split('/')
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
}

if (import.meta.main) {
  const repository = readRepository(process.cwd())
  process.exitCode = report('layers', checkLayers(repository), repository.files.length)
}
