import type { Micros } from '@huitong/kernel'
import type { ReadTx } from '@huitong/pg'
import type { OrderOutcome } from './bank-health.ts'
import { ORDER_STATES } from './order.ts'
import { storedWord } from './stored-word.ts'

/** Why nobody said in time, or the bank could not: not the customer's doing (ExternalStatusReason1Code). */
const FAILURES: ReadonlySet<string> = new Set(['TM01', 'AB01', 'AB02', 'AB05', 'AB06', 'AB07', 'AB08', 'AB09', 'MS03'])

/** How orders of each bank went that were made since then, by bank. */
export async function selectOutcomes(
  { sql }: ReadTx,
  banks: readonly string[],
  since: Micros,
  now: Micros,
): Promise<ReadonlyMap<string, readonly OrderOutcome[]>> {
  const found = new Map<string, readonly OrderOutcome[]>()
  for (const bank of banks) {
    const rows = await sql<{ state: string; reason: string | null; made_at: Micros; ended_at: Micros | null }[]>`
      select state, reason, made_at, ended_at from channels_orders
      where bank = ${bank} and made_at >= ${since}::timestamptz`
    found.set(
      bank,
      rows.map(({ state, reason, made_at: madeAt, ended_at: endedAt }) => ({
        ...{ end: endOf(storedWord(ORDER_STATES, state), reason), madeAt, took: (endedAt ?? now) - madeAt },
      })),
    )
  }
  return found
}

function endOf(state: (typeof ORDER_STATES)[number], reason: string | null): OrderOutcome['end'] {
  if (state === 'settled') return 'settled'
  if (state !== 'rejected') return 'open'
  return FAILURES.has(reason ?? '') ? 'failed' : 'declined'
}

/** What was asked by each card since then and not refused, in fen, by fingerprint: it counts against the limit of a day. */
export async function selectAskedOf(
  { sql }: ReadTx,
  customer: number,
  since: Micros,
): Promise<ReadonlyMap<string, bigint>> {
  const rows = await sql<{ card: string; minor: string }[]>`
    select card, sum(amount_minor)::text as minor from channels_orders
    where customer_id = ${customer} and made_at >= ${since}::timestamptz and kind <> 'withdrawal' and state <> 'rejected'
    group by card`
  return new Map(rows.map(({ card, minor }) => [card, BigInt(minor)]))
}
