import { CNY, type CurrencyCode, currencyCode, MAX_MINOR } from '@huitong/kernel'
import { describe, expect, it } from 'vitest'
import { type Account, type AccountState, type Balance, isAccountState, ZERO_BALANCE } from './account.ts'
import type { Hold, HoldState } from './hold.ts'
import { decideCapture, decideExtension, decideHold, decideIncrease, decideRelease } from './hold-decide.ts'
import { isLedgerRefusalCode, LEDGER_REFUSALS } from './ledger-refusals.ts'
import type { SubjectCode } from './subjects.ts'
import { decidePosting, type Side } from './transfer-decide.ts'

/**
 * Tables in order of precedence: in each row the reason that is told and every later one hold, as far as they can hold at once.
 *
 * A side is written `id state currency funds`: `poor` is at its floor, `rich` has none, `brim` has counted to the end of int8; `-` is
 * no account. `max` is 2^63 - 1.
 */
const NOW = 1_000_000

const TIMES: Readonly<Record<string, number | null>> = { past: NOW - 1, now: NOW, later: NOW + 1, never: null }

function cells(table: string): readonly (readonly string[])[] {
  return table
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
}

function minor(text: string): bigint {
  if (text === 'max') return MAX_MINOR
  return text === 'max+1' ? MAX_MINOR + 1n : BigInt(text)
}

function currency(text: string): CurrencyCode {
  const code = currencyCode(text)
  if (!code.ok) throw new Error(`no currency ${text}`)
  return code.value
}

function stateOf(text: string): AccountState {
  if (isAccountState(text)) return text
  throw new Error(`no account state ${text}`)
}

function time(text: string): number | null {
  const at = TIMES[text]
  if (at === undefined) throw new Error(`no time ${text}`)
  return at
}

/** A wallet: it grows by credits. */
function side(text: string): { readonly id: number; readonly side: Side | undefined } {
  const [id = '', state = '', unit = '', funds = ''] = text.split(/\s+/)
  if (state === '-') return { id: Number(id), side: undefined }
  const account: Account = {
    id: Number(id),
    subject: '2003',
    currency: currency(unit),
    owner: null,
    floorMinor: funds === 'poor' ? 0n : null,
    state: stateOf(state),
    restraints: null,
  }
  const brim: Balance = { ...ZERO_BALANCE, debitsPosted: MAX_MINOR, creditsPosted: MAX_MINOR }
  return { id: account.id, side: { account, balance: funds === 'brim' ? brim : ZERO_BALANCE } }
}

/** That the rows stand in the order of the closed list, so that table, code and documentation cannot part. */
function expectPrecedence(told: readonly string[]): void {
  const order = Object.keys(LEDGER_REFUSALS)
  const places = told.filter(isLedgerRefusalCode).map((code) => order.indexOf(code))
  expect(places).toEqual(places.toSorted((a, b) => a - b))
}

