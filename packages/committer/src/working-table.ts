import type { Sql } from '@huitong/pg'
import type { RowChange, TableDefinition, TableKey, UnsentStatement } from './table.ts'
import type { UndoLog } from './undo-log.ts'
import { CLEAN, type Waiting, WriteBackQueue } from './write-back-queue.ts'

/** Thrown inside decide when it asks for a row that is not in memory; the committer loads the row and decides the command again. */
export class NotLoaded extends Error {
  constructor() {
    super('a row of the working set is not loaded yet')
    this.name = 'NotLoaded'
  }
}

/** What the committer does with every table, whatever its rows are. */
export interface BatchTable {
  readonly name: string
  readonly addsOnly: boolean
  readonly hasWanted: boolean
  loadWanted(sql: Sql): Promise<void>
  /** SHA-256 over what this batch adds, where no leaf of the journal shows it; null when it adds nothing. */
  digest?(): Buffer | null
  /** The writes of this batch. `everything` also writes back all rows that may wait. */
  write(sql: Sql, at: number, everything: boolean): readonly UnsentStatement[]
  commitBatch(batch: number, at: number): void
  /** The last batch is durable: rows that were kept only until then may go. */
  acknowledge(): void
  dropBatch(): void
  /** Forgets all that is in memory; after a lost connection nothing here may be trusted. */
  forget(): void
  recover(sql: Sql, flushed: number): Promise<void>
  /** The first batch with a change that will not be in the table after this batch's writes, or null when all is written. */
  oldestUnwritten(batch: number): number | null
}

/**
 * One key in memory. `row` is what this batch sees, `before` what was there when the batch first changed it. Null is a row that does not
 * exist, undefined one that nobody has looked at yet.
 *
 * One object that changes, not a layer of changed rows over a layer of old ones: finding a key in a map of 100,000 costs more than
 * deciding what becomes of its row, and with two layers most keys were looked up twice.
 */
interface Cell<K extends TableKey, R> extends Waiting {
  readonly key: K
  row: R | null | undefined
  before: R | null | undefined
  changed: boolean
  /** It was asked for by this batch, and goes when the batch is dropped. */
  fresh: boolean
}

/**
 * One table of the working set: key → row or absent.
 *
 * A change counts once its batch is sent. Until then its cell keeps what was there before, so an aborted batch leaves no trace.
 */
export class WorkingTable<K extends TableKey, R> implements BatchTable {
  readonly name: string
  readonly #definition: TableDefinition<K, R>
  readonly #undo: UndoLog
  readonly #cells = new Map<K, Cell<K, R>>()
  #wanted: Cell<K, R>[] = []
  readonly #fresh: Cell<K, R>[] = []
  /** Each changed cell once, in the order of its first change. */
  readonly #changed: Cell<K, R>[] = []
  readonly #unwritten = new WriteBackQueue<Cell<K, R>>()
  #writesAll = false
  /** Cells that were changed again, with what they held, newest last; the undo log says when to take one back. */
  readonly #again: { readonly cell: Cell<K, R>; readonly row: R | null | undefined }[] = []

