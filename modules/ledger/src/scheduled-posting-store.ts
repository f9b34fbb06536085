import type { TableDefinition, UnsentStatement } from '@huitong/committer'
import { invariant } from '@huitong/kernel'
import { boolArray, int2Array, int8Array, type ReadTx, textArray, timestamptzArray } from '@huitong/pg'
import { SCHEDULED_STATES, type ScheduledPosting, type ScheduledState, scheduledStateOf } from './scheduled-posting.ts'
import { legsText, readLegs, readRefusal, refusalText } from './scheduled-posting-form.ts'

interface ScheduledRow {
  readonly id: bigint
  readonly due_at: number
  readonly raw: boolean
  readonly legs: string
  readonly state: number
  readonly ended_batch: bigint | null
  readonly transfers: readonly bigint[] | null
  readonly refusal: string | null
}

function scheduledOf(row: ScheduledRow): ScheduledPosting {
  const state = scheduledStateOf(row.state)
  invariant(state !== undefined, `scheduled posting ${row.id} has the unknown state ${row.state}`)
  return {
    ...{ id: Number(row.id), dueAt: row.due_at, raw: row.raw, legs: readLegs(row.legs), state },
    endedBatch: row.ended_batch === null ? null : Number(row.ended_batch),
    transfers: row.transfers === null ? null : row.transfers.map(Number),
    refusal: row.refusal === null ? null : readRefusal(row.refusal),
  }
}

export const scheduledTable: TableDefinition<number, ScheduledPosting> = {
  name: 'ledger_scheduled_postings',
  // Between asking and posting lie hours or days: none is asked for twice in a row.
  residentRows: 0,
  load: async (sql, keys) => {
    const rows = await sql<ScheduledRow[]>`
      select id, due_at, raw, legs, state, ended_batch, transfers, refusal from ledger_scheduled_postings
      where id = any (${int8Array(keys)}::text::int8[])`
    return rows.map((row) => [Number(row.id), scheduledOf(row)])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    const statements: UnsentStatement[] = []
    if (rows.length > 0) {
      statements.push(sql`
        insert into ledger_scheduled_postings (id, due_at, raw, legs, state, ended_batch, transfers, refusal)
        select id, due_at, raw, legs, state, ended_batch, transfers::int8[], refusal from unnest(
          ${int8Array(rows.map(({ id }) => id))}::text::int8[],
          ${timestamptzArray(rows.map(({ dueAt }) => dueAt))}::text::timestamptz[],
          ${boolArray(rows.map(({ raw }) => raw))}::text::boolean[],
          ${textArray(rows.map(({ legs }) => legsText(legs)))}::text::text[],
          ${int2Array(rows.map(({ state }) => SCHEDULED_STATES[state]))}::text::int2[],
          ${int8Array(rows.map(({ endedBatch }) => endedBatch))}::text::int8[],
          ${textArray(rows.map(({ transfers }) => (transfers === null ? null : int8Array(transfers))))}::text::text[],
          ${textArray(rows.map(({ refusal }) => (refusal === null ? null : refusalText(refusal))))}::text::text[]
        ) as r (id, due_at, raw, legs, state, ended_batch, transfers, refusal)
        on conflict (id) do update set
          state = excluded.state, ended_batch = excluded.ended_batch, transfers = excluded.transfers,
          refusal = excluded.refusal`)
    }
    return statements
  },
}

/** Those whose time has come, the earliest first. `now` as ISO 8601. */
export async function duePostings(tx: ReadTx, now: string, limit: number): Promise<readonly number[]> {
  const rows = await tx.sql<{ id: bigint }[]>`
    select id from ledger_scheduled_postings where state = 1 and due_at <= ${now}::text::timestamptz
    order by due_at, id limit ${limit}`
  return rows.map((row) => Number(row.id))
}

export async function findScheduled(tx: ReadTx, id: number): Promise<ScheduledPosting | undefined> {
  const rows = await tx.sql<ScheduledRow[]>`select * from ledger_scheduled_postings where id = ${id}`
  return rows.map(scheduledOf)[0]
}

/** By id, up to limit + 1 of them. */
export async function listScheduled(
  tx: ReadTx,
  state: ScheduledState | undefined,
  afterId: number,
  limit: number,
): Promise<readonly ScheduledPosting[]> {
  const rows =
    state === undefined
      ? await tx.sql<ScheduledRow[]>`
          select * from ledger_scheduled_postings where id > ${afterId} order by id limit ${limit + 1}`
      : await tx.sql<ScheduledRow[]>`
          select * from ledger_scheduled_postings where state = ${SCHEDULED_STATES[state]} and id > ${afterId}
          order by id limit ${limit + 1}`
  return rows.map(scheduledOf)
}
