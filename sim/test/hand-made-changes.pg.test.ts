import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CheckpointFolder, verifyFromCheckpoint, verifyLedger } from '@huitong/ledger'
import type { Sql } from '@huitong/pg'
import { expect, it } from 'vitest'
import { runLedgerSim } from '../src/ledger-sim.ts'
import type { LedgerWorld } from '../src/ledger-world.ts'

/*
 * Every column of every table of the ledger and its committer, changed by hand in the books of a run, must be found by `ledger verify`: new
 * columns are, or this test says so.
 */

/** What nobody finds, and need not. */
const HARMLESS: Readonly<Record<string, string>> = {
  'ledger_head.generation': 'only fences: a holder with another one is refused and takes the head anew',
  'ledger_head.holder': 'a name for operators',
  'ledger_head.flushed': 'lower: more is replayed than need be',
}
/** What a run of the simulation leaves empty: it says nothing of money, or some of its columns are changed by hand in another test. */
const EMPTY: Readonly<Record<string, string>> = {
  committer_cases: 'inputs that could not be written: for people to look at',
  committer_outbox: 'messages to other modules, of which the ledger alone sends none',
  ledger_account_references: 'imports; its account: verify-statements.pg.test.ts',
  ledger_archives: 'made by archiving; only its files are changed, in archive.pg.test.ts',
  ledger_event_subscriptions: 'who is told; moves nothing',
  ledger_history_nodes: 'levels of the history that are complete: transfer-proof.api.test.ts',
  ledger_import_refusals: 'a report for whoever imported',
  ledger_imports: 'how far an import is',
  ledger_liability_chunks: 'made by a statement: verify-statements.pg.test.ts',
  ledger_liability_statements: 'verify-statements.pg.test.ts',
  ledger_transfer_references: 'imports; its transfer: verify-statements.pg.test.ts',
  ledger_transfers_1: 'the next partition',
}
/** Which rows of a table are changed, where that is not any. */
type Choice = Readonly<Record<string, string>>

/** Rows that say something; a change of another is none. */
const TELLING: Choice = { ledger_buffers: 'count > 0' }

/** Of the journal, rows after a batch: what is before a checkpoint is not read again from there. */
function after(batch: number): Choice {
  const journal = ['ledger_transfers_0', 'ledger_events', 'ledger_buffered', 'committer_outcome_batches']
  const rows = journal.map((table) => [table, `batch > ${batch}`] as const)
  return { ...TELLING, ledger_batches: `number > ${batch}`, ...Object.fromEntries(rows) }
}

/** Ways to change a value of a type, tried in turn until one is not refused by a constraint. */
const OTHER_VALUES: Readonly<Record<string, readonly string[]>> = {
  ...{
    int8: ['$ + 1', '$ - 1'],
    int4: ['$ + 1', '$ - 1'],
    int2: ['$ + 1', '$ - 1'],
    bool: ['not $'],
    text: ["$ || 'x'"],
  },
  bytea: ['set_byte($, length($) / 2, get_byte($, length($) / 2) # 1)', "$ || '\\x00'::bytea"],
  timestamptz: ["$ + interval '1 second'", "$ - interval '1 second'"],
  date: ['$ + 1', '$ - 1'],
  _int8: ['array_append($, 1::int8)'],
}
const FIRST_VALUES: Readonly<Record<string, string>> = {
  ...{ int8: '1', int4: '1', int2: '1', bool: 'true', text: "'x'", timestamptz: 'now()', date: 'current_date' },
  ...{ bytea: "'\\x01'::bytea", _int8: "'{1}'" },
}

interface Column {
  readonly table: string
  readonly column: string
  readonly type: string
}

type Row = { readonly ctid: string }

type Verify = () => Promise<readonly string[]>

async function columnsOf(sql: Sql): Promise<readonly Column[]> {
  return await sql<Column[]>`
    select c.relname as table, a.attname as column, t.typname as type
    from pg_class c join pg_attribute a on a.attrelid = c.oid join pg_type t on t.oid = a.atttypid
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
      and c.relname ~ '^(ledger|committer)_'
    order by c.relname, a.attnum`
}

/** The newest row whose column has a value, or has none. */
async function rowOf(
  sql: Sql,
  { table, column }: Column,
  choice: Choice,
  isNull: boolean,
): Promise<string | undefined> {
  const chosen = choice[table] ?? 'true'
  const [row] = await sql.unsafe<Row[]>(
    `select ctid::text as ctid from ${table} where ${column} is ${isNull ? '' : 'not'} null and ${chosen} order by ${table}.ctid desc limit 1`,
  )
  return row?.ctid
}

