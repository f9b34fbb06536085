import { expect, it } from 'vitest'
import { type AuditedPart, TradeAuditor } from './trade-auditor.ts'

const coupon: AuditedPart = { tender: 'coupon', funder: 'merchant', amountMinor: 2_000n }
const balance: AuditedPart = { tender: 'balance', funder: 'buyer', amountMinor: 8_000n }

function auditor(): TradeAuditor {
  const made = new TradeAuditor()
  made.customer('ann')
  made.merchant('shop', 6_000n)
  made.toppedUp('ann', 10_000n)
  return made
}

const payment = {
  id: 'p',
  buyer: 'ann',
  merchant: 'shop',
  totalMinor: 10_000n,
  parts: [coupon, balance],
  feeMinor: 48n,
}

it('predicts from answers, a repeat counting once', () => {
  const made = auditor()
  made.paid(payment)
  made.paid(payment)
  made.refunded({
    ...{ payment: 'p', amountMinor: 5_000n, refundedAfterMinor: 5_000n, feeReturnedMinor: 24n },
    parts: [
      { ...coupon, amountMinor: 1_000n },
      { ...balance, amountMinor: 4_000n },
    ],
  })
  expect(made.contradictions).toEqual([])
  const { wallets, merchants, spent, discountsMinor, feesMinor } = made.predictions()
  expect([wallets.get('ann'), merchants.get('shop'), spent.get('ann')]).toEqual([6_000n, 4_976n, 4_000n])
  expect([discountsMinor, feesMinor]).toEqual([1_000n, 24n])
})

it.each([
  ['a fee of the whole price', { feeMinor: 60n }],
  ['tenders that fall short', { parts: [balance] }],
])('contradicts %s', (_, changes) => {
  const made = auditor()
  made.paid({ ...payment, ...changes })
  expect(made.contradictions).not.toEqual([])
})

it.each([
  ['a discount that comes back in cash', [{ ...balance, amountMinor: 5_000n }], 24n],
  [
    'a fee that stays',
    [
      { ...coupon, amountMinor: 1_000n },
      { ...balance, amountMinor: 4_000n },
    ],
    0n,
  ],
  ['more than was refunded', [{ ...coupon, amountMinor: 1_000n }, balance], 24n],
])('contradicts a refund with %s', (_, parts, feeReturnedMinor) => {
  const made = auditor()
  made.paid(payment)
  made.refunded({ payment: 'p', amountMinor: 5_000n, refundedAfterMinor: 5_000n, parts, feeReturnedMinor })
  expect(made.contradictions).toHaveLength(1)
})

it('contradicts a guaranteed trade whose money does not add up, and listens to the latest step', () => {
  const made = auditor()
  const trade = {
    ...{ id: 't', buyer: 'ann', merchant: 'shop', step: 2, totalMinor: 1_000n, paidMinor: 1_000n, heldMinor: 1_000n },
    ...{ releasedMinor: 0n, returnedMinor: 0n, refundedMinor: 0n, feeMinor: 0n, feeReturnedMinor: 0n },
    keptParts: [{ ...balance, amountMinor: 1_000n }],
  }
  made.escrow(trade)
  made.escrow({ ...trade, step: 3, heldMinor: 0n, releasedMinor: 1_000n, feeMinor: 6n })
  made.escrow(trade)
  expect(made.contradictions).toEqual([])
  expect(made.predictions().merchants.get('shop')).toBe(994n)
  made.escrow({ ...trade, step: 4, heldMinor: 1n, releasedMinor: 1_000n })
  expect(made.contradictions).toHaveLength(1)
})
