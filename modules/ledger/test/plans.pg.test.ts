import { committerMigrations } from '@huitong/committer'
import { localDate, makeId } from '@huitong/kernel'
import type { InstitutionDatabase, ReadTx } from '@huitong/pg'
import { createInstitution, type TestInstitution } from '@huitong/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { createAccountHistory } from '../src/account-history.ts'
import { findSet, listSets, setBalances, setMembers } from '../src/account-set-read-store.ts'
import { readStatement } from '../src/account-statement.ts'
import { listDays, untiedDays } from '../src/day-store.ts'
import { batchesOfDays, exportAccountPage, exportTransferPage } from '../src/export-store.ts'
import { readFeedRows } from '../src/feed-store.ts'
import { dueFreezes, findFreeze, freezesOf } from '../src/freeze-store.ts'
import { listImportRefusals } from '../src/import-store.ts'
import { findEntry } from '../src/journal-entry-read-store.ts'
import {
  dueHolds,
  findHold,
  findTransfer,
  listAccountRows,
  listAccounts,
  pendingHolds,
  statement,
} from '../src/ledger-read-store.ts'
import { POSITIONS_PER_BATCH } from '../src/location.ts'
import { findMetadata, metadataHistory, searchMetadata } from '../src/metadata-read-store.ts'
import { ledgerMigrations } from '../src/migrations.ts'
import { reversedMinor } from '../src/reversal-store.ts'
import { duePostings, findScheduled, listScheduled } from '../src/scheduled-posting-store.ts'
import { listTemplates } from '../src/template-store.ts'
import { recordStatements } from './plan-recorder.ts'

/** Rows of each big table. At this size a plan that reads all of one is slower than the right one, so that the planner has to choose. */
const ROWS = 100_000
/** A page of 50, its joins and the links between two marks take a few hundred. */
const TOUCHED_MAX = 3000
const LIMIT = 50
const MIDDLE = makeId(ROWS / 2, 0)
const WALLET = makeId(1, 0)
const BANK = makeId(2, 0)
const SET = 1024

let institution: TestInstitution

beforeAll(async () => {
  institution = await createInstitution([committerMigrations, ledgerMigrations])
  const { sql } = await institution.dedicated({})
  await sql.unsafe(`select ledger_create_partition('ledger_transfers_0', 0, ${2 * ROWS})`)
  for (const text of FILL) await sql.unsafe(text)
  await sql.unsafe('analyze')
}, 240_000)

