import type { Sql, Statement } from '@huitong/pg'

/**
 * Tables of the working set: what a module tells the committer about the rows that its commands decide on.
 *
 * A table is read with one query and written with one statement for a whole batch, so the price of a batch is counted in
 * statements, not in commands. Rows are immutable values; a decide function replaces a row, it never changes one.
 */
export type TableKey = string | number

/**
 * A statement that the committer sends. The driver's statements are lazy: one that is merely awaited later would run after its
 * batch's commit, so nobody but the committer starts them.
 */
export type UnsentStatement = PlainStatement | LoneStatement

export type PlainStatement = Statement<Record<string, unknown>[]>

/** Nothing may be sent on the connection while it runs: a stream of rows is such a statement. */
export interface LoneStatement {
  readonly alone: true
  execute(): PromiseLike<unknown>
}

export function isPlain(statement: UnsentStatement): statement is PlainStatement {
  return !('alone' in statement)
}

/** One changed row of a batch: its last version, and whether the table had no such row before the batch. */
export interface RowChange<K extends TableKey, R> {
  readonly key: K
  readonly row: R
  readonly isNew: boolean
}

export interface TableDefinition<K extends TableKey, R> {
  readonly name: string
  /** How many rows stay in memory from batch to batch. 0 loads every row anew for each batch. Only the holder may write such a table. */
  readonly residentRows: number
  /** Reads all rows of these keys with one query. Keys without a row are left out. */
  readonly load: (sql: Sql, keys: readonly K[]) => Promise<readonly (readonly [K, R])[]>
  /** True when `write` only adds rows, so that it may become a part of one statement with the batch's other rows. */
  readonly addsOnly?: boolean
  /** The statements that store the last version of every changed row; the committer sends them. */
  readonly write: (sql: Sql, changes: readonly RowChange<K, R>[]) => readonly UnsentStatement[]
  /**
   * Present when rows are written back some batches later than they change (docs/adr/0001: updating 2 balances a transfer costs
   * half of the time of a batch). The journal must then hold enough to rebuild every row that was not written back yet.
   */
  readonly writeBack?: WriteBack<K, R>
}

export interface WriteBack<K extends TableKey, R> {
  /** A dirty row is written at the latest this many microseconds after it first changed, given that batches come. */
  readonly horizonMicros: number
  /** At most this many rows a batch, unless everything is asked for; bounds what write-back adds to one batch. */
  readonly rowsPerBatch: number
  /** Rebuilds from the journal the rows that changed in batches after `flushed`: what memory lost with the last holder. */
  readonly replay: (sql: Sql, flushed: number) => Promise<readonly (readonly [K, R])[]>
}

/** Rows that are only ever added: journal, events, business history. */
export interface LogDefinition<R> {
  readonly name: string
  readonly append: (sql: Sql, rows: readonly R[], batch: BatchStamp) => readonly UnsentStatement[]
  /**
   * Present on logs that are part of the journal: the row's position among the batch's mutations and its bytes for the Merkle tree. The
   * bytes need last only until the next row's are asked for.
   */
  readonly leaf?: (row: R) => JournalLeaf
}

export interface JournalLeaf {
  readonly position: number
  readonly bytes: Uint8Array
}

/** What is known about a batch before its commands are decided. */
export interface BatchStamp {
  readonly number: number
  readonly at: number
  readonly accountingDay: string
}
