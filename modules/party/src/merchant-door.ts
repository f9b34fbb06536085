import { type Chance, err, ok, type Result, SLOTS } from '@huitong/kernel'
import { type FieldFault, readName } from './customer-door.ts'
import type { MerchantRegistration } from './merchant.ts'

/** More than a tenth of every payment is a slip of the keyboard. */
export const FEE_RATE_MILLIONTHS_MAX = 100_000

export interface MerchantRequest {
  readonly name: string
  readonly feeRateMillionths: number
}

/** Judges a request for a new merchant and draws its slot. */
export function readMerchantRegistration(
  request: MerchantRequest,
  chance: Chance,
): Result<MerchantRegistration, FieldFault> {
  const name = readName(request.name, 'name')
  if (!name.ok) return name
  const { feeRateMillionths } = request
  if (!Number.isInteger(feeRateMillionths) || feeRateMillionths < 0 || feeRateMillionths > FEE_RATE_MILLIONTHS_MAX) {
    const message = `A fee rate is a whole number of millionths from 0 to ${FEE_RATE_MILLIONTHS_MAX}.`
    return err({ field: 'feeRateMillionths', rule: 'range', message })
  }
  return ok({ slot: chance.below(SLOTS), name: name.value, feeRateMillionths })
}