const MOVEMENTS = cells(`
  -1    | 7 -               | 7 -               | past  | amount_not_positive
  0     | 7 -               | 7 -               | past  | amount_not_positive
  max+1 | 7 -               | 7 -               | past  | amount_too_large
  max   | 7 -               | 7 -               | past  | same_account
  max   | 7 -               | 8 -               | past  | debit_account_unknown
  max   | 7 -               | 8 closed USD brim | past  | debit_account_unknown
  max   | 7 closed USD poor | 8 -               | past  | credit_account_unknown
  max   | 7 closed USD poor | 8 closed USD brim | past  | currency_mismatch
  max   | 7 closed USD poor | 8 closed CNY brim | past  | currency_mismatch
  max   | 7 closed CNY poor | 8 closed USD brim | past  | currency_mismatch
  max   | 7 closed CNY poor | 8 closed CNY brim | past  | debit_account_closed
  max   | 7 closed CNY poor | 8 frozen CNY brim | past  | debit_account_closed
  max   | 7 frozen CNY poor | 8 closed CNY brim | past  | credit_account_closed
  max   | 7 frozen CNY poor | 8 frozen CNY brim | past  | debit_account_frozen
  max   | 7 open CNY poor   | 8 frozen CNY brim | past  | credit_account_frozen
  max   | 7 dormant CNY poor| 8 open CNY brim   | past  | debit_account_dormant
  max   | 7 open CNY poor   | 8 open CNY brim   | past  | expiry_in_the_past
  max   | 7 open CNY poor   | 8 open CNY brim   | now   | expiry_in_the_past
  max   | 7 open CNY poor   | 8 open CNY brim   | later | insufficient_funds
  1     | 7 open CNY poor   | 8 open CNY brim   | never | insufficient_funds
  1     | 7 open CNY rich   | 8 open CNY brim   | later | balance_overflow
  1     | 7 open CNY brim   | 8 open CNY rich   | never | balance_overflow
  max   | 7 open CNY rich   | 8 open CNY rich   | later | ok
  1     | 7 open CNY rich   | 8 open CNY rich   | never | ok`)

describe('a hold', () => {
  it.each(MOVEMENTS)('of %s from %s to %s that expires %s: %s', (...row) => {
    const [amount = '', from = '', to = '', expires = '', told = ''] = row
    const [debit, credit] = [side(from), side(to)]
    const movement = {
      debitId: debit.id,
      creditId: credit.id,
      amountMinor: minor(amount),
      currency: CNY,
      code: 'adjustment',
    } as const
    const decided = decideHold(movement, { debit: debit.side, credit: credit.side }, time(expires), NOW)
    expect(decided.ok ? 'ok' : decided.error.code).toBe(told)
  })
})

describe('a posting', () => {
  // It is refused for the same reasons in the same order, but for the expiry that it does not have.
  it.each(MOVEMENTS.filter((row) => row[4] !== 'expiry_in_the_past'))('of %s from %s to %s (%s): %s', (...row) => {
    const [amount = '', from = '', to = '', , told = ''] = row
    const [debit, credit] = [side(from), side(to)]
    const movement = {
      debitId: debit.id,
      creditId: credit.id,
      amountMinor: minor(amount),
      currency: CNY,
      code: 'adjustment',
    } as const
    const decided = decidePosting(movement, { debit: debit.side, credit: credit.side })
    expect(decided.ok ? 'ok' : decided.error.code).toBe(told)
  })

  it('names the account that has too little', () => {
    const movement = { debitId: 7, creditId: 8, amountMinor: 1n, currency: CNY, code: 'adjustment' } as const
    const decided = decidePosting(movement, {
      debit: side('7 open CNY poor').side,
      credit: side('8 open CNY rich').side,
    })
    expect(decided).toEqual({ ok: false, error: { code: 'insufficient_funds', facts: { account: '7' } } })
  })
})

function hold(state: string, expires: string, remaining: bigint): Hold | undefined {
  if (state === '-') return undefined
  return {
    id: 9,
    debit: 7,
    credit: 8,
    amountMinor: 100n,
    remainingMinor: remaining,
    state: holdState(state),
    expiresAt: time(expires),
    code: 'adjustment',
    reference: null,
  }
}

function holdState(text: string): HoldState {
  if (text === 'pending' || text === 'captured' || text === 'voided' || text === 'expired') return text
  throw new Error(`no hold state ${text}`)
}

