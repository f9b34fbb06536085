import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FUNDERS, TENDER_NAMES, type TenderPart, USUAL_TENDERS } from './tender.ts'
import { assertParts, earnedMinor, moneyMinor, partsOfReturn, planTenders, returnedParts } from './tender-decide.ts'

function part(tender: TenderPart['tender'], funder: TenderPart['funder'], amountMinor: bigint): TenderPart {
  return { tender, instrument: null, funder, form: null, label: null, amountMinor, returnedMinor: 0n }
}

const CHOICES = USUAL_TENDERS.map((tender) => ({ tender, instrument: null }))

describe('paying', () => {
  it.each([
    // what coupon, red packets and balance have; total; what each gives; what is missing
    [[500n, 300n, 9000n], 1000n, [500n, 300n, 200n], 0n],
    [[500n, 300n, 200n], 1000n, [500n, 300n, 200n], 0n],
    [[0n, 300n, 9000n], 1000n, [300n, 700n], 0n],
    [[1000n, 300n, 9000n], 1000n, [1000n], 0n],
    [[500n, 0n, 499n], 1000n, [500n, 499n], 1n],
    [[0n, 0n, 0n], 1000n, [], 1000n],
  ])('with %s of each, %s fen', (has, totalMinor, gives, shortMinor) => {
    const plan = planTenders(totalMinor, CHOICES, ({ tender }, restMinor) => {
      const most = has[CHOICES.findIndex((choice) => choice.tender === tender)] ?? 0n
      const { returnedMinor: _, ...offer } = part(tender, 'buyer', most < restMinor ? most : restMinor)
      return most === 0n ? { ok: false, error: `${tender}_empty` } : { ok: true, value: offer }
    })
    expect(plan.offers.map((offer) => offer.amountMinor)).toEqual(gives)
    expect(plan.shortMinor).toBe(shortMinor)
    const asked = CHOICES.slice(0, shortMinor === 0n ? gives.length : CHOICES.length)
    for (const name of plan.faults.keys()) expect(has[CHOICES.findIndex(({ tender }) => tender === name)]).toBe(0n)
    expect(plan.faults.size).toBeLessThanOrEqual(CHOICES.length - Math.min(asked.length, gives.length))
  })

  it('stops at a tender that was named and cannot be used: its owner does not want to pay without it', () => {
    const named = { tender: 'coupon', instrument: 7 } as const
    const plan = planTenders(1000n, [named, ...CHOICES], () => ({ ok: false, error: 'coupon_used' }))
    expect(plan.unusable).toEqual({ choice: named, fault: 'coupon_used' })
  })
})

describe('giving back', () => {
  // A coupon of 20.00, 10.00 out of red packets and 70.00 of the balance paid 100.00.
  const parts = [part('coupon', 'platform', 2000n), part('red_packet', 'buyer', 1000n), part('balance', 'buyer', 7000n)]

  it.each([
    // all refunds so far, and what coupon, red packets and balance have back
    [1n, [0n, 0n, 1n]],
    [4n, [0n, 0n, 4n]],
    [5n, [1n, 0n, 4n]],
    [5000n, [1000n, 0n, 4000n]],
    [8750n, [1750n, 0n, 7000n]],
    [8751n, [1750n, 1n, 7000n]],
    [9999n, [1999n, 1000n, 7000n]],
    [10000n, [2000n, 1000n, 7000n]],
  ])('%s fen of 10000', (returnedMinor, expected) => {
    expect(returnedParts(parts, returnedMinor).map((one) => one.returnedMinor)).toEqual(expected)
  })

  const anyParts = fc.array(
    fc.tuple(fc.constantFrom(...TENDER_NAMES), fc.constantFrom(...FUNDERS), fc.bigInt(1n, 10n ** 10n)),
    { minLength: 1, maxLength: 5 },
  )

  it('conserves the sum and gives no tender more than it gave, whatever the refunds', () => {
    fc.assert(
      fc.property(anyParts, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }), (drawn, cuts) => {
        const paid = drawn.map(([tender, funder, minor]) => part(tender, funder, minor))
        const paidMinor = paid.reduce((sum, one) => sum + one.amountMinor, 0n)
        const totals = [...cuts.map((cut) => BigInt(Math.floor(cut * Number(paidMinor)))), paidMinor]
        totals.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
        const got = paid.map(() => 0n)
        let before = 0n
        for (const after of totals) {
          if (after === before) continue
          const back = partsOfReturn(paid, before, after - before)
          expect(back.reduce((sum, one) => sum + one.amountMinor, 0n)).toBe(after - before)
          for (const [index, one] of returnedParts(paid, after).entries()) {
            expect(one.returnedMinor >= (got[index] ?? 0n)).toBe(true)
            got[index] = one.returnedMinor
          }
          assertParts('a purchase', returnedParts(paid, after), paidMinor, after)
          // Discounts are paid out in cash by less than a fen.
          const ownBack = moneyMinor(
            returnedParts(paid, after).map((one) => ({ ...one, amountMinor: one.returnedMinor })),
          )
          const exact = moneyMinor(paid) * after
          expect(ownBack * paidMinor - exact >= 0n && ownBack * paidMinor - exact < paidMinor).toBe(true)
          before = after
        }
        expect(got).toEqual(paid.map((one) => one.amountMinor))
      }),
    )
  })
})

describe('what the seller earns', () => {
  it('is less its share of a discount of its own, over any parts the same in the end', () => {
    const parts = [part('coupon', 'merchant', 1000n), part('coupon', 'platform', 500n), part('balance', 'buyer', 1500n)]
    expect(earnedMinor(null, 3000n)).toBe(3000n)
    expect(earnedMinor(parts, 3000n)).toBe(2000n)
    expect(earnedMinor(parts, 1n)).toBe(1n)
    expect(earnedMinor(parts, 3n)).toBe(2n)
  })
})
