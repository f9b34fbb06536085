import { err, MAX_MINOR, ok, type Result } from '@huitong/kernel'
import { type Account, type Balance, unpromisedMinor } from './account.ts'
import { FREEZE_CAUSES, type Freeze, type FreezeCause, goesBefore } from './freeze.ts'
import type { LedgerRefusal, LedgerRefusalCode } from './ledger-refusals.ts'

function refuse(code: LedgerRefusalCode, facts?: Readonly<Record<string, string>>) {
  return err<LedgerRefusal>(facts === undefined ? { code } : { code, facts })
}

export interface FreezeTerms {
  readonly amountMinor: bigint | null
  readonly expiresAt: number | null
}

/**
 * Whether the account can be frozen so. A freeze may ask for more than there is: it then waits for what comes in. `now` in µs.
 */
export function decideFreeze(
  account: Account | undefined,
  { amountMinor, expiresAt }: FreezeTerms,
  now: number,
): Result<Account, LedgerRefusal> {
  if (amountMinor !== null && amountMinor <= 0n) return refuse('amount_not_positive')
  if (amountMinor !== null && amountMinor > MAX_MINOR) return refuse('amount_too_large')
  if (expiresAt !== null && expiresAt <= now) return refuse('expiry_in_the_past')
  if (account === undefined) return refuse('account_unknown')
  if (account.state === 'closed') return refuse('account_already_closed')
  if (amountMinor !== null && account.floorMinor === null) return refuse('freeze_needs_floor')
  const frozenMinor = (account.restraints?.frozenMinor ?? 0n) + (amountMinor ?? 0n)
  return frozenMinor > MAX_MINOR ? refuse('amount_too_large') : ok(account)
}

/** Lifts a freeze on the word of an authority of at least its rank. */
export function decideLift(freeze: Freeze | undefined, authority: FreezeCause): Result<Freeze, LedgerRefusal> {
  if (freeze === undefined) return refuse('freeze_unknown')
  if (freeze.state !== 'active') return refuse('freeze_not_active', { state: freeze.state })
  if (FREEZE_CAUSES[authority] < FREEZE_CAUSES[freeze.cause]) return refuse('freeze_outranks_authority')
  return ok({ ...freeze, state: 'lifted' })
}

/** Ends a freeze whose time has come; `now` in µs. */
export function decideFreezeExpiry(freeze: Freeze | undefined, now: number): Result<Freeze, LedgerRefusal> {
  if (freeze === undefined) return refuse('freeze_unknown')
  if (freeze.state !== 'active') return refuse('freeze_not_active', { state: freeze.state })
  if (freeze.expiresAt === null || freeze.expiresAt > now) return refuse('freeze_not_due')
  return ok({ ...freeze, state: 'expired' })
}

/**
 * Takes frozen money on a judicial freeze. Freezes of one account stand in a queue (`goesBefore`): each gets what those before it leave,
 * so this one reaches the balance less what holds have promised, less a positive floor, less the freezes before it. A credit line is the
 * institution's money and out of its reach.
 */
export function decideDeduction(
  freeze: Freeze | undefined,
  amountMinor: bigint,
  account: Account | undefined,
  balance: Balance | undefined,
  active: readonly Freeze[],
): Result<Freeze, LedgerRefusal> {
  if (amountMinor <= 0n) return refuse('amount_not_positive')
  if (amountMinor > MAX_MINOR) return refuse('amount_too_large')
  if (freeze === undefined || account === undefined || balance === undefined) return refuse('freeze_unknown')
  if (freeze.state !== 'active') return refuse('freeze_not_active', { state: freeze.state })
  if (freeze.cause !== 'judicial') return refuse('freeze_not_judicial')
  const { remainingMinor } = freeze
  if (remainingMinor !== null && amountMinor > remainingMinor) {
    return refuse('exceeds_freeze', { remaining_minor: String(remainingMinor) })
  }
  const reached = reachMinor(freeze, account, balance, active)
  if (amountMinor > reached) {
    return refuse('freeze_reaches_less', { reached_minor: String(reached > 0n ? reached : 0n) })
  }
  if (remainingMinor === null) return ok(freeze)
  const left = remainingMinor - amountMinor
  return ok({ ...freeze, remainingMinor: left, state: left === 0n ? 'used' : 'active' })
}

/** What of the account's own money a freeze can get at; below zero when those before it claim more than there is. */
export function reachMinor(freeze: Freeze, account: Account, balance: Balance, active: readonly Freeze[]): bigint {
  const floor = account.floorMinor !== null && account.floorMinor > 0n ? account.floorMinor : 0n
  let reached = unpromisedMinor(account, balance) - floor
  for (const other of active) {
    if (other.id === freeze.id || !goesBefore(other, freeze)) continue
    if (other.remainingMinor === null) return 0n
    reached -= other.remainingMinor
  }
  return reached
}
