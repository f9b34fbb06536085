import type { TableDefinition } from '@huitong/committer'
import { invariant, type Micros } from '@huitong/kernel'
import { textArray, timestamptzArray } from '@huitong/pg'
import { CANCELLATION_STATES, type Cancellation } from './cancellation.ts'

interface CancellationRow {
  readonly key: string
  readonly payment: string
  readonly asker: string
  readonly answerer: string
  readonly message_id: string
  readonly state: string
  readonly reason: string | null
  readonly asked_at: Micros
  readonly answered_at: Micros | null
}

/** By payment: one request is open or answered for each, whatever it was called. */
export const cancellationTable: TableDefinition<string, Cancellation> = {
  name: 'clearing_cancellations',
  residentRows: 10_000,
  load: async (sql, keys) => {
    const rows = await sql<CancellationRow[]>`
      select * from clearing_cancellations where key = any (${textArray(keys)}::text::text[])`
    return rows.map((row) => {
      const state = CANCELLATION_STATES.find((known) => known === row.state)
      invariant(state !== undefined, `a stored state of a cancellation is not known: ${row.state}`)
      return [
        row.key,
        {
          ...{ key: row.key, payment: row.payment, asker: row.asker, answerer: row.answerer },
          ...{ messageId: row.message_id, state, reason: row.reason },
          ...{ askedAt: row.asked_at, answeredAt: row.answered_at },
        },
      ]
    })
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into clearing_cancellations (key, payment, asker, answerer, message_id, state, reason, asked_at, answered_at)
      select * from unnest(
        ${textArray(rows.map((row) => row.key))}::text::text[],
        ${textArray(rows.map((row) => row.payment))}::text::text[],
        ${textArray(rows.map((row) => row.asker))}::text::text[],
        ${textArray(rows.map((row) => row.answerer))}::text::text[],
        ${textArray(rows.map((row) => row.messageId))}::text::text[],
        ${textArray(rows.map((row) => row.state))}::text::text[],
        ${textArray(rows.map((row) => row.reason))}::text::text[],
        ${timestamptzArray(rows.map((row) => row.askedAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.answeredAt))}::text::timestamptz[])
      on conflict on constraint clearing_cancellations_pkey do update set state = excluded.state, reason = excluded.reason,
        message_id = excluded.message_id, asked_at = excluded.asked_at, answered_at = excluded.answered_at`,
    ]
  },
}