/** Counter n belongs to batch n. The bank pays the wallet once in each batch; 100 batches are a day. */
const FILL = [
  `insert into ledger_batches (number, previous_hash, root, hash, count, at, accounting_day, last_counter)
   select n, '', '', '', 1, timestamptz '2020-01-01' + n * interval '1 minute', date '2020-01-01' + (n / 100)::int, n
   from generate_series(1, ${ROWS}) n`,
  `insert into ledger_transfers (batch, position, id, kind, code, debit_account, credit_account, amount_minor, released_minor,
     debit_sequence, debit_balance_minor, debit_previous, credit_sequence, credit_balance_minor, credit_previous)
   select n, 0, n * 1024, 1, 1, ${BANK}, ${WALLET}, 1, 0, n, n, place, n, n, place
   from (select n, case when n > 1 then (n - 1) * ${POSITIONS_PER_BATCH}::int8 end as place from generate_series(1, ${ROWS}) n) e`,
  `insert into ledger_marks (account_id, sequence, location, debits_posted, credits_posted, debits_pending, credits_pending)
   select a, n, n * ${POSITIONS_PER_BATCH}::int8, case a when ${BANK} then n else 0 end, case a when ${WALLET} then n else 0 end, 0, 0
   from generate_series(64, ${ROWS}, 64) n, unnest('{${WALLET},${BANK}}'::int8[]) a`,
  // Every fifth account is one owner's, and many of the first ones another's; the others have owners of their own or none.
  `insert into ledger_accounts (id, subject, currency, owner, state)
   select n * 1024, case when n % 2 = 1 then '2001' else '1002' end, 'CNY',
     case when n % 5 = 0 then 'merchant:1' when n % 4 = 2 and n <= 20000 then 'broker:1' when n % 2 = 1 then 'customer:' || n end, 'open'
   from generate_series(1, ${ROWS}) n`,
  `insert into ledger_balances (account_id, sequence, debits_posted, credits_posted, debits_pending, credits_pending, last_entry)
   select n * 1024, case when n < 3 then ${ROWS} else 0 end, case n when 2 then ${ROWS} else 0 end, case n when 1 then ${ROWS} else 0 end,
     0, 0, case when n < 3 then ${ROWS} * ${POSITIONS_PER_BATCH}::int8 end
   from generate_series(1, ${ROWS}) n`,
  `update ledger_head set number = ${ROWS}, flushed = ${ROWS}, at = '2030-01-01', accounting_day = '2030-01-01'`,
  `insert into ledger_holds (id, debit_account, credit_account, amount_minor, remaining_minor, state, expires_at, code)
   select n * 1024, ${BANK}, ${WALLET}, 1, 1, 1, timestamptz '2020-01-01' + n * interval '1 minute', 1 from generate_series(1, ${ROWS}) n`,
  `insert into ledger_freezes (id, account_id, cause, blocks_incoming, reference, expires_at, state)
   select n * 1024, (n % 3 + 1) * 1024, 2, false, 'case', timestamptz '2020-01-01' + n * interval '1 minute', 1
   from generate_series(1, ${ROWS}) n`,
  `insert into ledger_scheduled_postings (id, due_at, raw, legs, state, ended_batch, transfers)
   select n * 1024, timestamptz '2020-01-01' + n * interval '1 minute', true, '[]', case when n % 10 = 0 then 1 else 2 end,
     case when n % 10 > 0 then n end, case when n % 10 > 0 then array[n * 1024] end
   from generate_series(1, ${ROWS}) n`,
  `insert into ledger_events (batch, position, kind, account_id, data)
   select n, 1, 'account_metadata_set', ${WALLET}, '{"branch":"x"}' from generate_series(1, ${ROWS}) n`,
  `insert into ledger_buffered (batch, position, id, debit_account, credit_account, amount_minor, code)
   select n, 2, n * 1024, ${BANK}, ${WALLET}, 1, 1 from generate_series(1, ${ROWS}) n`,
  `insert into ledger_metadata (object_id, key, value, object)
   select n * 1024, 'branch', case when n % 2 = 0 then 'same' else 'no ' || n end, 1 from generate_series(1, ${ROWS}) n`,
  `insert into ledger_metadata (object_id, key, value, object)
   select n * 1024, 'order', 'o' || n, 2 from generate_series(${ROWS + 1}, ${2 * ROWS}) n`,
  `insert into ledger_sets (id, name, parent_id, root_id, depth)
   select n * 1024, 'set ' || n, case when n between 2 and 4 then ${SET} end, case when n between 2 and 4 then ${SET} else n * 1024 end,
     case when n between 2 and 4 then 2 else 1 end
   from generate_series(1, 20000) n`,
  `insert into ledger_set_members (set_id, account_id, from_batch, from_position)
   select (n % 3 + 2) * 1024, n * 1024, n, 2 from generate_series(1, ${ROWS}) n`,
  `insert into ledger_set_balances (set_id, currency, members, debits_posted, credits_posted, debits_pending, credits_pending)
   select n * 1024, 'CNY', 1, 0, 0, 0, 0 from generate_series(1, 20000) n`,
  `insert into ledger_days (day, next_day, closed_batch, closed_at, tied_batch)
   select date '1990-01-01' + n, date '1990-01-02' + n, n, timestamptz '1990-01-02' + n * interval '1 day', n
   from generate_series(0, 20000) n`,
  `insert into ledger_import_refusals (import_id, line, code, detail)
   select 'file', n, 'amount_missing', '' from generate_series(1, ${ROWS}) n`,
  `insert into ledger_account_references (reference, account_id) select 'a' || n, n * 1024 from generate_series(1, ${ROWS}) n`,
  `insert into ledger_transfer_references (reference, transfer_id) select 't' || n, n * 1024 from generate_series(1, ${ROWS}) n`,
  `insert into ledger_reversals (transfer_id, amount_minor, reversed_minor)
   select n * 1024, 1, 1 from generate_series(1, ${ROWS}) n`,
]

/** Whatever asks; every statement that it sends is judged. */
type Question = (db: Pick<InstitutionDatabase, 'read'>) => Promise<unknown>

const ask =
  (work: (tx: ReadTx) => Promise<unknown>): Question =>
  (db) =>
    db.read(work)

function day(text: string) {
  const read = localDate(text)
  if (!read.ok) throw new Error(`${text} is no day`)
  return read.value
}

