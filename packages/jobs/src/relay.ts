import { randomBytes } from 'node:crypto'
import { invariant, ok } from '@huitong/kernel'
import type { InstitutionDatabase, Tx } from '@huitong/pg'
import type { OutboxPosition, OutboxRow, ReadOutbox } from './outbox.ts'
import { readCommitterOutbox } from './outbox-store.ts'
import { pump } from './pump.ts'
import * as store from './relay-store.ts'

/**
 * The effect of one row, all of it inside the transaction it was given. It may run again for the same row after a rollback, so it must
 * not reach outside; what has to (a call, a message) is enqueued as a job in the transaction. A throw parks the row.
 */
type HandleRow = (tx: Tx, row: OutboxRow) => Promise<void>

export interface RelayOptions {
  readonly db: InstitutionDatabase
  /** The name under which the cursor is kept; one relay at a time works for it, in whatever process. */
  readonly consumer: string
  readonly handle: HandleRow | PageHandler
  /** Reads the committer's outbox unless told otherwise. */
  readonly read?: ReadOutbox
  /** How long to rest when there is nothing to do and nobody wakes us; 500 unless told. */
  readonly pollMillis?: number
  /** Rows per transaction; 250 unless told. */
  readonly pageRows?: number
  /** After this long without a sign of life another process takes over; 30 s unless told. */
  readonly leaseMillis?: number
  /** Hears what went wrong: a parked row, a database that does not answer. */
  readonly onError?: (error: unknown, row?: OutboxRow) => void
}

/** For rows that need something looked up: `prepare` does it for a whole page, a query a table, and gives back the effect of each row. */
interface PageHandler {
  readonly prepare: (tx: Tx, rows: readonly OutboxRow[]) => Promise<HandleRow>
}

export interface Relay {
  /** Says that there may be new rows; the committer calls it after each commit. Costs nothing when the relay is busy. */
  wake(): void
  /** Finishes the page under way and frees the lease. */
  stop(): Promise<void>
}

/**
 * Carries rows from the outbox to one consumer, each exactly once in effect: effect and cursor are one commit. A row whose handler
 * throws is parked and tried again later, ever more rarely; later rows of its key queue behind it, other keys go on.
 */
export function startRelay(options: RelayOptions): Relay {
  const relay = new PageRelay(options)
  const running = pump({
    turn: () => relay.turn(),
    restMillis: options.pollMillis ?? 500,
    gatherMillis: GATHER_MILLIS,
    onError: (error) => options.onError?.(error),
  })
  return {
    wake: () => running.wake(),
    stop: async () => {
      await running.stop()
      await relay.release()
    },
  }
}

/** A relay is woken by every commit, and there may be hundreds a second: those of so long are carried together. */
const GATHER_MILLIS = 20
/** How often to look for parked rows whose time has come; none is due sooner than half a second after it was parked. */
const PARKED_LOOK_MILLIS = 250

class PageRelay {
  readonly #options: RelayOptions
  readonly #read: ReadOutbox
  readonly #pageRows: number
  readonly #leaseMillis: number
  readonly #holder = `${process.pid}-${randomBytes(6).toString('hex')}`
  #leaseUntil = 0
  /** Where the cursor stood last; checked against the row that is locked. */
  #cursor: OutboxPosition | undefined
  #lookAtParkedAt = 0

  constructor(options: RelayOptions) {
    this.#options = options
    this.#read = options.read ?? readCommitterOutbox
    this.#pageRows = options.pageRows ?? 250
    this.#leaseMillis = options.leaseMillis ?? 30_000
  }

