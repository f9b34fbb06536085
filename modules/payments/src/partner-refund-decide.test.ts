import { invariant } from '@huitong/kernel'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PartnerReceipt } from './partner.ts'
import { decidePartnerRefund } from './partner-refund-decide.ts'

const RECEIPT: PartnerReceipt = {
  ...{ id: 1, partner: 'yunhe', paymentNumber: 'N-1', reference: 'r', owner: { kind: 'merchant', id: 2 } },
  ...{ amountMinor: 10_000n, feeMinor: 60n, refundedMinor: 0n, feeReturnedMinor: 0n, receivedAt: 100 },
}

describe('a refund to another platform', () => {
  it.each<[string, Partial<PartnerReceipt>, bigint, number, string]>([
    ['of nothing', {}, 0n, 0, 'amount_out_of_range'],
    ['of less than nothing', {}, -1n, 0, 'amount_out_of_range'],
    ['of a payment of long ago, and too much', {}, 10_001n, 101, 'trade_already_finished'],
    ['of more than was paid', {}, 10_001n, 100, 'refund_exceeds_rest'],
    ['of more than is left', { refundedMinor: 9_000n }, 1_001n, 100, 'refund_exceeds_rest'],
  ])('%s is refused', (_, change, amount, since, code) => {
    expect(decidePartnerRefund({ ...RECEIPT, ...change }, amount, since)).toEqual({ ok: false, error: { code } })
  })

  it('gives the fee back in proportion, and all of it with all of the payment, whatever was refused in between', () => {
    const part = fc.record({ minor: fc.bigInt({ min: 1n, max: 4_000n }), refused: fc.boolean() })
    const history = fc.record({
      feeMinor: fc.bigInt({ min: 0n, max: 5_000n }),
      parts: fc.array(part, { maxLength: 12 }),
    })
    fc.assert(
      fc.property(history, ({ feeMinor, parts }) => {
        let receipt: PartnerReceipt = { ...RECEIPT, feeMinor }
        const pending: { readonly minor: bigint; readonly fee: bigint }[] = []
        for (const { minor, refused } of parts) {
          const step = decidePartnerRefund(receipt, minor, 0)
          if (!step.ok) continue
          expect(step.value.feeReturnedMinor).toBeGreaterThanOrEqual(0n)
          expect(step.value.feeReturnedMinor).toBeLessThanOrEqual(minor)
          receipt = step.value.receipt
          expect(receipt.feeReturnedMinor).toBeLessThanOrEqual(feeMinor)
          pending.push({ minor, fee: step.value.feeReturnedMinor })
          const back = refused ? pending.shift() : undefined
          if (back === undefined) continue
          const refundedMinor = receipt.refundedMinor - back.minor
          receipt = { ...receipt, refundedMinor, feeReturnedMinor: receipt.feeReturnedMinor - back.fee }
        }
        const rest = receipt.amountMinor - receipt.refundedMinor
        if (rest < feeMinor) return
        const last = decidePartnerRefund(receipt, rest, 0)
        invariant(last.ok, 'the rest can be refunded')
        expect(last.value.receipt.feeReturnedMinor).toBe(feeMinor)
      }),
    )
  })
})
