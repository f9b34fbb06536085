import type { KeyObject } from 'node:crypto'
import { microsToIso } from '@huitong/kernel'
import { type SignedLiabilityStatement, verifyLiabilities } from './liability-statement.ts'
import { SUBJECTS } from './subjects.ts'
import type { AccountReplay } from './verify-accounts.ts'
import type { BatchRecord } from './verify-chain.ts'
import type { FindingList } from './verify-finding.ts'

/**
 * Holds what the institution stated that it owed against what the journal adds up to at the batch of the statement. The tree below a
 * statement is bound to it by the root that is signed.
 */
export class LiabilityReplay {
  readonly #accounts: AccountReplay
  readonly #findings: FindingList
  readonly #publicKey: KeyObject | undefined
  readonly #byBatch = new Map<number, SignedLiabilityStatement[]>()

  constructor(
    accounts: AccountReplay,
    findings: FindingList,
    statements: readonly SignedLiabilityStatement[],
    publicKey: KeyObject | undefined,
  ) {
    this.#accounts = accounts
    this.#findings = findings
    this.#publicKey = publicKey
    for (const statement of statements) {
      const known = this.#byBatch.get(statement.batch) ?? []
      this.#byBatch.set(statement.batch, [...known, statement])
    }
  }

  /** After the last change of a batch. */
  end(batch: BatchRecord): void {
    const statements = this.#byBatch.get(batch.number)
    if (statements === undefined) return
    this.#byBatch.delete(batch.number)
    const owed = this.#owed()
    for (const statement of statements) {
      const { currency } = statement
      const { count, totalMinor } = owed.get(currency) ?? { count: 0, totalMinor: 0n }
      this.#compare(statement, [
        ['hash', batch.hash.toString('hex'), statement.batchHash.toString('hex')],
        ['time', microsToIso(batch.at), microsToIso(statement.at)],
        ['day', batch.accountingDay, statement.accountingDay],
        ['count', String(count), String(statement.count)],
        ['total', String(totalMinor), String(statement.totalMinor)],
      ])
      if (this.#publicKey !== undefined && !verifyLiabilities(this.#publicKey, statement))
        this.#compare(statement, [['signature', "the institution's", 'another']])
    }
  }

  /** Statements after `begun` whose batches did not come by. */
  finish(begun: number): void {
    for (const [batch, statements] of this.#byBatch) {
      if (batch <= begun && batch > 0) continue
      for (const statement of statements) this.#compare(statement, [['batch', 'a batch of the journal', String(batch)]])
    }
  }

  #compare(
    { batch, currency }: SignedLiabilityStatement,
    parts: readonly (readonly [what: string, expected: string, found: string])[],
  ): void {
    for (const [what, expected, found] of parts) {
      if (expected === found) continue
      this.#findings.add('liability_differs', { batch, what: `${what} in ${currency}`, expected, found })
    }
  }

  /** By currency: accounts of others and what they are owed; a balance below zero counts as zero. */
  #owed(): ReadonlyMap<string, { readonly count: number; readonly totalMinor: bigint }> {
    const owed = new Map<string, { count: number; totalMinor: bigint }>()
    for (const [, place] of this.#accounts.all()) {
      const opening = this.#accounts.opening(place)
      if (opening === undefined) continue
      const subject = SUBJECTS[opening.subject]
      if (subject.class !== 'liability' || subject.heldFor === 'institution') continue
      const of = owed.get(opening.currency) ?? { count: 0, totalMinor: 0n }
      owed.set(opening.currency, of)
      const balance = this.#accounts.normalBalance(place)
      of.count += 1
      if (balance > 0n) of.totalMinor += balance
    }
    return owed
  }
}