// A hold that is not there has no accounts either, so what is said of these comes before what is said of the hold.
const CAPTURES = cells(`
  -1    | 7 closed CNY | 8 closed CNY | captured past  | amount_not_positive
  0     | 7 closed CNY | 8 closed CNY | -        past  | amount_not_positive
  max+1 | 7 closed CNY | 8 closed CNY | captured past  | amount_too_large
  max+1 | 7 -          | 8 -          | -        past  | amount_too_large
  max   | 7 closed CNY | 8 closed CNY | captured past  | debit_account_closed
  max   | 7 closed CNY | 8 frozen CNY | captured past  | debit_account_closed
  max   | 7 frozen CNY | 8 closed CNY | captured past  | credit_account_closed
  max   | 7 frozen CNY | 8 frozen CNY | captured past  | debit_account_frozen
  max   | 7 open CNY   | 8 frozen CNY | captured past  | credit_account_frozen
  max   | 7 -          | 8 -          | -        past  | hold_unknown
  max   | 7 open CNY   | 8 open CNY   | captured past  | hold_already_captured
  max   | 7 open CNY   | 8 open CNY   | voided   past  | hold_already_voided
  max   | 7 open CNY   | 8 open CNY   | expired  past  | hold_already_expired
  max   | 7 open CNY   | 8 open CNY   | pending  past  | hold_past_expiry
  1     | 7 open CNY   | 8 open CNY   | pending  now   | hold_past_expiry
  max   | 7 open CNY   | 8 open CNY   | pending  later | exceeds_hold
  101   | 7 open CNY   | 8 open CNY   | pending  never | exceeds_hold
  100   | 7 open CNY   | 8 open CNY   | pending  later | ok
  1     | 7 open CNY   | 8 open CNY   | pending  never | ok`)

describe('a capture', () => {
  it.each(CAPTURES)('of %s from %s to %s out of a hold that is %s: %s', (...row) => {
    const [amount = '', from = '', to = '', of = '', told = ''] = row
    const [state = '', expires = ''] = of.split(/\s+/)
    const sides = { debit: side(from).side, credit: side(to).side }
    const decided = decideCapture(hold(state, expires, 100n), minor(amount), false, sides, NOW)
    expect(decided.ok ? 'ok' : decided.error.code).toBe(told)
  })

  it('of too much tells what is left', () => {
    const sides = { debit: side('7 open CNY rich').side, credit: side('8 open CNY rich').side }
    const decided = decideCapture(hold('pending', 'never', 40n), 41n, true, sides, NOW)
    expect(decided).toEqual({ ok: false, error: { code: 'exceeds_hold', facts: { remaining_minor: '40' } } })
  })

  it('needs no funds beyond those that the hold kept', () => {
    const balance: Balance = { ...ZERO_BALANCE, creditsPosted: 100n, debitsPending: 100n }
    const poor = side('7 open CNY poor').side
    const sides = { debit: poor === undefined ? undefined : { ...poor, balance }, credit: side('8 open CNY').side }
    expect(decideCapture(hold('pending', 'never', 100n), 100n, true, sides, NOW).ok).toBe(true)
  })
})

const INCREASES = cells(`
  -1    | 7 closed CNY poor | 8 closed CNY brim | captured past  | amount_not_positive
  0     | 7 -               | 8 -               | -        past  | amount_not_positive
  max+1 | 7 closed CNY poor | 8 closed CNY brim | captured past  | amount_too_large
  max   | 7 closed CNY poor | 8 closed CNY brim | captured past  | debit_account_closed
  max   | 7 frozen CNY poor | 8 closed CNY brim | captured past  | credit_account_closed
  max   | 7 frozen CNY poor | 8 frozen CNY brim | captured past  | debit_account_frozen
  max   | 7 open CNY poor   | 8 frozen CNY brim | captured past  | credit_account_frozen
  max   | 7 dormant CNY poor| 8 open CNY brim   | captured past  | debit_account_dormant
  max   | 7 -               | 8 -               | -        past  | hold_unknown
  max   | 7 open CNY poor   | 8 open CNY brim   | captured past  | hold_already_captured
  max   | 7 open CNY poor   | 8 open CNY brim   | voided   past  | hold_already_voided
  max   | 7 open CNY poor   | 8 open CNY brim   | expired  past  | hold_already_expired
  max   | 7 open CNY poor   | 8 open CNY brim   | pending  past  | hold_past_expiry
  max   | 7 open CNY poor   | 8 open CNY brim   | pending  now   | hold_past_expiry
  max   | 7 open CNY poor   | 8 open CNY brim   | pending  later | insufficient_funds
  1     | 7 open CNY poor   | 8 open CNY brim   | pending  never | insufficient_funds
  1     | 7 open CNY rich   | 8 open CNY brim   | pending  never | balance_overflow
  1     | 7 open CNY brim   | 8 open CNY rich   | pending  later | balance_overflow
  max   | 7 open CNY rich   | 8 open CNY rich   | pending  later | ok
  1     | 7 open CNY rich   | 8 dormant CNY rich| pending  never | ok`)

