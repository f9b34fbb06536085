/*
 * Knows what wallets, merchants, fees, coupon budgets and limits must be from the requests and answers of payments alone. It shares no code
 * with the product: rules stand here once more, from the documentation. All amounts are minor units.
 */

type AuditedFunder = 'buyer' | 'relative' | 'platform' | 'merchant'

export interface AuditedPart {
  readonly tender: string
  readonly funder: AuditedFunder
  readonly amountMinor: bigint
}

export interface AuditedPayment {
  readonly id: string
  readonly buyer: string
  readonly merchant: string
  readonly totalMinor: bigint
  readonly parts: readonly AuditedPart[]
  readonly feeMinor: bigint
}

export interface AuditedRefund {
  readonly payment: string
  readonly amountMinor: bigint
  /** Of the whole payment, after this refund: says in which order refunds at once were made. */
  readonly refundedAfterMinor: bigint
  readonly parts: readonly AuditedPart[]
  readonly feeReturnedMinor: bigint
}

/** How far a guaranteed trade is, as its last step told; `step` grows with each. */
export interface AuditedEscrow {
  readonly id: string
  readonly buyer: string
  readonly merchant: string
  readonly step: number
  readonly totalMinor: bigint
  readonly paidMinor: bigint
  readonly heldMinor: bigint
  readonly releasedMinor: bigint
  readonly returnedMinor: bigint
  readonly refundedMinor: bigint
  readonly feeMinor: bigint
  readonly feeReturnedMinor: bigint
  /** What each tender gave, less what went back to it. */
  readonly keptParts: readonly AuditedPart[]
}

/** What the product must show when nothing is under way. */
export interface TradePredictions {
  readonly wallets: ReadonlyMap<string, bigint>
  readonly packetMoney: ReadonlyMap<string, bigint>
  readonly merchants: ReadonlyMap<string, bigint>
  /** Used of each campaign's budget, over all campaigns of a funder. */
  readonly discountsMinor: bigint
  readonly feesMinor: bigint
  readonly escrowMinor: bigint
  /** What each customer spent of their own money and did not get back. */
  readonly spent: ReadonlyMap<string, bigint>
}

export class TradeAuditor {
  readonly #rates = new Map<string, bigint>()
  readonly #wallets = new Map<string, bigint>()
  readonly #packets = new Map<string, bigint>()
  readonly #merchants = new Map<string, bigint>()
  readonly #spent = new Map<string, bigint>()
  readonly #payments = new Map<string, AuditedPayment>()
  readonly #refunded = new Map<string, bigint>()
  readonly #escrows = new Map<string, AuditedEscrow>()
  readonly #contradictions: string[] = []
  #discounts = 0n
  #fees = 0n

  /** What answers said that no rule allows. */
  get contradictions(): readonly string[] {
    return this.#contradictions
  }

  customer(id: string): void {
    this.#wallets.set(id, 0n)
    this.#packets.set(id, 0n)
    this.#spent.set(id, 0n)
  }

  /** `rateMillionths` of what the merchant earns is the fee, half a fen rounded up. */
  merchant(id: string, rateMillionths: bigint): void {
    this.#rates.set(id, rateMillionths)
    this.#merchants.set(id, 0n)
  }