  readonly #takeBackFirst = () => {
    const cell = this.#changed.pop()
    if (cell === undefined) return
    cell.row = cell.before
    cell.before = undefined
    cell.changed = false
    if (cell.row === undefined && !cell.fresh) this.#cells.delete(cell.key)
  }

  readonly #takeBackAgain = () => {
    const change = this.#again.pop()
    if (change !== undefined) change.cell.row = change.row
  }

  constructor(definition: TableDefinition<K, R>, undo: UndoLog) {
    this.name = definition.name
    this.#definition = definition
    this.#undo = undo
  }

  /** Announces that a command will read this row. */
  need(key: K): void {
    if (!this.#cells.has(key)) this.#want(key)
  }

  /** The row, or undefined when there is none. Throws NotLoaded when it was never asked for. */
  get(key: K): R | undefined {
    return this.#loaded(key).row ?? undefined
  }

  /** What memory holds of a row after the last batch: undefined when it has none or was not asked for lately. */
  peek(key: K): R | undefined {
    const cell = this.#cells.get(key)
    return (cell?.changed ? cell.before : cell?.row) ?? undefined
  }

  /** The row if memory has it, changes of this batch included; unlike `get` it asks for nothing. */
  inMemory(key: K): R | undefined {
    return this.#cells.get(key)?.row ?? undefined
  }

  /** Replaces or adds a row, which must have been read, so that insert and update are told apart. */
  put(key: K, row: R): void {
    this.#change(this.#loaded(key), row)
  }

  /** Adds a row whose key was never used before (a new id), which needs no look. */
  add(key: K, row: R): void {
    let cell = this.#cells.get(key)
    if (cell === undefined) {
      cell = newCell<K, R>(key, false)
      this.#cells.set(key, cell)
    }
    this.#change(cell, row)
  }

  #loaded(key: K): Cell<K, R> {
    const cell = this.#cells.get(key)
    if (cell === undefined) this.#want(key)
    if (cell?.row === undefined) throw new NotLoaded()
    return cell
  }

  #change(cell: Cell<K, R>, row: R): void {
    if (cell.changed) {
      this.#again.push({ cell, row: cell.row })
      this.#undo.push(this.#takeBackAgain)
    } else {
      cell.before = cell.row
      cell.changed = true
      this.#changed.push(cell)
      this.#undo.push(this.#takeBackFirst)
    }
    cell.row = row
  }

  #want(key: K): void {
    const cell = newCell<K, R>(key, true)
    this.#cells.set(key, cell)
    this.#wanted.push(cell)
  }

  get addsOnly(): boolean {
    return this.#definition.addsOnly === true
  }

  get hasWanted(): boolean {
    return this.#wanted.length > 0
  }

  async loadWanted(sql: Sql): Promise<void> {
    const wanted = this.#wanted
    if (wanted.length === 0) return
    this.#wanted = []
    for (const cell of wanted) this.#fresh.push(cell)
    const keys = wanted.map((cell) => cell.key)
    for (const [key, row] of await this.#definition.load(sql, keys)) {
      const cell = this.#cells.get(key)
      if (cell !== undefined) cell.row = row
    }
    for (const cell of wanted) if (cell.row === undefined) cell.row = null
  }

  write(sql: Sql, at: number, everything: boolean): readonly UnsentStatement[] {
    const changes: RowChange<K, R>[] = []
    const writeBack = this.#definition.writeBack
    if (writeBack === undefined) {
      for (const { key, row, before } of this.#changed) {
        if (isRow(row)) changes.push({ key, row, isNew: !isRow(before) })
      }
    } else {
      this.#writesAll = everything
      for (const { key, row } of this.#unwritten.plan(at, everything ? EVERYTHING : writeBack)) {
        if (isRow(row)) changes.push({ key, row, isNew: false })
      }
      for (const { key, row } of everything ? this.#newlyDirty() : []) {
        if (isRow(row)) changes.push({ key, row, isNew: false })
      }
    }
    return changes.length === 0 ? [] : this.#definition.write(sql, changes)
  }

  /** Cells that this batch made differ from their table. */
  #newlyDirty(): readonly Cell<K, R>[] {
    return this.#changed.filter((cell) => cell.dirtyBatch === CLEAN)
  }

  oldestUnwritten(batch: number): number | null {
    if (this.#definition.writeBack === undefined || this.#writesAll) return null
    const oldest = this.#unwritten.oldestUnplanned
    if (oldest !== undefined) return oldest.dirtyBatch
    return this.#changed.some((cell) => cell.dirtyBatch === CLEAN) ? batch : null
  }

  commitBatch(batch: number, at: number): void {
    const keep = this.#definition.residentRows
    for (const cell of this.#fresh) if (keep === 0 && !cell.changed) this.#cells.delete(cell.key)
    if (this.#definition.writeBack !== undefined) {
      if (!this.#writesAll) for (const cell of this.#newlyDirty()) this.#unwritten.add(cell, batch, at)
      this.#unwritten.dropPlanned()
    }
    // The map's order is the order of last use only while it is full: keeping it costs a second look into a large map for every row.
    const full = this.#cells.size >= keep
    for (const cell of this.#changed) {
      cell.changed = false
      cell.before = undefined
      if (full && !cell.fresh) {
        this.#cells.delete(cell.key)
        this.#cells.set(cell.key, cell)
      }
    }
    this.#endBatch()
  }

  acknowledge(): void {
    const keep = this.#definition.residentRows
    if (this.#cells.size <= keep) return
    // Changed rows stay at least until their batch is durable: until then a load would not see them.
    for (const cell of this.#cells.values()) {
      if (this.#cells.size <= keep) return
      if (cell.dirtyBatch === CLEAN && !cell.changed && !cell.fresh) this.#cells.delete(cell.key)
    }
  }

  dropBatch(): void {
    while (this.#changed.length > 0) this.#takeBackFirst()
    for (const cell of this.#fresh) this.#cells.delete(cell.key)
    this.#unwritten.forgetPlan()
    this.#endBatch()
  }

  #endBatch(): void {
    for (const cell of this.#wanted) if (cell.row === undefined) this.#cells.delete(cell.key)
    for (const cell of this.#fresh) cell.fresh = false
    this.#wanted = []
    this.#fresh.length = 0
    this.#changed.length = 0
    this.#again.length = 0
    this.#writesAll = false
  }

  forget(): void {
    this.dropBatch()
    this.#cells.clear()
    this.#unwritten.clear()
  }

  async recover(sql: Sql, flushed: number): Promise<void> {
    const writeBack = this.#definition.writeBack
    if (writeBack === undefined) return
    for (const [key, row] of await writeBack.replay(sql, flushed)) {
      const cell = newCell<K, R>(key, false)
      cell.row = row
      this.#cells.set(key, cell)
      // Due at once and oldest of all: the first batches of a new holder write back what the last one left.
      this.#unwritten.add(cell, flushed + 1, 0)
    }
  }
}

/** Nothing waits. */
const EVERYTHING = { horizonMicros: 0, rowsPerBatch: Number.POSITIVE_INFINITY }

function newCell<K extends TableKey, R>(key: K, fresh: boolean): Cell<K, R> {
  return { key, row: undefined, before: undefined, changed: false, fresh, dirtyBatch: CLEAN }
}

function isRow<R>(row: R | null | undefined): row is R {
  return row !== null && row !== undefined
}
