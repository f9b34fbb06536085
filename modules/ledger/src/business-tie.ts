import type { InstitutionDatabase, ReadTx } from '@huitong/pg'
import { hasTable } from './business-tie-store.ts'
import type { FindingList } from './verify-finding.ts'

/** Something that a module says of money and that the ledger says otherwise. */
export interface BusinessDifference {
  /** Whose it is, such as `merchant 7168`. */
  readonly what: string
  readonly account?: number
  readonly hold?: number
  /** What the ledger has. */
  readonly expected: string
  /** What the module's rows say. */
  readonly found: string
}

/**
 * A port: what a module keeps about money of the ledger, and how the two are compared. `verify` asks; the program hands in those of its
 * modules. Both sides are read in one snapshot, since every command writes both in one commit: so they agree at every moment.
 */
export interface BusinessTie {
  /** Module and subject, such as `escrow.held`. */
  readonly name: string
  /** A table of the module: an institution without it has no such business. */
  readonly table: string
  differences(tx: ReadTx): Promise<readonly BusinessDifference[]>
}

/** Each tie in a snapshot of its own, so that none lasts long. */
export async function checkTies(
  db: Pick<InstitutionDatabase, 'read'>,
  ties: readonly BusinessTie[],
  findings: FindingList,
): Promise<void> {
  for (const { name, table, differences } of ties) {
    const differing = await db.read(async (tx) => ((await hasTable(tx, table)) ? differences(tx) : []))
    for (const { what, ...facts } of differing) {
      findings.add('business_differs', { ...facts, what: `${name} of ${what}` })
    }
  }
}

/** What holds keep for business objects: by hold, what the object's row says is left of it. */
export interface ExpectedHold {
  readonly hold: number
  /** Such as `authorisation 7168`. */
  readonly what: string
  readonly leftMinor: bigint
  /** Whether its time is over, so that the ledger may have ended it before the business row is told. */
  readonly isDue: boolean
}

/**
 * Compares open business objects with the holds that keep their money: each must have its hold, and no hold of that purpose that names an
 * object may be without one.
 */
export function holdDifferences(
  objects: readonly ExpectedHold[],
  pending: ReadonlyMap<number, { readonly remainingMinor: bigint; readonly reference: number | null }>,
): readonly BusinessDifference[] {
  const found: BusinessDifference[] = []
  const named = new Set<number>()
  for (const { hold, what, leftMinor, isDue } of objects) {
    named.add(hold)
    const left = pending.get(hold)?.remainingMinor
    if (left === leftMinor || (left === undefined && isDue)) continue
    found.push({
      what,
      hold,
      expected: left === undefined ? 'no pending hold' : String(left),
      found: String(leftMinor),
    })
  }
  for (const [hold, { remainingMinor, reference }] of pending) {
    if (named.has(hold) || reference === null) continue
    found.push({ what: `object ${reference}`, hold, expected: String(remainingMinor), found: 'nothing open' })
  }
  return found
}
