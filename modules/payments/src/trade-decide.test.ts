import { describe, expect, it } from 'vitest'
import { PAYMENT_MINOR_MAX, REFUND_WINDOW } from './limits.ts'
import { decideRefundNumber } from './refund-decide.ts'
import type { Trade } from './trade.ts'
import {
  beginTrade,
  decideCancel,
  decideClosing,
  decideFinish,
  decidePayment,
  decideRefund,
  decideTermsAgainstOrder,
} from './trade-decide.ts'
import { PAYMENT_REFUSALS } from './trade-refusals.ts'

const terms = { merchant: 1, orderNumber: 'A1', subject: 'Tea', details: {}, totalMinor: 1000n }

function ok<T>(result: { ok: true; value: T } | { ok: false; error: { code: string } }): T {
  if (!result.ok) throw new Error(result.error.code)
  return result.value
}

const code = (result: { ok: boolean; error?: { code: string } }) => (result.ok ? 'ok' : result.error?.code)

const awaiting = ok(beginTrade(1024, 2, terms, 100, 10))
const paid = ok(decidePayment(awaiting, 6000, 20))
const part = ok(decideRefund(paid, 400n, 30)).trade
const closed = ok(decideRefund(part, 600n, 40)).trade
const expired = ok(decideClosing(awaiting, 'expire', 100))
const finished = ok(decideFinish(part, 20 + REFUND_WINDOW))
const trades: Readonly<Record<string, Trade>> = { awaiting, paid, part, closed, expired, finished }
const OVER = 20 + REFUND_WINDOW

describe('beginning a trade', () => {
  it.each([
    // total, expires at (now is 10), outcome
    [0n, 100, 'amount_out_of_range'],
    [-1n, 100, 'amount_out_of_range'],
    [PAYMENT_MINOR_MAX + 1n, 5, 'amount_out_of_range'],
    [PAYMENT_MINOR_MAX, 10, 'expiry_in_past'],
    [1n, 11, 'ok'],
    [PAYMENT_MINOR_MAX, 11, 'ok'],
  ])('over %s fen that expires at %i: %s', (totalMinor, expiresAt, outcome) => {
    expect(code(beginTrade(1024, 2, { ...terms, totalMinor }, expiresAt, 10))).toBe(outcome)
  })
})

describe('paying', () => {
  it('takes the whole and the fee', () => {
    expect(paid).toMatchObject({ state: 'paid', paidMinor: 1000n, feeMinor: 6n, paidAt: 20, refundableUntil: OVER })
  })

  it.each([
    ['awaiting', 99, 'ok'],
    ['awaiting', 100, 'trade_expired'],
    ['paid', 100, 'trade_already_paid'],
    ['closed', 99, 'trade_already_closed'],
    ['expired', 100, 'trade_already_closed'],
    ['finished', 99, 'trade_already_finished'],
  ])('a trade that is %s at %i: %s', (name, now, outcome) => {
    expect(code(decidePayment(trades[name] ?? awaiting, 6000, now))).toBe(outcome)
  })
})

describe('closing', () => {
  it.each([
    ['awaiting', 'close', 50, 'ok'],
    ['awaiting', 'expire', 99, 'trade_not_due'],
    ['awaiting', 'expire', 100, 'ok'],
    ['paid', 'close', 50, 'trade_already_paid'],
    ['paid', 'expire', 100, 'trade_already_paid'],
    ['closed', 'close', 50, 'trade_already_closed'],
    ['finished', 'close', 50, 'trade_already_finished'],
  ] as const)('a trade that is %s by %s at %i: %s', (name, action, now, outcome) => {
    expect(code(decideClosing(trades[name] ?? awaiting, action, now))).toBe(outcome)
  })
})

