import { COPY_FROM_ROWS, copyStatement, type LogDefinition, type TableDefinition } from '@huitong/committer'
import { invariant } from '@huitong/kernel'
import { BinaryRows, int2Array, int4Array, int8Array, type ReadTx, type Sql, textArray } from '@huitong/pg'
import { bufferedBytes } from './buffered-form.ts'
import type { LedgerEventKind } from './journal-form.ts'
import type { BufferedPosting, PostingBuffer, PostingPolicy } from './posting-policy.ts'
import { TRANSFER_CODES, transferCodeOf } from './transfer.ts'

/** All policies that were ever set, and all pairs of accounts that ever had a buffer: few, and one row of the working set. */
export interface PolicyBook {
  readonly policies: ReadonlyMap<number, PostingPolicy>
  readonly summarised: ReadonlySet<number>
  readonly pairs: readonly string[]
}

export const POLICY_BOOK = 'all'

/** Stays in memory, so that a posting costs a look into a set and no query. */
export const policyTable: TableDefinition<string, PolicyBook> = {
  name: 'ledger_posting_policies',
  residentRows: 1,
  load: async (sql) => {
    const rows = await sql<{ account_id: bigint; policy: string }[]>`
      select account_id, policy from ledger_posting_policies order by account_id`
    const pairs = await sql<{ debit_account: bigint; credit_account: bigint }[]>`
      select debit_account, credit_account from ledger_buffers order by debit_account, credit_account`
    const policies = new Map(rows.map((row) => [Number(row.account_id), policyOf(row.policy)]))
    return [
      [
        POLICY_BOOK,
        {
          policies,
          summarised: summarisedOf(policies),
          pairs: pairs.map((row) => pairKey(Number(row.debit_account), Number(row.credit_account))),
        },
      ],
    ]
  },
  write: (sql, changes) =>
    changes.map(({ row: { policies } }) => {
      const all = [...policies]
      return sql`
        insert into ledger_posting_policies (account_id, policy)
        select * from unnest(
          ${int8Array(all.map(([account]) => account))}::text::int8[],
          ${textArray(all.map(([, policy]) => policy))}::text::text[])
        on conflict (account_id) do update set policy = excluded.policy`
    }),
}

export function summarisedOf(policies: ReadonlyMap<number, PostingPolicy>): ReadonlySet<number> {
  return new Set([...policies].filter(([, policy]) => policy === 'summarised').map(([account]) => account))
}

function policyOf(text: string): PostingPolicy {
  invariant(text === 'immediate' || text === 'summarised', `unknown posting policy ${text}`)
  return text
}

export function pairKey(debit: number, credit: number): string {
  return `${debit} ${credit}`
}

interface BufferRow {
  readonly debit_account: bigint
  readonly credit_account: bigint
  readonly amount_minor: bigint
  readonly count: bigint
}

export const bufferTable: TableDefinition<string, PostingBuffer> = {
  name: 'ledger_buffers',
  residentRows: 10_000,
  load: async (sql, keys) => {
    const pairs = keys.map((key) => key.split(' ').map(Number))
    const rows = await sql<BufferRow[]>`
      select b.* from ledger_buffers b join unnest(
        ${int8Array(pairs.map(([debit]) => debit ?? 0))}::text::int8[],
        ${int8Array(pairs.map(([, credit]) => credit ?? 0))}::text::int8[]
      ) as asked (debit, credit) on b.debit_account = asked.debit and b.credit_account = asked.credit`
    return rows.map((row) => [pairKey(Number(row.debit_account), Number(row.credit_account)), bufferOf(row)])
  },
  write: (sql, changes) => [
    sql`
    insert into ledger_buffers (debit_account, credit_account, amount_minor, count)
    select * from unnest(
      ${int8Array(changes.map(({ row }) => row.debit))}::text::int8[],
      ${int8Array(changes.map(({ row }) => row.credit))}::text::int8[],
      ${int8Array(changes.map(({ row }) => row.amountMinor))}::text::int8[],
      ${int8Array(changes.map(({ row }) => row.count))}::text::int8[])
    on conflict (debit_account, credit_account) do update set amount_minor = excluded.amount_minor, count = excluded.count`,
  ],
}

function bufferOf(row: BufferRow): PostingBuffer {
  return {
    ...{ debit: Number(row.debit_account), credit: Number(row.credit_account) },
    ...{ amountMinor: row.amount_minor, count: Number(row.count) },
  }
}

export const bufferedLog: LogDefinition<BufferedPosting> = {
  name: 'ledger_buffered',
  leaf: (posting) => ({ position: posting.position, bytes: bufferedBytes(posting) }),
  append: (sql, rows, batch) => [
    rows.length >= COPY_FROM_ROWS ? copyBuffered(sql, rows, batch.number) : insertBuffered(sql, rows, batch.number),
  ],
}

