import type { CustomerStatus } from '@huitong/party'

/*
 * What may become of a customer's account, by whom, and in which state. A dormant wallet is a state of the ledger and stands beside these.
 *
 * Who died pays nothing more and is paid nothing new, since every payment asks for an active payer and payee; what is owed from before, such
 * as a refund, still comes in and stays for the heirs.
 */

export const LIFECYCLE_ACTIONS = [
  'close',
  'wake',
  'freeze',
  'unfreeze',
  'record_death',
  'withdraw_death',
  'pay_estate',
] as const
export type LifecycleAction = (typeof LIFECYCLE_ACTIONS)[number]

interface Rule {
  readonly from: readonly CustomerStatus[]
  readonly to: CustomerStatus
  /** The customer after a fresh proof, one member of staff, or two. */
  readonly actor: 'customer' | 'staff' | 'two_staff'
}

export const LIFECYCLE: Readonly<Record<LifecycleAction, Rule>> = {
  close: { from: ['active'], to: 'closed', actor: 'customer' },
  wake: { from: ['active'], to: 'active', actor: 'customer' },
  freeze: { from: ['active'], to: 'frozen', actor: 'staff' },
  unfreeze: { from: ['frozen'], to: 'active', actor: 'two_staff' },
  record_death: { from: ['active', 'frozen'], to: 'deceased', actor: 'two_staff' },
  withdraw_death: { from: ['deceased'], to: 'active', actor: 'two_staff' },
  pay_estate: { from: ['deceased'], to: 'closed', actor: 'two_staff' },
}

/** `already`: it is as it was asked for, so a repeat changes nothing. */
export function lifecycleVerdict(status: CustomerStatus, action: LifecycleAction): 'may' | 'already' | 'may_not' {
  const { from, to } = LIFECYCLE[action]
  if (from.includes(status)) return 'may'
  return status === to ? 'already' : 'may_not'
}
