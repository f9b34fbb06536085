import type { LogDefinition } from '@huitong/committer'
import type { Micros } from '@huitong/kernel'
import { byteaArray, int8Array, type ReadTx, type Tx, textArray } from '@huitong/pg'

/** A message that leaves with its batch, sealed when it is written. */
export interface Outgoing {
  readonly peer: string
  readonly number: number
  /** As {@link messageText} writes it. */
  readonly text: string
}

export function outgoingLog(seal: (row: Outgoing) => Uint8Array): LogDefinition<Outgoing> {
  return {
    name: 'links_outgoing',
    append: (sql, rows, batch) => [
      sql`
      insert into links_outgoing (peer, number, batch, sealed)
      select peer, number, ${batch.number}, sealed
      from unnest(
        ${textArray(rows.map((row) => row.peer))}::text::text[],
        ${int8Array(rows.map((row) => row.number))}::text::int8[],
        ${byteaArray(rows.map(seal))}::text::bytea[]
      ) as added (peer, number, sealed)`,
    ],
  }
}

export interface Sealed {
  readonly number: number
  readonly sealed: Uint8Array
}

/** The first messages that the peer has not acknowledged, in order. */
export async function selectWaiting({ sql }: ReadTx, peer: string, limit: number): Promise<readonly Sealed[]> {
  const rows = await sql<{ number: bigint; sealed: Uint8Array }[]>`
    select number, sealed from links_outgoing
    where peer = ${peer} and number > coalesce((select acknowledged from links_cursors where peer = ${peer}), 0)
    order by number limit ${limit}`
  return rows.map(({ number, sealed }) => ({ number: Number(number), sealed }))
}

export interface Cursor {
  readonly acknowledged: number
  readonly acknowledgedAt: Micros | null
  readonly attempts: number
  readonly lastFault: string | null
  readonly nextAttemptAt: Micros | null
}

const NEW_CURSOR: Cursor = {
  ...{ acknowledged: 0, acknowledgedAt: null, attempts: 0, lastFault: null, nextAttemptAt: null },
}

export async function selectCursor({ sql }: ReadTx, peer: string): Promise<Cursor> {
  const [row] = await sql<
    {
      acknowledged: bigint
      acknowledged_at: Micros | null
      attempts: number
      last_fault: string | null
      next_attempt_at: Micros | null
    }[]
  >`select * from links_cursors where peer = ${peer}`
  if (row === undefined) return NEW_CURSOR
  return {
    ...{ acknowledged: Number(row.acknowledged), acknowledgedAt: row.acknowledged_at, attempts: row.attempts },
    ...{ lastFault: row.last_fault, nextAttemptAt: row.next_attempt_at },
  }
}

/** Never back: two senders of one link at once would each tell how far it came. */
export async function advanceCursor({ sql }: Tx, peer: string, number: number, at: Micros): Promise<void> {
  await sql`
    insert into links_cursors (peer, acknowledged, acknowledged_at, attempts) values (${peer}, ${number}, ${at}, 0)
    on conflict on constraint links_cursors_pkey do update set
      acknowledged = greatest(links_cursors.acknowledged, excluded.acknowledged),
      acknowledged_at = excluded.acknowledged_at, attempts = 0, last_fault = null, next_attempt_at = null`
}

export async function noteFault({ sql }: Tx, peer: string, fault: string, again: Micros): Promise<void> {
  await sql`
    insert into links_cursors (peer, acknowledged, attempts, last_fault, next_attempt_at)
    values (${peer}, 0, 1, ${fault}, ${again})
    on conflict on constraint links_cursors_pkey do update set
      attempts = links_cursors.attempts + 1, last_fault = excluded.last_fault, next_attempt_at = excluded.next_attempt_at`
}

export interface Received {
  readonly peer: string
  readonly number: number
  readonly digest: Uint8Array
  readonly receivedAt: Micros
  readonly sealed: Uint8Array
}

/** Keeps what came; false when another message came under this number before. */
export async function keepReceived({ sql }: Tx, row: Received): Promise<boolean> {
  await sql`
    insert into links_incoming (peer, number, digest, received_at, sealed)
    values (${row.peer}, ${row.number}, ${row.digest}, ${row.receivedAt}, ${row.sealed})
    on conflict on constraint links_incoming_pkey do nothing`
  const same = await sql`
    select number from links_incoming
    where peer = ${row.peer} and number = ${row.number} and digest = ${row.digest}`
  return same.length === 1
}

/** Peers that something waits for. */
export async function selectPeersToCall({ sql }: ReadTx): Promise<readonly string[]> {
  const rows = await sql<{ peer: string }[]>`
    select l.peer from links_lines l join links_peers p on p.peer = l.peer and p.state = 'active'
    where l.sent > coalesce((select acknowledged from links_cursors c where c.peer = l.peer), 0)`
  return rows.map(({ peer }) => peer)
}
