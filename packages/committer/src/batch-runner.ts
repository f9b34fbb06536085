import { setImmediate as nextTurn } from 'node:timers/promises'
import { invariant } from '@huitong/kernel'
import type { Sql } from '@huitong/pg'
import { UnwritableBatch } from './batch-failure.ts'
import { type BatchSeal, type Head, type HeadStore, sealHash } from './head.ts'
import type { Job } from './job.ts'
import { type Digest, rootOf } from './merkle.ts'
import { type BatchStamp, isPlain, type PlainStatement, type UnsentStatement } from './table.ts'
import type { WorkingSet } from './working-set.ts'

/** A decided batch: its jobs, and the head as it will be. */
export interface Batch {
  readonly jobs: readonly Job[]
  /** Jobs that did not fit in. */
  readonly deferred: readonly Job[]
  readonly stamp: BatchStamp
  readonly previous: Head
  readonly seal: BatchSeal
  readonly hash: Buffer
  readonly nextAccountingDay: string
}

/** How often a command may ask for more rows before it counts as broken. */
const LOAD_ROUNDS_MAX = 8
/** Mutations after which a batch takes no more commands; a position in a batch has 16 bits. */
const POSITIONS_MAX = 32_000
/**
 * Commands decided in one turn of the event loop. Between turns the program hands PostgreSQL the next piece of the batch before and
 * answers readers; without them PostgreSQL would stand still while a batch is decided.
 */
const TURN_JOBS = 128
const PREPARE_EVERY = 1024

/** Decides and sends batches on the head that it knows. Knows nothing of queues, lanes or failures. */
export class BatchRunner {
  readonly #set: WorkingSet
  readonly #heads: HeadStore
  readonly #clock: { now(): number }
  #head: Head = EMPTY_HEAD
  #prepared = -1
  #holder = ''

  constructor(set: WorkingSet, heads: HeadStore, clock: { now(): number }) {
    this.#set = set
    this.#heads = heads
    this.#clock = clock
  }

  /** The head as of the last batch that was sent. */
  get head(): Head {
    return this.#head
  }

  isClean(): boolean {
    return this.#set.tables.every((table) => table.oldestUnwritten(0) === null)
  }

  async takeOver(sql: Sql, holder: string): Promise<void> {
    this.#holder = holder
    this.#head = await this.#heads.take(sql, holder)
    await this.#rebuild(sql)
  }

  /** After a new connection: true if this process still holds the head. */
  async resume(sql: Sql): Promise<boolean> {
    const head = await this.#heads.retake(sql, this.#holder, this.#head.generation)
    if (head === undefined) return false
    this.#head = head
    await this.#rebuild(sql)
    return true
  }

  /** After an aborted batch: forgets what was decided on it and rebuilds memory from the tables. */
  async reload(sql: Sql): Promise<boolean> {
    this.forget()
    return this.resume(sql)
  }

  /** Takes back what was decided and not sent. */
  abort(): void {
    this.#set.abort()
  }

