import type { PaymentRefusalCode } from './trade-refusals.ts'

export const DELAYED_TRANSFER_STATES = ['held', 'sent', 'recalled', 'returned'] as const
type DelayedTransferState = (typeof DELAYED_TRANSFER_STATES)[number]

export const DELAYED_TRANSFER_ACTIONS = ['recall', 'release'] as const
export type DelayedTransferAction = (typeof DELAYED_TRANSFER_ACTIONS)[number]

/**
 * A transfer that its payer can take back for two hours or a day, against swindlers who press for haste. Until then its money is held:
 * the payer cannot spend it, and the payee does not have it.
 *
 *     held ──recall, in time──► recalled
 *      └──time over──► sent, or returned when the payee cannot receive
 */
export interface DelayedTransfer {
  readonly id: number
  /** A customer. */
  readonly payer: number
  /** The payer's own number, unique among the payer's delayed transfers. */
  readonly transferNumber: string
  readonly payee: number
  readonly amountMinor: bigint
  readonly title: string | null
  readonly remark: string | null
  /** The ledger's hold. */
  readonly hold: number
  readonly state: DelayedTransferState
  readonly createdAt: number
  /** Until then it can be recalled, in µs. */
  readonly releasesAt: number
  readonly endedAt: number | null
  /** The transfer that it became. */
  readonly transfer: number | null
}

/** Why an action is refused at a time; undefined when it is allowed. What is over cannot be recalled, even before the job has sent it. */
export function delayedTransferFault(
  { state, releasesAt }: Pick<DelayedTransfer, 'state' | 'releasesAt'>,
  action: DelayedTransferAction,
  now: number,
): PaymentRefusalCode | undefined {
  if (state !== 'held') return 'delayed_transfer_over'
  if (action === 'recall') return releasesAt <= now ? 'delayed_transfer_over' : undefined
  return releasesAt > now ? 'trade_not_due' : undefined
}

export function delayedTransferKey(payer: number, transferNumber: string): string {
  return `${payer}:${transferNumber}`
}
