import { CNY } from '@huitong/kernel'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  DEFERRAL_ACTIONS,
  DEFERRAL_STATES,
  DEFERRAL_TABLE,
  type Deferral,
  type DeferralAction,
  deferralDetail,
  deferralTerms,
} from './deferral.ts'
import {
  beginDeferral,
  decideConfirmation,
  decideRefundSource,
  decideSettlementByTime,
  decideShareOut,
  withReturn,
} from './deferral-decide.ts'
import { DAY, SHARING_LIFE } from './limits.ts'
import type { Trade } from './trade.ts'

const trade: Trade = {
  ...{ id: 1024, merchant: 1, orderNumber: 'A', buyer: 2, subject: 'Tea', details: {}, currency: CNY },
  ...{ totalMinor: 1_000n, state: 'paid', closingCause: null, paidMinor: 1_000n, refundedMinor: 0n, feeMinor: 6n },
  ...{
    feeReturnedMinor: 0n,
    createdAt: 1,
    expiresAt: 2,
    paidAt: 1,
    refundableUntil: 9,
    endedAt: null,
    riskCheck: null,
    tenders: null,
  },
}
const NOW = 5
const week = beginDeferral(trade, { confirmWithinDays: 7, forSharing: false }, NOW)
const both = beginDeferral(trade, { confirmWithinDays: 7, forSharing: true }, NOW)
const sharing = beginDeferral(trade, { confirmWithinDays: null, forSharing: true }, NOW)
const over: Deferral = { ...week, state: 'over', openMinor: 0n, heldMinor: 0n, endedAt: 6 }
const code = (result: { ok: boolean; error?: { code: string } }) => (result.ok ? 'ok' : result.error?.code)
const wish = (amountMinor: bigint | null, forSharing: boolean | null = null) => ({ amountMinor, forSharing })

describe('confirming', () => {
  it.each([
    ['all', trade, week, wish(null), 'ok'],
    ['all, by its amount', trade, week, wish(1_000n), 'ok'],
    ['a part', trade, week, wish(1n), 'ok'],
    ['nothing', trade, week, wish(0n), 'amount_out_of_range'],
    ['less than nothing', trade, week, wish(-1n), 'amount_out_of_range'],
    ['more than there is', trade, week, wish(1_001n), 'settlement_exceeds_rest'],
    ['what is over', trade, over, wish(null), 'settlement_over'],
    ['what was settled when it was paid', trade, undefined, wish(null), 'settlement_not_deferred'],
    ['what is not paid', { ...trade, state: 'awaiting_payment' as const }, undefined, wish(null), 'trade_not_paid'],
    ['what is given back', { ...trade, state: 'closed' as const }, over, wish(null), 'trade_already_closed'],
    ['after the time for refunds', { ...trade, state: 'finished' as const }, week, wish(null), 'ok'],
    ['a part to be shared', trade, week, wish(999n, true), 'settlement_not_whole'],
    ['all to be shared', trade, week, wish(null, true), 'ok'],
    ['a part, though the order is to be shared', trade, both, wish(999n), 'settlement_not_whole'],
    ['a part, and not to be shared after all', trade, both, wish(999n, false), 'ok'],
    ['what is to be shared, to be shared again', trade, sharing, wish(null, true), 'settlement_over'],
    ['what is to be shared, without more of it', trade, sharing, wish(null), 'ok'],
  ])('%s', (_, of, deferral, asked, told) => {
    expect(code(decideConfirmation(of, deferral, asked, NOW))).toBe(told)
  })

  it('takes the same part of what is held as of what is open, and the rest with the rest', () => {
    const first = decideConfirmation(trade, week, wish(333n), NOW)
    expect(first).toMatchObject({ value: { settledMinor: 331n, deferral: { openMinor: 667n, heldMinor: 663n } } })
    const rest = first.ok ? decideConfirmation(trade, first.value.deferral, wish(667n), NOW) : first
    expect(rest).toMatchObject({ value: { settledMinor: 663n, deferral: { state: 'over' } } })
  })
})