const QUESTIONS: readonly (readonly [string, Question])[] = [
  ['accounts', ask((tx) => listAccounts(tx, { afterId: MIDDLE, limit: LIMIT }))],
  ['accounts of a subject', ask((tx) => listAccountRows(tx, { subject: '2001', afterId: MIDDLE, limit: LIMIT }))],
  ['accounts of an owner', ask((tx) => listAccountRows(tx, { owner: 'customer:7', afterId: 0, limit: LIMIT }))],
  [
    'accounts of a large owner',
    ask((tx) => listAccountRows(tx, { owner: 'merchant:1', afterId: MIDDLE, limit: LIMIT })),
  ],
  [
    'the last accounts of an owner',
    ask((tx) => listAccountRows(tx, { owner: 'broker:1', afterId: makeId(19_900, 0), limit: LIMIT })),
  ],
  ['accounts of nobody', ask((tx) => listAccountRows(tx, { owner: 'nobody', afterId: 0, limit: LIMIT }))],
  ['accounts opened by then', ask((tx) => listAccountRows(tx, { afterId: 0, beforeId: MIDDLE, limit: LIMIT }))],
  ['a transfer', ask((tx) => findTransfer(tx, MIDDLE))],
  ['an entry', ask((tx) => findEntry(tx, MIDDLE))],
  ['a reversal', ask((tx) => reversedMinor(tx, MIDDLE))],
  ['a hold', ask((tx) => findHold(tx, MIDDLE))],
  ['what is promised out of an account', ask((tx) => pendingHolds(tx, BANK, MIDDLE, LIMIT))],
  ['holds that are due', ask((tx) => dueHolds(tx, '2020-03-01T00:00:00Z', LIMIT))],
  ['events after a place', ask((tx) => readFeedRows(tx, { batch: ROWS / 2, position: 0 }, LIMIT))],
  ['a freeze', ask((tx) => findFreeze(tx, MIDDLE))],
  ['freezes of an account', ask((tx) => freezesOf(tx, WALLET, MIDDLE, LIMIT))],
  ['freezes that are due', ask((tx) => dueFreezes(tx, '2020-03-01T00:00:00Z', LIMIT))],
  ['a scheduled posting', ask((tx) => findScheduled(tx, MIDDLE))],
  ['scheduled postings', ask((tx) => listScheduled(tx, undefined, MIDDLE, LIMIT))],
  ['scheduled postings in a state', ask((tx) => listScheduled(tx, 'waiting', MIDDLE, LIMIT))],
  ['scheduled postings that are due', ask((tx) => duePostings(tx, '2020-03-01T00:00:00Z', LIMIT))],
  ['newest entries', ask((tx) => statement(tx, WALLET, ROWS * POSITIONS_PER_BATCH, LIMIT))],
  ['accounts as of a day', (db) => inHistory(db, { day: day('2020-06-01') }, WALLET)],
  ['accounts as of a time', (db) => inHistory(db, { at: Date.UTC(2020, 0, 20) * 1000 }, WALLET)],
  ['accounts as of a batch', (db) => inHistory(db, { batch: ROWS / 2 }, BANK)],
  ['accounts as of now', (db) => inHistory(db, 'newest', BANK)],
  ['a statement', (db) => readStatement(createAccountHistory(db), STATEMENT)],
  ['metadata of an account', ask((tx) => findMetadata(tx, 'account', MIDDLE))],
  ['metadata of a transfer', ask((tx) => findMetadata(tx, 'transfer', MIDDLE + 1))],
  ['history of metadata', ask((tx) => metadataHistory(tx, WALLET, { batch: ROWS / 2, position: 1 }, LIMIT))],
  ['who has a key', ask((tx) => searchMetadata(tx, { ...SEARCH, after: { value: 'no 5', id: MIDDLE } }))],
  [
    'who has a value',
    ask((tx) => searchMetadata(tx, { ...SEARCH, value: 'same', after: { value: 'same', id: MIDDLE } })),
  ],
  [
    'who has a prefix',
    ask((tx) => searchMetadata(tx, { ...SEARCH, prefix: 'no', after: { value: 'no 5', id: MIDDLE } })),
  ],
  ['sets', ask((tx) => listSets(tx, 10_000 * 1024, LIMIT))],
  ['a set', ask(async (tx) => [await findSet(tx, SET), await setBalances(tx, SET)])],
  ['members of a set', ask((tx) => setMembers(tx, SET, ROWS, MIDDLE, LIMIT))],
  ['days', ask((tx) => listDays(tx, '2010-01-01', LIMIT))],
  ['days that are not tied', ask(untiedDays)],
  ['templates', ask((tx) => listTemplates(tx, '', LIMIT))],
  ['refused lines', ask((tx) => listImportRefusals(tx, 'file', ROWS / 2, LIMIT))],
  ['batches of days', ask((tx) => batchesOfDays(tx, '2020-06-01', '2020-07-01'))],
  ['accounts to export', ask((tx) => exportAccountPage(tx, MIDDLE, LIMIT))],
  ['transfers to export', ask((tx) => exportTransferPage(tx, { batch: ROWS / 2, position: 0 }, ROWS, LIMIT))],
]

