import { invariant, type Micros } from '@huitong/kernel'
import type { ReadTx, Tx } from '@huitong/pg'
import { RESET_STATES, type ResetState, type SignInReset } from './sign-in-reset.ts'
import { storedOneOf } from './stored-text.ts'

interface ResetRow {
  readonly id: bigint
  readonly customer_id: bigint
  readonly reason: string
  readonly requested_at: Micros
  readonly effective_at: Micros
  readonly state: string
  readonly decided_at: Micros | null
}

function resetOf(row: ResetRow): SignInReset {
  return {
    ...{ id: Number(row.id), customer: Number(row.customer_id), reason: row.reason },
    ...{ requestedAt: row.requested_at, effectiveAt: row.effective_at, decidedAt: row.decided_at },
    state: storedOneOf(RESET_STATES, row.state),
  }
}

export async function selectNewestReset(tx: ReadTx, customer: number): Promise<SignInReset | undefined> {
  const [row] = await tx.sql<ResetRow[]>`
    select * from identity_sign_in_resets where customer_id = ${customer} order by id desc limit 1`
  return row === undefined ? undefined : resetOf(row)
}

/** The newest, with other decisions on it waiting. */
export async function lockNewestReset(tx: Tx, customer: number): Promise<SignInReset | undefined> {
  const [row] = await tx.sql<ResetRow[]>`
    select * from identity_sign_in_resets where customer_id = ${customer} order by id desc limit 1 for update`
  return row === undefined ? undefined : resetOf(row)
}

/** The open one: the new one, or the one that was there. */
export async function ensureOpenReset(
  tx: Tx,
  reset: Pick<SignInReset, 'customer' | 'reason' | 'requestedAt' | 'effectiveAt'>,
): Promise<SignInReset> {
  await tx.sql`
    insert into identity_sign_in_resets (customer_id, reason, requested_at, effective_at, state)
    values (${reset.customer}, ${reset.reason}, ${reset.requestedAt}, ${reset.effectiveAt}, 'open')
    on conflict (customer_id) where state = 'open' do nothing`
  const [row] = await tx.sql<ResetRow[]>`
    select * from identity_sign_in_resets where customer_id = ${reset.customer} and state = 'open'`
  invariant(row !== undefined, 'a reset that was just made sure of can be read')
  return resetOf(row)
}

export async function decideReset(tx: Tx, id: number, state: Exclude<ResetState, 'open'>, at: Micros): Promise<void> {
  await tx.sql`
    update identity_sign_in_resets set state = ${state}, decided_at = ${at} where id = ${id} and state = 'open'`
}
