import { type CurrencyCode, invariant } from '@huitong/kernel'
import type { TradeDetails } from './trade.ts'

/*
 * A pre-authorisation: a customer's money is promised to a merchant before it is known how much of it will be charged, as for a deposit.
 *
 *     authorised ──capture a part, release a part──► authorised
 *         └──all captured or released, the last capture, cancel, time over──► ended
 */

/** How it ended: all of it captured or released, called off, or by time. */
export const ENDING_CAUSES = ['used', 'cancelled', 'expired'] as const
export type EndingCause = (typeof ENDING_CAUSES)[number]

export interface Authorisation {
  readonly id: number
  readonly merchant: number
  /** The merchant's own number (`out_order_no`), unique per merchant. */
  readonly authorisationNumber: string
  /** The number under which it was asked for (`out_request_no`). */
  readonly requestNumber: string
  readonly payer: number
  readonly title: string
  /** Of which application, and where it wants to be told. */
  readonly details: TradeDetails
  readonly currency: CurrencyCode
  readonly amountMinor: bigint
  readonly capturedMinor: bigint
  readonly releasedMinor: bigint
  readonly state: 'authorised' | 'ended'
  readonly endingCause: EndingCause | null
  /** The ledger's hold of what is left. */
  readonly hold: number
  /** µs. */
  readonly createdAt: number
  readonly expiresAt: number
  readonly endedAt: number | null
}

export const OPERATION_KINDS = ['freeze', 'release', 'capture', 'cancel', 'expire'] as const
export type OperationKind = (typeof OPERATION_KINDS)[number]

/** One thing that was done to an authorisation, never changed. */
export interface AuthorisationOperation {
  readonly id: number
  readonly authorisation: number
  /** The merchant's own, unique per authorisation; of a capture the order's number, and `$…` where the merchant gave none. */
  readonly requestNumber: string
  readonly kind: OperationKind
  readonly amountMinor: bigint
  readonly remark: string | null
  /** The trade that a capture paid. */
  readonly trade: number | null
  readonly createdAt: number
}

/** Numbers of operations that no merchant can choose: `$` is not among the characters of one. */
export const CANCEL_OPERATION = '$cancel'
export const EXPIRE_OPERATION = '$expire'

export function restMinor(authorisation: Authorisation): bigint {
  return authorisation.amountMinor - authorisation.capturedMinor - authorisation.releasedMinor
}

/** Holds for every authorisation at every time; the constraints of the table are its pair. */
export function assertAuthorisation(of: Authorisation): Authorisation {
  const name = `authorisation ${of.id}`
  invariant(of.amountMinor > 0n, `${name}: an amount that is not positive`)
  invariant(of.capturedMinor >= 0n && of.releasedMinor >= 0n && restMinor(of) >= 0n, `${name}: more used than promised`)
  invariant((of.state === 'ended') === (restMinor(of) === 0n), `${name}: ended with a rest, or the reverse`)
  invariant(
    (of.state === 'ended') === (of.endedAt !== null && of.endingCause !== null),
    `${name}: ended without a cause`,
  )
  return of
}
