/** What the queue keeps with a row: the batch in which it first came to differ from its table, CLEAN when it does not. */
export interface Waiting {
  dirtyBatch: number
}

export const CLEAN = 0

/**
 * Rows that differ from their table, in the order in which they began to. A batch takes some from the front: it plans them when its
 * statements are made, and they are off the queue once it is sent.
 */
export class WriteBackQueue<C extends Waiting> {
  #cells: C[] = []
  /** µs, beside the cells: a time inside each of them would be a number object of its own. */
  #since: number[] = []
  /** Where the queue begins. What lies before is cut off when it is the greater part, not by every batch. */
  #first = 0
  #planned = 0

  add(cell: C, batch: number, at: number): void {
    cell.dirtyBatch = batch
    this.#cells.push(cell)
    this.#since.push(at)
  }

  /** The cells that are due at this time, oldest first, and no more than a batch shall write. */
  plan(at: number, limits: { readonly horizonMicros: number; readonly rowsPerBatch: number }): readonly C[] {
    const most = Math.min(this.#cells.length - this.#first, limits.rowsPerBatch)
    this.#planned = 0
    while (this.#planned < most) {
      const since = this.#since[this.#first + this.#planned]
      if (since === undefined || at - since < limits.horizonMicros) break
      this.#planned += 1
    }
    return this.#cells.slice(this.#first, this.#first + this.#planned)
  }

  /** The oldest cell that will still be here after the planned ones are written. */
  get oldestUnplanned(): C | undefined {
    return this.#cells[this.#first + this.#planned]
  }

  dropPlanned(): void {
    const end = this.#first + this.#planned
    for (let place = this.#first; place < end; place += 1) {
      const cell = this.#cells[place]
      if (cell !== undefined) cell.dirtyBatch = CLEAN
    }
    this.#first = end
    this.#planned = 0
    if (this.#first * 2 < this.#cells.length) return
    this.#cells = this.#cells.slice(this.#first)
    this.#since = this.#since.slice(this.#first)
    this.#first = 0
  }

  forgetPlan(): void {
    this.#planned = 0
  }

  clear(): void {
    this.#cells = []
    this.#since = []
    this.#first = 0
    this.#planned = 0
  }
}
