import { bufferedBytes } from './buffered-form.ts'
import type { CheckpointFields, CheckpointLine, Kept } from './checkpoint-line.ts'
import type { PostingBuffer } from './posting-policy.ts'
import { type JournaledBuffered, pairKey } from './posting-policy-store.ts'
import { TRANSFER_CODES } from './transfer.ts'
import type { EventSeen } from './verify-events.ts'
import type { FindingList } from './verify-finding.ts'
import { TRANSFER_COLUMNS as COLUMN, type CopiedRow } from './verify-rows.ts'

/** Leaf of a buffered posting after one byte of room. */
export function bufferedLeaf(posting: JournaledBuffered): Buffer {
  return Buffer.concat([Buffer.alloc(1), bufferedBytes(posting)])
}

/** Adds buffered postings up and holds each summary against its sum; nothing that was buffered may outlive its day. */
export class BufferReplay implements Kept {
  readonly names = ['buffer']
  readonly #findings: FindingList
  readonly #sums = new Map<string, { minor: bigint; count: number }>()

  constructor(findings: FindingList) {
    this.#findings = findings
  }

  *save(): Generator<CheckpointLine> {
    for (const [pair, { minor, count }] of [...this.#sums].sort(([a], [b]) => (a < b ? -1 : 1))) {
      yield ['buffer', pair, String(minor), count]
    }
  }

  load(fields: CheckpointFields): void {
    this.#sums.set(fields.text(), { minor: fields.minor(), count: fields.number() })
  }

  posting({ debit, credit, amountMinor }: JournaledBuffered): void {
    const sum = this.#sums.get(pairKey(debit, credit)) ?? { minor: 0n, count: 0 }
    this.#sums.set(pairKey(debit, credit), { minor: sum.minor + amountMinor, count: sum.count + 1 })
  }

  transfer(row: CopiedRow, batch: number): void {
    if (row.number(COLUMN.code) !== TRANSFER_CODES.daily_summary) return
    const pair = pairKey(row.number(COLUMN.debit), row.number(COLUMN.credit))
    const expected = this.#sums.get(pair)?.minor ?? 0n
    const found = row.bigint(COLUMN.amount)
    if (expected !== found) {
      const facts = { batch, position: row.number(COLUMN.position), what: pair }
      this.#findings.add('summary_differs', { ...facts, expected: String(expected), found: String(found) })
    }
    this.#sums.delete(pair)
  }

  dayClosed({ batch, position }: EventSeen): void {
    for (const [pair, { minor }] of this.#sums) {
      this.#findings.add('buffer_outlives_day', { batch, position, what: pair, found: String(minor) })
    }
  }

  /** The rows, read when the journal had just the batches that were replayed. */
  finish(rows: readonly PostingBuffer[]): void {
    const left = new Map(this.#sums)
    for (const { debit, credit, amountMinor, count } of rows) {
      const pair = pairKey(debit, credit)
      const sum = left.get(pair)
      left.delete(pair)
      if (sum?.minor === amountMinor && sum.count === count) continue
      this.#findings.add('buffer_differs', {
        what: pair,
        expected: String(sum?.minor ?? 0n),
        found: String(amountMinor),
      })
    }
    for (const [pair, { minor }] of left)
      this.#findings.add('buffer_differs', { what: pair, expected: String(minor), found: '0' })
  }
}