/** Changes the column in one row, and puts it back after `look`; undefined when PostgreSQL refuses every change. */
async function changed<T>(
  sql: Sql,
  of: Column,
  ctid: string,
  isNull: boolean,
  look: () => Promise<T>,
): Promise<T | undefined> {
  const { table, column, type } = of
  const another = `(select o.${column} from ${table} o where o.${column} is distinct from ${table}.${column} and o.${column} is not null limit 1)`
  const values = isNull ? [FIRST_VALUES[type] ?? another, another] : [...(OTHER_VALUES[type] ?? []), another]
  for (const value of values) {
    await sql.unsafe('drop table if exists kept')
    await sql.unsafe(`create temporary table kept as select ${column} from ${table} where ctid = '${ctid}'`)
    const updated = await sql
      .unsafe<Row[]>(
        `update ${table} set ${column} = ${value.replaceAll('$', column)}
        where ctid = '${ctid}' and ${column} is distinct from ${value.replaceAll('$', column)} returning ctid::text as ctid`,
      )
      .catch(() => [])
    const [row] = updated
    if (row === undefined) continue
    const seen = await look()
    await sql.unsafe(`update ${table} set ${column} = (select ${column} from kept) where ctid = '${row.ctid}'`)
    return seen
  }
  return undefined
}

/** What may be changed or taken away and is not found; `table.column`, or `table` for a row that is gone. */
async function unfound(sql: Sql, verify: Verify, choice: Choice = TELLING): Promise<readonly string[]> {
  const columns = (await columnsOf(sql)).filter(({ table }) => EMPTY[table] === undefined)
  const missed = new Set<string>()
  for (const of of columns) {
    const rows = [await rowOf(sql, of, choice, false), await rowOf(sql, of, choice, true)]
    expect(
      rows.some((row) => row !== undefined),
      `${of.table} is empty in this run`,
    ).toBe(true)
    for (const [index, ctid] of rows.entries()) {
      if (ctid === undefined) continue
      const found = await changed(sql, of, ctid, index === 1, verify)
      if (found?.length === 0) missed.add(`${of.table}.${of.column}`)
    }
  }
  for (const table of new Set(columns.map((of) => of.table))) {
    await sql.unsafe('drop table if exists kept')
    await sql.unsafe(
      `create temporary table kept as select * from ${table} where ${choice[table] ?? 'true'} order by ${table}.ctid desc limit 1`,
    )
    const [gone] = await sql.unsafe<Row[]>(
      `delete from ${table} where ctid = (select ctid from ${table} where ${choice[table] ?? 'true'} order by ${table}.ctid desc limit 1) returning ctid::text as ctid`,
    )
    expect(gone, `${table} is empty in this run`).toBeDefined()
    const found = await verify().catch((error: unknown) => [String(error)])
    if (found.length === 0) missed.add(table)
    await sql.unsafe(`insert into ${table} select * from kept`)
  }
  expect(await verify()).toEqual([])
  return [...missed].sort()
}

async function emptyTables(sql: Sql): Promise<readonly string[]> {
  const empty: string[] = []
  for (const table of new Set((await columnsOf(sql)).map((of) => of.table))) {
    const rows = await sql.unsafe(`select from ${table} limit 1`)
    if (rows.length === 0) empty.push(table)
  }
  return empty
}

async function run(atEnd: (world: LedgerWorld, more: (operations: number) => Promise<void>) => Promise<void>) {
  const lines: string[] = []
  const log = (line: string) => lines.push(line)
  const options = {
    operations: 3000,
    seed: 7,
    accounts: 20,
    wave: 10,
    faultEvery: 1000,
    dayEvery: 3,
    segmentKeys: 1000,
  }
  const report = await runLedgerSim({ ...options, log, atEnd })
  expect(report.differences, lines.join('\n')).toEqual([])
  expect(report.years).toBeGreaterThan(0)
}

/** Goes on, without the end of a day, until every table that a run may fill has a row that says something. */
async function untilTelling(world: LedgerWorld, more: (operations: number) => Promise<void>): Promise<void> {
  for (let round = 0; round < 100; round += 1) {
    const waits = await world.db.read(({ sql }) => sql`select from ledger_buffers where count > 0 limit 1`)
    if (waits.length > 0) return
    await more(20)
  }
  throw new Error('nothing waits for the end of its day')
}

it('a value changed in any column, and a row gone from any table, is found', { timeout: 300_000 }, async () => {
  await run(async (world, more) => {
    await untilTelling(world, more)
    await world.committer.stop()
    const verify: Verify = async () => [...(await verifyLedger(world.db)).counts.keys()]
    await world.asOwner(async (sql) => {
      expect(await emptyTables(sql)).toEqual(Object.keys(EMPTY))
      expect(await unfound(sql, verify)).toEqual(Object.keys(HARMLESS).sort())
    })
  })
})

it('and is found after a checkpoint by a verification that begins there', { timeout: 300_000 }, async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const directory = await mkdtemp(join(tmpdir(), 'huitong-checkpoints-'))
  try {
    await run(async (world, more) => {
      const folder = new CheckpointFolder(directory, world.db.schema, 1)
      await world.committer.flush()
      const written = await verifyLedger(world.db, { writer: { folder, key: privateKey } })
      expect(written.checkpoint).toBeDefined()
      await more(1000)
      await untilTelling(world, more)
      await world.committer.stop()
      const source = { folder, publicKey, required: true }
      const verify: Verify = async () => [...(await verifyFromCheckpoint(world.db, source)).counts.keys()]
      await world.asOwner(async (sql) => {
        expect(await unfound(sql, verify, after(written.batch))).toEqual(Object.keys(HARMLESS).sort())
      })
    })
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})
