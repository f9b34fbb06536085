import type { TableDefinition } from '@huitong/committer'
import { int8Array, type ReadTx, textArray, timestamptzArray } from '@huitong/pg'
import { MONEY_REQUEST_STATES, type MoneyRequest } from './money-request.ts'
import type { ListBounds } from './payments-read-store.ts'
import { optionalNumber, storedOneOf } from './stored.ts'

interface MoneyRequestRow {
  readonly id: bigint
  readonly asker_id: bigint
  readonly payer_id: bigint
  readonly amount_minor: bigint
  readonly note: string | null
  readonly bill_id: bigint | null
  readonly state: string
  readonly created_at: number
  readonly expires_at: number
  readonly ended_at: number | null
  readonly transfer_id: bigint | null
}

function moneyRequestOf(row: MoneyRequestRow): MoneyRequest {
  return {
    id: Number(row.id),
    asker: Number(row.asker_id),
    payer: Number(row.payer_id),
    amountMinor: row.amount_minor,
    note: row.note,
    bill: optionalNumber(row.bill_id),
    state: storedOneOf(MONEY_REQUEST_STATES, row.state),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    endedAt: row.ended_at,
    transfer: optionalNumber(row.transfer_id),
  }
}

export const moneyRequestTable: TableDefinition<number, MoneyRequest> = {
  name: 'payments_money_requests',
  residentRows: 5_000,
  load: async (sql, ids) => {
    const rows = await sql<MoneyRequestRow[]>`
      select * from payments_money_requests where id = any (${int8Array(ids)}::text::int8[])`
    return rows.map((row) => [Number(row.id), moneyRequestOf(row)])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into payments_money_requests (id, asker_id, payer_id, amount_minor, note, bill_id, state, created_at, expires_at,
        ended_at, transfer_id)
      select * from unnest(
        ${int8Array(rows.map((row) => row.id))}::text::int8[],
        ${int8Array(rows.map((row) => row.asker))}::text::int8[],
        ${int8Array(rows.map((row) => row.payer))}::text::int8[],
        ${int8Array(rows.map((row) => row.amountMinor))}::text::int8[],
        ${textArray(rows.map((row) => row.note))}::text::text[],
        ${int8Array(rows.map((row) => row.bill))}::text::int8[],
        ${textArray(rows.map((row) => row.state))}::text::text[],
        ${timestamptzArray(rows.map((row) => row.createdAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.expiresAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.endedAt))}::text::timestamptz[],
        ${int8Array(rows.map((row) => row.transfer))}::text::int8[])
      on conflict on constraint payments_money_requests_pkey do update set
        state = excluded.state, ended_at = excluded.ended_at, transfer_id = excluded.transfer_id`,
    ]
  },
}

export async function selectMoneyRequest(tx: ReadTx, id: number): Promise<MoneyRequest | undefined> {
  const rows = await tx.sql<MoneyRequestRow[]>`select * from payments_money_requests where id = ${id}`
  return rows.map(moneyRequestOf)[0]
}

/** Those that a customer made or was asked by, newest first, up to limit + 1. */
export async function selectMoneyRequests(
  tx: ReadTx,
  { customer, limit, after }: ListBounds & { readonly customer: number },
): Promise<readonly MoneyRequest[]> {
  const { createdAt, id } = after ?? { createdAt: 9_000_000_000_000_000, id: Number.MAX_SAFE_INTEGER }
  const rows = await tx.sql<MoneyRequestRow[]>`
    select * from payments_money_requests
    where (asker_id = ${customer} or payer_id = ${customer})
      and (created_at, id) < (${createdAt}::timestamptz, ${id}::int8)
    order by created_at desc, id desc limit ${limit + 1}`
  return rows.map(moneyRequestOf)
}

export async function selectRequestsOfBill(tx: ReadTx, ids: readonly number[]): Promise<readonly MoneyRequest[]> {
  const rows = await tx.sql<MoneyRequestRow[]>`
    select * from payments_money_requests where id = any (${int8Array(ids)}::text::int8[]) order by id`
  return rows.map(moneyRequestOf)
}

/** Those whose time is over at `now`, the longest over first. */
export async function selectDueMoneyRequests(tx: ReadTx, now: number, limit: number): Promise<readonly number[]> {
  const rows = await tx.sql<{ id: bigint }[]>`
    select id from payments_money_requests
    where state = 'open' and expires_at <= ${now}::timestamptz order by expires_at limit ${limit}`
  return rows.map((row) => Number(row.id))
}
