import type { Step } from '../src/step.ts'

interface OracleShipment {
  open: bigint
}
interface OracleDispute {
  readonly shipment: number
  readonly claim: bigint
  buyerOffer: bigint
  merchantOffer: bigint | null
  turn: 'buyer' | 'merchant' | 'staff' | 'over'
  proposal: { readonly refund: bigint; readonly by: string } | null
}

/**
 * What a trade's history must have done to its money, from who did what and about how much. It shares no code with the rules: it keeps
 * its own few numbers, and says whatever it finds impossible.
 */
export class Oracle {
  readonly problems: string[] = []
  readonly #total: bigint
  readonly #rate: bigint
  readonly #shipments: OracleShipment[] = []
  readonly #disputes: OracleDispute[] = []
  #paid = false
  #unshipped = 0n
  #frozen = 0n
  #released = 0n
  #returned = 0n
  #refunded = 0n

  constructor(totalMinor: bigint, rateMillionths: bigint) {
    this.#total = totalMinor
    this.#rate = rateMillionths
  }

  get heldMinor(): bigint {
    return this.#unshipped + this.#frozen + this.#shipments.reduce((sum, one) => sum + one.open, 0n)
  }

  /** What the buyer has more than before; mostly less than nothing. */
  get buyerGainedMinor(): bigint {
    return this.#returned + this.#refunded - (this.#paid ? this.#total : 0n)
  }

  get merchantGainedMinor(): bigint {
    // Half a fen is rounded up, of the whole fee and of the whole that comes back of it.
    const fee = (2n * this.#released * this.#rate + 1_000_000n) / 2_000_000n
    const back = this.#released === 0n ? 0n : (2n * fee * this.#refunded + this.#released) / (2n * this.#released)
    return this.#released - this.#refunded - fee + back
  }

  apply(step: Step): void {
    const released = this.#released
    const returned = this.#returned
    this.#happen(step)
    this.#expect(step, this.#released - released === step.releasedMinor, 'released another amount')
    this.#expect(step, this.#returned - returned === step.returnedMinor, 'returned another amount')
  }

  #expect(step: Step, holds: boolean, problem: string): void {
    if (!holds) this.problems.push(`step ${step.number} (${step.kind} by ${step.actor.kind}): ${problem}`)
  }

  #happen(step: Step): void {
    const amount = step.amountMinor ?? 0n
    const shipment = this.#shipments[(step.shipment ?? 0) - 1]
    const dispute = this.#disputes[(step.dispute ?? 0) - 1]
    const { kind, actor } = step
    switch (kind) {
      case 'opened':
      case 'closed':
      case 'expired': {
        this.#expect(step, !this.#paid, 'it was paid')
        return
      }
      case 'paid':
        this.#expect(step, !this.#paid && amount === this.#total && actor.kind === 'buyer', 'not a first whole payment')
        this.#paid = true
        this.#unshipped = this.#total
        return
      case 'cancelled':
      case 'not_shipped':
        this.#expect(step, amount === this.#unshipped && amount > 0n, 'not what was unshipped')
        this.#returned += this.#unshipped
        this.#unshipped = 0n
        return
      case 'shipped':
        this.#expect(step, amount > 0n && amount <= this.#unshipped && actor.kind === 'merchant', 'more than unshipped')
        this.#unshipped -= amount
        this.#shipments.push({ open: amount })
        {
          this.#expect(step, step.shipment === this.#shipments.length, 'numbered otherwise')
          return
        }
      case 'confirmed':
      case 'confirmed_by_time':
        if (shipment === undefined) {
          this.#expect(step, false, 'no such shipment')
          return
        }
        this.#expect(step, amount === shipment.open && amount > 0n, 'not what was open')
        this.#released += shipment.open
        shipment.open = 0n
        return
      case 'disputed':
        if (shipment === undefined) {
          this.#expect(step, false, 'no such shipment')
          return
        }
        this.#expect(step, amount > 0n && amount <= shipment.open && actor.kind === 'buyer', 'more than open')
        shipment.open -= amount
        this.#frozen += amount
        this.#disputes.push({
          ...{ shipment: step.shipment ?? 0, claim: amount, buyerOffer: amount, merchantOffer: null },
          ...{ turn: 'merchant', proposal: null },
        })
        return
      case 'refunded':
        this.#expect(step, this.heldMinor === 0n && this.#refunded + amount <= this.#released, 'more than was released')
        this.#refunded += amount
        return
      case 'extended': {
        this.#expect(step, shipment !== undefined && shipment.open > 0n, 'nothing to extend')
        return
      }
    }
    if (dispute === undefined || dispute.turn === 'over') {
      this.#expect(step, false, 'no such dispute')
      return
    }
    switch (kind) {
      case 'offered':
        this.#expect(step, dispute.turn === actor.kind && amount <= dispute.claim, 'not their turn')
        if (actor.kind === 'merchant') dispute.merchantOffer = amount
        else dispute.buyerOffer = amount
        dispute.turn = actor.kind === 'merchant' ? 'buyer' : 'merchant'
        return
      case 'agreed':
        this.#expect(step, dispute.turn === actor.kind, 'not their turn')
        this.#end(step, dispute, dispute.turn === 'merchant' ? dispute.buyerOffer : (dispute.merchantOffer ?? -1n))
        return
      case 'lapsed':
        this.#end(step, dispute, dispute.turn === 'merchant' ? dispute.buyerOffer : (dispute.merchantOffer ?? -1n))
        return
      case 'unjudged':
        this.#expect(step, dispute.turn === 'staff', 'nobody asked for a judgement')
        {
          this.#end(step, dispute, dispute.buyerOffer)
          return
        }
      case 'judged':
        this.#expect(step, dispute.proposal !== null && dispute.proposal.by !== actor.id, 'one pair of eyes')
        {
          this.#end(step, dispute, dispute.proposal?.refund ?? -1n)
          return
        }
      case 'withdrawn': {
        const from = this.#shipments[dispute.shipment - 1]
        if (from !== undefined) from.open += dispute.claim
        this.#frozen -= dispute.claim
        dispute.turn = 'over'
        return
      }
      case 'escalated':
        this.#expect(step, dispute.turn !== 'staff', 'escalated twice')
        dispute.turn = 'staff'
        return
      case 'evidence_added':
        return
      case 'judgement_proposed':
        this.#expect(
          step,
          dispute.turn === 'staff' && dispute.proposal === null && amount <= dispute.claim,
          'too early',
        )
        dispute.proposal = { refund: amount, by: actor.id }
        return
      case 'judgement_rejected':
        this.#expect(step, dispute.proposal !== null, 'nothing to reject')
        dispute.proposal = null
    }
  }

  #end(step: Step, dispute: OracleDispute, refund: bigint): void {
    this.#expect(step, step.amountMinor === refund, `the refund should be ${refund}`)
    this.#frozen -= dispute.claim
    this.#returned += refund
    this.#released += dispute.claim - refund
    dispute.turn = 'over'
  }
}
