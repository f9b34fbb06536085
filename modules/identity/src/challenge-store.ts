import type { Micros } from '@huitong/kernel'
import type { Tx } from '@huitong/pg'

type ChallengePurpose = 'register' | 'sign_in' | 'step_up'

export interface Challenge {
  readonly purpose: ChallengePurpose
  /** Whose it is; null for a sign-in, before which there is no session. */
  readonly sessionId: number | null
}

/** Also clears away some of those that nobody answered in time. */
export async function insertChallenge(
  tx: Tx,
  hash: Uint8Array,
  challenge: Challenge,
  issuedAt: Micros,
  expiresAt: Micros,
): Promise<void> {
  await tx.sql`
    delete from identity_challenges
    where challenge_hash in (
      select challenge_hash from identity_challenges
      where expires_at <= ${issuedAt} order by expires_at limit 10)`
  await tx.sql`
    insert into identity_challenges (challenge_hash, purpose, session_id, issued_at, expires_at)
    values (${hash}, ${challenge.purpose}, ${challenge.sessionId}, ${issuedAt}, ${expiresAt})`
}

/** Uses a challenge up. Whether there was such a one that could still be answered; of many at once one gets it. */
export async function takeChallenge(tx: Tx, hash: Uint8Array, challenge: Challenge, at: Micros): Promise<boolean> {
  const taken = await tx.sql<{ expires_at: Micros }[]>`
    delete from identity_challenges
    where challenge_hash = ${hash} and purpose = ${challenge.purpose}
      and session_id is not distinct from ${challenge.sessionId}::int8
    returning expires_at`
  const [row] = taken
  return row !== undefined && at < row.expires_at
}
