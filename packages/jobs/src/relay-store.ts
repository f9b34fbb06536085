import type { Tx } from '@huitong/pg'
import type { OutboxPosition, OutboxRow } from './outbox.ts'

/** Makes the consumer's row and takes its lease when that is free, run out or ours already. */
export async function takeLease({ sql }: Tx, consumer: string, holder: string, leaseMillis: number): Promise<boolean> {
  await sql`insert into jobs_cursors (consumer) values (${consumer}) on conflict do nothing`
  const taken = await sql`
    update jobs_cursors
    set holder = ${holder}, lease_expires_at = clock_timestamp() + ${leaseMillis} * interval '1 millisecond'
    where consumer = ${consumer} and (holder is null or holder = ${holder} or lease_expires_at < clock_timestamp())
    returning consumer`
  return taken.length === 1
}

/**
 * The cursor, locked until the transaction ends, or undefined when the lease is somebody else's by now. The lock keeps others
 * from taking the lease over while a handler runs longer than it.
 */
export async function lockCursor({ sql }: Tx, consumer: string, holder: string): Promise<OutboxPosition | undefined> {
  const [cursor] = await sql<OutboxPosition[]>`
    select batch, position from jobs_cursors
    where consumer = ${consumer} and holder = ${holder}
    for update`
  return cursor
}

export async function moveCursor({ sql }: Tx, consumer: string, to: OutboxPosition): Promise<void> {
  await sql`
    update jobs_cursors set batch = ${to.batch}, position = ${to.position}
    where consumer = ${consumer}`
}

export async function giveUpLease({ sql }: Tx, consumer: string, holder: string): Promise<void> {
  await sql`
    update jobs_cursors set holder = null, lease_expires_at = null
    where consumer = ${consumer} and holder = ${holder}`
}

/** Keys of the consumer that have something parked; rows of these keys must queue behind it. */
export async function parkedKeys({ sql }: Tx, consumer: string): Promise<Set<string>> {
  const rows = await sql<{ key: string }[]>`select distinct key from jobs_parked where consumer = ${consumer}`
  return new Set(rows.map((row) => row.key))
}

/** Parks a row: `attempts` 0 means that it only waits behind another of its key. */
export async function park(
  tx: Tx,
  consumer: string,
  row: OutboxRow,
  attempts: number,
  error: string | null,
): Promise<void> {
  await tx.sql`
    insert into jobs_parked (consumer, batch, position, topic, key, body, attempts, next_attempt_at, last_error)
    values (${consumer}, ${row.batch}, ${row.position}, ${row.topic}, ${row.key}, ${row.body}::text::jsonb,
      ${attempts}, clock_timestamp() + ${backoffMillis(attempts)} * interval '1 millisecond', ${error})`
}

export interface ParkedRow extends OutboxRow {
  readonly attempts: number
}

/** The first parked row of each key, where its time has come; the one that has waited longest first. */
export async function dueParked({ sql }: Tx, consumer: string, limit: number): Promise<readonly ParkedRow[]> {
  return await sql<ParkedRow[]>`
    select batch, position, topic, key, body::text as body, attempts
    from (
      select distinct on (key) * from jobs_parked
      where consumer = ${consumer}
      order by key, batch, position
    ) as first_of_key
    where next_attempt_at <= clock_timestamp()
    order by next_attempt_at
    limit ${limit}`
}

export async function unpark({ sql }: Tx, consumer: string, row: OutboxPosition): Promise<void> {
  await sql`
    delete from jobs_parked
    where consumer = ${consumer} and batch = ${row.batch} and position = ${row.position}`
}

export async function postpone({ sql }: Tx, consumer: string, row: ParkedRow, error: string): Promise<void> {
  const attempts = row.attempts + 1
  await sql`
    update jobs_parked
    set attempts = ${attempts}, last_error = ${error},
      next_attempt_at = clock_timestamp() + ${backoffMillis(attempts)} * interval '1 millisecond'
    where consumer = ${consumer} and batch = ${row.batch} and position = ${row.position}`
}

/** 0, then half a second, doubling to an hour. */
function backoffMillis(attempts: number): number {
  return attempts === 0 ? 0 : Math.min(3_600_000, 250 * 2 ** Math.min(attempts, 20))
}
