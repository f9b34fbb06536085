export const CHANNEL_BANK_STATES = ['open', 'paused'] as const
type ChannelBankState = (typeof CHANNEL_BANK_STATES)[number]

/** A bank whose cards can be bound here. Paused it takes no new orders; those on their way go on. */
export interface ChannelBank {
  /** Its number in the clearing system. */
  readonly member: string
  readonly name: string
  readonly state: ChannelBankState
  /** What a customer is asked to let us take at most, at once and on a day. */
  readonly singleMaxMinor: bigint
  readonly dayMaxMinor: bigint
  /** How many orders a second it takes; null where it did not say. */
  readonly capacity: number | null
  /** What it charges us for money that comes from it, in millionths of the amount. */
  readonly costMillionths: number
}
