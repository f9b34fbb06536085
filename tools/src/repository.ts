import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The folders that hold code; the arrows between them are in layer-table.ts. */
const areas = ['packages', 'modules', 'flows', 'apps', 'sim', 'bench', 'tools'] as const
export type Area = (typeof areas)[number]

/** One npm workspace: a folder with a package.json. */
export type Workspace = {
  /** The npm name, such as `@huitong/ledger`. */
  readonly name: string
  /** The folder's own name, such as `ledger`. */
  readonly shortName: string
  /** The path from the root, such as `modules/ledger`. */
  readonly folder: string
  readonly area: Area
  /** Names under any kind of dependencies in its package.json. */
  readonly declared: ReadonlySet<string>
}

export type SourceFile = {
  /** The path from the root, with `/` between its parts. */
  readonly path: string
  readonly text: string
  /** Absent for a file at the root, such as a tool's configuration. */
  readonly workspace: Workspace | undefined
}

export type Repository = {
  readonly workspaces: ReadonlyMap<string, Workspace>
  readonly files: readonly SourceFile[]
  /** What the root's package.json declares: tools that every test may use. */
  readonly rootDeclared: ReadonlySet<string>
}

/**
 * Builds the repository from texts by path, so that a check runs the same on the disk and on a few lines in a test.
 * Throws when there is no source file at all: a check over nothing must never pass.
 */
export function repositoryOf(texts: ReadonlyMap<string, string>): Repository {
  const workspaces = new Map<string, Workspace>()
  for (const [path, text] of texts) {
    const workspace = path.endsWith('/package.json')
      ? workspaceOf(path.slice(0, -'/package.json'.length), text)
      : undefined
    if (workspace !== undefined) workspaces.set(workspace.name, workspace)
  }
  const byFolder = [...workspaces.values()]
  const files = [...texts]
    .filter(([path]) => /\.tsx?$/.test(path))
    .map(([path, text]) => ({
      path,
      text,
      workspace: byFolder.find((workspace) => path.startsWith(`${workspace.folder}/`)),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
  if (files.length === 0) throw new Error('no source files were found: is this the root of the repository?')
  return { workspaces, files, rootDeclared: declaredIn(texts.get('package.json') ?? '{}') }
}

/** Reads every workspace under `root`; generated and installed folders are passed over. */
export function readRepository(root: string): Repository {
  const texts = new Map<string, string>()
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    if (entry.isFile() && isRead(entry.name)) texts.set(entry.name, readFileSync(join(root, entry.name), 'utf8'))
  }
  for (const area of areas) readFolder(root, area, texts)
  return repositoryOf(texts)
}

const passedOver = new Set(['node_modules', 'dist', 'coverage', '.huitong'])

function readFolder(root: string, folder: string, texts: Map<string, string>): void {
  for (const entry of readdirIfThere(join(root, folder))) {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory() && !passedOver.has(entry.name)) readFolder(root, path, texts)
    else if (entry.isFile() && isRead(entry.name)) texts.set(path, readFileSync(join(root, path), 'utf8'))
  }
}

function readdirIfThere(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    // An area without content has no folder; anything else is a fault of this machine and must be seen.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

function isRead(name: string): boolean {
  return name === 'package.json' || /\.tsx?$/.test(name)
}

function workspaceOf(folder: string, packageJson: string): Workspace | undefined {
  const parts = folder.split('/')
  const area = areas.find((each) => each === parts[0])
  const shortName = parts.at(-1)
  const name = recordOf(JSON.parse(packageJson)).name
  if (area === undefined || shortName === undefined || typeof name !== 'string') return undefined
  return { name, shortName, folder, area, declared: declaredIn(packageJson) }
}

function declaredIn(packageJson: string): ReadonlySet<string> {
  const content = recordOf(JSON.parse(packageJson))
  const kinds = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']
  return new Set(kinds.flatMap((kind) => Object.keys(recordOf(content[kind]))))
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

/** Tests and their helpers: they may use the root's tools, and neither size nor place of SQL is asked of them. */
export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || path.includes('/test/')
}
