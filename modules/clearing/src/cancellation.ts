import type { Micros } from '@huitong/kernel'

export const CANCELLATION_STATES = ['asked', 'pending', 'accepted', 'refused'] as const
export type CancellationState = (typeof CANCELLATION_STATES)[number]

/** A request to give settled money back. The money itself comes as a return, which refers to the payment and not to this. */
export interface Cancellation {
  /** Who asked, and how he calls it. */
  readonly key: string
  readonly payment: string
  readonly asker: string
  readonly answerer: string
  readonly messageId: string
  readonly state: CancellationState
  readonly reason: string | null
  readonly askedAt: Micros
  readonly answeredAt: Micros | null
}

/** Whether an answer is passed on: the first that says yes or no ends it, and looking at it may be said before. */
export const CANCELLATION_TABLE: Readonly<
  Record<CancellationState, Readonly<Record<Exclude<CancellationState, 'asked'>, boolean>>>
> = {
  asked: { pending: true, accepted: true, refused: true },
  pending: { pending: false, accepted: true, refused: true },
  accepted: { pending: false, accepted: false, refused: false },
  refused: { pending: false, accepted: false, refused: false },
}
