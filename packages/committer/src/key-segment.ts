import { KeyFilter } from './key-filter.ts'
import { KeyTable, TABLE_KEYS } from './key-table.ts'

/**
 * Keys of the batches from `first` on, in memory. The first table is searched as it is; from the second on a filter comes before them, so
 * that an institution with few commands needs no more than a small table.
 */
export class KeySegment {
  readonly first: number
  readonly #keysMax: number
  readonly #tables: KeyTable[] = [new KeyTable()]
  #newest = this.#tables[0] ?? new KeyTable()
  #filter: KeyFilter | undefined
  #size = 0

  /** `keysMax` is the number from which on it should be closed; somewhat more may still come. */
  constructor(first: number, keysMax: number) {
    this.first = first
    this.#keysMax = keysMax
  }

  get size(): number {
    return this.#size
  }

  get isFull(): boolean {
    return this.#size >= this.#keysMax
  }

  get tables(): readonly KeyTable[] {
    return this.#tables
  }

  filter(): KeyFilter {
    this.#filter ??= this.#filterOfAll()
    return this.#filter
  }

  add(high: number, low: number, place: number): void {
    if (this.#newest.size >= TABLE_KEYS) {
      this.filter()
      this.#newest = new KeyTable()
      this.#tables.push(this.#newest)
    }
    this.#newest.add(high, low, place)
    this.#filter?.add(high, low)
    this.#size += 1
  }

  mayHave(high: number, low: number): boolean {
    return this.#filter === undefined ? this.#newest.has(high, low) : this.#filter.mayHave(high, low)
  }

  find(high: number, low: number): readonly number[] {
    if (!this.mayHave(high, low)) return []
    return this.#tables.flatMap((table) => table.find(high, low))
  }

  #filterOfAll(): KeyFilter {
    const filter = KeyFilter.forKeys(Math.max(this.#keysMax, this.#size))
    for (const table of this.#tables) table.visit((high, low) => filter.add(high, low))
    return filter
  }
}
