import { CNY } from '@huitong/kernel'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SHARES_MAX, type Share } from './share.ts'
import { decideShareReturn, decideSharing, sharedMinor } from './share-decide.ts'
import type { Trade } from './trade.ts'

const trade: Trade = {
  ...{ id: 1024, merchant: 1, orderNumber: 'A', buyer: 2, subject: 'Tea', details: {}, currency: CNY },
  ...{
    totalMinor: 1_000n,
    state: 'paid',
    closingCause: null,
    paidMinor: 1_000n,
    tenders: null,
    refundedMinor: 0n,
    feeMinor: 0n,
  },
  ...{
    feeReturnedMinor: 0n,
    createdAt: 1,
    expiresAt: 2,
    paidAt: 1,
    refundableUntil: 9,
    endedAt: null,
    riskCheck: null,
  },
}
const RULE = { maxBps: 3_000, confirmed: true }
const wish = (amountMinor: bigint, customer = 7) => ({ customer, amountMinor, description: null })
const request = (amountMinor: bigint, requestNumber = 'R', endsSharing = false) => ({
  ...{ requestNumber, wishes: [wish(amountMinor)], endsSharing },
})
const code = (result: { ok: boolean; error?: { code: string } }) => (result.ok ? 'ok' : result.error?.code)

function made(asked: ReturnType<typeof request>, present: readonly Share[] = []): readonly Share[] {
  const decided = decideSharing(trade, present, asked, 5, RULE)
  if (!decided.ok) throw new Error(decided.error.code)
  return [...present, ...decided.value.made]
}

const some = made(request(200n))
const ended = made(request(100n, 'R', true))
const many = Array.from(
  { length: SHARES_MAX },
  (_, index): Share => ({
    ...{ trade: 1024, number: index + 1, requestNumber: `M${index}`, customer: 7, amountMinor: 1n, returnedMinor: 0n },
    ...{ description: null, endsSharing: false, createdAt: 5 },
  }),
)

describe('the rule of a payment', () => {
  it.each([
    ['nothing', 0, true, 1n, 'shares_exceed_maximum'],
    ['a tenth', 1_000, true, 100n, 'ok'],
    ['a fen above a tenth', 1_000, true, 101n, 'shares_exceed_maximum'],
    ['a third, rounded down', 3_333, true, 333n, 'ok'],
    ['a fen above a third', 3_333, true, 334n, 'shares_exceed_maximum'],
    ['all of it', 10_000, true, 1_000n, 'ok'],
    ['a payment that is not confirmed', 10_000, false, 1n, 'sharing_before_settlement'],
  ])('allows %s or not', (_, maxBps, confirmed, amountMinor, outcome) => {
    expect(code(decideSharing(trade, [], request(amountMinor), 5, { maxBps, confirmed }))).toBe(outcome)
  })
})

describe('sharing a payment', () => {
  it.each([
    ['nothing', trade, [], request(0n), 'amount_out_of_range'],
    ['all that may be', trade, [], request(300n), 'ok'],
    ['a fen more', trade, [], request(301n), 'shares_exceed_maximum'],
    ['the rest of what may be', trade, some, request(100n, 'S'), 'ok'],
    ['more than the rest', trade, some, request(101n, 'S'), 'shares_exceed_maximum'],
    ['a part of what is left after a refund', { ...trade, refundedMinor: 500n }, [], request(150n), 'ok'],
    ['more than of what is left', { ...trade, refundedMinor: 500n }, [], request(151n), 'shares_exceed_maximum'],
    ['the same again', trade, some, request(200n), 'ok'],
    ['something else under the number', trade, some, request(201n), 'sharing_inconsistent'],
    ['after the end', trade, ended, request(1n, 'S'), 'sharing_ended'],
    ['the last request again', trade, ended, request(100n, 'R', true), 'ok'],
    ['too many times', trade, many, request(1n, 'S'), 'shares_exceed_maximum'],
    ['before it is paid', { ...trade, state: 'awaiting_payment' as const }, [], request(1n), 'trade_not_paid'],
    ['when it is given back', { ...trade, state: 'closed' as const }, [], request(1n), 'trade_already_closed'],
    ['when it is long over', { ...trade, state: 'finished' as const }, [], request(1n), 'trade_already_finished'],
  ])('%s', (_, of, present, asked, outcome) => {
    expect(code(decideSharing(of, present, asked, 5, RULE))).toBe(outcome)
  })

  it.each([
    ['all of it', 200n, 7, 'ok'],
    ['more than it', 201n, 7, 'return_exceeds_share'],
    ['nothing', 0n, 7, 'amount_out_of_range'],
    ['from somebody who got nothing', 1n, 8, 'return_exceeds_share'],
  ])('comes back: %s', (_, amountMinor, customer, outcome) => {
    expect(code(decideShareReturn(some, customer, amountMinor))).toBe(outcome)
  })

  it('conserves what was shared over any returns', () => {
    const amounts = fc.array(fc.bigInt(1n, 100n), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(amounts, fc.array(fc.bigInt(1n, 150n), { maxLength: 6 }), (shares, returns) => {
        let present: readonly Share[] = []
        for (const [index, amount] of shares.entries()) present = made(request(amount, `R${index}`), present)
        const total = sharedMinor(present)
        let back = 0n
        for (const amount of returns) {
          const decided = decideShareReturn(present, 7, amount)
          expect(decided.ok).toBe(amount <= total - back)
          if (!decided.ok) continue
          present = decided.value
          back += amount
        }
        expect(sharedMinor(present)).toBe(total - back)
      }),
    )
  })
})
