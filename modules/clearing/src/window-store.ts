import type { TableDefinition, UnsentStatement } from '@huitong/committer'
import { invariant, type Micros } from '@huitong/kernel'
import { int8Array, jsonbArray, type Sql, textArray, timestamptzArray } from '@huitong/pg'
import { assertWindow, type Position, WINDOW_STATES, type Window } from './window.ts'

export interface WindowRow {
  readonly number: bigint
  readonly state: string
  readonly members: readonly string[]
  readonly payments: bigint
  readonly gross_minor: bigint
  readonly net_minor: bigint
  readonly entry_id: bigint | null
  readonly opened_at: Micros
  readonly settled_at: Micros | null
}

export function windowOf(row: WindowRow): Window {
  const state = WINDOW_STATES.find((known) => known === row.state)
  invariant(state !== undefined, `a stored state of a window is not known: ${row.state}`)
  return assertWindow({
    ...{ number: Number(row.number), state, members: row.members, payments: row.payments },
    ...{ grossMinor: row.gross_minor, netMinor: row.net_minor },
    entry: row.entry_id === null ? null : Number(row.entry_id),
    ...{ openedAt: row.opened_at, settledAt: row.settled_at },
  })
}

/** The key of the open window, whatever its number. */
export const OPEN_WINDOW = 'open'

/** Windows that a batch settles. Written before the open one: there is never more than one that is open. */
export const settledWindowTable: TableDefinition<number, Window> = {
  name: 'clearing_windows (settled)',
  residentRows: 0,
  load: async () => [],
  write: (sql, changes) => [
    writeWindows(
      sql,
      changes.map((change) => change.row),
    ),
  ],
}

export const openWindowTable: TableDefinition<string, Window> = {
  name: 'clearing_windows',
  residentRows: 1,
  load: async (sql, keys) => {
    const rows = await sql<WindowRow[]>`select * from clearing_windows where state = 'open'`
    return rows.flatMap((row) => keys.map((key) => [key, windowOf(row)] as const))
  },
  write: (sql, changes) => [
    writeWindows(
      sql,
      changes.map((change) => change.row),
    ),
  ],
}

function writeWindows(sql: Sql, windows: readonly Window[]): UnsentStatement {
  const rows = windows.map(assertWindow)
  return sql`
    insert into clearing_windows (number, state, payments, gross_minor, net_minor, entry_id, opened_at, settled_at, members)
    select w.number, w.state, w.payments, w.gross_minor, w.net_minor, w.entry_id, w.opened_at, w.settled_at,
      array(select member from jsonb_array_elements_text(w.members) with ordinality as one (member, place) order by place)
    from unnest(
      ${int8Array(rows.map((row) => row.number))}::text::int8[],
      ${textArray(rows.map((row) => row.state))}::text::text[],
      ${int8Array(rows.map((row) => row.payments))}::text::int8[],
      ${int8Array(rows.map((row) => row.grossMinor))}::text::int8[],
      ${int8Array(rows.map((row) => row.netMinor))}::text::int8[],
      ${int8Array(rows.map((row) => row.entry))}::text::int8[],
      ${timestamptzArray(rows.map((row) => row.openedAt))}::text::timestamptz[],
      ${timestamptzArray(rows.map((row) => row.settledAt))}::text::timestamptz[],
      ${jsonbArray(rows.map((row) => JSON.stringify(row.members)))}::text::jsonb[]
    ) as w (number, state, payments, gross_minor, net_minor, entry_id, opened_at, settled_at, members)
    on conflict on constraint clearing_windows_pkey do update set state = excluded.state, members = excluded.members,
      payments = excluded.payments, gross_minor = excluded.gross_minor, net_minor = excluded.net_minor, entry_id = excluded.entry_id,
      settled_at = excluded.settled_at`
}

interface PositionRow {
  readonly window_number: bigint
  readonly member: string
  readonly sent_minor: bigint
  readonly received_minor: bigint
}

export function positionKey(window: number, member: string): string {
  return `${window}:${member}`
}

export function positionOf(row: PositionRow): Position {
  return {
    ...{ window: Number(row.window_number), member: row.member },
    ...{ sentMinor: row.sent_minor, receivedMinor: row.received_minor },
  }
}

/** By window and member. */
export const positionTable: TableDefinition<string, Position> = {
  name: 'clearing_positions',
  residentRows: 4000,
  load: async (sql, keys) => {
    const rows = await sql<PositionRow[]>`
      select p.* from clearing_positions p
      join unnest(${textArray(keys)}::text::text[]) as k (key)
        on p.window_number = split_part(k.key, ':', 1)::int8 and p.member = split_part(k.key, ':', 2)`
    return rows.map((row) => [positionKey(Number(row.window_number), row.member), positionOf(row)])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into clearing_positions (window_number, member, sent_minor, received_minor)
      select * from unnest(
        ${int8Array(rows.map((row) => row.window))}::text::int8[],
        ${textArray(rows.map((row) => row.member))}::text::text[],
        ${int8Array(rows.map((row) => row.sentMinor))}::text::int8[],
        ${int8Array(rows.map((row) => row.receivedMinor))}::text::int8[])
      on conflict on constraint clearing_positions_pkey do update set sent_minor = excluded.sent_minor,
        received_minor = excluded.received_minor`,
    ]
  },
}
