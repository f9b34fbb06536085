import type { Refusal } from '@huitong/committer'
import { err, ok, type Result } from '@huitong/kernel'
import type { Limits } from '@huitong/pricing'
import { type PayerLimitCode, payerLimit } from './payer-limit.ts'
import { limitStrength, type PayerProof } from './payer-proof.ts'
import type { RiskProvider, RiskVerdict } from './risk-port.ts'

/** Money that is about to leave a customer's wallet. */
export interface PayerOutlay {
  readonly customer: number
  readonly amountMinor: bigint
  /** A new id: what spends. */
  readonly reference: number
  readonly proof: PayerProof
}

/** Why a customer may not spend. */
export interface OutlayRefusal extends Refusal {
  readonly code: PayerLimitCode | 'payment_denied' | 'further_proof_required'
}

/** Whether customers may spend: by the verdict on their payment and by their limits. Modules above spend through it too. */
export interface Outlays {
  /** Asks about a payment at the door, outside the committer. */
  assess: RiskProvider['assess']
  need(customer: number): void
  judge(outlay: PayerOutlay): RiskVerdict
  /** Counts what was judged and is now taken or held, or refuses by a limit. */
  spend(outlay: PayerOutlay, verdict: RiskVerdict): Result<null, OutlayRefusal>
  /** Counts a payment of which limits are judged elsewhere. */
  count: RiskProvider['count']
  /**
   * For payments that cannot wait for anybody: what needs more proof is refused, to be asked for again by a payer who has given it, and what
   * staff should look at first is refused for good.
   */
  admit(outlay: PayerOutlay): Result<RiskVerdict, OutlayRefusal>
  /** The same, and counted. */
  spendAtOnce(outlay: PayerOutlay): Result<null, OutlayRefusal>
}

export function createOutlays(limits: Limits, risk: RiskProvider): Outlays {
  function spend(outlay: PayerOutlay, verdict: RiskVerdict): Result<null, OutlayRefusal> {
    const { customer, amountMinor, reference, proof } = outlay
    const strength = limitStrength(proof)
    const spent = payerLimit(limits.spend({ customer, strength, amountMinor, reference, judgedBy: verdict.by }))
    if (spent.ok) risk.count(customer, amountMinor)
    return spent
  }

  function judge({ customer, amountMinor, proof }: PayerOutlay): RiskVerdict {
    const { way, proven, assessment } = proof
    return risk.judge({ customer, amountMinor, way, proven }, assessment)
  }

  return {
    assess: risk.assess,
    need: (customer) => {
      limits.needSpending(customer)
      risk.need(customer)
    },
    judge,
    spend,
    count: risk.count,
    admit,
    spendAtOnce: (outlay) => {
      const admitted = admit(outlay)
      return admitted.ok ? spend(outlay, admitted.value) : admitted
    },
  }

  function admit(outlay: PayerOutlay): Result<RiskVerdict, OutlayRefusal> {
    const verdict = judge(outlay)
    switch (verdict.outcome) {
      case 'allow':
        return ok(verdict)
      case 'step_up':
        return proofRefusal(verdict)
      case 'hold':
      case 'deny':
        return err({ code: 'payment_denied' })
    }
  }
}

/** Says which proof is missing; it is the payer's to give, so it may be told. */
export function proofRefusal({ proof }: Pick<RiskVerdict, 'proof'>): {
  readonly ok: false
  readonly error: OutlayRefusal
} {
  return err({ code: 'further_proof_required', facts: proof === null ? {} : { proof } })
}
