import type { TableDefinition } from '@huitong/committer'
import { invariant, type Micros } from '@huitong/kernel'
import { boolArray, int8Array, type ReadTx, textArray, timestamptzArray } from '@huitong/pg'
import { assertGuard, type Guard, PAYOUTS } from './guard.ts'

interface GuardRow {
  readonly name: string
  readonly stopped: boolean
  readonly surplus_minor: bigint
  readonly batch: bigint
  readonly noted_at: Micros
}

function guardOf({ name, stopped, surplus_minor, batch, noted_at }: GuardRow): Guard {
  invariant(name === PAYOUTS, `a stored guard is not known: ${name}`)
  return { name, stopped, surplusMinor: surplus_minor, batch: Number(batch), notedAt: noted_at }
}

/** By name; there is one. */
export const guardTable: TableDefinition<string, Guard> = {
  name: 'reserve_guard',
  residentRows: 1,
  load: async (sql, names) => {
    const rows = await sql<GuardRow[]>`select * from reserve_guard where name = any (${textArray(names)}::text::text[])`
    return rows.map((row) => [row.name, guardOf(row)])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => assertGuard(change.row))
    return [
      sql`
      insert into reserve_guard (name, stopped, surplus_minor, batch, noted_at)
      select * from unnest(
        ${textArray(rows.map((row) => row.name))}::text::text[],
        ${boolArray(rows.map((row) => row.stopped))}::text::bool[],
        ${int8Array(rows.map((row) => row.surplusMinor))}::text::int8[],
        ${int8Array(rows.map((row) => row.batch))}::text::int8[],
        ${timestamptzArray(rows.map((row) => row.notedAt))}::text::timestamptz[])
      on conflict on constraint reserve_guard_pkey do update set stopped = excluded.stopped,
        surplus_minor = excluded.surplus_minor, batch = excluded.batch, noted_at = excluded.noted_at`,
    ]
  },
}

export async function selectGuard({ sql }: ReadTx): Promise<Guard | undefined> {
  return (await sql<GuardRow[]>`select * from reserve_guard`).map(guardOf)[0]
}