describe('an increase', () => {
  it.each(INCREASES)('by %s from %s to %s of a hold that is %s: %s', (...row) => {
    const [amount = '', from = '', to = '', of = '', told = ''] = row
    const [state = '', expires = ''] = of.split(/\s+/)
    const sides = { debit: side(from).side, credit: side(to).side }
    const decided = decideIncrease(hold(state, expires, 100n), minor(amount), sides, NOW)
    expect(decided.ok ? 'ok' : decided.error.code).toBe(told)
  })

  it('needs what the hold keeps already and the increase beside it', () => {
    const balance: Balance = { ...ZERO_BALANCE, creditsPosted: 130n, debitsPending: 100n }
    const poor = side('7 open CNY poor').side
    const sides = { debit: poor === undefined ? undefined : { ...poor, balance }, credit: side('8 open CNY').side }
    const decide = (amountMinor: bigint) => decideIncrease(hold('pending', 'never', 100n), amountMinor, sides, NOW)
    expect(decide(30n).ok).toBe(true)
    expect(decide(31n)).toEqual({ ok: false, error: { code: 'insufficient_funds', facts: { account: '7' } } })
  })

  it('does not pass the upper bound of the account that gets the money', () => {
    const receiver = side('8 open CNY').side
    if (receiver === undefined) throw new Error('there is an account')
    const restraints = { frozenMinor: 0n, outFreezes: 0, inFreezes: 0, ceilingMinor: 130n }
    const balance: Balance = { ...ZERO_BALANCE, creditsPending: 100n }
    const credit = { account: { ...receiver.account, restraints }, balance }
    const sides = { debit: side('7 open CNY rich').side, credit }
    const decide = (amountMinor: bigint) => decideIncrease(hold('pending', 'never', 100n), amountMinor, sides, NOW)
    expect(decide(30n).ok).toBe(true)
    expect(decide(31n)).toEqual({ ok: false, error: { code: 'ceiling_exceeded', facts: { account: '8' } } })
  })
})

/** The hold expires `later`, unless told. */
const EXTENSIONS = cells(`
  past   | 7 closed CNY | 8 closed CNY | captured past  | debit_account_closed
  past   | 7 frozen CNY | 8 closed CNY | captured past  | credit_account_closed
  past   | 7 frozen CNY | 8 frozen CNY | captured past  | debit_account_frozen
  past   | 7 open CNY   | 8 frozen CNY | captured past  | credit_account_frozen
  past   | 7 dormant CNY| 8 open CNY   | captured past  | debit_account_dormant
  past   | 7 -          | 8 -          | -        past  | hold_unknown
  past   | 7 open CNY   | 8 open CNY   | captured past  | hold_already_captured
  past   | 7 open CNY   | 8 open CNY   | voided   past  | hold_already_voided
  past   | 7 open CNY   | 8 open CNY   | expired  past  | hold_already_expired
  past   | 7 open CNY   | 8 open CNY   | pending  past  | hold_past_expiry
  after  | 7 open CNY   | 8 open CNY   | pending  now   | hold_past_expiry
  past   | 7 open CNY   | 8 open CNY   | pending  later | expiry_in_the_past
  now    | 7 open CNY   | 8 open CNY   | pending  never | expiry_in_the_past
  later  | 7 open CNY   | 8 open CNY   | pending  later | expiry_not_later
  later  | 7 open CNY   | 8 open CNY   | pending  never | expiry_not_later
  after  | 7 open CNY   | 8 open CNY   | pending  later | ok`)