  /** One round of work; true when another should follow at once. */
  async turn(): Promise<boolean> {
    if (!(await this.#holdLease())) return false
    const retried = await this.#retryParked()
    const carried = await this.#carryPage()
    return retried || carried
  }

  async release(): Promise<void> {
    await this.#transact((tx) => store.giveUpLease(tx, this.#options.consumer, this.#holder))
  }

  /** Renewed when a third of it is gone, so that an idle relay writes little. */
  async #holdLease(): Promise<boolean> {
    if (performance.now() < this.#leaseUntil) return true
    const { consumer } = this.#options
    const taken = await this.#transact((tx) => store.takeLease(tx, consumer, this.#holder, this.#leaseMillis))
    if (!taken) return false
    this.#leaseUntil = performance.now() + this.#leaseMillis / 3
    return true
  }

  /** A whole page in one transaction; when a handler throws, the page again row by row, where each row stands alone. */
  async #carryPage(): Promise<boolean> {
    try {
      return (await this.#carry(this.#pageRows)) > 0
    } catch (error) {
      if (!(error instanceof HandlerFailure)) throw error
      for (let row = 0; row < this.#pageRows; row += 1) {
        if ((await this.#carryOne()) === 0) break
      }
      return true
    }
  }

  async #carryOne(): Promise<number> {
    try {
      return await this.#carry(1)
    } catch (error) {
      if (!(error instanceof HandlerFailure)) throw error
      this.#options.onError?.(error.cause, error.row)
      return await this.#parkInstead(error.row, describe(error.cause))
    }
  }

  /** Handles up to `limit` rows after the cursor and moves it behind them; returns how many there were. */
  async #carry(limit: number): Promise<number> {
    const { consumer } = this.#options
    return await this.#transact(async (tx) => {
      const page = await this.#page(tx, limit)
      if (page === undefined) return this.#loseLease()
      const { rows, waiting } = page
      const last = rows.at(-1)
      if (last === undefined) return 0
      const handle = await this.#handler(
        tx,
        rows.filter(({ key }) => !waiting.has(key)),
      )
      for (const row of rows) {
        if (waiting.has(row.key)) await store.park(tx, consumer, row, 0, null)
        else await handle(tx, row)
      }
      await store.moveCursor(tx, consumer, last)
      return rows.length
    })
  }

  /** The rows after the cursor, and the keys that have something parked; undefined when the lease is somebody else's. */
  async #page(tx: Tx, limit: number): Promise<{ rows: readonly OutboxRow[]; waiting: Set<string> } | undefined> {
    const { consumer } = this.#options
    const guess = this.#cursor
    // Sent together, for a round trip costs more than the queries: the lock first, so that the others see what its holder left.
    const [cursor, guessed, waiting] = await Promise.all([
      store.lockCursor(tx, consumer, this.#holder),
      guess === undefined ? undefined : this.#read(tx, guess, limit),
      store.parkedKeys(tx, consumer),
    ])
    this.#cursor = cursor
    if (cursor === undefined) return undefined
    const isAsGuessed = cursor.batch === guess?.batch && cursor.position === guess.position
    const rows = isAsGuessed && guessed !== undefined ? guessed : await this.#read(tx, cursor, limit)
    checkOrder(cursor, rows)
    const last = rows.at(-1)
    // A guess: should the transaction not commit, the next one sees by the locked row that it was wrong.
    if (last !== undefined) this.#cursor = { batch: last.batch, position: last.position }
    return { rows, waiting }
  }

  async #parkInstead(row: OutboxRow, error: string): Promise<number> {
    const { consumer } = this.#options
    return await this.#transact(async (tx) => {
      if ((await store.lockCursor(tx, consumer, this.#holder)) === undefined) return this.#loseLease()
      await store.park(tx, consumer, row, 1, error)
      await store.moveCursor(tx, consumer, row)
      return 1
    })
  }

  async #retryParked(): Promise<boolean> {
    if (performance.now() < this.#lookAtParkedAt) return false
    this.#lookAtParkedAt = performance.now() + PARKED_LOOK_MILLIS
    const { consumer } = this.#options
    const due = await this.#transact((tx) => store.dueParked(tx, consumer, this.#pageRows))
    let succeeded = false
    for (const row of due) {
      try {
        await this.#retry(row)
        succeeded = true
      } catch (error) {
        if (!(error instanceof HandlerFailure)) throw error
        this.#options.onError?.(error.cause, row)
        await this.#transact((tx) => store.postpone(tx, consumer, row, describe(error.cause)))
      }
    }
    // What queued behind a row that went through is due now.
    if (succeeded) this.#lookAtParkedAt = 0
    return succeeded
  }

  async #retry(row: store.ParkedRow): Promise<void> {
    const { consumer } = this.#options
    await this.#transact(async (tx) => {
      if ((await store.lockCursor(tx, consumer, this.#holder)) === undefined) {
        this.#loseLease()
        return
      }
      const handle = await this.#handler(tx, [row])
      await handle(tx, row)
      await store.unpark(tx, consumer, row)
    })
  }

  /** Nothing here is refused: work either commits or throws. */
  async #transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const done = await this.#options.db.transact(async (tx) => ok(await work(tx)))
    invariant(done.ok, 'a relay refused its own work')
    return done.value
  }

  /** What to do with each of these rows. What throws in it is told with the row; what threw for all of them with the first. */
  async #handler(tx: Tx, rows: readonly OutboxRow[]): Promise<HandleRow> {
    const { handle } = this.#options
    const [first] = rows
    if (first === undefined) return async () => undefined
    const effect = typeof handle === 'function' ? handle : await blaming(first, () => handle.prepare(tx, rows))
    return (within, row) => blaming(row, () => effect(within, row))
  }

  #loseLease(): 0 {
    this.#leaseUntil = 0
    return 0
  }
}

/** Two rows in one place, or out of order, would be skipped in silence by a cursor that stops between them. */
function checkOrder(cursor: OutboxPosition, rows: readonly OutboxRow[]): void {
  let before = cursor
  for (const row of rows) {
    const isAfter = row.batch > before.batch || (row.batch === before.batch && row.position > before.position)
    invariant(isAfter, `outbox rows are not in order at batch ${row.batch}, position ${row.position}`)
    before = row
  }
}

/** The consumer's handler threw; anything else that throws is about the database and is nobody's row's fault. */
class HandlerFailure extends Error {
  readonly row: OutboxRow

  constructor(row: OutboxRow, cause: unknown) {
    super('a handler of the outbox failed', { cause })
    this.row = row
  }
}

async function blaming<T>(row: OutboxRow, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new HandlerFailure(row, error)
  }
}

function describe(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return text.replaceAll('\0', '').toWellFormed().slice(0, 1000)
}
