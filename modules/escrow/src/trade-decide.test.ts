import { PAYMENT_MINOR_MAX, REFUND_WINDOW } from '@huitong/payments'
import { describe, expect, it } from 'vitest'
import { decideAccept, decideDispute } from './dispute-decide.ts'
import type { Escrow } from './escrow.ts'
import { DAY, SHIPMENTS_MAX } from './escrow-rules.ts'
import { ESCROW_TABLE } from './escrow-trade.ts'
import { decideLapse } from './lapse-decide.ts'
import { type Actor, TIME } from './step.ts'
import {
  decideCancel,
  decideClose,
  decideConfirm,
  decideExtend,
  decideOpening,
  decidePay,
  decideRefund,
  decideShip,
  type EscrowTerms,
  type StepResult,
} from './trade-decide.ts'

const NOW = Date.UTC(2026, 10, 22) * 1000
const buyer: Actor = { kind: 'buyer', id: 'customer:2' }
const merchant: Actor = { kind: 'merchant', id: 'application:1' }
const staff: Actor = { kind: 'staff', id: 'staff:1' }
const ACTORS = { buyer, merchant, staff, time: TIME }
const parcel = { carrier: 'SF', trackingNumber: 'SF1', amountMinor: null }
const part = (amountMinor: bigint) => ({ ...parcel, amountMinor })

const terms: EscrowTerms = {
  ...{ merchant: 1, orderNumber: 'A1', buyer: 2, subject: 'Tea', totalMinor: 10_001n, expiresAt: null },
}

function after(result: StepResult): Escrow {
  if (!result.ok) throw new Error(result.error.code)
  return result.value.escrow
}

const code = (result: StepResult) => (result.ok ? 'ok' : result.error.code)

const opened = after(decideOpening(terms, 1024, merchant, NOW))
const paid = after(decidePay(opened, buyer, 6000, NOW))
const partShipped = after(decideShip(paid, merchant, part(4_000n), NOW))
const shipped = after(decideShip(partShipped, merchant, parcel, NOW))
const disputed = after(decideDispute(shipped, buyer, { shipment: 1, claimMinor: 1_000n, reason: 'Stale' }, NOW))
const partConfirmed = after(decideConfirm(partShipped, buyer, 1, NOW))
const completed = after(decideConfirm(shipped, buyer, null, NOW))
const closed = after(decideCancel(paid, buyer, NOW))

const ACTIONS = {
  pay: (escrow: Escrow, actor: Actor) => decidePay(escrow, actor, 6000, NOW),
  close: (escrow: Escrow, actor: Actor) => decideClose(escrow, actor, NOW),
  cancel: (escrow: Escrow, actor: Actor) => decideCancel(escrow, actor, NOW),
  ship: (escrow: Escrow, actor: Actor) => decideShip(escrow, actor, parcel, NOW),
  confirm: (escrow: Escrow, actor: Actor) => decideConfirm(escrow, actor, 1, NOW),
  extend: (escrow: Escrow, actor: Actor) => decideExtend(escrow, actor, 1, NOW),
  dispute: (escrow: Escrow, actor: Actor) =>
    decideDispute(escrow, actor, { shipment: 1, claimMinor: 1n, reason: 'Stale' }, NOW),
  refund: (escrow: Escrow, actor: Actor) => decideRefund(escrow, actor, 1n, NOW),
} as const

// One line per trade: what each action says to each actor that it is not refused to outright. `ok`, or the refusal.
const TABLE = `
  trade         pay buyer               close merchant          cancel buyer            cancel merchant         ship merchant           confirm buyer           extend buyer            dispute buyer           refund merchant
  opened        ok                      ok                      trade_not_paid          trade_not_paid          trade_not_paid          trade_not_paid          trade_not_paid          trade_not_paid          trade_not_paid
  paid          trade_already_paid      trade_already_paid      ok                      ok                      ok                      nothing_shipped         nothing_shipped         nothing_shipped         trade_not_completed
  partShipped   trade_already_paid      trade_already_paid      ok                      ok                      ok                      ok                      ok                      ok                      trade_not_completed
  shipped       trade_already_paid      trade_already_paid      nothing_unshipped       nothing_unshipped       nothing_unshipped       ok                      ok                      ok                      trade_not_completed
  disputed      trade_already_paid      trade_already_paid      nothing_unshipped       nothing_unshipped       nothing_unshipped       ok                      ok                      ok                      trade_not_completed
  partConfirmed trade_already_paid      trade_already_paid      ok                      ok                      ok                      nothing_shipped         nothing_shipped         nothing_shipped         trade_not_completed
  completed     trade_already_completed trade_already_completed trade_already_completed trade_already_completed trade_already_completed trade_already_completed trade_already_completed trade_already_completed ok
  closed        trade_already_closed    trade_already_closed    trade_already_closed    trade_already_closed    trade_already_closed    trade_already_closed    trade_already_closed    trade_already_closed    trade_already_closed`

const samples: Readonly<Record<string, Escrow>> = {
  ...{ opened, paid, partShipped, shipped, disputed, partConfirmed, completed, closed },
}