describe('an extension', () => {
  it.each(EXTENSIONS)('to %s from %s to %s of a hold that is %s: %s', (...row) => {
    const [until = '', from = '', to = '', of = '', told = ''] = row
    const [state = '', expires = ''] = of.split(/\s+/)
    const before = hold(state, expires, 100n)
    const expiresAt = until === 'after' ? NOW + 2 : (time(until) ?? 0)
    const decided = decideExtension(before, expiresAt, { debit: side(from).side, credit: side(to).side }, NOW)
    expect(decided.ok ? 'ok' : decided.error.code).toBe(told)
    if (decided.ok) expect(decided.value).toEqual({ ...before, expiresAt })
  })
})

const RELEASES = cells(`
  void   | 7 -          | 8 -          | -        past  | hold_unknown
  expiry | 7 -          | 8 -          | -        later | hold_unknown
  void   | 7 closed CNY | 8 closed CNY | captured past  | hold_already_captured
  expiry | 7 closed CNY | 8 closed CNY | captured later | hold_already_captured
  expiry | 7 open CNY   | 8 open CNY   | voided   later | hold_already_voided
  expiry | 7 open CNY   | 8 open CNY   | expired  later | hold_already_expired
  expiry | 7 open CNY   | 8 open CNY   | pending  later | hold_not_due
  expiry | 7 open CNY   | 8 open CNY   | pending  never | hold_not_due
  expiry | 7 frozen CNY | 8 frozen CNY | pending  now   | ok
  expiry | 7 closed CNY | 8 closed CNY | pending  past  | ok
  void   | 7 frozen CNY | 8 frozen CNY | pending  never | ok
  void   | 7 open CNY   | 8 open CNY   | pending  past  | ok`)

describe('a release', () => {
  it.each(RELEASES)('by %s from %s to %s of a hold that is %s: %s', (...row) => {
    const [reason = '', from = '', to = '', of = '', told = ''] = row
    const [state = '', expires = ''] = of.split(/\s+/)
    const sides = { debit: side(from).side, credit: side(to).side }
    const decided = decideRelease(hold(state, expires, 100n), reason === 'void' ? 'void' : 'expiry', sides, NOW)
    expect(decided.ok ? 'ok' : decided.error.code).toBe(told)
  })
})

describe('the tables', () => {
  it.each([
    ['movements', MOVEMENTS, 4],
    ['captures', CAPTURES, 4],
    ['increases', INCREASES, 4],
    ['extensions', EXTENSIONS, 4],
    ['releases', RELEASES, 4],
  ] as const)('of %s stand in the order of the closed list', (_name, rows, column) => {
    expectPrecedence(rows.map((row) => row[column] ?? ''))
  })
})

/** Counters are written `debits posted, credits posted, debits pending, credits pending`; each side starts with these. */
const START = '1000,2000,300,400'

const COUNTERS = cells(`
  post 50             | 1050,2000,300,400 | 1000,2050,300,400 | -
  hold 50             | 1000,2000,350,400 | 1000,2000,300,450 | -
  capture 100         | 1100,2000,200,400 | 1000,2100,300,300 | 100 captured 0
  capture 30          | 1030,2000,270,400 | 1000,2030,300,370 | 30 pending 70
  capture 30 final    | 1030,2000,200,400 | 1000,2030,300,300 | 100 captured 0
  increase 50         | 1000,2000,350,400 | 1000,2000,300,450 | 0 pending 150
  void                | 1000,2000,200,400 | 1000,2000,300,300 | 100 voided 0
  expiry              | 1000,2000,200,400 | 1000,2000,300,300 | 100 expired 0`)

