import type { Sql } from '@huitong/pg'
import { type Digest, leafDigest } from './merkle.ts'
import type { BatchStamp, LogDefinition, UnsentStatement } from './table.ts'
import type { UndoLog } from './undo-log.ts'

export interface BatchLog {
  readonly name: string
  append(sql: Sql, batch: BatchStamp): readonly UnsentStatement[]
  /** Puts the digest of each row that is part of the journal at its position. */
  digest(into: Digest[]): void
  clear(): void
}

/** Rows that a batch adds to an append-only table, in the order in which they were decided. */
export class WorkingLog<R> implements BatchLog {
  readonly name: string
  readonly #definition: LogDefinition<R>
  readonly #undo: UndoLog
  readonly #rows: R[] = []
  readonly #takeBack = () => {
    this.#rows.pop()
  }

  constructor(definition: LogDefinition<R>, undo: UndoLog) {
    this.name = definition.name
    this.#definition = definition
    this.#undo = undo
  }

  add(row: R): void {
    this.#undo.push(this.#takeBack)
    this.#rows.push(row)
  }

  /** What the batch added so far. */
  get rows(): readonly R[] {
    return this.#rows
  }

  append(sql: Sql, batch: BatchStamp): readonly UnsentStatement[] {
    return this.#rows.length === 0 ? [] : this.#definition.append(sql, this.#rows, batch)
  }

  digest(into: Digest[]): void {
    const leaf = this.#definition.leaf
    if (leaf === undefined) return
    for (const row of this.#rows) {
      const { position, bytes } = leaf(row)
      into[position] = leafDigest(bytes)
    }
  }

  clear(): void {
    this.#rows.length = 0
  }
}