function expectedOutcomes(): ReadonlyMap<string, string> {
  const [head = '', ...lines] = TABLE.trim().split('\n')
  const columns = head
    .trim()
    .split(/\s{2,}|(?<=buyer|merchant)\s/)
    .slice(1)
  const found = new Map<string, string>()
  for (const line of lines) {
    const [name, ...cells] = line.trim().split(/\s+/)
    for (const [index, column] of columns.entries()) found.set(`${name}: ${column}`, cells[index] ?? '')
  }
  return found
}

describe('every action on every trade by every actor', () => {
  const expected = expectedOutcomes()
  const cases: [string, string, string][] = []
  for (const name of Object.keys(samples)) {
    for (const action of Object.keys(ACTIONS)) {
      for (const actor of Object.keys(ACTORS)) {
        cases.push([name, `${action} ${actor}`, expected.get(`${name}: ${action} ${actor}`) ?? 'actor_not_allowed'])
      }
    }
  }

  it('is in the table', () => {
    expect(expected.size).toBe(8 * 9)
    expect(cases).toHaveLength(8 * 8 * 4)
    expect(cases.filter(([, , outcome]) => outcome !== 'actor_not_allowed')).toHaveLength(8 * 9)
  })

  it.each(cases)('%s: %s: %s', (name, action, outcome) => {
    const [verb = '', who = ''] = action.split(' ')
    const decide = Object.entries(ACTIONS).find(([key]) => key === verb)?.[1]
    const actor = Object.entries(ACTORS).find(([key]) => key === who)?.[1]
    const escrow = samples[name]
    if (decide === undefined || actor === undefined || escrow === undefined) throw new Error('not in the table')
    expect(code(decide(escrow, actor))).toBe(outcome)
  })
})

describe('the states', () => {
  it.each([
    ['opened', 'awaiting_payment'],
    ['paid', 'awaiting_shipment'],
    ['partShipped', 'awaiting_confirmation'],
    ['shipped', 'awaiting_confirmation'],
    ['disputed', 'awaiting_confirmation'],
    ['partConfirmed', 'awaiting_shipment'],
    ['completed', 'completed'],
    ['closed', 'closed'],
  ])('%s is %s', (name, state) => {
    expect(samples[name]?.trade.state).toBe(state)
    expect(Object.keys(ESCROW_TABLE)).toContain(state)
  })
})

describe('opening', () => {
  it.each([
    [{ totalMinor: 0n }, 'amount_out_of_range'],
    [{ totalMinor: -1n, expiresAt: NOW }, 'amount_out_of_range'],
    [{ totalMinor: PAYMENT_MINOR_MAX + 1n }, 'amount_out_of_range'],
    [{ expiresAt: NOW }, 'expiry_in_past'],
    [{ totalMinor: PAYMENT_MINOR_MAX, expiresAt: NOW + 1 }, 'ok'],
    [{ totalMinor: 1n }, 'ok'],
  ])('with %o: %s', (change, outcome) => {
    expect(code(decideOpening({ ...terms, ...change }, 1024, merchant, NOW))).toBe(outcome)
  })
})

describe('times', () => {
  const at = (days: number) => NOW + days * DAY
  it.each<[string, StepResult, string]>([
    ['paid a moment before its time is over', decidePay(opened, buyer, 0, at(15) - 1), 'ok'],
    ['paid when its time is over', decidePay(opened, buyer, 0, at(15)), 'trade_expired'],
    ['shipped a moment before its time is over', decideShip(paid, merchant, parcel, at(15) - 1), 'ok'],
    ['shipped when its time is over', decideShip(paid, merchant, parcel, at(15)), 'too_late_to_ship'],
    ['confirmed by the buyer after silence would have', decideConfirm(shipped, buyer, null, at(11)), 'ok'],
    ['disputed a moment before', decideDispute(shipped, buyer, claim(1n), at(10) - 1), 'ok'],
    ['disputed when silence has confirmed', decideDispute(shipped, buyer, claim(1n), at(10)), 'confirmation_overdue'],
    ['extended when silence has confirmed', decideExtend(shipped, buyer, 1, at(10)), 'confirmation_overdue'],
    ['cancelled whenever it is not shipped', decideCancel(paid, merchant, at(99)), 'ok'],
    ['refunded before a year is over', decideRefund(completed, merchant, 1n, NOW + REFUND_WINDOW - 1), 'ok'],
    ['refunded when a year is over', decideRefund(completed, merchant, 1n, NOW + REFUND_WINDOW), 'refund_too_late'],
  ])('%s: %#', (_, result, outcome) => {
    expect(code(result)).toBe(outcome)
  })

  it('a shipment is extended once, by ten days', () => {
    const extended = after(decideExtend(shipped, buyer, 1, NOW))
    expect(extended.shipments.map((shipment) => shipment.confirmBy)).toEqual([at(20), at(10)])
    expect(code(decideExtend(extended, buyer, 1, NOW))).toBe('extended_already')
    expect(code(decideExtend(extended, buyer, 2, NOW))).toBe('ok')
  })

  it('the next thing that time does is known', () => {
    expect([opened, paid, shipped, disputed, completed, closed].map((one) => one.trade.dueAt)).toEqual([
      ...[at(15), at(15), at(10), at(3), null, null],
    ])
  })
})