describe('what a transfer does to the counters of both its accounts', () => {
  it.each(COUNTERS)('%s: debit %s, credit %s, hold %s', (did = '', debit = '', credit = '', ended = '') => {
    const [verb = '', amount = '', final] = did.split(' ')
    const balance = { ...counters(START), sequence: 6, lastEntry: 123 }
    const rich = (text: string): Side | undefined => {
      const found = side(text).side
      return found === undefined ? undefined : { ...found, balance }
    }
    const sides = { debit: rich('7 open CNY rich'), credit: rich('8 open CNY rich') }
    const decided = decide(verb, amount === '' ? 0n : BigInt(amount), final === 'final', sides)
    if (!decided.ok) throw new Error(decided.error.code)
    const after = 'after' in decided.value ? decided.value.after : decided.value
    expect(after.debit).toEqual({ ...counters(debit), sequence: 7, lastEntry: 123 })
    expect(after.credit).toEqual({ ...counters(credit), sequence: 7, lastEntry: 123 })
    if ('hold' in decided.value) {
      const { releasedMinor, hold: left } = decided.value
      expect(`${releasedMinor} ${left.state} ${left.remainingMinor}`).toBe(ended)
    } else {
      expect(ended).toBe('-')
    }
  })
})

function counters(text: string): Omit<Balance, 'sequence' | 'lastEntry'> {
  const [debitsPosted = 0n, creditsPosted = 0n, debitsPending = 0n, creditsPending = 0n] = text.split(',').map(BigInt)
  return { debitsPosted, creditsPosted, debitsPending, creditsPending }
}

function decide(verb: string, amountMinor: bigint, final: boolean, sides: Parameters<typeof decidePosting>[1]) {
  const movement = { debitId: 7, creditId: 8, amountMinor, currency: CNY, code: 'adjustment' } as const
  switch (verb) {
    case 'post':
      return decidePosting(movement, sides)
    case 'hold':
      return decideHold(movement, sides, null, NOW)
    case 'capture':
      return decideCapture(hold('pending', 'never', 100n), amountMinor, final, sides, NOW)
    case 'increase':
      return decideIncrease(hold('pending', 'never', 100n), amountMinor, sides, NOW)
    case 'void':
      return decideRelease(hold('pending', 'never', 100n), 'void', sides, NOW)
    default:
      return decideRelease(hold('pending', 'past', 100n), 'expiry', sides, NOW)
  }
}

/** Which side of an account with these counters may move how much: the other account never stands in the way. */
const FLOORS = cells(`
  2001 | debit  | 0    | 0,100,0,0   | 100 | ok
  2001 | debit  | 0    | 0,100,0,0   | 101 | insufficient_funds
  2001 | debit  | 0    | 0,100,30,0  | 70  | ok
  2001 | debit  | 0    | 0,100,30,0  | 71  | insufficient_funds
  2001 | debit  | 0    | 0,100,0,50  | 100 | ok
  2001 | debit  | 0    | 0,100,0,50  | 101 | insufficient_funds
  2001 | debit  | -50  | 0,100,0,0   | 150 | ok
  2001 | debit  | -50  | 0,100,0,0   | 151 | insufficient_funds
  2001 | debit  | -50  | 120,100,0,0 | 30  | ok
  2001 | debit  | -50  | 120,100,0,0 | 31  | insufficient_funds
  2001 | debit  | -50  | 120,100,10,0| 21  | insufficient_funds
  2001 | debit  | 20   | 0,100,0,0   | 80  | ok
  2001 | debit  | 20   | 0,100,0,0   | 81  | insufficient_funds
  2001 | debit  | 200  | 0,100,0,0   | 1   | insufficient_funds
  2001 | debit  | none | 0,0,0,0     | max | ok
  2001 | credit | 0    | 0,0,0,0     | max | ok
  2001 | credit | 200  | 0,100,0,0   | 1   | ok
  4001 | debit  | 0    | 0,5,0,0     | 6   | insufficient_funds
  5001 | debit  | 0    | 0,5,0,0     | 6   | insufficient_funds
  1001 | credit | 0    | 100,0,0,0   | 100 | ok
  1001 | credit | 0    | 100,0,0,0   | 101 | insufficient_funds
  1001 | credit | 0    | 100,0,0,30  | 70  | ok
  1001 | credit | 0    | 100,0,0,30  | 71  | insufficient_funds
  1001 | credit | 0    | 100,0,50,0  | 101 | insufficient_funds
  1001 | credit | -40  | 100,0,0,0   | 140 | ok
  1001 | credit | -40  | 100,0,0,0   | 141 | insufficient_funds
  1001 | credit | 10   | 100,0,0,0   | 91  | insufficient_funds
  1001 | debit  | 0    | 0,0,0,0     | max | ok
  6001 | credit | 0    | 5,0,0,0     | 6   | insufficient_funds
  6001 | debit  | 10   | 0,0,0,0     | 1   | ok`)

