import type { OutboxEvent } from '@huitong/committer'
import { formatAmount, microsToIso, publicId } from '@huitong/kernel'
import { type Authorisation, type AuthorisationOperation, restMinor } from './authorisation.ts'

/** One event an operation: `authorisation.` and its kind. It says who only by id and has no text that people wrote. */
export function authorisationEvent(of: Authorisation, operation: AuthorisationOperation): OutboxEvent {
  const id = publicId('auth', of.id)
  const amount = (minor: bigint) => formatAmount(minor, of.currency)
  const body = {
    authorisation: id,
    merchant: publicId('mrch', of.merchant),
    authorisationNumber: of.authorisationNumber,
    payer: publicId('cust', of.payer),
    state: of.state,
    endingCause: of.endingCause,
    currency: of.currency,
    amount: amount(operation.amountMinor),
    captured: amount(of.capturedMinor),
    released: amount(of.releasedMinor),
    rest: amount(restMinor(of)),
    requestNumber: operation.requestNumber,
    trade: operation.trade === null ? null : publicId('trade', operation.trade),
    at: microsToIso(operation.createdAt),
  }
  return { topic: `authorisation.${operation.kind}`, key: id, body: JSON.stringify(body) }
}
