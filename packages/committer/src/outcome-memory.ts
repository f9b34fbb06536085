import { invariant } from '@huitong/kernel'
import type { Sql } from '@huitong/pg'
import { OutcomeIndex } from './outcome-index.ts'
import type { OutcomeKey } from './outcome-key.ts'
import {
  insertOutcomes,
  loadOutcomes,
  outcomesDigest,
  type PackedOutcomes,
  packOutcomes,
  placeOf,
  type RememberedOutcome,
} from './outcome-store.ts'
import type { UnsentStatement } from './table.ts'
import type { UndoLog } from './undo-log.ts'
import type { BatchTable } from './working-table.ts'

type Outcomes = Map<OutcomeKey, RememberedOutcome>

/** Outcomes of the newest batches that are kept as they are: repeats that come at once ask PostgreSQL nothing. */
const RECENT_OUTCOMES = 5_000

/** What is remembered of all keys, as one batch sees it: its own outcomes, those on their way to the disk, and all that are durable. */
export class OutcomeMemory implements BatchTable {
  readonly name = 'committer_outcomes'
  readonly addsOnly = true
  readonly #undo: UndoLog
  readonly #index: OutcomeIndex
  #added: Outcomes = new Map()
  /** In the order in which they were added, to take the newest back. */
  readonly #addedKeys: OutcomeKey[] = []
  /** Sent and not known to be durable. */
  #sent: { readonly batch: number; readonly outcomes: Outcomes } | undefined
  #recent: readonly Outcomes[] = []
  /** Keys of this batch that may have been used before: their outcome, null when they were not, undefined until that is looked up. */
  readonly #asked = new Map<OutcomeKey, RememberedOutcome | null | undefined>()
  #wanted: OutcomeKey[] = []
  /** What this batch added, once it was sealed. */
  #packed: PackedOutcomes | undefined

  readonly #takeBack = () => {
    const key = this.#addedKeys.pop()
    if (key !== undefined) this.#added.delete(key)
  }

  constructor(undo: UndoLog, index = new OutcomeIndex()) {
    this.#undo = undo
    this.#index = index
  }

  get index(): OutcomeIndex {
    return this.#index
  }

  /** Announces that a command of this batch has this key. */
  need(key: OutcomeKey): void {
    const sent = this.#sent?.outcomes.get(key)
    if (sent !== undefined) this.#asked.set(key, sent)
    else if (this.#index.mayHave(key) && !this.#asked.has(key)) this.#ask(key)
  }

  #ask(key: OutcomeKey): void {
    for (const outcomes of this.#recent) {
      const recent = outcomes.get(key)
      if (recent === undefined) continue
      this.#asked.set(key, recent)
      return
    }
    this.#asked.set(key, undefined)
    this.#wanted.push(key)
  }

  /** The first outcome of a key that was announced, undefined when it was never used. */
  get(key: OutcomeKey): RememberedOutcome | undefined {
    const added = this.#added.get(key)
    if (added !== undefined || this.#asked.size === 0) return added
    const known = this.#asked.get(key)
    invariant(known !== undefined || !this.#asked.has(key), 'a key was announced and not looked up')
    return known ?? undefined
  }

  /** Remembers the outcome of a key that has none. */
  add(key: OutcomeKey, outcome: RememberedOutcome): void {
    this.#added.set(key, outcome)
    this.#addedKeys.push(key)
    this.#undo.push(this.#takeBack)
  }

  get hasWanted(): boolean {
    return this.#wanted.length > 0
  }

  async loadWanted(sql: Sql): Promise<void> {
    const wanted = this.#wanted
    if (wanted.length === 0) return
    this.#wanted = []
    const places = await this.#index.find(sql, wanted)
    const found = new Map(places.length === 0 ? [] : await loadOutcomes(sql, places))
    for (const key of wanted) this.#asked.set(key, found.get(key) ?? null)
  }

  digest(): Buffer | null {
    if (this.#added.size === 0) return null
    this.#packed = packOutcomes(this.#added)
    return outcomesDigest(this.#packed)
  }

  write(sql: Sql): readonly UnsentStatement[] {
    const packed = this.#packed
    if (packed === undefined) return []
    invariant(packed.count === this.#added.size, 'outcomes were added after they were sealed')
    for (const { batch } of this.#added.values()) return [insertOutcomes(sql, batch, packed)]
    return []
  }

  commitBatch(batch: number): void {
    this.#sent = { batch, outcomes: this.#added }
    this.#added = new Map()
    this.#endBatch()
  }

  acknowledge(): void {
    const sent = this.#sent
    if (sent === undefined) return
    this.#sent = undefined
    if (sent.outcomes.size === 0) return
    let position = 0
    for (const key of sent.outcomes.keys()) {
      this.#index.add(key, placeOf(sent.batch, position))
      position += 1
    }
    this.#index.endBatch(sent.batch)
    this.#keep(sent.outcomes)
  }

  /** Whole batches, newest first, as long as those before one do not make up the number. */
  #keep(newest: Outcomes): void {
    const kept: Outcomes[] = []
    let count = 0
    for (const outcomes of [newest, ...this.#recent]) {
      if (count >= RECENT_OUTCOMES || kept.length >= RECENT_BATCHES) break
      kept.push(outcomes)
      count += outcomes.size
    }
    this.#recent = kept
  }

  dropBatch(): void {
    this.#added.clear()
    this.#endBatch()
  }

  #endBatch(): void {
    this.#addedKeys.length = 0
    this.#asked.clear()
    this.#wanted = []
    this.#packed = undefined
  }

  /** What is durable stays so; of a batch that was sent nobody knows. */
  forget(): void {
    this.dropBatch()
    this.#sent = undefined
  }

  recover(sql: Sql): Promise<void> {
    return this.#index.recover(sql)
  }

  oldestUnwritten(): null {
    return null
  }
}

/** Looking through more of them would cost a repeat more than PostgreSQL's answer. */
const RECENT_BATCHES = 32