describe('a floor', () => {
  it.each(FLOORS)('of an account of %s on its %s side at %s with %s and %s to move: %s', (...row) => {
    const [subject = '', which = '', floor = '', before = '', amount = '', told = ''] = row
    const account: Account = {
      id: 7,
      subject: subjectOf(subject),
      currency: CNY,
      owner: null,
      floorMinor: floor === 'none' ? null : BigInt(floor),
      state: 'open',
      restraints: null,
    }
    const tested: Side = { account, balance: { ...ZERO_BALANCE, ...counters(before) } }
    const other: Side = { account: { ...account, id: 8, floorMinor: null }, balance: ZERO_BALANCE }
    const debits = which === 'debit'
    const sides = debits ? { debit: tested, credit: other } : { debit: other, credit: tested }
    const movement = {
      debitId: debits ? 7 : 8,
      creditId: debits ? 8 : 7,
      amountMinor: minor(amount),
      currency: CNY,
      code: 'adjustment',
    } as const
    for (const decided of [decidePosting(movement, sides), decideHold(movement, sides, null, NOW)]) {
      expect(decided.ok ? 'ok' : decided.error.code).toBe(told)
      if (!decided.ok) expect(decided.error.facts).toEqual({ account: '7' })
    }
  })

  it('of the credited account counts too when an asset pays a wallet that can afford it', () => {
    const wallet: Side = {
      account: { id: 7, subject: '2001', currency: CNY, owner: null, floorMinor: 0n, state: 'open', restraints: null },
      balance: { ...ZERO_BALANCE, creditsPosted: 500n },
    }
    const bank: Side = {
      account: { id: 8, subject: '1001', currency: CNY, owner: null, floorMinor: 0n, state: 'open', restraints: null },
      balance: { ...ZERO_BALANCE, debitsPosted: 499n },
    }
    const movement = { debitId: 7, creditId: 8, amountMinor: 500n, currency: CNY, code: 'adjustment' } as const
    const decided = decidePosting(movement, { debit: wallet, credit: bank })
    expect(decided).toMatchObject({ ok: false, error: { code: 'insufficient_funds', facts: { account: '8' } } })
  })
})

function subjectOf(text: string): SubjectCode {
  if (text === '2001' || text === '4001' || text === '5001' || text === '1001' || text === '6001') return text
  throw new Error(`no subject ${text} in this table`)
}

