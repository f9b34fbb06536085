import { type CurrencyCode, err, MAX_MINOR, ok, type Result } from '@huitong/kernel'
import { type Account, availableMinor, type Balance, normalBalance, promisedToMinor } from './account.ts'
import { pairAllowed } from './chart.ts'
import type { LedgerRefusal, LedgerRefusalCode } from './ledger-refusals.ts'
import { isCreditNormal } from './subjects.ts'
import type { TransferCode } from './transfer.ts'

/** Both accounts of a transfer with their balances, undefined when there is no such account. */
export interface Sides {
  readonly debit: Side | undefined
  readonly credit: Side | undefined
}

export interface Side {
  readonly account: Account
  readonly balance: Balance
}

/** A balance that nobody has seen yet: its entry gets its place when the transfer has one. */
export type NextBalance = Omit<Balance, 'lastEntry'> & { lastEntry: number | null }

/** Both balances after a transfer. */
export interface After {
  readonly debit: NextBalance
  readonly credit: NextBalance
}

export interface Movement {
  readonly debitId: number
  readonly creditId: number
  readonly amountMinor: bigint
  readonly currency: CurrencyCode
  readonly code: TransferCode
}

type Refused = { readonly ok: false; readonly error: LedgerRefusal }

export function refuse(code: LedgerRefusalCode, facts?: Readonly<Record<string, string>>): Refused {
  return err(facts === undefined ? { code } : { code, facts })
}

/** The checks that every movement shares, in order of precedence; the sides when all hold. */
export function checkSides(
  movement: Movement,
  sides: Sides,
): Result<{ readonly debit: Side; readonly credit: Side }, LedgerRefusal> {
  const { amountMinor, currency } = movement
  if (amountMinor <= 0n) return refuse('amount_not_positive')
  if (amountMinor > MAX_MINOR) return refuse('amount_too_large')
  if (movement.debitId === movement.creditId) return refuse('same_account')
  const { debit, credit } = sides
  if (debit === undefined) return refuse('debit_account_unknown')
  if (credit === undefined) return refuse('credit_account_unknown')
  if (debit.account.currency !== currency || credit.account.currency !== currency) return refuse('currency_mismatch')
  if (!pairAllowed(debit.account.subject, credit.account.subject, movement.code)) return refuse('pair_not_in_chart')
  return checkStates(debit.account, credit.account) ?? ok({ debit, credit })
}

/** Whether closed, frozen or dormant accounts stand in the way of money that goes from the one to the other. */
export function checkStates(debit: Account, credit: Account): Refused | undefined {
  if (isFree(debit) && isFree(credit)) return undefined
  if (debit.state === 'closed') return refuse('debit_account_closed')
  if (credit.state === 'closed') return refuse('credit_account_closed')
  // A debit takes from an account that grows by credits, and adds to any other.
  const debitLoses = isCreditNormal(debit.subject)
  const creditLoses = !isCreditNormal(credit.subject)
  if (isStopped(debit, debitLoses)) return refuse('debit_account_frozen')
  if (isStopped(credit, creditLoses)) return refuse('credit_account_frozen')
  if (debitLoses && debit.state === 'dormant') return refuse('debit_account_dormant')
  if (creditLoses && credit.state === 'dormant') return refuse('credit_account_dormant')
  return undefined
}

/** Of nearly every account. */
function isFree({ state, restraints }: Account): boolean {
  return state === 'open' && restraints === null
}

function isStopped({ state, restraints }: Account, loses: boolean): boolean {
  if (state === 'frozen') return true
  return restraints !== null && (loses ? restraints.outFreezes : restraints.inFreezes) > 0
}

/**
 * Which of the two accounts the movement makes poorer and whether it can afford it, and whether the other one has room for it; an account
 * without a floor always can, one without a ceiling always has.
 */
export function checkFunds(debit: Side, credit: Side, amountMinor: bigint): Refused | undefined {
  if (isCreditNormal(debit.account.subject) && lacks(debit, amountMinor)) return poor(debit)
  if (!isCreditNormal(credit.account.subject) && lacks(credit, amountMinor)) return poor(credit)
  if (overfills(credit, amountMinor) && isCreditNormal(credit.account.subject)) return full(credit)
  if (overfills(debit, amountMinor) && !isCreditNormal(debit.account.subject)) return full(debit)
  return undefined
}

/** What holds promise to the account counts, so that a capture need not ask. */
function overfills({ account, balance }: Side, amountMinor: bigint): boolean {
  const ceilingMinor = account.restraints === null ? null : account.restraints.ceilingMinor
  if (ceilingMinor === null) return false
  return normalBalance(account, balance) + promisedToMinor(account, balance) + amountMinor > ceilingMinor
}

function full(side: Side): Refused {
  return refuse('ceiling_exceeded', { account: String(side.account.id) })
}

function lacks({ account, balance }: Side, amountMinor: bigint): boolean {
  return account.floorMinor !== null && availableMinor(account, balance) < amountMinor
}

function poor(side: Side): Refused {
  return refuse('insufficient_funds', { account: String(side.account.id) })
}

/**
 * The balance after one more entry on its debit side. Field by field, here and below: copying with `...` takes several times as long,
 * and this is made twice for every transfer.
 */
export function debited(balance: Balance, postedMinor: bigint, pendingMinor: bigint): NextBalance {
  return {
    debitsPosted: balance.debitsPosted + postedMinor,
    creditsPosted: balance.creditsPosted,
    debitsPending: balance.debitsPending + pendingMinor,
    creditsPending: balance.creditsPending,
    sequence: balance.sequence + 1,
    lastEntry: balance.lastEntry,
  }
}

export function credited(balance: Balance, postedMinor: bigint, pendingMinor: bigint): NextBalance {
  return {
    debitsPosted: balance.debitsPosted,
    creditsPosted: balance.creditsPosted + postedMinor,
    debitsPending: balance.debitsPending,
    creditsPending: balance.creditsPending + pendingMinor,
    sequence: balance.sequence + 1,
    lastEntry: balance.lastEntry,
  }
}

/** Moves the amount at once. */
export function decidePosting(movement: Movement, sides: Sides): Result<After, LedgerRefusal> {
  const checked = checkSides(movement, sides)
  if (!checked.ok) return checked
  const { debit, credit } = checked.value
  const { amountMinor } = movement
  const refused = checkFunds(debit, credit, amountMinor)
  if (refused !== undefined) return refused
  return withoutOverflow({
    debit: debited(debit.balance, amountMinor, 0n),
    credit: credited(credit.balance, amountMinor, 0n),
  })
}

/** Sums that the next reader of the counters takes; past int8 they could not be stored. The other sums have not grown. */
export function withoutOverflow(after: After): Result<After, LedgerRefusal> {
  const { debit, credit } = after
  return debit.debitsPosted + debit.debitsPending > MAX_MINOR ||
    credit.creditsPosted + credit.creditsPending > MAX_MINOR
    ? refuse('balance_overflow')
    : ok(after)
}
