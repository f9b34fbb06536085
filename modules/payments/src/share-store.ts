import type { TableDefinition } from '@huitong/committer'
import { boolArray, int2Array, int8Array, textArray, timestamptzArray } from '@huitong/pg'
import { receiverKey, type Share, type ShareReceiver } from './share.ts'

export interface ShareRow {
  readonly trade_id: bigint
  readonly number: number
  readonly request_number: string
  readonly customer_id: bigint
  readonly amount_minor: bigint
  readonly returned_minor: bigint
  readonly description: string | null
  readonly ends_sharing: boolean
  readonly created_at: number
}

export function shareOf(row: ShareRow): Share {
  return {
    trade: Number(row.trade_id),
    number: row.number,
    requestNumber: row.request_number,
    customer: Number(row.customer_id),
    amountMinor: row.amount_minor,
    returnedMinor: row.returned_minor,
    description: row.description,
    endsSharing: row.ends_sharing,
    createdAt: row.created_at,
  }
}

/** All shares of a trade, by trade. */
export const shareTable: TableDefinition<number, readonly Share[]> = {
  name: 'payments_shares',
  residentRows: 2_000,
  load: async (sql, trades) => {
    const rows = await sql<ShareRow[]>`
      select * from payments_shares where trade_id = any (${int8Array(trades)}::text::int8[]) order by trade_id, number`
    const found = new Map<number, Share[]>()
    for (const share of rows.map(shareOf)) found.set(share.trade, [...(found.get(share.trade) ?? []), share])
    return [...found]
  },
  write: (sql, changes) => {
    const rows = changes.flatMap((change) => change.row)
    return [
      sql`
      insert into payments_shares (trade_id, number, request_number, customer_id, amount_minor, returned_minor, description,
        ends_sharing, created_at)
      select * from unnest(
        ${int8Array(rows.map((row) => row.trade))}::text::int8[],
        ${int2Array(rows.map((row) => row.number))}::text::int2[],
        ${textArray(rows.map((row) => row.requestNumber))}::text::text[],
        ${int8Array(rows.map((row) => row.customer))}::text::int8[],
        ${int8Array(rows.map((row) => row.amountMinor))}::text::int8[],
        ${int8Array(rows.map((row) => row.returnedMinor))}::text::int8[],
        ${textArray(rows.map((row) => row.description))}::text::text[],
        ${boolArray(rows.map((row) => row.endsSharing))}::text::bool[],
        ${timestamptzArray(rows.map((row) => row.createdAt))}::text::timestamptz[])
      on conflict on constraint payments_shares_pkey do update set returned_minor = excluded.returned_minor`,
    ]
  },
}

export interface ReceiverRow {
  readonly merchant_id: bigint
  readonly customer_id: bigint
  readonly memo: string | null
  readonly bound: boolean
  readonly changed_at: number
}

export function receiverOf(row: ReceiverRow): ShareReceiver {
  return {
    merchant: Number(row.merchant_id),
    customer: Number(row.customer_id),
    memo: row.memo,
    bound: row.bound,
    changedAt: row.changed_at,
  }
}

/** By merchant and customer. */
export const receiverTable: TableDefinition<string, ShareReceiver> = {
  name: 'payments_share_receivers',
  residentRows: 2_000,
  load: async (sql, keys) => {
    const parts = keys.map((key) => key.split(':').map(Number))
    const rows = await sql<ReceiverRow[]>`
      select r.*
      from unnest(
        ${int8Array(parts.map(([merchant = 0]) => merchant))}::text::int8[],
        ${int8Array(parts.map(([, customer = 0]) => customer))}::text::int8[]
      ) as wanted (merchant_id, customer_id)
      join payments_share_receivers r on r.merchant_id = wanted.merchant_id and r.customer_id = wanted.customer_id`
    return rows.map((row) => [receiverKey(Number(row.merchant_id), Number(row.customer_id)), receiverOf(row)])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into payments_share_receivers (merchant_id, customer_id, memo, bound, changed_at)
      select * from unnest(
        ${int8Array(rows.map((row) => row.merchant))}::text::int8[],
        ${int8Array(rows.map((row) => row.customer))}::text::int8[],
        ${textArray(rows.map((row) => row.memo))}::text::text[],
        ${boolArray(rows.map((row) => row.bound))}::text::bool[],
        ${timestamptzArray(rows.map((row) => row.changedAt))}::text::timestamptz[])
      on conflict on constraint payments_share_receivers_pkey do update set
        memo = excluded.memo, bound = excluded.bound, changed_at = excluded.changed_at`,
    ]
  },
}
