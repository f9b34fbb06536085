import { hash } from 'node:crypto'
import { sealHash } from '@huitong/committer'
import type { CheckpointFields, CheckpointLine, Kept } from './checkpoint-line.ts'
import { HistoryTree } from './history-tree.ts'
import type { FindingList } from './verify-finding.ts'
import { LeafTree } from './verify-tree.ts'

/** A row of `ledger_batches`. */
export interface BatchRecord {
  readonly number: number
  readonly previousHash: Buffer
  readonly root: Buffer
  readonly hash: Buffer
  readonly count: number
  readonly at: number
  readonly accountingDay: string
  readonly lastCounter: number
  readonly outcomes: Buffer | null
}

/** The chain of batches, checked link by link while the journal rows of each batch pass. */
export class ChainReplay implements Kept {
  readonly names = ['chain']
  /** As of the last batch that passed. */
  number = 0
  hash: Buffer = hash('sha256', '', 'buffer')
  at = 0
  /** The highest so far. */
  lastCounter = 0
  /** What the last batch itself says. */
  ownCounter = 0
  /** The day that the next batch must carry; empty before the first. */
  nextDay = ''
  /** Over the hashes that passed, and how it was when the replay began. */
  #history = new HistoryTree()
  #historyBefore: { readonly size: number; readonly peaks: readonly Buffer[] } = { size: 0, peaks: [] }
  readonly #findings: FindingList
  readonly #hashFrom: number
  readonly #tree = new LeafTree()
  #rows = 0
  #nextPosition = 0
  #hole = false

  /** Rows of batches before `hashFrom` are counted but not hashed. */
  constructor(findings: FindingList, hashFrom: number) {
    this.#findings = findings
    this.#hashFrom = hashFrom
  }

  *save(): Generator<CheckpointLine> {
    const { number, hash: last, at, lastCounter, ownCounter, nextDay } = this
    const peaks = this.#history.peaks.map((peak) => peak.toString('hex')).join(' ')
    yield ['chain', number, last.toString('hex'), at, lastCounter, ownCounter, nextDay, peaks]
  }

  load(fields: CheckpointFields): void {
    this.number = fields.number()
    this.hash = Buffer.from(fields.text(), 'hex')
    this.at = fields.number()
    this.lastCounter = fields.number()
    this.ownCounter = fields.number()
    this.nextDay = fields.text()
    const peaks = fields.text().split(' ')
    this.#historyBefore = { size: this.number, peaks: peaks.map((peak) => Buffer.from(peak, 'hex')) }
    this.#history = this.historyBefore()
  }

  /** The history tree over the batches before the replay. */
  historyBefore(): HistoryTree {
    return HistoryTree.resume(this.#historyBefore.size, this.#historyBefore.peaks)
  }

  begin(batch: BatchRecord): void {
    const { number } = batch
    if (number !== this.number + 1) {
      this.#findings.add('batch_missing', { batch: this.number + 1, found: String(number) })
    } else if (!batch.previousHash.equals(this.hash)) {
      this.#differs('batch_not_linked', number, this.hash, batch.previousHash)
    }
    if (batch.at <= this.at) {
      this.#findings.add('batch_time_not_growing', { batch: number, expected: `> ${this.at}`, found: String(batch.at) })
    }
    if (this.nextDay !== '' && batch.accountingDay !== this.nextDay) {
      this.#findings.add('accounting_day_wrong', { batch: number, expected: this.nextDay, found: batch.accountingDay })
    }
    if (batch.lastCounter < this.lastCounter) {
      const found = String(batch.lastCounter)
      this.#findings.add('id_counter_falls', { batch: number, expected: `>= ${this.lastCounter}`, found })
    }
    this.nextDay = batch.accountingDay
    this.#tree.clear()
    this.#rows = 0
    this.#nextPosition = 0
    this.#hole = false
  }

  /** The next journal row of the batch. Its bytes stand in `input` after one byte of room. */
  row(batch: BatchRecord, position: number, input: Buffer): void {
    if (position !== this.#nextPosition && !this.#hole) {
      this.#hole = true
      const expected = String(this.#nextPosition)
      this.#findings.add('batch_position_missing', { batch: batch.number, position, expected, found: String(position) })
    }
    this.#nextPosition = position + 1
    this.#rows += 1
    if (batch.number >= this.#hashFrom) this.#tree.add(input)
  }

  end(batch: BatchRecord): void {
    const { number } = batch
    if (this.#rows !== batch.count) {
      this.#findings.add('batch_count_wrong', {
        batch: number,
        expected: String(batch.count),
        found: String(this.#rows),
      })
    }
    if (number >= this.#hashFrom) {
      const root = this.#tree.root()
      if (!root.equals(batch.root)) this.#differs('batch_root_wrong', number, batch.root, root)
    }
    const sealed = sealHash(batch)
    if (!sealed.equals(batch.hash)) this.#differs('batch_hash_wrong', number, sealed, batch.hash)
    this.number = number
    this.hash = batch.hash
    this.#history.add(batch.hash)
    this.ownCounter = batch.lastCounter
    this.at = Math.max(this.at, batch.at)
    this.lastCounter = Math.max(this.lastCounter, batch.lastCounter)
  }

  #differs(
    code: 'batch_not_linked' | 'batch_root_wrong' | 'batch_hash_wrong',
    batch: number,
    expected: Buffer,
    found: Buffer,
  ) {
    this.#findings.add(code, { batch, expected: expected.toString('hex'), found: found.toString('hex') })
  }
}
