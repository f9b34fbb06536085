import { ok, type Result } from '@huitong/kernel'
import { type Authorisation, assertAuthorisation, type EndingCause, restMinor } from './authorisation.ts'
import { AUTHORISATION_LIFE_MAX } from './limits.ts'
import type { TradeDetails } from './trade.ts'
import { decideAmount } from './trade-decide.ts'
import { type PaymentRefusal, refuse } from './trade-refusals.ts'

/** What a merchant asks a customer to promise. */
export interface AuthorisationTerms {
  readonly merchant: number
  readonly authorisationNumber: string
  readonly requestNumber: string
  readonly title: string
  readonly details: TradeDetails
  readonly amountMinor: bigint
}

type Decision = Result<Authorisation, PaymentRefusal>

/** Whether an authorisation of this number may be asked for: true when it is there already in the same words. */
export function decideAuthorisationTerms(
  terms: AuthorisationTerms,
  before: Authorisation | undefined,
  expiresAt: number,
  now: number,
): Result<boolean, PaymentRefusal> {
  const amount = decideAmount(terms.amountMinor)
  if (!amount.ok) return amount
  if (expiresAt <= now || expiresAt > now + AUTHORISATION_LIFE_MAX) return refuse('expiry_in_past')
  if (before === undefined) return ok(false)
  const same =
    before.amountMinor === terms.amountMinor &&
    before.title === terms.title &&
    before.requestNumber === terms.requestNumber
  return same ? ok(true) : refuse('authorisation_inconsistent')
}

/** Why nothing can be taken out of an authorisation now; undefined when it can. Past its expiry it is over, also before that is noted. */
export function overRefusal(of: Authorisation, now: number): ReturnType<typeof refuse> | undefined {
  if (of.state === 'ended') {
    return refuse(of.endingCause === 'used' ? 'authorisation_finished' : 'authorisation_closed')
  }
  return of.expiresAt <= now ? refuse('authorisation_closed') : undefined
}

/** Charges a part. `final` gives the rest back. */
export function decideCapture(of: Authorisation, amountMinor: bigint, final: boolean, now: number): Decision {
  const over = overRefusal(of, now)
  if (over !== undefined) return over
  if (amountMinor <= 0n) return refuse('amount_out_of_range')
  if (amountMinor > restMinor(of)) return refuse('exceeds_authorisation')
  const captured = { ...of, capturedMinor: of.capturedMinor + amountMinor }
  const rest = restMinor(captured)
  const after = final ? { ...captured, releasedMinor: captured.releasedMinor + rest } : captured
  return ok(concluded(after, 'used', now))
}

/** Gives a part back. */
export function decideRelease(of: Authorisation, amountMinor: bigint, now: number): Decision {
  const over = overRefusal(of, now)
  if (over !== undefined) return over
  if (amountMinor <= 0n) return refuse('amount_out_of_range')
  if (amountMinor > restMinor(of)) return refuse('exceeds_authorisation')
  return ok(concluded({ ...of, releasedMinor: of.releasedMinor + amountMinor }, 'used', now))
}

/** Calls it off: all that is left goes back. One that something was captured of is not undone by that. */
export function decideAuthorisationCancel(of: Authorisation, now: number): Decision {
  const over = overRefusal(of, now)
  if (over !== undefined) return over
  return ok(concluded({ ...of, releasedMinor: of.releasedMinor + restMinor(of) }, 'cancelled', now))
}

export function decideAuthorisationExpiry(of: Authorisation, now: number): Decision {
  if (of.state === 'ended') return refuse('authorisation_finished')
  if (of.expiresAt > now) return refuse('trade_not_due')
  return ok(concluded({ ...of, releasedMinor: of.releasedMinor + restMinor(of) }, 'expired', now))
}

function concluded(of: Authorisation, cause: EndingCause, now: number): Authorisation {
  const over = restMinor(of) === 0n
  return assertAuthorisation(over ? { ...of, state: 'ended', endingCause: cause, endedAt: now } : of)
}
