import type { TableDefinition } from '@huitong/committer'
import type { Micros } from '@huitong/kernel'
import { boolArray, int4Array, int8Array, type ReadTx, textArray, timestamptzArray } from '@huitong/pg'
import { assertOrder, ORDER_KINDS, ORDER_STATES, type Order } from './order.ts'
import { storedWord } from './stored-word.ts'

export interface OrderRow {
  readonly uetr: string
  readonly id: bigint
  readonly kind: string
  readonly customer_id: bigint
  readonly card: string
  readonly card_id: bigint
  readonly bank: string
  readonly amount_minor: bigint
  readonly returned_minor: bigint
  readonly state: string
  readonly reason: string | null
  readonly hold_id: bigint | null
  readonly message_id: string
  readonly instruction_id: string | null
  readonly end_to_end_id: string
  readonly transaction_id: string | null
  readonly contradicted: boolean
  readonly in_suspense: boolean
  readonly trade_id: bigint | null
  readonly unspent: string | null
  readonly askings: number
  readonly made_at: Micros
  readonly due_at: Micros
  readonly ended_at: Micros | null
}

export function orderOf(row: OrderRow): Order {
  return assertOrder({
    ...{ uetr: row.uetr, id: Number(row.id), kind: storedWord(ORDER_KINDS, row.kind) },
    ...{ customer: Number(row.customer_id), card: row.card, cardId: Number(row.card_id), bank: row.bank },
    ...{ amountMinor: row.amount_minor, returnedMinor: row.returned_minor },
    ...{ state: storedWord(ORDER_STATES, row.state), reason: row.reason },
    ...{ hold: row.hold_id === null ? null : Number(row.hold_id), messageId: row.message_id },
    ...{ instructionId: row.instruction_id, endToEndId: row.end_to_end_id, transactionId: row.transaction_id },
    ...{ contradicted: row.contradicted, inSuspense: row.in_suspense, askings: row.askings },
    ...{ trade: row.trade_id === null ? null : Number(row.trade_id), unspent: row.unspent },
    ...{ madeAt: row.made_at, dueAt: row.due_at, endedAt: row.ended_at },
  })
}

/** By UETR. */
export const orderTable: TableDefinition<string, Order> = {
  name: 'channels_orders',
  residentRows: 100_000,
  load: async (sql, uetrs) => {
    const rows = await sql<OrderRow[]>`
      select * from channels_orders where uetr = any (${textArray(uetrs)}::text::text[])`
    return rows.map((row) => [row.uetr, orderOf(row)])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => assertOrder(change.row))
    return [
      sql`
      insert into channels_orders (uetr, id, kind, customer_id, card, card_id, bank, amount_minor, returned_minor, state, reason, hold_id,
        message_id, instruction_id, end_to_end_id, transaction_id, contradicted, in_suspense, trade_id, unspent, askings, made_at,
        due_at, ended_at)
      select * from unnest(
        ${textArray(rows.map((row) => row.uetr))}::text::text[],
        ${int8Array(rows.map((row) => row.id))}::text::int8[],
        ${textArray(rows.map((row) => row.kind))}::text::text[],
        ${int8Array(rows.map((row) => row.customer))}::text::int8[],
        ${textArray(rows.map((row) => row.card))}::text::text[],
        ${int8Array(rows.map((row) => row.cardId))}::text::int8[],
        ${textArray(rows.map((row) => row.bank))}::text::text[],
        ${int8Array(rows.map((row) => row.amountMinor))}::text::int8[],
        ${int8Array(rows.map((row) => row.returnedMinor))}::text::int8[],
        ${textArray(rows.map((row) => row.state))}::text::text[],
        ${textArray(rows.map((row) => row.reason))}::text::text[],
        ${int8Array(rows.map((row) => row.hold))}::text::int8[],
        ${textArray(rows.map((row) => row.messageId))}::text::text[],
        ${textArray(rows.map((row) => row.instructionId))}::text::text[],
        ${textArray(rows.map((row) => row.endToEndId))}::text::text[],
        ${textArray(rows.map((row) => row.transactionId))}::text::text[],
        ${boolArray(rows.map((row) => row.contradicted))}::text::bool[],
        ${boolArray(rows.map((row) => row.inSuspense))}::text::bool[],
        ${int8Array(rows.map((row) => row.trade))}::text::int8[],
        ${textArray(rows.map((row) => row.unspent))}::text::text[],
        ${int4Array(rows.map((row) => row.askings))}::text::int4[],
        ${timestamptzArray(rows.map((row) => row.madeAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.dueAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.endedAt))}::text::timestamptz[])
      on conflict on constraint channels_orders_pkey do update set returned_minor = excluded.returned_minor, state = excluded.state,
        reason = excluded.reason, hold_id = excluded.hold_id, message_id = excluded.message_id, instruction_id = excluded.instruction_id,
        transaction_id = excluded.transaction_id, contradicted = excluded.contradicted, in_suspense = excluded.in_suspense,
        unspent = excluded.unspent, askings = excluded.askings, due_at = excluded.due_at, ended_at = excluded.ended_at`,
    ]
  },
}

/** By id: the UETR of an order, which never changes. Refunds know orders by id only. */
export const orderUetrTable: TableDefinition<number, string> = {
  name: 'channels_order_uetrs',
  residentRows: 100_000,
  load: async (sql, ids) => {
    const rows = await sql<{ id: bigint; uetr: string }[]>`
      select id, uetr from channels_orders where id = any (${int8Array(ids)}::text::int8[])`
    return rows.map(({ id, uetr }) => [Number(id), uetr])
  },
  // It is the order's row that is written.
  write: () => [],
}

/** Those that nothing was heard of, longest due first. */
export async function selectDueOrders({ sql }: ReadTx, at: number, limit: number): Promise<readonly string[]> {
  const rows = await sql<{ uetr: string }[]>`
    select uetr from channels_orders
    where state in ('sent', 'unknown', 'accepted') and due_at <= ${at}::timestamptz order by due_at limit ${limit}`
  return rows.map(({ uetr }) => uetr)
}
