import type { TableDefinition } from '@huitong/committer'
import type { Micros } from '@huitong/kernel'
import { boolArray, int4Array, int8Array, type ReadTx, textArray, timestamptzArray } from '@huitong/pg'
import { assertRefund, type CardRefund, REFUND_STATES } from './card-refund.ts'
import { storedWord } from './stored-word.ts'

interface RefundRow {
  readonly reference: string
  readonly id: bigint
  readonly uetr: string
  readonly amount_minor: bigint
  readonly state: string
  readonly reason: string | null
  readonly message_id: string
  readonly in_suspense: boolean
  readonly contradicted: boolean
  readonly askings: number
  readonly made_at: Micros
  readonly due_at: Micros
  readonly ended_at: Micros | null
}

function refundOf(row: RefundRow): CardRefund {
  return assertRefund({
    ...{ reference: row.reference, id: Number(row.id), uetr: row.uetr, amountMinor: row.amount_minor },
    ...{ state: storedWord(REFUND_STATES, row.state), reason: row.reason, messageId: row.message_id },
    ...{ inSuspense: row.in_suspense, contradicted: row.contradicted, askings: row.askings },
    ...{ madeAt: row.made_at, dueAt: row.due_at, endedAt: row.ended_at },
  })
}

/** By reference. */
export const cardRefundTable: TableDefinition<string, CardRefund> = {
  name: 'channels_refunds',
  residentRows: 10_000,
  load: async (sql, references) => {
    const rows = await sql<RefundRow[]>`
      select * from channels_refunds where reference = any (${textArray(references)}::text::text[])`
    return rows.map((row) => [row.reference, refundOf(row)])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => assertRefund(change.row))
    return [
      sql`
      insert into channels_refunds (reference, id, uetr, amount_minor, state, reason, message_id, in_suspense, contradicted, askings,
        made_at, due_at, ended_at)
      select * from unnest(
        ${textArray(rows.map((row) => row.reference))}::text::text[],
        ${int8Array(rows.map((row) => row.id))}::text::int8[],
        ${textArray(rows.map((row) => row.uetr))}::text::text[],
        ${int8Array(rows.map((row) => row.amountMinor))}::text::int8[],
        ${textArray(rows.map((row) => row.state))}::text::text[],
        ${textArray(rows.map((row) => row.reason))}::text::text[],
        ${textArray(rows.map((row) => row.messageId))}::text::text[],
        ${boolArray(rows.map((row) => row.inSuspense))}::text::bool[],
        ${boolArray(rows.map((row) => row.contradicted))}::text::bool[],
        ${int4Array(rows.map((row) => row.askings))}::text::int4[],
        ${timestamptzArray(rows.map((row) => row.madeAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.dueAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.endedAt))}::text::timestamptz[])
      on conflict on constraint channels_refunds_pkey do update set state = excluded.state, reason = excluded.reason,
        in_suspense = excluded.in_suspense, contradicted = excluded.contradicted, askings = excluded.askings, due_at = excluded.due_at,
        ended_at = excluded.ended_at`,
    ]
  },
}

/** Those that nothing was heard of, longest due first. */
export async function selectDueRefunds({ sql }: ReadTx, at: number, limit: number): Promise<readonly string[]> {
  const rows = await sql<{ reference: string }[]>`
    select reference from channels_refunds
    where state in ('sent', 'unknown') and due_at <= ${at}::timestamptz order by due_at limit ${limit}`
  return rows.map(({ reference }) => reference)
}
