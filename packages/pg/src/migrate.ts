import { applicationRole } from './connection-pool.ts'
import type { Database } from './database.ts'
import { committerRole } from './dedicated-connection.ts'
import { type MigrationFile, type MigrationSet, readMigrations } from './migration-files.ts'
import { ensureRoles } from './roles.ts'
import { ServerStartError } from './server-error.ts'
import { openSingleConnection } from './single-connection.ts'
import { quoteName, type Sql } from './sql.ts'

export interface AppliedMigration {
  readonly module: string
  readonly number: number
  readonly name: string
}

/**
 * Brings one institution's schema up to this program, making it when there is none, and returns what was applied. All that is
 * pending goes into one transaction, so a failure leaves the schema as it was; two programs at once take turns. Sets are
 * applied in the order given. Throws `ServerStartError`: `migration_edited` when an applied file has changed since,
 * `database_newer` when the schema holds migrations that this program does not know, `migration_malformed` for bad file names.
 */
export async function migrate(
  database: Database,
  schema: string,
  sets: readonly MigrationSet[],
): Promise<readonly AppliedMigration[]> {
  const files = (await Promise.all(sets.map(readMigrations))).flat()
  const connection = await openSingleConnection(database.connection, { search_path: quoteName(schema) })
  try {
    await ensureRoles(connection.sql)
    await connection.sql`begin`
    const applied = await migrateLocked(connection.sql, schema, files)
    await connection.sql`commit`
    return applied
  } finally {
    // Closing an open transaction takes it back.
    await connection.close()
  }
}

async function migrateLocked(sql: Sql, schema: string, files: readonly MigrationFile[]): Promise<AppliedMigration[]> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`huitong migrate ${schema}`}, 0))`
  const history = await readHistory(sql, schema)
  checkHistory(schema, history, files)
  const pending = files.filter((file) => history.every((row) => row.module !== file.module || row.number < file.number))
  for (const file of pending) await apply(sql, file)
  return pending.map(({ module, number, name }) => ({ module, number, name }))
}

interface HistoryRow {
  readonly module: string
  readonly number: number
  readonly name: string
  readonly sha256: string
}

async function readHistory(sql: Sql, schema: string): Promise<readonly HistoryRow[]> {
  const name = quoteName(schema)
  const [found] = await sql`select from pg_namespace where nspname = ${schema}`
  if (found === undefined) await sql.unsafe(`create schema ${name}`)
  const [table] = await sql`select from pg_tables where schemaname = ${schema} and tablename = 'schema_migrations'`
  if (table === undefined) {
    await sql.unsafe(`grant usage on schema ${name} to ${applicationRole}, ${committerRole}`)
    await sql.unsafe(createHistory)
    await sql.unsafe(`grant select on schema_migrations to ${applicationRole}, ${committerRole}`)
    return []
  }
  return await sql<HistoryRow[]>`select module, number, name, sha256 from schema_migrations order by module, number`
}

const createHistory = `
  create table schema_migrations (
    module text not null,
    number int4 not null,
    name text not null,
    sha256 text not null,
    applied_at timestamptz not null default now(),
    constraint schema_migrations_pkey primary key (module, number),
    constraint schema_migrations_number_positive check (number > 0)
  )`

function checkHistory(schema: string, history: readonly HistoryRow[], files: readonly MigrationFile[]): void {
  for (const row of history) {
    const file = files.find((candidate) => candidate.module === row.module && candidate.number === row.number)
    const migration = `${row.module} ${String(row.number).padStart(6, '0')}-${row.name}`
    if (file === undefined) {
      const message = `The schema ${schema} is newer than this program: it has the migration ${migration}, which is not known here.`
      throw new ServerStartError('database_newer', message)
    }
    if (file.sha256 !== row.sha256 || file.name !== row.name) {
      const message = `The migration ${migration} was edited after it had been applied to ${schema}; add a new one instead.`
      throw new ServerStartError('migration_edited', message)
    }
  }
}

/** Statements travel together but one per query: see `splitStatements`. */
async function apply(sql: Sql, file: MigrationFile): Promise<void> {
  await Promise.all(file.statements.map((statement) => sql.unsafe(statement)))
  await sql`
    insert into schema_migrations (module, number, name, sha256)
    values (${file.module}, ${file.number}, ${file.name}, ${file.sha256})`
}
