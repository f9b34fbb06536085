import type { Sql } from '@huitong/pg'

/** A row of `ledger_scheduled_postings`, its values as stored. */
export interface ScheduledRowSeen {
  readonly dueAt: number
  readonly raw: boolean
  readonly legs: string
  readonly state: number
  readonly endedBatch: number | null
  readonly transfers: readonly number[] | null
  readonly refusal: string | null
}

const ROWS_AT_ONCE = 5000

/** Every row, by id. */
export async function eachScheduled(sql: Sql, onRow: (id: number, row: ScheduledRowSeen) => void): Promise<void> {
  for (let after = 0n; ; ) {
    const rows = await sql<
      {
        id: bigint
        due_at: number
        raw: boolean
        legs: string
        state: number
        ended_batch: bigint | null
        transfers: readonly bigint[] | null
        refusal: string | null
      }[]
    >`
      select id, due_at, raw, legs, state, ended_batch, transfers, refusal from ledger_scheduled_postings
      where id > ${after} order by id limit ${ROWS_AT_ONCE}`
    for (const { id, due_at: dueAt, raw, legs, state, ended_batch: ended, transfers, refusal } of rows) {
      onRow(Number(id), {
        ...{ dueAt, raw, legs, state, refusal, endedBatch: ended === null ? null : Number(ended) },
        transfers: transfers === null ? null : transfers.map(Number),
      })
    }
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.id
  }
}