  toppedUp(customer: string, amountMinor: bigint): void {
    add(this.#wallets, customer, amountMinor)
  }

  transferred(from: string, to: string, amountMinor: bigint): void {
    add(this.#wallets, from, -amountMinor)
    add(this.#wallets, to, amountMinor)
    add(this.#spent, from, amountMinor)
  }

  packetSent(sender: string, amountMinor: bigint): void {
    add(this.#wallets, sender, -amountMinor)
    add(this.#spent, sender, amountMinor)
  }

  packetOpened(by: string, amountMinor: bigint): void {
    add(this.#packets, by, amountMinor)
  }

  /** A merchant set money aside for coupons of its own. */
  budgeted(merchant: string, amountMinor: bigint): void {
    add(this.#merchants, merchant, -amountMinor)
  }

  paid(payment: AuditedPayment): void {
    // A repeat of the request has the same answer.
    if (this.#payments.has(payment.id)) return
    const { id, buyer, merchant, totalMinor, parts, feeMinor } = payment
    this.#payments.set(id, payment)
    this.#must(sum(parts) === totalMinor, `payment ${id}: its tenders do not come to ${totalMinor}`)
    this.#must(feeMinor === this.#feeOf(merchant, parts), `payment ${id}: a fee of ${feeMinor}`)
    this.#take(buyer, parts, 1n)
    add(this.#merchants, merchant, totalMinor - feeMinor)
    this.#fees += feeMinor
  }

  refunded(refund: AuditedRefund): void {
    const { payment: id, amountMinor, refundedAfterMinor, parts, feeReturnedMinor } = refund
    const payment = this.#payments.get(id)
    if (payment === undefined) {
      this.#contradictions.push(`a refund of the unknown payment ${id}`)
      return
    }
    const beforeMinor = refundedAfterMinor - amountMinor
    add(this.#refunded, id, amountMinor)
    this.#must((this.#refunded.get(id) ?? 0n) <= payment.totalMinor, `payment ${id}: more refunded than was paid`)
    this.#must(sum(parts) === amountMinor, `refund of ${id}: its tenders do not come to ${amountMinor}`)
    const discounts = sum(payment.parts.filter(isDiscount))
    const shareOf = (minor: bigint) => (discounts * minor) / payment.totalMinor
    const share = shareOf(refundedAfterMinor) - shareOf(beforeMinor)
    this.#must(sum(parts.filter(isDiscount)) === share, `refund of ${id}: discounts get back other than ${share}`)
    const feeOf = (minor: bigint) => halfUp(payment.feeMinor * minor, payment.totalMinor)
    const feeBack = feeOf(refundedAfterMinor) - feeOf(beforeMinor)
    this.#must(
      feeReturnedMinor === feeBack,
      `refund of ${id}: a fee of ${feeReturnedMinor} and not ${feeBack} goes back`,
    )
    this.#take(payment.buyer, parts, -1n)
    add(this.#merchants, payment.merchant, feeReturnedMinor - amountMinor)
    this.#fees -= feeReturnedMinor
  }

  /** After any step of a guaranteed trade; an answer that was overtaken by a later step says nothing. */
  escrow(seen: AuditedEscrow): void {
    const known = this.#escrows.get(seen.id)
    if (known !== undefined && known.step >= seen.step) return
    const { id, paidMinor, heldMinor, releasedMinor, returnedMinor, refundedMinor, feeMinor, feeReturnedMinor } = seen
    this.#must(
      paidMinor === heldMinor + releasedMinor + returnedMinor,
      `trade ${id}: ${paidMinor} paid are not ${heldMinor} held, ${releasedMinor} released and ${returnedMinor} returned`,
    )
    this.#must(refundedMinor <= releasedMinor, `trade ${id}: more refunded than was released`)
    this.#must(feeReturnedMinor <= feeMinor, `trade ${id}: more of the fee returned than was charged`)
    const kept = sum(seen.keptParts)
    this.#must(kept === paidMinor - returnedMinor - refundedMinor, `trade ${id}: its tenders kept ${kept}`)
    this.#escrows.set(id, seen)
  }

  predictions(): TradePredictions {
    const wallets = new Map(this.#wallets)
    const packetMoney = new Map(this.#packets)
    const merchants = new Map(this.#merchants)
    const spent = new Map(this.#spent)
    let [discountsMinor, feesMinor, escrowMinor] = [this.#discounts, this.#fees, 0n]
    for (const { buyer, merchant, keptParts, ...trade } of this.#escrows.values()) {
      for (const part of keptParts) {
        if (isDiscount(part)) discountsMinor += part.amountMinor
        else {
          add(part.tender === 'red_packet' ? packetMoney : wallets, buyer, -part.amountMinor)
          add(spent, buyer, part.amountMinor)
        }
      }
      const fee = trade.feeMinor - trade.feeReturnedMinor
      add(merchants, merchant, trade.releasedMinor - trade.refundedMinor - fee)
      feesMinor += fee
      escrowMinor += trade.heldMinor
    }
    return { wallets, packetMoney, merchants, spent, discountsMinor, feesMinor, escrowMinor }
  }

  #feeOf(merchant: string, parts: readonly AuditedPart[]): bigint {
    const rate = this.#rates.get(merchant)
    if (rate === undefined) return -1n
    const own = sum(parts.filter(({ funder }) => funder === 'merchant'))
    return halfUp((sum(parts) - own) * rate, 1_000_000n)
  }

  #take(buyer: string, parts: readonly AuditedPart[], sign: 1n | -1n): void {
    for (const part of parts) {
      const amount = sign * part.amountMinor
      if (isDiscount(part)) this.#discounts += amount
      else {
        add(part.tender === 'red_packet' ? this.#packets : this.#wallets, buyer, -amount)
        add(this.#spent, buyer, amount)
      }
    }
  }

  #must(holds: boolean, otherwise: string): void {
    if (!holds) this.#contradictions.push(otherwise)
  }
}

function isDiscount({ funder }: AuditedPart): boolean {
  return funder === 'platform' || funder === 'merchant'
}

function sum(parts: readonly AuditedPart[]): bigint {
  return parts.reduce((total, { amountMinor }) => total + amountMinor, 0n)
}

function halfUp(numerator: bigint, denominator: bigint): bigint {
  return (2n * numerator + denominator) / (2n * denominator)
}

function add(to: Map<string, bigint>, key: string, minor: bigint): void {
  to.set(key, (to.get(key) ?? 0n) + minor)
}