/** An account of this subject, on its debit or credit side, with this restraint or state: which movements of 10 it lets through. */
const RESTRAINTS = cells(`
  2001 | debit  | out 1     | debit_account_frozen
  2001 | credit | out 1     | ok
  2001 | credit | in 1      | credit_account_frozen
  2001 | debit  | dormant   | debit_account_dormant
  2001 | credit | dormant   | ok
  1001 | credit | out 1     | credit_account_frozen
  1001 | debit  | out 1     | ok
  1001 | debit  | in 1      | debit_account_frozen
  1001 | credit | dormant   | credit_account_dormant
  1001 | debit  | dormant   | ok
  2001 | debit  | frozen 91 | insufficient_funds
  2001 | debit  | frozen 90 | ok
  2001 | debit  | frozen 80 | ok
  2001 | credit | frozen 99 | ok
  1001 | credit | frozen 91 | insufficient_funds
  1001 | debit  | frozen 99 | ok
  2001 | credit | ceil 129  | ceiling_exceeded
  2001 | credit | ceil 130  | ok
  2001 | debit  | ceil 100  | ok
  1001 | debit  | ceil 129  | ceiling_exceeded
  1001 | debit  | ceil 130  | ok
  1001 | credit | ceil 100  | ok`)

describe('what restrains an account that has 100 and is promised 20', () => {
  it.each(RESTRAINTS)('of %s on its %s side by %s: %s', (subject = '', which = '', what = '', told = '') => {
    const [name = '', amount = '0'] = what.split(' ')
    const restraints = {
      frozenMinor: name === 'frozen' ? BigInt(amount) : 0n,
      outFreezes: name === 'out' || name === 'in' ? Number(amount) : 0,
      inFreezes: name === 'in' ? Number(amount) : 0,
      ceilingMinor: name === 'ceil' ? BigInt(amount) : null,
    }
    const account: Account = {
      ...{ id: 7, subject: subjectOf(subject), currency: CNY, owner: null, floorMinor: 0n },
      ...(name === 'dormant' ? { state: 'dormant', restraints: null } : { state: 'open', restraints }),
    }
    const balance = { ...ZERO_BALANCE, ...counters(subject === '2001' ? '0,100,0,20' : '100,0,20,0') }
    const other: Side = {
      account: { ...account, id: 8, floorMinor: null, state: 'open', restraints: null },
      balance: ZERO_BALANCE,
    }
    const tested: Side = { account, balance }
    const debits = which === 'debit'
    const sides = debits ? { debit: tested, credit: other } : { debit: other, credit: tested }
    const movement = {
      ...{ debitId: debits ? 7 : 8, creditId: debits ? 8 : 7, amountMinor: 10n, currency: CNY },
      code: 'adjustment' as const,
    }
    for (const decided of [decidePosting(movement, sides), decideHold(movement, sides, null, NOW)]) {
      expect(decided.ok ? 'ok' : decided.error.code).toBe(told)
    }
  })
})

/** Posted and pending together must fit, else what is promised could not be posted later. */
const OVERFLOWS = cells(`
  0   | 0   | max | ok
  1   | 0   | max | balance_overflow
  0   | 1   | max | balance_overflow
  max | 0   | 1   | balance_overflow
  0   | max | 1   | balance_overflow
  10  | 10  | 1   | ok`)

describe('the end of int8', () => {
  it.each(OVERFLOWS)(
    'with %s posted and %s pending, %s more: %s',
    (posted = '', pending = '', amount = '', told = '') => {
      const rich = side('7 open CNY rich').side
      if (rich === undefined) throw new Error('no side')
      const at = (side: 'debits' | 'credits'): Balance =>
        side === 'debits'
          ? { ...ZERO_BALANCE, debitsPosted: minor(posted), debitsPending: minor(pending) }
          : { ...ZERO_BALANCE, creditsPosted: minor(posted), creditsPending: minor(pending) }
      const movement = {
        debitId: 7,
        creditId: 8,
        amountMinor: minor(amount),
        currency: CNY,
        code: 'adjustment',
      } as const
      const empty = { ...rich, balance: ZERO_BALANCE }
      for (const sides of [
        { debit: { ...rich, balance: at('debits') }, credit: empty },
        { debit: empty, credit: { ...rich, balance: at('credits') } },
      ]) {
        for (const decided of [decidePosting(movement, sides), decideHold(movement, sides, null, NOW)]) {
          expect(decided.ok ? 'ok' : decided.error.code).toBe(told)
        }
      }
    },
  )
})
