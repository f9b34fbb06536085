import type { Sql } from '@huitong/pg'
import type { CheckpointFields, CheckpointLine, Kept } from './checkpoint-line.ts'
import type { FindingList } from './verify-finding.ts'
import { type OriginalSeen, type ReversalRowSeen, readOriginals } from './verify-reversal-store.ts'

/** A transfer that says that it takes another one back. */
interface ReversalEntry {
  readonly batch: number
  readonly position: number
  readonly reverses: number
  readonly debit: number
  readonly credit: number
  readonly amountMinor: bigint
}

/**
 * Reversals against the transfers that they take back. The replay keeps no transfer, so the originals of a chunk are read again, all
 * at once; what stays in memory is a sum for each transfer that was ever taken back.
 */
export class ReversalReplay implements Kept {
  readonly names = ['reversal']
  readonly #findings: FindingList
  readonly #sums = new Map<number, { readonly amountMinor: bigint; reversedMinor: bigint }>()
  #waiting: ReversalEntry[] = []

  constructor(findings: FindingList) {
    this.#findings = findings
  }

  *save(): Generator<CheckpointLine> {
    for (const [transfer, sum] of [...this.#sums].sort(([a], [b]) => a - b)) {
      yield ['reversal', transfer, String(sum.amountMinor), String(sum.reversedMinor)]
    }
  }

  load(fields: CheckpointFields): void {
    this.#sums.set(fields.number(), { amountMinor: fields.minor(), reversedMinor: fields.minor() })
  }

  apply(entry: ReversalEntry): void {
    this.#waiting.push(entry)
  }

  /** Holds the reversals since the last time against their originals. */
  async compare(sql: Sql): Promise<void> {
    const waiting = this.#waiting
    this.#waiting = []
    if (waiting.length === 0) return
    const originals = await readOriginals(sql, [...new Set(waiting.map(({ reverses }) => reverses))])
    for (const entry of waiting) this.#judge(entry, originals.get(entry.reverses))
  }

  #judge(entry: ReversalEntry, original: OriginalSeen | undefined): void {
    const { batch, position, reverses, amountMinor } = entry
    const sum = this.#sums.get(reverses) ?? { amountMinor: original?.amountMinor ?? 0n, reversedMinor: 0n }
    sum.reversedMinor += amountMinor
    this.#sums.set(reverses, sum)
    const broken = brokenRule(entry, original, sum.reversedMinor)
    if (broken !== undefined) this.#findings.add('reversal_breaks_rule', { batch, position, what: broken })
  }

  /** After the last batch, with the rows as they were in the snapshot of that batch. */
  finish(rows: ReadonlyMap<number, ReversalRowSeen>): void {
    for (const [transfer, sum] of this.#sums) {
      const row = rows.get(transfer)
      const expected = `${sum.reversedMinor} of ${sum.amountMinor}`
      const found = row === undefined ? 'none' : `${row.reversedMinor} of ${row.amountMinor}`
      if (expected !== found) this.#findings.add('reversal_differs', { transfer, expected, found })
    }
    for (const transfer of rows.keys()) {
      if (!this.#sums.has(transfer)) this.#findings.add('reversal_differs', { transfer, expected: 'none' })
    }
  }
}

function brokenRule(
  entry: ReversalEntry,
  original: OriginalSeen | undefined,
  reversedMinor: bigint,
): string | undefined {
  if (original === undefined) return 'the transfer that is taken back exists'
  if (!original.moved) return 'the transfer that is taken back moved money'
  if (original.isReversal) return 'a reversal is not taken back'
  if (original.debit !== entry.credit || original.credit !== entry.debit)
    return 'the same accounts, the other way round'
  return reversedMinor > original.amountMinor ? 'no more is taken back than was posted' : undefined
}
