import { isAtLeast, type ProofStrength } from '@huitong/contract'
import { OUTCOMES, type Outcome, type Policy, type Rule, type Way } from './policy.ts'
import type { Velocity } from './velocity.ts'

/** A payment that is about to be made. */
export interface Payment {
  readonly customer: number
  readonly way: Way
  readonly amountMinor: bigint
  /** What the payer has proved for it. */
  readonly proven: ProofStrength
  /** When the payer's session began, in µs; null where none is known, as of a code that was shown. */
  readonly signedInAt: number | null
}

export interface Judgement {
  readonly outcome: Outcome
  /** What a step-up asks for, else null. */
  readonly proof: ProofStrength | null
  /** The rules that say so. */
  readonly reasons: readonly string[]
}

const ALLOWED: Judgement = { outcome: 'allow', proof: null, reasons: [] }

/** `counted` has this payment in it. */
export function judgeByPolicy(policy: Policy, payment: Payment, counted: Velocity, now: number): Judgement {
  let strictest = ALLOWED
  for (const rule of policy.rules) {
    if (!applies(rule, payment, counted, now)) continue
    strictest = stricter(strictest, { outcome: rule.outcome, proof: rule.proof, reasons: [rule.id] })
  }
  return strictest
}

/** The stricter of two judgements; of two equal ones both reasons, and the better proof. */
export function stricter(a: Judgement, b: Judgement): Judgement {
  const [left, right] = [OUTCOMES.indexOf(a.outcome), OUTCOMES.indexOf(b.outcome)]
  if (left !== right) return left > right ? a : b
  return { outcome: a.outcome, proof: better(a.proof, b.proof), reasons: [...a.reasons, ...b.reasons] }
}

function better(a: ProofStrength | null, b: ProofStrength | null): ProofStrength | null {
  if (a === null || b === null) return a ?? b
  return isAtLeast(a, b) ? a : b
}

function applies(rule: Rule, payment: Payment, counted: Velocity, now: number): boolean {
  const { ways, amountFromMinor, hourCountFrom, hourFromMinor, dayCountFrom, dayFromMinor, sessionYoungerThan } = rule
  if (rule.proof !== null && isAtLeast(payment.proven, rule.proof)) return false
  if (ways !== null && !ways.includes(payment.way)) return false
  if (amountFromMinor !== null && payment.amountMinor < amountFromMinor) return false
  if (hourCountFrom !== null && counted.hourCount < hourCountFrom) return false
  if (hourFromMinor !== null && counted.hourMinor < hourFromMinor) return false
  if (dayCountFrom !== null && counted.dayCount < dayCountFrom) return false
  if (dayFromMinor !== null && counted.dayMinor < dayFromMinor) return false
  if (sessionYoungerThan !== null) {
    if (payment.signedInAt === null || now - payment.signedInAt >= sessionYoungerThan) return false
  }
  return true
}
