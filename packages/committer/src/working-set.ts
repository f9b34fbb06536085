import { invariant, makeId } from '@huitong/kernel'
import { type OutboxEvent, outboxLog } from './outbox-store.ts'
import type { BatchStamp, LogDefinition, TableDefinition, TableKey } from './table.ts'
import { UndoLog } from './undo-log.ts'
import { type BatchLog, WorkingLog } from './working-log.ts'
import { type BatchTable, NotLoaded, WorkingTable } from './working-table.ts'

/**
 * What the commands of one committer decide on: the tables and logs of all modules, and the counters of the batch.
 *
 * Modules take their handles once (`set.table(…)`, `set.log(…)`) and their commands close over them. Decide functions read and
 * write only through these handles, so they are functions of the working set and the input alone: no clock, no chance, no I/O.
 */
export class WorkingSet {
  readonly #undo = new UndoLog()
  readonly #tables: BatchTable[] = []
  readonly #logs: BatchLog[] = []
  #stamp: BatchStamp = { number: 0, at: 0, accountingDay: '' }
  #position = 0
  #counter = 0
  #nextDay: string | null = null
  readonly #outbox = this.log(outboxLog)
  readonly #summaries: (() => void)[] = []
  readonly #returnId = () => {
    this.#counter -= 1
  }
  readonly #returnPosition = () => {
    this.#position -= 1
  }

  table<K extends TableKey, R>(definition: TableDefinition<K, R>): WorkingTable<K, R> {
    invariant(!this.#tables.some((table) => table.name === definition.name), `table ${definition.name} is named twice`)
    const table = new WorkingTable(definition, this.#undo)
    this.#tables.push(table)
    return table
  }

  log<R>(definition: LogDefinition<R>): WorkingLog<R> {
    invariant(!this.#logs.some((log) => log.name === definition.name), `log ${definition.name} is named twice`)
    const log = new WorkingLog(definition, this.#undo)
    this.#logs.push(log)
    return log
  }

  /** Adds what is no `WorkingTable` but takes part in every batch as one does. */
  own<T extends BatchTable>(make: (undo: UndoLog) => T): T {
    const table = make(this.#undo)
    this.#tables.push(table)
    return table
  }

  get tables(): readonly BatchTable[] {
    return this.#tables
  }

  get logs(): readonly BatchLog[] {
    return this.#logs
  }

  /** Number, time (µs) and accounting day of the batch that is being decided. */
  get batch(): BatchStamp {
    return this.#stamp
  }

  /** Of what this batch adds beside the journal's leaves: the outcomes of its commands. Null when that is nothing. */
  digest(): Buffer | null {
    for (const table of this.#tables) {
      const digest = table.digest?.()
      if (digest !== undefined) return digest
    }
    return null
  }

  /** The counter of the last id given out. */
  get lastCounter(): number {
    return this.#counter
  }

  /** The accounting day that the next batch will have, when a command of this batch closed the day. */
  get nextAccountingDay(): string {
    return this.#nextDay ?? this.#stamp.accountingDay
  }

  /** Number of journal mutations so far in this batch. */
  get positions(): number {
    return this.#position
  }

  /** A new id in this customer slot. Given out again when the command that took it is refused. */
  newId(slot: number): number {
    this.#undo.push(this.#returnId)
    this.#counter += 1
    return makeId(this.#counter, slot)
  }

  /** The position of the next journal mutation in this batch. */
  nextPosition(): number {
    this.#undo.push(this.#returnPosition)
    this.#position += 1
    return this.#position - 1
  }

  /** Ends the accounting day: batches after this one carry `day`. */
  startAccountingDay(day: string): void {
    const before = this.#nextDay
    this.#undo.push(() => {
      this.#nextDay = before
    })
    this.#nextDay = day
  }

  /**
   * Registers what sums a batch up once all its commands are decided: it may change rows as a command may. What would cost each command a
   * row costs the batch one.
   */
  summarise(summary: () => void): void {
    this.#summaries.push(summary)
  }

  /** Sums the decided batch up; false when a summary asked for rows that are not loaded yet. */
  summed(): boolean {
    try {
      for (const summary of this.#summaries) summary()
      return true
    } catch (error) {
      if (error instanceof NotLoaded) return false
      throw error
    }
  }

  /**
   * Does something for each item of a bulk command. An item that asks for rows which are not loaded does not end the attempt: the rest is
   * tried as well, to learn what else is missing, before the command waits for all of it. One item at a time would need as many loads as
   * there are items, and a command may ask only a few times.
   */
  each<Item>(items: readonly Item[], decide: (item: Item) => void): void {
    let missing: NotLoaded | undefined
    for (const item of items) {
      try {
        decide(item)
      } catch (error) {
        // Whatever else goes wrong after something was missing is judged again, when it is there.
        if (error instanceof NotLoaded) missing = error
        else if (missing === undefined) throw error
      }
    }
    if (missing !== undefined) throw missing
  }

  /** Sends an event with the batch. */
  emit(event: OutboxEvent): void {
    this.#outbox.add(event)
  }

  savepoint(): number {
    return this.#undo.mark()
  }

  rollbackTo(savepoint: number): void {
    this.#undo.rollbackTo(savepoint)
  }

  begin(stamp: BatchStamp, lastCounter: number): void {
    this.#stamp = stamp
    this.#counter = lastCounter
    this.#position = 0
    this.#nextDay = null
    this.#undo.clear()
  }

  commit(): void {
    for (const table of this.#tables) table.commitBatch(this.#stamp.number, this.#stamp.at)
    this.#end()
  }

  abort(): void {
    for (const table of this.#tables) table.dropBatch()
    this.#end()
  }

  #end(): void {
    for (const log of this.#logs) log.clear()
    this.#undo.clear()
  }

  get hasWanted(): boolean {
    return this.#tables.some((table) => table.hasWanted)
  }
}
