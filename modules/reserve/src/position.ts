import { CNY } from '@huitong/kernel'
import { isCreditNormal, SUBJECTS, type SubjectCode, type SubjectMovement } from '@huitong/ledger'

/** What customers have, and what covers it, in fen. */
export interface Position {
  /** What is owed to customers and merchants, money in escrow, budgets and red packets included. */
  readonly customersMinor: bigint
  /** On reserve accounts. */
  readonly reserveMinor: bigint
  /** On its way to the reserve, less what is on its way out of it. */
  readonly inTransitMinor: bigint
  /** What is in the reserve beyond what customers have; below nothing it is short of so much. */
  readonly surplusMinor: bigint
}

/** Reserve accounts. */
const RESERVE: SubjectCode = '1001'
/** Owed by partners and channels, and owed to them: settled soon, by money that reaches or leaves the reserve. */
const TRANSIT: readonly SubjectCode[] = ['1102', '2003']

/** The position by what moved on each subject: a few hundred sums, however many accounts there are. */
export function positionOf(movements: readonly SubjectMovement[]): Position {
  let customersMinor = 0n
  let reserveMinor = 0n
  let inTransitMinor = 0n
  for (const movement of movements) {
    if (movement.currency !== CNY) continue
    const { subject } = movement
    const { openingDebitsMinor, openingCreditsMinor, debitsMinor, creditsMinor } = movement
    const debit = openingDebitsMinor + debitsMinor - openingCreditsMinor - creditsMinor
    if (subject === RESERVE) reserveMinor += debit
    else if (TRANSIT.includes(subject)) inTransitMinor += debit
    else if (SUBJECTS[subject].heldFor !== 'institution' && isCreditNormal(subject)) customersMinor -= debit
  }
  return {
    ...{ customersMinor, reserveMinor, inTransitMinor },
    surplusMinor: reserveMinor + inTransitMinor - customersMinor,
  }
}
