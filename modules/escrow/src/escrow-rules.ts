import { beijingDay, invariant, MICROS_PER_SECOND, type Micros } from '@huitong/kernel'
import { ESCROW_RULES, type EscrowRulesRow } from './escrow-rules-data.ts'

export const DAY: Micros = 86_400 * MICROS_PER_SECOND

/** The terms that are in force at a time. */
export function rulesAt(at: Micros, rules: readonly EscrowRulesRow[] = ESCROW_RULES): EscrowRulesRow {
  const day: string = beijingDay(at)
  const row = rules.findLast(({ validFrom }) => validFrom <= day)
  invariant(row !== undefined, `there are no rules of escrow for ${day}`)
  return row
}

/** Bounds that keep one trade a handful of rows. */
export const SHIPMENTS_MAX = 20
export const DISPUTES_MAX = 20
/** Offers of both sides in one dispute, the buyer's claim among them; then they agree or ask for a judgement. */
export const OFFERS_MAX = 10
/** Pieces of evidence of each side in one dispute. */
export const EVIDENCE_MAX = 10
export const DOCUMENTS_MAX = 5
