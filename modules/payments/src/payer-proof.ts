import { type Caller, isAtLeast, type ProofStrength } from '@huitong/contract'
import type { Strength } from '@huitong/pricing'
import { NOT_ASSESSED, type PaymentWay, type RiskAssessment, type RiskProvider } from './risk-port.ts'
import { callerStrength, SESSION_STRENGTH } from './session-strength.ts'

/**
 * What a command knows about the one who pays: the proof that he gave and what was thought of the payment at the door. It decides whether
 * he may pay and is no part of what was asked for, so it stays out of the canonical form of inputs.
 */
export interface PayerInput {
  /** As a link proves it unless told. */
  readonly strength?: ProofStrength | undefined
  /** Nobody's unless told. */
  readonly assessment?: RiskAssessment | undefined
}

export interface PayerProof {
  readonly way: PaymentWay
  readonly proven: ProofStrength
  readonly assessment: RiskAssessment
}

/** A code lives for minutes on a device that is signed in: something one has, and the session. */
const CODE_PROVES: ProofStrength = 'two_factors'

/** What a payer proved by paying in this way, in a session or without one. */
export function payerProof(
  way: PaymentWay,
  { strength = SESSION_STRENGTH, assessment = NOT_ASSESSED }: PayerInput,
): PayerProof {
  const byCode = way === 'payment_code' || way === 'authorisation'
  return { way, proven: byCode && !isAtLeast(strength, CODE_PROVES) ? CODE_PROVES : strength, assessment }
}

/** On which limits hang: a code on a wall is the weakest, whatever the payer's proof. */
export function limitStrength({ way, proven }: PayerProof): Strength {
  return way === 'static_code' || way === 'partner' ? 'static_code' : proven
}

/** Where one asks. */
interface Assessor {
  readonly outlays: Pick<RiskProvider, 'assess'>
}

/** Asks at the door about a payment that this caller is about to make. */
export async function assessedPayer(
  { outlays }: Assessor,
  caller: Caller,
  payment: { readonly way: PaymentWay; readonly amountMinor: bigint | null },
): Promise<{ readonly strength: ProofStrength; readonly assessment: RiskAssessment }> {
  const signedInAt = caller.kind === 'customer' ? (caller.signedInAt ?? null) : null
  const assessment = await outlays.assess({ ...payment, customer: caller.customerId ?? null, signedInAt })
  return { strength: callerStrength(caller), assessment }
}

/** The same for a code that its payer shows: nobody knows yet whose it is. */
export function assessedCode({ outlays }: Assessor, way: PaymentWay, amountMinor: bigint): Promise<RiskAssessment> {
  return outlays.assess({ way, amountMinor, customer: null, signedInAt: null })
}