function claim(claimMinor: bigint, shipment = 1) {
  return { shipment, claimMinor, reason: 'Stale' }
}

describe('amounts', () => {
  it.each<[string, StepResult, string]>([
    ['more is shipped than there is', decideShip(paid, merchant, part(10_002n), NOW), 'exceeds_unshipped'],
    ['nothing is shipped', decideShip(paid, merchant, part(0n), NOW), 'exceeds_unshipped'],
    ['less than nothing is shipped', decideShip(paid, merchant, part(-1n), NOW), 'exceeds_unshipped'],
    ['a shipment that is not there is confirmed', decideConfirm(shipped, buyer, 3, NOW), 'shipment_not_found'],
    ['a shipment that is not there is extended', decideExtend(shipped, buyer, 3, NOW), 'shipment_not_found'],
    [
      'a shipment that is not there is disputed',
      decideDispute(shipped, buyer, claim(1n, 3), NOW),
      'shipment_not_found',
    ],
    ['nothing is claimed', decideDispute(shipped, buyer, claim(0n), NOW), 'amount_out_of_range'],
    ['more is claimed than is open', decideDispute(disputed, buyer, claim(3_001n), NOW), 'exceeds_open'],
    ['all that is open is claimed', decideDispute(disputed, buyer, claim(3_000n), NOW), 'ok'],
    ['more is refunded than was released', decideRefund(completed, merchant, 10_002n, NOW), 'refund_exceeds_released'],
    ['all that was released is refunded', decideRefund(completed, merchant, 10_001n, NOW), 'ok'],
  ])('%s', (_, result, outcome) => {
    expect(code(result)).toBe(outcome)
  })

  it('a trade has a bounded number of shipments', () => {
    let escrow = paid
    for (let count = 0; count < SHIPMENTS_MAX; count += 1) escrow = after(decideShip(escrow, merchant, part(1n), NOW))
    expect(code(decideShip(escrow, merchant, part(1n), NOW))).toBe('too_many_shipments')
    expect(code(decideCancel(escrow, merchant, NOW))).toBe('ok')
  })

  it('the fee on parts is the fee on the whole, and comes back whole', () => {
    const first = after(decideConfirm(shipped, buyer, 1, NOW))
    const second = after(decideConfirm(first, buyer, 2, NOW))
    expect([first.trade.feeMinor, second.trade.feeMinor, completed.trade.feeMinor]).toEqual([24n, 60n, 60n])
    const part = after(decideRefund(second, merchant, 3_333n, NOW))
    const rest = after(decideRefund(part, merchant, 6_668n, NOW))
    expect([part.trade.feeReturnedMinor, rest.trade.feeReturnedMinor]).toEqual([20n, 60n])
  })
})

describe('time', () => {
  const at = (days: number) => NOW + days * DAY
  const kinds = (result: StepResult) => (result.ok ? result.value.notes.map((note) => note.kind) : result.error.code)

  it('does nothing before it is due, nor to what has ended', () => {
    expect(kinds(decideLapse(opened, at(15) - 1))).toBe('trade_not_due')
    for (const escrow of [completed, closed]) expect(kinds(decideLapse(escrow, at(9999)))).toBe('trade_not_due')
  })

  it('closes, returns and confirms what nobody cared for, all that is due at once', () => {
    expect(kinds(decideLapse(opened, at(15)))).toEqual(['expired'])
    expect(kinds(decideLapse(paid, at(15)))).toEqual(['not_shipped'])
    expect(kinds(decideLapse(shipped, at(10)))).toEqual(['confirmed_by_time', 'confirmed_by_time'])
    expect(kinds(decideLapse(partShipped, at(15)))).toEqual(['not_shipped', 'confirmed_by_time'])
    expect(after(decideLapse(partShipped, at(15))).trade).toMatchObject({
      ...{ state: 'completed', releasedMinor: 4_000n, returnedMinor: 6_001n },
    })
  })

  it('leaves the frozen part frozen when the rest of the shipment is confirmed', () => {
    const agreed = after(decideAccept(disputed, merchant, { dispute: 1, refundMinor: 1_000n }, NOW))
    expect(agreed.trade).toMatchObject({ returnedMinor: 1_000n, openMinor: 9_001n })
    const confirmed = after(decideConfirm(disputed, buyer, null, NOW))
    expect(confirmed.trade).toMatchObject({
      state: 'awaiting_confirmation',
      disputedMinor: 1_000n,
      releasedMinor: 9_001n,
    })
  })

  it('ends every trade that is paid, whatever was done to it', () => {
    for (const start of [paid, partShipped, shipped, disputed, partConfirmed]) {
      let escrow = start
      for (let rounds = 0; escrow.trade.dueAt !== null; rounds += 1) {
        if (rounds > 20) throw new Error('it does not end')
        escrow = after(decideLapse(escrow, escrow.trade.dueAt))
      }
      expect(['completed', 'closed']).toContain(escrow.trade.state)
    }
  })
})
