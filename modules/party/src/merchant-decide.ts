import type { WorkingSet } from '@huitong/committer'
import { err, invariant, type Micros, ok, publicId, type Result } from '@huitong/kernel'
import { feeRateTable } from './fee-rate-store.ts'
import { feeRateAt, type Merchant, type MerchantRegistration } from './merchant.ts'
import { merchantTable } from './merchant-store.ts'
import type { NextNumber } from './number-decide.ts'
import type { PartyRefusal } from './party-refusals.ts'

export interface Merchants {
  /** Announces the merchant and its fee rates. */
  needMerchant(id: number): void
  merchant(id: number): Merchant | undefined
  /** The share of a payment that the institution keeps, in millionths, as of this batch. The merchant must exist. */
  feeRateMillionths(merchantId: number): number
  needMerchantRegistration(request: MerchantRegistration): void
  /** Refuses nothing today. The caller opens the settlement account in the same command. */
  registerMerchant(request: MerchantRegistration): Result<Merchant, PartyRefusal>
  /** Dates a new fee rate from now or later on. Refuses `merchant_unknown`, `fee_rate_in_the_past`. */
  setFeeRate(request: FeeRateChange): Result<FeeRateChange, PartyRefusal>
}

export interface FeeRateChange {
  readonly merchantId: number
  readonly feeRateMillionths: number
  /** Undefined: from this batch on. */
  readonly validFrom?: Micros
}

export function createMerchants(set: WorkingSet, nextNumber: NextNumber): Merchants {
  const merchants = set.table(merchantTable)
  const feeRates = set.table(feeRateTable)

  return {
    needMerchant: (id) => {
      merchants.need(id)
      feeRates.need(id)
    },
    merchant: (id) => merchants.get(id),
    feeRateMillionths: (merchantId) => {
      const rates = feeRates.get(merchantId)
      invariant(rates !== undefined, 'a fee rate is asked for a merchant that exists')
      return feeRateAt(rates, set.batch.at)
    },

    needMerchantRegistration: () => nextNumber.need('person'),
    registerMerchant: (request) => {
      const merchant: Merchant = {
        id: set.newId(request.slot),
        sellerNumber: nextNumber.take('person'),
        name: request.name,
        status: 'active',
        registeredAt: set.batch.at,
      }
      merchants.add(merchant.id, merchant)
      feeRates.add(merchant.id, [{ validFrom: set.batch.at, feeRateMillionths: request.feeRateMillionths }])
      const id = publicId('mrch', merchant.id)
      set.emit({ topic: 'party.merchant-registered', key: id, body: JSON.stringify({ merchant: id }) })
      return ok(merchant)
    },

    setFeeRate: (request) => {
      if (merchants.get(request.merchantId) === undefined) return err({ code: 'merchant_unknown' })
      const rates = feeRates.get(request.merchantId) ?? []
      const validFrom = request.validFrom ?? set.batch.at
      const last = rates.at(-1)
      if (validFrom < set.batch.at || (last !== undefined && validFrom <= last.validFrom)) {
        return err({ code: 'fee_rate_in_the_past' })
      }
      feeRates.put(request.merchantId, [...rates, { validFrom, feeRateMillionths: request.feeRateMillionths }])
      return ok({ ...request, validFrom })
    },
  }
}
