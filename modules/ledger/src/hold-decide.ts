import { MAX_MINOR, ok, type Result } from '@huitong/kernel'
import type { Hold } from './hold.ts'
import type { LedgerRefusal } from './ledger-refusals.ts'
import {
  type After,
  checkFunds,
  checkSides,
  checkStates,
  credited,
  debited,
  type Movement,
  refuse,
  type Side,
  type Sides,
  withoutOverflow,
} from './transfer-decide.ts'

/** Promises the amount. `now` and `expiresAt` in µs. */
export function decideHold(
  movement: Movement,
  sides: Sides,
  expiresAt: number | null,
  now: number,
): Result<After, LedgerRefusal> {
  const checked = checkSides(movement, sides)
  if (!checked.ok) return checked
  const { debit, credit } = checked.value
  const { amountMinor } = movement
  if (expiresAt !== null && expiresAt <= now) return refuse('expiry_in_the_past')
  const refused = checkFunds(debit, credit, amountMinor)
  if (refused !== undefined) return refused
  return withoutOverflow({
    debit: debited(debit.balance, 0n, amountMinor),
    credit: credited(credit.balance, 0n, amountMinor),
  })
}

export interface Capture {
  readonly after: After
  readonly hold: Hold
  readonly releasedMinor: bigint
}

/**
 * Posts a part of a hold or all of it. `final` gives the rest back; without it the rest stays promised. Funds need no check: the
 * hold has counted in every check since it was made.
 */
export function decideCapture(
  hold: Hold | undefined,
  amountMinor: bigint,
  final: boolean,
  sides: Sides,
  now: number,
): Result<Capture, LedgerRefusal> {
  if (amountMinor <= 0n) return refuse('amount_not_positive')
  if (amountMinor > MAX_MINOR) return refuse('amount_too_large')
  const live = checkLive(hold, sides, now)
  if (!live.ok) return live
  const { open, debit, credit } = live.value
  if (amountMinor > open.remainingMinor) {
    return refuse('exceeds_hold', { remaining_minor: String(open.remainingMinor) })
  }
  const ends = final || amountMinor === open.remainingMinor
  const releasedMinor = ends ? open.remainingMinor : amountMinor
  return ok({
    after: {
      debit: debited(debit.balance, amountMinor, -releasedMinor),
      credit: credited(credit.balance, amountMinor, -releasedMinor),
    },
    hold: { ...open, remainingMinor: open.remainingMinor - releasedMinor, state: ends ? 'captured' : 'pending' },
    releasedMinor,
  })
}

/** Promises more by a hold that is there: checked as a new hold of the difference would be. */
export function decideIncrease(
  hold: Hold | undefined,
  amountMinor: bigint,
  sides: Sides,
  now: number,
): Result<Capture, LedgerRefusal> {
  if (amountMinor <= 0n) return refuse('amount_not_positive')
  if (amountMinor > MAX_MINOR) return refuse('amount_too_large')
  const live = checkLive(hold, sides, now)
  if (!live.ok) return live
  const { open, debit, credit } = live.value
  const refused = checkFunds(debit, credit, amountMinor)
  if (refused !== undefined) return refused
  const after = withoutOverflow({
    debit: debited(debit.balance, 0n, amountMinor),
    credit: credited(credit.balance, 0n, amountMinor),
  })
  if (!after.ok) return after
  // The total fits whenever the counters do: what was captured of it is in the posted ones, the rest in the pending ones.
  const { amountMinor: beforeMinor, remainingMinor } = open
  return ok({
    after: after.value,
    hold: { ...open, amountMinor: beforeMinor + amountMinor, remainingMinor: remainingMinor + amountMinor },
    releasedMinor: 0n,
  })
}

/** Moves the expiry of a hold to a later time. A hold without an expiry lasts as long as can be. */
export function decideExtension(
  hold: Hold | undefined,
  expiresAt: number,
  sides: Sides,
  now: number,
): Result<Hold, LedgerRefusal> {
  const live = checkLive(hold, sides, now)
  if (!live.ok) return live
  const { open } = live.value
  if (expiresAt <= now) return refuse('expiry_in_the_past')
  if (open.expiresAt === null || expiresAt <= open.expiresAt) return refuse('expiry_not_later')
  return ok({ ...open, expiresAt })
}

/** Whether a hold still counts on accounts that may use it. */
function checkLive(
  hold: Hold | undefined,
  { debit, credit }: Sides,
  now: number,
): Result<{ readonly open: Hold; readonly debit: Side; readonly credit: Side }, LedgerRefusal> {
  if (hold !== undefined && debit !== undefined && credit !== undefined) {
    const refused = checkStates(debit.account, credit.account)
    if (refused !== undefined) return refused
  }
  const pending = checkPending(hold)
  if (!pending.ok) return pending
  const open = pending.value
  if (debit === undefined) return refuse('debit_account_unknown')
  if (credit === undefined) return refuse('credit_account_unknown')
  if (open.expiresAt !== null && open.expiresAt <= now) return refuse('hold_past_expiry')
  return ok({ open, debit, credit })
}

/** Gives a hold back, by choice or by its expiry. Frozen and closed accounts do not stand in the way: nothing leaves them. */
export function decideRelease(
  hold: Hold | undefined,
  reason: 'void' | 'expiry',
  sides: Sides,
  now: number,
): Result<Capture, LedgerRefusal> {
  const pending = checkPending(hold)
  if (!pending.ok) return pending
  const open = pending.value
  const { debit, credit } = sides
  if (debit === undefined) return refuse('debit_account_unknown')
  if (credit === undefined) return refuse('credit_account_unknown')
  if (reason === 'expiry' && (open.expiresAt === null || open.expiresAt > now)) return refuse('hold_not_due')
  const releasedMinor = open.remainingMinor
  return ok({
    after: {
      debit: debited(debit.balance, 0n, -releasedMinor),
      credit: credited(credit.balance, 0n, -releasedMinor),
    },
    hold: { ...open, remainingMinor: 0n, state: reason === 'void' ? 'voided' : 'expired' },
    releasedMinor,
  })
}

function checkPending(hold: Hold | undefined): Result<Hold, LedgerRefusal> {
  if (hold === undefined) return refuse('hold_unknown')
  switch (hold.state) {
    case 'pending':
      return ok(hold)
    case 'captured':
      return refuse('hold_already_captured')
    case 'voided':
      return refuse('hold_already_voided')
    case 'expired':
      return refuse('hold_already_expired')
  }
}
