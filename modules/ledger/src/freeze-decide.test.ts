import { CNY, MAX_MINOR } from '@huitong/kernel'
import { describe, expect, it } from 'vitest'
import { type Account, availableMinor, type Balance, isAccountState, ZERO_BALANCE } from './account.ts'
import { FREEZE_CAUSES, type Freeze, goesBefore, isFreezeCause } from './freeze.ts'
import { decideDeduction, decideFreeze, decideFreezeExpiry, decideLift, reachMinor } from './freeze-decide.ts'
import { isLedgerRefusalCode, LEDGER_REFUSALS } from './ledger-refusals.ts'
import { NO_RESTRAINTS, withFreeze } from './restraints.ts'

const NOW = 1_000_000

function account(state: string, floorMinor: bigint | null): Account {
  if (!isAccountState(state)) throw new Error(state)
  return { id: 7, subject: '2001', currency: CNY, owner: null, floorMinor, state, restraints: null }
}

function freeze(cause: string, amountMinor: bigint | null, more: Partial<Freeze> = {}): Freeze {
  if (!isFreezeCause(cause)) throw new Error(cause)
  const rest = { blocksIncoming: false, reference: 'case 1', expiresAt: null, state: 'active' } as const
  return { id: 9, account: 7, cause, amountMinor, remainingMinor: amountMinor, ...rest, ...more }
}

/** That the rows stand in the order of the closed list. */
function expectPrecedence(told: readonly string[]): void {
  const order = Object.keys(LEDGER_REFUSALS)
  const places = told.filter(isLedgerRefusalCode).map((code) => order.indexOf(code))
  expect(places).toEqual(places.toSorted((a, b) => a - b))
}

const PLACED: readonly (readonly [bigint | null, number | null, Account | undefined, string])[] = [
  [0n, NOW, undefined, 'amount_not_positive'],
  [MAX_MINOR + 1n, NOW, undefined, 'amount_too_large'],
  [5n, NOW, undefined, 'expiry_in_the_past'],
  [5n, NOW + 1, undefined, 'account_unknown'],
  [5n, null, account('closed', null), 'account_already_closed'],
  [5n, null, account('open', null), 'freeze_needs_floor'],
  [null, null, account('open', null), 'ok'],
  [5n, null, account('frozen', 0n), 'ok'],
  [MAX_MINOR, null, account('dormant', 0n), 'ok'],
]

describe('a freeze', () => {
  it.each(PLACED)('of %s that expires at %s: %s', (amountMinor, expiresAt, of, told) => {
    const decided = decideFreeze(of, { amountMinor, expiresAt }, NOW)
    expect(decided.ok ? 'ok' : decided.error.code).toBe(told)
  })

  it('may not make the sum of an account too large to count', () => {
    const of = { ...account('open', 0n), restraints: { ...NO_RESTRAINTS, frozenMinor: MAX_MINOR } }
    expect(decideFreeze(of, { amountMinor: 1n, expiresAt: null }, NOW)).toMatchObject({ ok: false })
  })

  it('is refused in the order of the closed list', () => {
    expectPrecedence(PLACED.map((row) => row[3]))
    expectPrecedence(DEDUCTED.map((row) => row[5]))
  })

  it.each(['hold', 'dispute', 'risk', 'judicial'] as const)(
    'is lifted by an authority of its rank: %s',
    (authority) => {
      for (const cause of ['hold', 'dispute', 'risk', 'judicial'] as const) {
        const decided = decideLift(freeze(cause, 5n), authority)
        const may = FREEZE_CAUSES[authority] >= FREEZE_CAUSES[cause]
        expect(decided.ok ? decided.value.state : decided.error.code).toBe(may ? 'lifted' : 'freeze_outranks_authority')
      }
    },
  )

  it('that has ended is not lifted, and one that is not there neither', () => {
    expect(decideLift(freeze('hold', 5n, { state: 'expired' }), 'judicial')).toMatchObject({
      error: { code: 'freeze_not_active', facts: { state: 'expired' } },
    })
    expect(decideLift(undefined, 'judicial')).toMatchObject({ error: { code: 'freeze_unknown' } })
  })

  it.each([
    [undefined, 'freeze_unknown'],
    [freeze('risk', 5n, { state: 'lifted', expiresAt: NOW }), 'freeze_not_active'],
    [freeze('risk', 5n), 'freeze_not_due'],
    [freeze('risk', 5n, { expiresAt: NOW + 1 }), 'freeze_not_due'],
    [freeze('risk', 5n, { expiresAt: NOW }), 'expired'],
  ])('expires when its time has come: %#', (of, told) => {
    const decided = decideFreezeExpiry(of, NOW)
    expect(decided.ok ? decided.value.state : decided.error.code).toBe(told)
  })
})

