import type { ActorKind } from './escrow-trade.ts'

/** Everything that can happen to a trade; also the topics of its events, after `escrow.`. A name never gets another meaning. */
export const STEP_KINDS = [
  'opened',
  'paid',
  'closed',
  'expired',
  'cancelled',
  'shipped',
  'not_shipped',
  'confirmed',
  'confirmed_by_time',
  'extended',
  'disputed',
  'offered',
  'agreed',
  'lapsed',
  'withdrawn',
  'escalated',
  'evidence_added',
  'judgement_proposed',
  'judgement_rejected',
  'judged',
  'unjudged',
  'refunded',
] as const
export type StepKind = (typeof STEP_KINDS)[number]

export interface Actor {
  readonly kind: ActorKind
  /** Caller id, such as `customer:1024`; `time` for what nobody did. */
  readonly id: string
}

export const TIME: Actor = { kind: 'time', id: 'time' }

/** What one step was, as the pure rules say it. */
export interface StepNote {
  readonly kind: StepKind
  readonly actor: Actor
  readonly shipment: number | null
  readonly dispute: number | null
  /** What the step was about: shipped, claimed, offered, judged, refunded. */
  readonly amountMinor: bigint | null
  /** What left the escrow with it. */
  readonly releasedMinor: bigint
  readonly returnedMinor: bigint
}

/** One line of a trade's history, never changed. */
export interface Step extends StepNote {
  readonly trade: number
  readonly number: number
  readonly at: number
}
