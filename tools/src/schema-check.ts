import { globSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Database, dumpSchema, type MigrationSet, migrate, openDatabase, startEmbedded } from '@huitong/pg'
import { schemaDifference } from './schema-difference.ts'
import { tablesOutside } from './table-names.ts'
import { generatedText } from './text-file.ts'
import { report, type Violation } from './violation.ts'

/**
 * Migrates each set of migrations alone into an empty schema of a fresh server and compares the outcome with the `schema.sql` beside
 * them, which is what reviewers read; `--write` brings the files up to date. Alone, so that a set which leans on another module's
 * tables fails here.
 */
async function checkSets(sets: readonly MigrationSet[], write: boolean): Promise<readonly Violation[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'huitong-schema-'))
  const server = await startEmbedded({ dataDir, settings: { fsync: 'off', archive_mode: 'off' } })
  const database = openDatabase(server.connection)
  try {
    const violations: Violation[] = []
    for (const set of sets) violations.push(...(await checkSet(database, set, write)))
    return violations
  } finally {
    await database.close()
    await server.stop('immediate')
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function checkSet(database: Database, set: MigrationSet, write: boolean): Promise<readonly Violation[]> {
  const schema = `check_${set.module}`
  await migrate(database, schema, [set])
  const made = await dumpSchema(database.owner, schema, `${set.module}_`)
  const file = join(set.directory, 'schema.sql')
  const names = tablesOutside(await dumpSchema(database.owner, schema), set.module).map((table) => ({
    rule: 'table-name',
    file: set.directory,
    line: 1,
    message: `the table ${table} should be called ${set.module}_…`,
  }))
  if (write) {
    writeFileSync(file, made)
    return names
  }
  const difference = schemaDifference(generatedText(file), made)
  if (difference.length === 0) return names
  const shown = [...difference.slice(0, shownLines), ...(difference.length > shownLines ? ['…'] : [])]
  const message = `${difference.length} lines differ; run it with --write\n    ${shown.join('\n    ')}`
  return [...names, { rule: 'schema', file, line: 1, message }]
}

/** Enough to recognise a change; the rest is a diff of the file after `--write`. */
const shownLines = 12

/** Every folder with a first migration is a set, whether or not a program uses it. */
function findSets(): readonly MigrationSet[] {
  const first = globSync('{packages,modules}/*/sql/000001-*.sql')
  if (first.length === 0) throw new Error('no migrations were found: is this the root of the repository?')
  return first.sort().map((file) => ({ module: basename(dirname(dirname(file))), directory: dirname(file) }))
}

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } })
const sets = findSets()
process.exitCode = report('schema-check', await checkSets(sets, values.write), sets.length)
