import type { WorkingSet } from '@huitong/committer'
import type { ProofStrength } from '@huitong/contract'
import { beijingDay } from '@huitong/kernel'
import type { Outcome, Way } from './policy.ts'
import { type Judgement, judgeByPolicy, type Payment, stricter } from './policy-decide.ts'
import { POLICIES, policyTable } from './policy-store.ts'
import { inForce, type PolicyVersion } from './policy-version.ts'
import { createRiskCommands, type RiskCommands } from './risk-commands.ts'
import { velocityAt, withPayment } from './velocity.ts'
import { velocityTable } from './velocity-store.ts'

/** What is known of a payment at the door, before its command is queued. */
export interface Question {
  readonly way: Way
  /** Null where the payer is known only inside, as of a code. */
  readonly customer: number | null
  /** Null where only the command knows it. */
  readonly amountMinor: bigint | null
  readonly signedInAt: number | null
}

/** What was thought of a payment outside the committer. It goes into the command as data. */
export interface Assessment extends Judgement {
  /** Who thought so, and which version of it; null where nobody was asked. */
  readonly by: string | null
  readonly signedInAt: number | null
}

export interface Verdict {
  readonly outcome: Outcome
  readonly proof: ProofStrength | null
  readonly reasons: readonly string[]
  /** What it was judged by, such as `policy@3`: kept with the payment. */
  readonly by: readonly string[]
}

/**
 * Judges payments. It fits the port of the module that makes them, which the program wires.
 *
 * Outside the committer nothing slow is thought yet: `assess` is where models will be asked. Inside, `judge` reads the policy in force
 * and the payer's counters, so the second payment of a batch sees the first.
 */
export interface Risk {
  assess(question: Question): Promise<Assessment>
  need(customer: number): void
  judge(payment: Omit<Payment, 'signedInAt'>, assessment: Assessment): Verdict
  /** Counts a payment whose money was taken or held. */
  count(customer: number, amountMinor: bigint): void
  /** From this amount on the release of a held payment takes two; null: never. */
  secondPersonFromMinor(): bigint | null
  readonly commands: RiskCommands
}

export function createRisk(set: WorkingSet): Risk {
  const policies = set.table(policyTable)
  const velocities = set.table(velocityTable)
  const current = (): PolicyVersion | undefined => inForce(policies.get(POLICIES) ?? [], beijingDay(set.batch.at))

  return {
    assess: async ({ signedInAt }) => ({ outcome: 'allow', proof: null, reasons: [], by: null, signedInAt }),

    need: (customer) => {
      policies.need(POLICIES)
      velocities.need(customer)
    },

    judge: (payment, assessment) => {
      const version = current()
      const by = assessment.by === null ? [] : [assessment.by]
      const assessed = { ...assessment, proof: assessment.outcome === 'step_up' ? assessment.proof : null }
      if (version === undefined) return { ...judgementOf(assessed), by }
      const now = set.batch.at
      const counted = withPayment(velocityAt(velocities.get(payment.customer), now), payment.amountMinor)
      const judged = judgeByPolicy(version.policy, { ...payment, signedInAt: assessment.signedInAt }, counted, now)
      return { ...stricter(judgementOf(assessed), judged), by: [...by, `policy@${version.version}`] }
    },

    count: (customer, amountMinor) => {
      // Without a policy nobody asks how often somebody pays.
      if (current() === undefined) return
      velocities.put(customer, withPayment(velocityAt(velocities.get(customer), set.batch.at), amountMinor))
    },

    secondPersonFromMinor: () => current()?.policy.secondPersonFromMinor ?? null,
    commands: createRiskCommands(set, policies),
  }
}

function judgementOf({ outcome, proof, reasons }: Judgement): Judgement {
  return { outcome, proof, reasons }
}
