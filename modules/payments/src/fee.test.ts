import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { feeReturnMinor, paymentFeeMinor } from './fee.ts'

describe('the fee of a payment', () => {
  it.each([
    // paid, rate in millionths, fee; all in fen
    [8888n, 6000, 53n],
    [10000n, 6000, 60n],
    [75n, 6000, 0n], // 0.45 fen
    [84n, 6000, 1n], // 0.504 fen
    [250n, 6000, 2n], // 1.5 fen: a half goes up
    [1n, 6000, 0n],
    [1n, 500_000, 1n], // half a fen goes up
    [1n, 1_000_000, 1n],
    [10_000_000_000n, 3800, 38_000_000n],
    [9_223_372_036_854_775_807n, 999_999, 9_223_362_813_482_738_952n],
    [123n, 0, 0n],
  ])('of %s at %i millionths is %s', (paid, rate, fee) => {
    expect(paymentFeeMinor(paid, rate)).toBe(fee)
  })

  it('is never more than the payment', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 10n), fc.integer({ min: 0, max: 1_000_000 }), (paid, rate) => {
        const fee = paymentFeeMinor(paid, rate)
        expect(fee >= 0n && fee <= paid).toBe(true)
      }),
    )
  })

  it('takes no rate above the whole', () => {
    expect(() => paymentFeeMinor(100n, 1_000_001)).toThrow()
  })
})

describe('the fee that goes back with refunds', () => {
  it('is, over any split of the whole, exactly the whole fee, and never more than its share and a fen', () => {
    const payment = fc
      .bigInt(1n, 1_000_000n)
      .chain((paidMinor) => fc.record({ paidMinor: fc.constant(paidMinor), feeMinor: fc.bigInt(0n, paidMinor) }))
    fc.assert(
      fc.property(payment, fc.array(fc.bigInt(1n, 400_000n), { maxLength: 30 }), ({ paidMinor, feeMinor }, parts) => {
        let refunded = 0n
        let feeReturnedMinor = 0n
        const refund = (part: bigint) => {
          refunded += part
          const back = feeReturnMinor({ paidMinor, feeMinor, feeReturnedMinor }, refunded)
          expect(back >= 0n).toBe(true)
          feeReturnedMinor += back
          expect(feeReturnedMinor <= feeMinor).toBe(true)
          // What is returned so far differs from the exact share by at most half a fen.
          const twiceOff = 2n * (feeReturnedMinor * paidMinor - feeMinor * refunded)
          expect(twiceOff <= paidMinor && twiceOff >= -paidMinor).toBe(true)
        }
        for (const part of parts) if (refunded + part < paidMinor) refund(part)
        refund(paidMinor - refunded)
        expect(feeReturnedMinor).toBe(feeMinor)
      }),
    )
  })

  it('comes fen by fen for a payment refunded fen by fen', () => {
    const returned: bigint[] = []
    let feeReturnedMinor = 0n
    for (let refunded = 1n; refunded <= 10n; refunded += 1n) {
      const back = feeReturnMinor({ paidMinor: 10n, feeMinor: 3n, feeReturnedMinor }, refunded)
      returned.push(back)
      feeReturnedMinor += back
    }
    expect(returned).toEqual([0n, 1n, 0n, 0n, 1n, 0n, 0n, 0n, 1n, 0n])
  })
})
