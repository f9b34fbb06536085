/** One row of the dated rules: from that Beijing day on, these terms. Lengths in days. */
export interface EscrowRulesRow {
  readonly validFrom: string
  /** How long a buyer has to pay, unless the merchant says otherwise. */
  readonly payWithin: number
  /** How long the merchant has to ship, from the payment on. What is not shipped by then goes back. */
  readonly shipWithin: number
  /** How long the buyer has to confirm a shipment, from its dispatch on. Silence confirms. */
  readonly confirmWithin: number
  /** By how much the buyer may put that off, and how often for one shipment. */
  readonly extension: number
  readonly extensionsMax: number
  /** How long either side of a dispute has to answer the other. Silence accepts. */
  readonly answerWithin: number
  /** How long staff have to judge. After that the buyer gets what the buyer asked for last. */
  readonly judgeWithin: number
  /** What is left at least of the time to confirm when a dispute is withdrawn. */
  readonly confirmAfterDispute: number
}

/** Oldest first. A row is never changed: later terms are a later row, and what is under way keeps the times that it was given. */
export const ESCROW_RULES: readonly EscrowRulesRow[] = [
  {
    validFrom: '2020-01-01',
    payWithin: 15,
    shipWithin: 15,
    confirmWithin: 10,
    extension: 10,
    extensionsMax: 1,
    answerWithin: 3,
    judgeWithin: 30,
    confirmAfterDispute: 3,
  },
]