  forget(): void {
    this.abort()
    for (const table of this.#set.tables) table.forget()
  }

  async #rebuild(sql: Sql): Promise<void> {
    for (const table of this.#set.tables) await table.recover(sql, this.#head.flushed)
    await this.#heads.prepare(sql, this.#head.number + 1)
  }

  async fateOf(sql: Sql, batch: Batch): Promise<'committed' | 'not_committed'> {
    const hash = await this.#heads.hashOf(sql, batch.seal.number)
    return hash?.equals(batch.hash) ? 'committed' : 'not_committed'
  }

  /** Loads and decides. Throws when a load fails; the working set is then still open and must be aborted. */
  async decide(sql: Sql, jobs: readonly Job[]): Promise<Batch> {
    const previous = this.#head
    const stamp: BatchStamp = {
      number: previous.number + 1,
      at: Math.max(this.#clock.now(), previous.at + 1),
      accountingDay: previous.accountingDay,
    }
    if (Math.floor(stamp.number / PREPARE_EVERY) !== this.#prepared) {
      await this.#heads.prepare(sql, stamp.number)
      this.#prepared = Math.floor(stamp.number / PREPARE_EVERY)
    }
    this.#set.begin(stamp, previous.lastCounter)
    for (const job of jobs) job.need()
    const { decided, deferred } = await this.#decideAll(sql, jobs)
    const leaves: Digest[] = []
    for (const log of this.#set.logs) log.digest(leaves)
    const seal: BatchSeal = {
      number: stamp.number,
      previousHash: previous.hash,
      root: rootOf(leaves),
      count: leaves.length,
      at: stamp.at,
      accountingDay: stamp.accountingDay,
      lastCounter: this.#set.lastCounter,
      outcomes: this.#set.digest(),
    }
    return {
      jobs: decided,
      deferred,
      stamp,
      previous,
      seal,
      hash: sealHash(seal),
      nextAccountingDay: this.#set.nextAccountingDay,
    }
  }

  /**
   * Decides in the order of the queue. When a command asks for a row that is not loaded, the rest is still tried, to learn what
   * else is missing; then everything is taken back, loaded and decided again, so that the order never depends on what was in memory.
   */
  async #decideAll(sql: Sql, jobs: readonly Job[]): Promise<{ decided: readonly Job[]; deferred: readonly Job[] }> {
    const start = this.#set.savepoint()
    for (let round = 1; ; round += 1) {
      await this.#load(sql)
      const decided: Job[] = []
      const waiting: Job[] = []
      let tried = 0
      for (const job of jobs) {
        if (this.#set.positions >= POSITIONS_MAX) break
        tried += 1
        if (tried % TURN_JOBS === 0) await nextTurn()
        ;(job.decide() === 'wait' ? waiting : decided).push(job)
      }
      if ((waiting.length === 0 || round >= LOAD_ROUNDS_MAX) && this.#set.summed()) {
        for (const job of waiting) {
          job.end({ status: 'failed', message: `${job.kindName}: asks for rows without end` })
        }
        return { decided, deferred: jobs.slice(tried) }
      }
      invariant(round < 2 * LOAD_ROUNDS_MAX, 'what sums a batch up asks for rows without end')
      this.#set.rollbackTo(start)
    }
  }

  async #load(sql: Sql): Promise<void> {
    if (!this.#set.hasWanted) return
    await Promise.all(this.#set.tables.map((table) => table.loadWanted(sql)))
  }

  /**
   * Sends the batch and moves on as if it had committed. Resolves to undefined when it did, else to the error; after an error the
   * caller must reload, since memory is then ahead of the database. Small batches take one round trip.
   */
  send(sql: Sql, batch: Batch, everything: boolean): Promise<unknown> {
    const next: Head = {
      generation: batch.previous.generation,
      number: batch.seal.number,
      hash: batch.hash,
      at: batch.seal.at,
      accountingDay: batch.nextAccountingDay,
      lastCounter: batch.seal.lastCounter,
      flushed: 0,
    }
    let statements: readonly UnsentStatement[]
    try {
      const added: UnsentStatement[] = this.#set.logs.flatMap((log) => log.append(sql, batch.stamp))
      const changed: UnsentStatement[] = []
      for (const table of this.#set.tables) {
        const writes = table.write(sql, batch.stamp.at, everything)
        for (const write of writes) (table.addsOnly ? added : changed).push(write)
      }
      this.#head = { ...next, flushed: this.#flushedThrough(batch.seal.number) }
      const advance = (rows: readonly PlainStatement[]) =>
        this.#heads.advance(sql, batch.previous, this.#head, batch.seal, rows)
      // A batch of a few commands is one statement, which commits by itself: half the time of a transaction of five.
      statements =
        changed.length === 0 && added.every(isPlain)
          ? [advance(added)]
          : [sql`begin`, ...added, ...changed, advance([]), sql`commit`]
    } catch (error) {
      return Promise.resolve(new UnwritableBatch(error))
    }
    // From here on the next batch may be decided, while this one is on its way.
    this.#set.commit()
    return runInOrder(sql, statements)
  }

  #flushedThrough(number: number): number {
    let oldest = number + 1
    for (const table of this.#set.tables) oldest = Math.min(oldest, table.oldestUnwritten(number) ?? oldest)
    return oldest - 1
  }
}

/** Starts statements without awaiting one before the next, but for those that must be alone. Several must end with a commit. */
async function runInOrder(sql: Sql, statements: readonly UnsentStatement[]): Promise<unknown> {
  const started: Promise<PromiseSettledResult<unknown>>[] = []
  for (const statement of statements) {
    const running = settled(statement.execute())
    started.push(running)
    if (!isPlain(statement) && (await running).status === 'rejected') {
      // What follows would be refused one by one; the transaction is lost already.
      started.push(settled(sql`rollback`.execute()))
      break
    }
  }
  const results = await Promise.all(started)
  for (const result of results)
    if (result.status === 'rejected') return result.reason ?? new Error('a statement of the batch failed')
  if (results.length === 1) return undefined
  const last = results.at(-1)
  // A commit of a failed transaction is answered with a rollback and no error.
  return last?.status === 'fulfilled' && isCommit(last.value)
    ? undefined
    : new UnwritableBatch('the commit was a rollback')
}

async function settled(running: PromiseLike<unknown>): Promise<PromiseSettledResult<unknown>> {
  const [result] = await Promise.allSettled([running])
  return result
}

function isCommit(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'command' in result && result.command === 'COMMIT'
}

const EMPTY_HEAD: Head = {
  generation: 0,
  number: 0,
  hash: Buffer.alloc(0),
  at: 0,
  accountingDay: '',
  lastCounter: 0,
  flushed: 0,
}