describe('time', () => {
  it.each([
    ['a confirmation that does not come', week, NOW + 7 * DAY, 'over', 994n],
    ['a confirmation of what is to be shared', both, NOW + 7 * DAY, 'awaiting_sharing', 994n],
    ['a sharing that does not end', sharing, NOW + SHARING_LIFE, 'over', 994n],
  ])('ends the wait for %s', (_, of, at, state, settledMinor) => {
    expect(code(decideSettlementByTime(of, at - 1))).toBe('trade_not_due')
    expect(decideSettlementByTime(of, at)).toMatchObject({ value: { settledMinor, deferral: { state } } })
  })
})

/** What each action does, or why not: the decisions must say what the table says. */
function act(of: Deferral, action: DeferralAction) {
  switch (action) {
    case 'confirm':
      return code(decideConfirmation(trade, of, wish(null, false), NOW))
    case 'confirm_for_sharing':
      return code(decideConfirmation(trade, of, wish(null, true), NOW))
    case 'share':
      // What is over is shared out of the merchant's account, and this is not asked.
      return of.state === 'over' ? 'ok' : code(decideShareOut(of, 1n, false, NOW))
    case 'refund':
      return decideRefundSource(of, 1n, 0n, NOW).deferral === undefined ? 'none' : 'ok'
    case 'time':
      return code(decideSettlementByTime(of, NOW + 400 * DAY))
  }
}

const cells = DEFERRAL_STATES.flatMap((state) => DEFERRAL_ACTIONS.map((action) => [state, action] as const))

it.each(cells)('in state %s, %s does what the table says', (state, action) => {
  const of = { awaiting_confirmation: week, awaiting_sharing: sharing, over }[state]
  const cell = DEFERRAL_TABLE[state][action]
  expect(act(of, action)).toBe(cell === 'done' ? 'ok' : cell.refuse)
})

it('terms are read as they were written', () => {
  for (const confirmWithinDays of [null, 1, 7, 365]) {
    for (const forSharing of [false, true]) {
      const terms = { confirmWithinDays, forSharing }
      const detail = deferralDetail(terms)
      if (detail === undefined) expect(terms).toEqual({ confirmWithinDays: null, forSharing: false })
      else expect(deferralTerms(detail)).toEqual(terms)
    }
  }
})

const step = fc.record({
  does: fc.constantFrom('confirm', 'refund', 'share', 'return', 'for_sharing'),
  amount: fc.bigInt(1n, 400n),
  fee: fc.bigInt(0n, 3n),
})

it('whatever happens, what came in went out or is held, and nothing is held of what is not open', () => {
  fc.assert(
    fc.property(fc.bigInt(1n, 1_000n), fc.bigInt(0n, 1_000n), fc.array(step), (paidMinor, feeMinor, steps) => {
      const paid = { ...trade, totalMinor: paidMinor, paidMinor, feeMinor: feeMinor < paidMinor ? feeMinor : paidMinor }
      let of = beginDeferral(paid, { confirmWithinDays: 7, forSharing: false }, NOW)
      let inMinor = of.heldMinor
      let outMinor = 0n
      for (const { does, amount, fee } of steps) {
        if (of.state === 'over') break
        if (does === 'confirm' || does === 'for_sharing') {
          const done = decideConfirmation(
            paid,
            of,
            wish(does === 'confirm' ? amount : null, does === 'for_sharing'),
            NOW,
          )
          if (!done.ok) continue
          of = done.value.deferral
          if (!done.value.forSharing) outMinor += done.value.settledMinor
        } else if (does === 'refund') {
          const source = decideRefundSource(of, amount, fee, NOW)
          of = source.deferral
          if (source.ofHeld) {
            inMinor += fee
            outMinor += amount
          }
          outMinor += source.settledMinor
        } else if (does === 'share') {
          const shared = decideShareOut(of, amount, false, NOW)
          if (!shared.ok) continue
          of = shared.value.deferral
          outMinor += amount
        } else {
          of = withReturn(of, amount)
          inMinor += amount
        }
        expect(of.heldMinor).toBe(inMinor - outMinor)
      }
    }),
  )
})