const BALANCE: Balance = { ...ZERO_BALANCE, creditsPosted: 100n, debitsPending: 20n }

/** The account has 100, of which holds have promised 20. The freeze, others of the account, the account's floor, the amount. */
const DEDUCTED: readonly (readonly [Freeze | undefined, readonly Freeze[], bigint | null, bigint, string, string])[] = [
  [undefined, [], 0n, 0n, '', 'amount_not_positive'],
  [undefined, [], 0n, MAX_MINOR + 1n, '', 'amount_too_large'],
  [undefined, [], 0n, 1n, '', 'freeze_unknown'],
  [freeze('risk', 5n, { state: 'lifted' }), [], 0n, 6n, '', 'freeze_not_active'],
  [freeze('risk', 5n), [], 0n, 6n, '', 'freeze_not_judicial'],
  [freeze('judicial', 5n), [freeze('judicial', null, { id: 8 })], 0n, 6n, '', 'exceeds_freeze'],
  [freeze('judicial', 90n), [freeze('judicial', null, { id: 8 })], 0n, 1n, '', 'freeze_reaches_less'],
  [freeze('judicial', 90n), [], 0n, 81n, '', 'freeze_reaches_less'],
  [freeze('judicial', 90n), [], 30n, 51n, '', 'freeze_reaches_less'],
  [freeze('judicial', 90n), [], -500n, 81n, '', 'freeze_reaches_less'],
  [freeze('judicial', 90n), [freeze('judicial', 50n, { id: 8 })], 0n, 31n, '', 'freeze_reaches_less'],
  [freeze('judicial', 90n), [freeze('judicial', 50n, { id: 8 })], 0n, 30n, 'active 60', 'ok'],
  [freeze('judicial', 90n), [freeze('judicial', 50n, { id: 10 })], 0n, 80n, 'active 10', 'ok'],
  [freeze('judicial', 90n), [freeze('risk', null, { id: 8 })], 0n, 80n, 'active 10', 'ok'],
  [freeze('judicial', 80n), [], -500n, 80n, 'used 0', 'ok'],
  [freeze('judicial', null), [], null, 80n, 'active null', 'ok'],
]

describe('a deduction', () => {
  it.each(DEDUCTED)('%#', (of, others, floorMinor, amountMinor, left, told) => {
    const active = of === undefined ? others : [...others, of]
    const decided = decideDeduction(of, amountMinor, account('frozen', floorMinor), BALANCE, active)
    expect(decided.ok ? 'ok' : decided.error.code).toBe(told)
    if (decided.ok) expect(`${decided.value.state} ${decided.value.remainingMinor}`).toBe(left)
  })
})

describe('freezes of one account', () => {
  it('stand in a queue by rank, then by age', () => {
    const young = freeze('judicial', 5n, { id: 12 })
    const old = freeze('judicial', 5n, { id: 11 })
    const risk = freeze('risk', 5n, { id: 10 })
    const queue = [risk, young, old].toSorted((a, b) => (goesBefore(a, b) ? -1 : 1))
    expect(queue).toEqual([old, young, risk])
  })

  it('add up, so that what one waits for is kept as it comes in', () => {
    const first = freeze('judicial', 70n)
    const second = freeze('judicial', 60n, { id: 10 })
    const restraints = withFreeze(withFreeze(null, first, 1), second, 1)
    const of = { ...account('open', 0n), restraints }
    const balance = { ...ZERO_BALANCE, creditsPosted: 100n }
    expect(availableMinor(of, balance)).toBe(-30n)
    expect(reachMinor(second, of, balance, [first, second])).toBe(30n)
    expect(availableMinor(of, { ...balance, creditsPosted: 140n })).toBe(10n)
    // The first is lifted: the second moves up by itself.
    expect(reachMinor(second, of, balance, [second])).toBe(100n)
    expect(availableMinor({ ...of, restraints: withFreeze(restraints, first, -1) }, balance)).toBe(40n)
  })

  it('let a credit line rest while an amount is frozen', () => {
    const of = { ...account('open', -500n), restraints: withFreeze(null, freeze('dispute', 10n), 1) }
    const balance = { ...ZERO_BALANCE, creditsPosted: 100n }
    expect(availableMinor(of, balance)).toBe(90n)
    expect(availableMinor({ ...of, restraints: null }, balance)).toBe(600n)
  })

  it('leave nothing behind when all have ended', () => {
    const whole = freeze('risk', null, { blocksIncoming: true })
    const partial = freeze('hold', 5n)
    const both = withFreeze(withFreeze(null, whole, 1), partial, 1)
    expect(both).toEqual({ frozenMinor: 5n, outFreezes: 1, inFreezes: 1, ceilingMinor: null })
    expect(withFreeze(withFreeze(both, partial, -1), whole, -1)).toBeNull()
  })
})