const SEARCH = { object: 'account', key: 'branch', limit: LIMIT } as const
const STATEMENT = {
  ...{ id: WALLET, from: day('2020-06-01'), to: day('2020-06-02') },
  ...{ institution: 'Plans', entriesMax: 1000 },
}

async function inHistory(
  db: Pick<InstitutionDatabase, 'read'>,
  wanted: Parameters<ReturnType<typeof createAccountHistory>['point']>[0],
  account: number,
): Promise<void> {
  const history = createAccountHistory(db)
  const point = await history.point(wanted)
  if (point === undefined) throw new Error('the point is not there')
  await history.list(point, { afterId: 0, limit: 3 })
  const start = await history.point({ batch: 1 })
  const stretch = start === undefined ? undefined : await history.stretch(account, start, point)
  if (stretch === undefined) throw new Error('the account is not there')
  const page = await history.entries(stretch, { order: 'newest', filter: {}, from: 10_000, limit: LIMIT })
  expect(page.entries).toHaveLength(LIMIT)
}

describe('a reader of the ledger', () => {
  it.each(QUESTIONS)(
    'finds %s by an index, touches no more rows than it shows, whatever the table holds, counts none and locks none',
    async (_, question) => {
      const statements = await institutionStatements(question)
      expect(statements.length).toBeGreaterThan(0)
      for (const { text, scanned, touched, locking } of statements) {
        expect(
          scanned.filter((table) => !SMALL.includes(table)),
          text,
        ).toEqual([])
        expect(touched, text).toBeLessThan(TOUCHED_MAX)
        expect(locking, text).toBe(false)
        expect(text).not.toMatch(COUNT)
      }
    },
  )

  it.each([
    [null, null, 1, ROWS],
    ['2020-01-02', '2020-01-02', 100, 199],
    ['2020-01-03', null, 200, ROWS],
    [null, '2020-01-03', 1, 299],
  ])('knows the batches of the days from %s to %s', async (from, to, first, last) => {
    expect(await institution.db.read((tx) => batchesOfDays(tx, from, to))).toEqual({ first, last })
  })

  it.each([
    ['2100-01-01', null],
    [null, '2019-12-31'],
    ['2020-01-03', '2020-01-02'],
  ])('knows no batches of the days from %s to %s', async (from, to) => {
    const { first, last } = await institution.db.read((tx) => batchesOfDays(tx, from, to))
    expect(first).toBeGreaterThan(last)
  })

  it('that scans a table is found out', async () => {
    const [whole] = await institutionStatements(
      ask((tx) => tx.sql`select owner, count(*) from ledger_accounts group by owner order by owner limit ${LIMIT}`),
    )
    expect(whole?.touched).toBeGreaterThan(TOUCHED_MAX)
    expect(whole?.scanned).toEqual(['ledger_accounts'])
    expect(whole?.text).toMatch(COUNT)
  })

  it('that locks a row is found out', async () => {
    const { sql } = await institution.dedicated({})
    await sql`begin`
    const recorded = recordStatements({ sql })
    await recorded.tx.sql`select 1 from ledger_accounts where id = ${MIDDLE} for share`
    expect((await recorded.judge()).map(({ locking }) => locking)).toEqual([true])
    await sql`rollback`
  })
})

/** An exact count reads all that it counts, however few rows a page shows. */
const COUNT = /\bcount\s*\(/i

/** Tables of a handful of rows, which nobody reads by an index. */
const SMALL = ['ledger_head', 'ledger_archives', 'ledger_settings', 'ledger_templates']

async function institutionStatements(question: Question) {
  const { db } = institution
  const judged: Awaited<ReturnType<ReturnType<typeof recordStatements>['judge']>>[number][] = []
  await question({
    read: (work) =>
      db.read(async (tx) => {
        const recorded = recordStatements(tx)
        const answer = await work(recorded.tx)
        judged.push(...(await recorded.judge()))
        return answer
      }),
  })
  return judged
}
