import type { Micros } from '@huitong/kernel'

/** Whether a customer's own paying is stopped, and by what. */
export interface PayingStop {
  readonly customer: number
  /** The ledger's freeze of the wallet; null when paying is allowed again. */
  readonly freeze: number | null
  /** Why, as the id of the thing that is the reason, such as a lost device. */
  readonly reference: string
  readonly changedAt: Micros
}
