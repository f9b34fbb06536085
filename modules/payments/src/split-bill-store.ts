import type { TableDefinition } from '@huitong/committer'
import { invariant } from '@huitong/kernel'
import { int8Array, jsonbArray, type ReadTx, textArray, timestamptzArray } from '@huitong/pg'
import type { ListBounds } from './payments-read-store.ts'
import { SPLIT_BILL_STATES, type SplitBill } from './split-bill.ts'
import { storedOneOf } from './stored.ts'

interface SplitBillRow {
  readonly id: bigint
  readonly owner_id: bigint
  readonly title: string
  readonly total_minor: bigint
  readonly own_share_minor: bigint
  readonly requests: unknown
  readonly open_shares: bigint
  readonly unpaid_shares: bigint
  readonly state: string
  readonly created_at: number
  readonly reminded_at: number | null
  readonly ended_at: number | null
}

function splitBillOf(row: SplitBillRow): SplitBill {
  return {
    id: Number(row.id),
    owner: Number(row.owner_id),
    title: row.title,
    totalMinor: row.total_minor,
    ownShareMinor: row.own_share_minor,
    requests: storedIds(row.requests),
    openShares: Number(row.open_shares),
    unpaidShares: Number(row.unpaid_shares),
    state: storedOneOf(SPLIT_BILL_STATES, row.state),
    createdAt: row.created_at,
    remindedAt: row.reminded_at,
    endedAt: row.ended_at,
  }
}

/** Ids as texts, since numbers in JSON lose digits. */
function storedIds(value: unknown): readonly number[] {
  invariant(Array.isArray(value), 'stored ids are a list')
  return value.map((id) => {
    invariant(typeof id === 'string' && Number.isSafeInteger(Number(id)), 'a stored id is a whole number as text')
    return Number(id)
  })
}

export const splitBillTable: TableDefinition<number, SplitBill> = {
  name: 'payments_split_bills',
  residentRows: 2_000,
  load: async (sql, ids) => {
    const rows = await sql<SplitBillRow[]>`
      select * from payments_split_bills where id = any (${int8Array(ids)}::text::int8[])`
    return rows.map((row) => [Number(row.id), splitBillOf(row)])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into payments_split_bills (id, owner_id, title, total_minor, own_share_minor, requests, open_shares, unpaid_shares,
        state, created_at, reminded_at, ended_at)
      select * from unnest(
        ${int8Array(rows.map((row) => row.id))}::text::int8[],
        ${int8Array(rows.map((row) => row.owner))}::text::int8[],
        ${textArray(rows.map((row) => row.title))}::text::text[],
        ${int8Array(rows.map((row) => row.totalMinor))}::text::int8[],
        ${int8Array(rows.map((row) => row.ownShareMinor))}::text::int8[],
        ${jsonbArray(rows.map((row) => JSON.stringify(row.requests.map(String))))}::text::jsonb[],
        ${int8Array(rows.map((row) => row.openShares))}::text::int8[],
        ${int8Array(rows.map((row) => row.unpaidShares))}::text::int8[],
        ${textArray(rows.map((row) => row.state))}::text::text[],
        ${timestamptzArray(rows.map((row) => row.createdAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.remindedAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.endedAt))}::text::timestamptz[])
      on conflict on constraint payments_split_bills_pkey do update set
        open_shares = excluded.open_shares, unpaid_shares = excluded.unpaid_shares, state = excluded.state,
        reminded_at = excluded.reminded_at, ended_at = excluded.ended_at`,
    ]
  },
}

export async function selectSplitBill(tx: ReadTx, id: number): Promise<SplitBill | undefined> {
  const rows = await tx.sql<SplitBillRow[]>`select * from payments_split_bills where id = ${id}`
  return rows.map(splitBillOf)[0]
}

/** A customer's own, newest first, up to limit + 1. */
export async function selectSplitBills(
  tx: ReadTx,
  { owner, limit, after }: ListBounds & { readonly owner: number },
): Promise<readonly SplitBill[]> {
  const { createdAt, id } = after ?? { createdAt: 9_000_000_000_000_000, id: Number.MAX_SAFE_INTEGER }
  const rows = await tx.sql<SplitBillRow[]>`
    select * from payments_split_bills
    where owner_id = ${owner} and (created_at, id) < (${createdAt}::timestamptz, ${id}::int8)
    order by created_at desc, id desc limit ${limit + 1}`
  return rows.map(splitBillOf)
}
