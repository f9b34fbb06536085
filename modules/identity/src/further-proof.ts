import { isAtLeast } from '@huitong/contract'
import type { Micros } from '@huitong/kernel'
import type { ReadTx, Tx } from '@huitong/pg'
import { deleteCodes, selectCodeSecrets } from './code-store.ts'
import { removeAllPasskeys, selectPasskeys } from './passkey-store.ts'
import { type Session, strengthAt } from './session.ts'
import { awaitProof, endSessions } from './session-store.ts'
import type { Subject } from './subject.ts'

/** By what a person can prove more than a link does. */
export interface FurtherProofs {
  readonly passkey: boolean
  readonly codes: boolean
}

export async function furtherProofs(tx: ReadTx, subject: Subject): Promise<FurtherProofs> {
  const passkeys = await selectPasskeys(tx, subject)
  const secrets = await selectCodeSecrets(tx, subject)
  return {
    passkey: passkeys.some(({ state }) => state === 'active'),
    codes: secrets.some(({ state }) => state === 'active'),
  }
}

/**
 * Whether a link alone brings this person no further. Codes are a second factor that its owner asked for. Staff's links pass through
 * colleagues' hands, so a passkey of theirs asks for it too; customers with a passkey may still pay by a link what one factor allows.
 */
export function owesProof({ kind }: Subject, { passkey, codes }: FurtherProofs): boolean {
  return codes || (kind === 'staff' && passkey)
}

/**
 * Whether this session may change by what its owner proves themselves. The first proof may be added in any session. From then on it
 * takes more than a link, or a stolen link would be enough to take over for good.
 */
export async function mayChangeProofs(tx: ReadTx, session: Session, at: Micros): Promise<boolean> {
  if (isAtLeast(strengthAt(session, at), 'two_factors')) return true
  const { passkey, codes } = await furtherProofs(tx, session.subject)
  return !passkey && !codes
}

/** After a proof was added: sessions that others may have begun by a link owe it from now on. */
export async function askOthersForProof(tx: Tx, session: Session): Promise<void> {
  const { subject, id } = session
  if (owesProof(subject, await furtherProofs(tx, subject))) await awaitProof(tx, subject, id)
}

/** For somebody who lost all of it: passkeys and codes are gone and every session ends. */
export async function forgetProofs(tx: Tx, subject: Subject, at: Micros): Promise<void> {
  await removeAllPasskeys(tx, subject, at)
  await deleteCodes(tx, subject)
  await endSessions(tx, subject, at)
}