function insertBuffered(sql: Sql, rows: readonly BufferedPosting[], batch: number) {
  return sql`
    insert into ledger_buffered (batch, position, id, debit_account, credit_account, amount_minor, code, reference)
    select ${batch}::int8, added.* from unnest(
      ${int4Array(rows.map((row) => row.position))}::text::int4[],
      ${int8Array(rows.map((row) => row.id))}::text::int8[],
      ${int8Array(rows.map((row) => row.debit))}::text::int8[],
      ${int8Array(rows.map((row) => row.credit))}::text::int8[],
      ${int8Array(rows.map((row) => row.amountMinor))}::text::int8[],
      ${int2Array(rows.map((row) => TRANSFER_CODES[row.code]))}::text::int2[],
      ${int8Array(rows.map((row) => row.reference))}::text::int8[]
    ) as added`
}

function copyBuffered(sql: Sql, postings: readonly BufferedPosting[], batch: number) {
  const rows = new BinaryRows(8, postings.length * 96)
  for (const posting of postings) {
    rows.beginRow().int8(batch).int4(posting.position).int8(posting.id).int8(posting.debit).int8(posting.credit)
    rows.int8(posting.amountMinor).int2(TRANSFER_CODES[posting.code])
    if (posting.reference === null) rows.null()
    else rows.int8(posting.reference)
    rows.endRow()
  }
  const columns = 'batch, position, id, debit_account, credit_account, amount_minor, code, reference'
  return copyStatement(sql, `copy ledger_buffered (${columns}) from stdin (format binary)`, rows)
}

/** A buffered posting as it stands in the journal. */
export interface JournaledBuffered extends BufferedPosting {
  readonly batch: number
}

/** Buffered postings of batches in (after, end], in order. */
export async function readBuffered(sql: Sql, after: number, end: number): Promise<readonly JournaledBuffered[]> {
  const rows = await sql<
    (Pick<BufferRow, 'debit_account' | 'credit_account' | 'amount_minor'> & {
      batch: bigint
      position: number
      id: bigint
      code: number
      reference: bigint | null
    })[]
  >`
    select batch, position, id, debit_account, credit_account, amount_minor, code, reference from ledger_buffered
    where batch > ${after} and batch <= ${end} order by batch, position`
  return rows.map((row) => {
    const code = transferCodeOf(row.code)
    invariant(code !== undefined, `the buffered posting ${row.id} has the unknown code ${row.code}`)
    return {
      ...{ batch: Number(row.batch), position: row.position, id: Number(row.id), code },
      ...{ debit: Number(row.debit_account), credit: Number(row.credit_account), amountMinor: row.amount_minor },
      reference: row.reference === null ? null : Number(row.reference),
    }
  })
}

/** Changes of an account before which `books.ts` posts what waits for it. */
const POSTING_BEFORE: readonly LedgerEventKind[] = [
  ...(['floor_changed', 'credit_limit_changed', 'ceiling_changed', 'state_changed', 'freeze_placed'] as const),
]

export interface FoundBuffered {
  readonly posting: JournaledBuffered
  /** µs. */
  readonly at: number
  readonly accountingDay: string
  /** Its day was closed since, or one of its accounts changed in one of the ways before which what waits is posted. */
  readonly isSummarised: boolean
}

/** The buffered posting with this id, which a batch gave out. */
export async function findBuffered(tx: ReadTx, batch: number, id: number): Promise<FoundBuffered | undefined> {
  const posting = (await readBuffered(tx.sql, batch - 1, batch)).find((one) => one.id === id)
  if (posting === undefined) return undefined
  const { debit, credit, position } = posting
  const [row] = await tx.sql<{ at: number; accounting_day: string; summarised: boolean }[]>`
    select b.at, b.accounting_day,
      exists (select from ledger_days d where d.day = b.accounting_day and d.closed_batch >= b.number)
      or exists (
        select from ledger_events e
        where e.account_id in (${debit}, ${credit}) and e.batch >= b.number and (e.batch, e.position) > (b.number, ${position}::int4)
          and (e.kind = any (${textArray(POSTING_BEFORE)}::text::text[])
            or (e.kind = 'posting_policy_set' and e.data like '%immediate%'))) as summarised
    from ledger_batches b where b.number = ${batch}`
  invariant(row !== undefined, `the batch ${batch} of a buffered posting is there`)
  return { posting, at: row.at, accountingDay: row.accounting_day, isSummarised: row.summarised }
}

/** All buffers that hold something. */
export async function readBuffers(sql: Sql): Promise<readonly PostingBuffer[]> {
  const rows = await sql<BufferRow[]>`
    select debit_account, credit_account, amount_minor, count from ledger_buffers where count > 0
    order by debit_account, credit_account`
  return rows.map(bufferOf)
}

export async function readPolicy(tx: ReadTx, account: number): Promise<PostingPolicy> {
  const rows = await tx.sql<{ policy: string }[]>`
    select policy from ledger_posting_policies where account_id = ${account}`
  return policyOf(rows[0]?.policy ?? 'immediate')
}

/** Of every account whose policy was ever set. */
export async function readPolicies(sql: Sql): Promise<ReadonlyMap<number, string>> {
  const rows = await sql<
    { account_id: bigint; policy: string }[]
  >`select account_id, policy from ledger_posting_policies`
  return new Map(rows.map((row) => [Number(row.account_id), row.policy]))
}
