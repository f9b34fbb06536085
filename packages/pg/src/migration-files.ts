import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ServerStartError } from './server-error.ts'
import { splitStatements } from './split-statements.ts'

/** A module's migrations: files `000001-name.sql`, `000002-other.sql` … of one folder; forward only, never edited. */
export interface MigrationSet {
  readonly module: string
  readonly directory: string
}

export interface MigrationFile {
  readonly module: string
  readonly number: number
  readonly name: string
  readonly sha256: string
  readonly statements: readonly string[]
}

const fileName = /^(\d{6})-([a-z0-9-]+)\.sql$/

/** Reads a set in order. `schema.sql`, the dump that checks compare with, is none of them. */
export async function readMigrations(set: MigrationSet): Promise<readonly MigrationFile[]> {
  const names = (await readdir(set.directory)).filter((name) => name.endsWith('.sql') && name !== 'schema.sql').sort()
  const files: MigrationFile[] = []
  for (const file of names) {
    const [, number, name] = fileName.exec(file) ?? []
    if (name === undefined || Number(number) !== files.length + 1) {
      const message = `The migrations of ${set.module} must be numbered 000001, 000002 … without gaps; ${file} is not.`
      throw new ServerStartError('migration_malformed', message)
    }
    const text = await readFile(join(set.directory, file), 'utf8')
    files.push({
      module: set.module,
      number: Number(number),
      name,
      sha256: createHash('sha256').update(text).digest('hex'),
      statements: splitStatements(text),
    })
  }
  return files
}
