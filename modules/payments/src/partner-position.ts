import type { Partner } from './partner.ts'
import type { Purses } from './purse.ts'

/**
 * Whether this much more stays within what was agreed. What each owes the other is taken off: a refund of a payment that is not settled yet
 * makes nobody's debt larger. Promises count on the side that grows, and not on the other, where they may come to nothing.
 */
export function isWithinLimit(
  purses: Purses,
  partner: Partner,
  grows: 'payable' | 'receivable',
  amountMinor: bigint,
): boolean {
  const payable = purses.position(partner.payableAccount)
  const receivable = purses.position(partner.receivableAccount)
  return grows === 'payable'
    ? purses.positionMinor(payable) + amountMinor - purses.availableMinor(receivable) <= partner.payableMinorMax
    : purses.positionMinor(receivable) + amountMinor - purses.availableMinor(payable) <= partner.receivableMinorMax
}