describe('refunding', () => {
  it.each([
    ['paid', 0n, 30, 'amount_out_of_range'],
    ['paid', -5n, 30, 'amount_out_of_range'],
    ['awaiting', 5000n, 30, 'trade_not_paid'],
    ['expired', 1n, 200, 'trade_already_closed'],
    ['closed', 1n, 50, 'trade_already_closed'],
    ['finished', 1n, 50, 'trade_already_finished'],
    ['paid', 2000n, OVER, 'trade_already_finished'],
    ['paid', 1001n, OVER - 1, 'refund_exceeds_rest'],
    ['part', 601n, 50, 'refund_exceeds_rest'],
    ['part', 600n, 50, 'ok'],
    ['paid', 1n, OVER - 1, 'ok'],
  ])('%s %s fen at %i: %s', (name, amount, now, outcome) => {
    expect(code(decideRefund(trades[name] ?? awaiting, amount, now))).toBe(outcome)
  })

  it('returns the fee in proportion and closes the trade with the last part', () => {
    expect(part).toMatchObject({ state: 'paid', refundedMinor: 400n, feeReturnedMinor: 2n })
    expect(closed).toMatchObject({
      state: 'closed',
      closingCause: 'refunded',
      refundedMinor: 1000n,
      feeReturnedMinor: 6n,
    })
  })

  it.each([
    // trade, number, amount, the number it is known by or the refusal
    ['paid', 'R1', 400n, 'R1'],
    ['paid', null, 1000n, 'A1'],
    ['paid', null, 400n, 'refund_number_missing'],
    ['paid', null, 1001n, 'A1'],
    ['part', null, 600n, 'refund_number_missing'],
    ['part', null, 601n, 'A1'],
    ['awaiting', null, 400n, 'A1'],
    ['closed', null, 1000n, 'A1'],
    ['paid', 'R1', 0n, 'amount_out_of_range'],
  ])('of a trade that is %s under number %s over %s fen is known as %s', (name, number, amount, outcome) => {
    const result = decideRefundNumber(trades[name] ?? awaiting, number, amount)
    expect(result.ok ? result.value : result.error.code).toBe(outcome)
  })
})

describe('cancelling', () => {
  it.each([
    ['awaiting', 50, 'close'],
    ['awaiting', 200, 'close'],
    ['paid', 50, 'refund'],
    ['part', 50, 'refund'],
    ['closed', 50, 'nothing'],
    ['expired', 500, 'nothing'],
    ['finished', 50, 'trade_already_finished'],
    ['paid', OVER, 'trade_already_finished'],
  ])('a trade that is %s at %i: %s', (name, now, outcome) => {
    const result = decideCancel(trades[name] ?? awaiting, now)
    expect(result.ok ? result.value.does : result.error.code).toBe(outcome)
  })

  it('gives back what earlier refunds left', () => {
    expect(ok(decideCancel(part, 50))).toMatchObject({
      does: 'refund',
      amountMinor: 600n,
      feeReturnedMinor: 4n,
      trade: { state: 'closed', closingCause: 'cancelled', refundedMinor: 1000n },
    })
  })
})

describe('finishing', () => {
  it.each([
    ['paid', OVER - 1, 'trade_not_due'],
    ['paid', OVER, 'ok'],
    ['awaiting', OVER, 'trade_not_paid'],
    ['closed', OVER, 'trade_already_closed'],
    ['finished', OVER, 'trade_already_finished'],
  ])('a trade that is %s at %i: %s', (name, now, outcome) => {
    expect(code(decideFinish(trades[name] ?? awaiting, now))).toBe(outcome)
  })
})

describe('asking for an order number again', () => {
  const known = { trade: 1024, revoked: false }
  const codeOnly = { trade: null, revoked: false }
  it.each([
    // total, subject, order, what it stands for, now, outcome
    [1000n, 'Tea', known, awaiting, 50, 1024],
    [1001n, 'Tea', known, awaiting, 50, 'order_inconsistent'],
    [1000n, 'Tee', known, awaiting, 50, 'order_inconsistent'],
    [1000n, 'Tea', known, awaiting, 100, 'trade_expired'],
    [1001n, 'Tea', known, paid, 50, 'order_inconsistent'],
    [1000n, 'Tea', known, paid, 50, 'trade_already_paid'],
    [1000n, 'Tea', known, closed, 50, 'trade_already_closed'],
    [1000n, 'Tea', known, finished, 50, 'trade_already_finished'],
    [1000n, 'Tea', codeOnly, terms, 50, null],
    [1001n, 'Tea', codeOnly, terms, 50, 'order_inconsistent'],
    [1000n, 'Tea', { trade: null, revoked: true }, undefined, 50, 'trade_already_closed'],
    [1001n, 'Tea', { trade: null, revoked: true }, terms, 50, 'order_inconsistent'],
  ])('over %s fen for %s', (totalMinor, subject, order, before, now, outcome) => {
    const result = decideTermsAgainstOrder({ ...terms, totalMinor, subject }, order, before, now)
    expect(result.ok ? result.value : result.error.code).toBe(outcome)
  })
})

describe('the list of refusals', () => {
  it('says of each what kind it is, whether a retry helps, its status and its text', () => {
    for (const row of Object.values(PAYMENT_REFUSALS)) {
      expect(row.status).toBe(
        { not_found: 404, invalid: 422, conflict: 409, state: 409, blocked: 409, limit: 409, funds: 409 }[row.kind],
      )
      expect(row.text).toMatch(/^[A-Z].*\.$/)
    }
  })
})
