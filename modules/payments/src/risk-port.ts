import type { ProofStrength } from '@huitong/contract'

/*
 * The port by which a payment is judged before it is made. Payments own it; a risk module implements it, and the program wires the two.
 *
 * Judging has two halves. `assess` runs at the door, before the command is queued: models, features and whatever is slow belong there,
 * since nothing of the kind may run on the committer's event loop. What it says goes into the command as data, with its version. `judge`
 * runs inside the decision, as a function of the working set: there the counters are, so that of many payments in one batch each sees those
 * before it. The stricter of the two counts.
 */

/** What may become of a payment, mildest first. */
type RiskOutcome = 'allow' | 'step_up' | 'hold' | 'deny'

/** How a payment is made, as far as risk cares. */
export const PAYMENT_WAYS = [
  'wallet',
  'payment_code',
  'static_code',
  'transfer',
  'authorisation',
  'escrow',
  'partner',
  'withdrawal',
  'card',
] as const
export type PaymentWay = (typeof PAYMENT_WAYS)[number]

/** What is known of a payment at the door. */
export interface RiskQuestion {
  readonly way: PaymentWay
  /** Null where the payer is known only inside, as of a code that was shown. */
  readonly customer: number | null
  /** Null where only the command knows it. */
  readonly amountMinor: bigint | null
  /** When the payer's session began, in µs; null where there is none. */
  readonly signedInAt: number | null
}

/** What was thought of a payment at the door. */
export interface RiskAssessment {
  readonly outcome: RiskOutcome
  /** What a step-up asks for, else null. */
  readonly proof: ProofStrength | null
  readonly reasons: readonly string[]
  /** Who thought so, and which version of it, such as `models@12`; null where nobody was asked. */
  readonly by: string | null
  readonly signedInAt: number | null
}

export interface RiskVerdict {
  readonly outcome: RiskOutcome
  readonly proof: ProofStrength | null
  readonly reasons: readonly string[]
  /** All that it was judged by: kept with the payment. */
  readonly by: readonly string[]
}

/** A payment that is about to be made. */
interface JudgedPayment {
  readonly customer: number
  readonly way: PaymentWay
  readonly amountMinor: bigint
  /** What the payer has proved for it. A rule that asks for no more is content. */
  readonly proven: ProofStrength
}

export interface RiskProvider {
  /** Outside the committer. It answers within its own bounds and says itself what its silence means; a throw is a failed request. */
  assess(question: RiskQuestion): Promise<RiskAssessment>
  /** Announces the rows that judging a payment of this customer reads. */
  need(customer: number): void
  judge(payment: JudgedPayment, assessment: RiskAssessment): RiskVerdict
  /** Counts a payment whose money is taken or held. */
  count(customer: number, amountMinor: bigint): void
  /** From this amount on the release of a held payment takes two members of staff; null: never. */
  secondPersonFromMinor(): bigint | null
}

/** What a command that nobody assessed goes by. */
export const NOT_ASSESSED: RiskAssessment = { outcome: 'allow', proof: null, reasons: [], by: null, signedInAt: null }

/** Allows everything: for books without a risk module. */
export const NO_RISK: RiskProvider = {
  assess: async ({ signedInAt }) => ({ ...NOT_ASSESSED, signedInAt }),
  need: () => undefined,
  judge: () => ({ outcome: 'allow', proof: null, reasons: [], by: [] }),
  count: () => undefined,
  secondPersonFromMinor: () => null,
}
