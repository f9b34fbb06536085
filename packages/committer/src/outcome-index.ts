import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Sql } from '@huitong/pg'
import type { KeyFilter } from './key-filter.ts'
import { KeySegment } from './key-segment.ts'
import { highWord, lowWord, type OutcomeKey } from './outcome-key.ts'
import { findInRuns, type KeyRun, loadFilter, loadRuns, storeRun } from './outcome-run-store.ts'
import { scanKeys } from './outcome-store.ts'

/** Keys after which a segment is closed and stored: 35 MB while in memory, a filter of 4 MB afterwards. */
const SEGMENT_KEYS = 1_966_080
/** Filters in memory at most: those of 128 million keys. Of a run without its filter, PostgreSQL is asked about every key. */
const FILTER_BYTES_MAX = 256 * 1024 * 1024

/** A stored run, and its filter once it is loaded. */
interface Run extends KeyRun {
  readonly filter: KeyFilter | undefined
}

interface ClosedSegment {
  readonly segment: KeySegment
  readonly last: number
}

/**
 * Where the durable outcomes of all keys are, for ever: which batch and position. Keys of the newest batches are in memory; enough of them
 * become a run, a sorted part of a table, of which a filter stays in memory. So a key that was never used, as nearly every one is, asks
 * PostgreSQL nothing, and no key of a caller's making touches a random page of an index when it is written (docs/adr/0021).
 */
export class OutcomeIndex {
  readonly #segmentKeys: number
  #runs: readonly Run[] = []
  /** Full, and not stored yet, oldest first. */
  #closed: readonly ClosedSegment[] = []
  #open: KeySegment
  /** The last batch whose keys are here; undefined before anything was read. */
  #through: number | undefined

  constructor(segmentKeys = SEGMENT_KEYS) {
    this.#segmentKeys = segmentKeys
    this.#open = new KeySegment(1, segmentKeys)
  }

  add(key: OutcomeKey, place: number): void {
    this.#open.add(highWord(key), lowWord(key), place)
  }

  /** All keys of this batch, and of those before it, have been added. */
  endBatch(batch: number): void {
    this.#through = batch
    if (!this.#open.isFull) return
    this.#closed = [...this.#closed, { segment: this.#open, last: batch }]
    this.#open = new KeySegment(batch + 1, this.#segmentKeys)
  }

  /** False: no durable outcome has this key. */
  mayHave(key: OutcomeKey): boolean {
    const high = highWord(key)
    const low = lowWord(key)
    if (this.#open.mayHave(high, low)) return true
    for (const { segment } of this.#closed) if (segment.mayHave(high, low)) return true
    for (const { filter } of this.#runs) if (filter === undefined || filter.mayHave(high, low)) return true
    return false
  }

  /** Places of outcomes that may have these keys; those that have not are few. */
  async find(sql: Sql, keys: readonly OutcomeKey[]): Promise<readonly number[]> {
    const places = new Set<number>()
    const asked: { readonly run: KeyRun; readonly high: number }[] = []
    const lows = new Map<number, Set<number>>()
    for (const key of keys) {
      const high = highWord(key)
      const low = lowWord(key)
      for (const { segment } of this.#closed) for (const place of segment.find(high, low)) places.add(place)
      for (const place of this.#open.find(high, low)) places.add(place)
      for (const run of this.#runs) {
        if (run.filter !== undefined && !run.filter.mayHave(high, low)) continue
        asked.push({ run, high })
        lows.set(high, (lows.get(high) ?? new Set()).add(low))
      }
    }
    if (asked.length > 0) {
      for (const { high, low, place } of await findInRuns(sql, asked)) if (lows.get(high)?.has(low)) places.add(place)
    }
    return [...places]
  }

  /** Reads what is committed and not here yet: after a takeover all that no run holds, later what a lost connection hid. */
  async recover(sql: Sql): Promise<void> {
    if (this.#through === undefined) {
      this.#runs = (await loadRuns(sql)).map((run) => ({ ...run, filter: undefined }))
      this.#through = coveredBy(this.#runs)
      this.#open = new KeySegment(this.#through + 1, this.#segmentKeys)
    }
    await scanKeys(
      sql,
      { after: this.#through },
      (high, low, place) => this.#open.add(high, low, place),
      (batch) => this.endBatch(batch),
    )
  }

  /** Whether there is work that nobody waits for: filters to load, segments to store. */
  get hasWork(): boolean {
    return this.#closed.length > 0 || this.#unfiltered() !== undefined
  }

  /** Does that work over a connection of its own. What fails is as it was, and may be tried again. */
  async work(sql: Sql): Promise<void> {
    // In their order, so that the runs that are there always hold all batches up to one.
    for (let oldest = this.#closed[0]; oldest !== undefined; oldest = this.#closed[0]) await this.#store(sql, oldest)
    for (let run = this.#unfiltered(); run !== undefined; run = this.#unfiltered()) {
      const { first, last } = run
      const filter = await loadFilter(sql, run)
      this.#runs = this.#runs.map((one) => (one.last === last ? { first, last, filter } : one))
    }
  }

  async #store(sql: Sql, { segment, last }: ClosedSegment): Promise<void> {
    const { first } = segment
    try {
      await storeRun(sql, segment, last, () => nextTurn())
      this.#runs = [...this.#runs, { first, last, filter: this.#hasRoom() ? segment.filter() : undefined }]
      this.#closed = this.#closed.slice(1)
    } catch (error) {
      // An earlier holder may have stored what it had read as well: the same keys, and as good.
      const runs = await loadRuns(sql)
      const covered = coveredBy(runs)
      if (covered < last) throw error
      const filters = new Map(this.#runs.map((run) => [run.last, run.filter]))
      this.#runs = runs.map((run) => ({ ...run, filter: filters.get(run.last) }))
      this.#closed = this.#closed.filter((closed) => closed.last > covered)
    }
  }

  /** The newest run whose filter is not here and has room. */
  #unfiltered(): Run | undefined {
    return this.#hasRoom() ? this.#runs.findLast((run) => run.filter === undefined) : undefined
  }

  #hasRoom(): boolean {
    const bytes = this.#runs.reduce((sum, { filter }) => sum + (filter?.byteLength ?? 0), 0)
    return bytes < FILTER_BYTES_MAX
  }
}

/** The last batch up to which the runs leave nothing out. */
function coveredBy(runs: readonly KeyRun[]): number {
  return runs.reduce((covered, { first, last }) => (first <= covered + 1 ? Math.max(covered, last) : covered), 0)
}
