import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Sql } from '@huitong/pg'
import { classifyFailure, isOutOfResources } from './batch-failure.ts'
import { type Batch, BatchRunner } from './batch-runner.ts'
import { insertCase } from './case-store.ts'
import type { Command, Lane, Outcome } from './command.ts'
import type { HeadStore } from './head.ts'
import { CommandJob, type Job, type JobTables, type Undecided } from './job.ts'
import { JobQueue } from './job-queue.ts'
import { OutcomeIndex } from './outcome-index.ts'
import { OutcomeMemory } from './outcome-memory.ts'
import type { WorkingSet } from './working-set.ts'

/** A connection that only the committer uses, with its institution's search path and the committer's database role. */
export interface CommitterConnection {
  readonly sql: Sql
  close(): Promise<void>
}

export interface CommitterOptions {
  readonly set: WorkingSet
  readonly heads: HeadStore
  readonly connect: () => Promise<CommitterConnection>
  /** Names this process in the head row, for operators. */
  readonly holder: string
  readonly clock: { now(): number }
  readonly log?: (level: 'info' | 'warn' | 'error', message: string, facts?: Readonly<Record<string, unknown>>) => void
  readonly interactiveQueueMax?: number
  readonly bulkQueueMax?: number
  readonly batchMax?: number
  /** How long a lost database may stay away before waiting commands are told so. */
  readonly unavailableAfterMs?: number
  /** Keys of remembered outcomes that stay in memory before they are stored as a run; tests make it small. */
  readonly outcomeSegmentKeys?: number
  /** Called after each commit, so that relays in this process need not poll. */
  readonly onCommitted?: (batch: number) => void
}

export interface CommitterStatus {
  readonly state: 'running' | 'reconnecting' | 'stepped_down' | 'stopped'
  readonly generation: number
  readonly batch: number
  readonly at: number
  readonly accountingDay: string
  readonly queuedInteractive: number
  readonly queuedBulk: number
  readonly committedCommands: number
  /** The last batch that is known to be durable; `batch` may be one on its way. */
  readonly committed: { readonly batch: number; readonly at: number }
}

export interface Committer {
  /** Queues a command. Resolves when its batch is durable, or when it is certain or unknowable that it did not happen. Never rejects. */
  submit<Input, Answer>(command: Command<Input, Answer>, lane?: Lane): Promise<Outcome<Answer>>
  status(): CommitterStatus
  /** Looks at memory at a moment when it holds just what is committed; `look` must only read. */
  view<T>(look: () => T): Promise<T | undefined>
  /** Writes back everything that waits in memory. */
  flush(): Promise<void>
  /** Lets queued commands finish, writes back and closes. Commands that come later are told `unavailable`. */
  stop(): Promise<void>
}

const RETRY_AFTER_MS = 1000
const IDLE_WRITE_BACK_MS = 2000

/**
 * Starts the one committer of an institution: takes the head, so that any earlier holder's batches fail, rebuilds what
 * memory lost, and then commits whatever arrived while the last batch was in flight.
 */
export async function startCommitter(options: CommitterOptions): Promise<Committer> {
  const { set, clock } = options
  const log = options.log ?? (() => undefined)
  const outcomes = set.own((undo) => new OutcomeMemory(undo, new OutcomeIndex(options.outcomeSegmentKeys)))
  const jobTables: JobTables = { set, outcomes }
  const queue = new JobQueue({
    interactive: options.interactiveQueueMax ?? 20_000,
    bulk: options.bulkQueueMax ?? 50_000,
  })
  const batchMax = options.batchMax ?? 4000
  const unavailableAfterMs = options.unavailableAfterMs ?? 10_000
  // Loads go over a connection of their own, so that PostgreSQL looks rows up for one batch while it writes the last one.
  let writer = await options.connect()
  let reader = await options.connect()
  const runner = new BatchRunner(set, options.heads, clock)
  await runner.takeOver(writer.sql, options.holder)
  let state: CommitterStatus['state'] = 'running'
  let committedCommands = 0
  let committed = lastOf(runner)
  let lostInARow = 0
  let stopping = false
  let flushAsked: (() => void)[] = []
  let views: (() => void)[] = []
  let wake: () => void = () => undefined
  let inFlight: { readonly batch: Batch; readonly done: Promise<unknown> } | undefined
  let idleTimer: NodeJS.Timeout | undefined
  let indexing: Promise<void> | undefined
  let indexAgainAt = 0

  async function closeBoth(): Promise<void> {
    await Promise.all([writer.close().catch(() => undefined), reader.close().catch(() => undefined)])
  }

  /** The batch is durable and nothing is in flight: memory is what is committed. */
  function acknowledge(batch: Batch): void {
    lostInARow = 0
    for (const table of set.tables) table.acknowledge()
    indexOutcomes()
    answerViews()
    committedCommands += batch.jobs.length
    committed = { batch: batch.stamp.number, at: batch.stamp.at }
    options.onCommitted?.(batch.stamp.number)
  }

  /** Over a connection of its own, beside the batches: what it does nobody waits for. */
  function indexOutcomes(): void {
    if (indexing !== undefined || !outcomes.index.hasWork || clock.now() < indexAgainAt) return
    indexing = workOnIndex().finally(() => {
      indexing = undefined
    })
  }

  async function workOnIndex(): Promise<void> {
    let connection: CommitterConnection | undefined
    try {
      connection = await options.connect()
      await outcomes.index.work(connection.sql)
    } catch (error) {
      indexAgainAt = clock.now() + INDEX_AGAIN_MICROS
      log('warn', 'keys of outcomes stay in memory for now', { error: String(error) })
    } finally {
      await connection?.close().catch(() => undefined)
    }
  }

  /** Tells the callers, some in each turn of the event loop: what they do next must not hold up the batch on its way. */
  async function tellCallers(batch: Batch): Promise<void> {
    for (const [index, job] of batch.jobs.entries()) {
      job.settle()
      if (index % TURN_ANSWERS === TURN_ANSWERS - 1) await nextTurn()
    }
  }

  /** Memory shows exactly what is committed when nothing is in flight; only then may readers look. */
  function answerViews(): void {
    const waiting = views
    views = []
    for (const look of waiting) look()
  }

  function endAll(jobs: readonly Job[], how: Undecided): void {
    for (const job of jobs) job.end(how)
  }

  function stepDown(jobs: readonly Job[]): void {
    state = 'stepped_down'
    log('error', 'another process took over this institution; this committer steps down')
    endAll(jobs, { status: 'unavailable' })
    endAll(queue.takeAll(), { status: 'unavailable' })
  }

  /** Waits for the batch in flight. When it failed, its jobs were ended or put back; when it committed, its callers are still to be told. */
  async function landed(): Promise<Batch | 'nothing' | 'failed'> {
    if (inFlight === undefined) return 'nothing'
    const { batch, done } = inFlight
    const error = await done
    if (error === undefined) {
      inFlight = undefined
      acknowledge(batch)
      return batch
    }
    // Until the failure is dealt with, memory is ahead of what is committed.
    await handleFailure(batch, error)
    inFlight = undefined
    answerViews()
    return 'failed'
  }

  async function landAndTell(): Promise<boolean> {
    const batch = await landed()
    if (typeof batch !== 'string') await tellCallers(batch)
    return batch !== 'failed'
  }

  async function settleAlone(batch: Batch): Promise<void> {
    acknowledge(batch)
    await tellCallers(batch)
  }

  async function handleFailure(batch: Batch, error: unknown): Promise<void> {
    const failure = classifyFailure(error)
    if (failure === 'fenced') return stepDown(batch.jobs)
    if (failure === 'connection') return resolveLostBatch(batch, error)
    try {
      if (!(await runner.reload(writer.sql))) return stepDown(batch.jobs)
    } catch (reloadError) {
      return resolveLostBatch(batch, reloadError)
    }
    await bisect(batch.jobs, error)
  }

  /** Tries the halves of a batch that PostgreSQL refused, until the offender is alone. */
  async function bisect(jobs: readonly Job[], error: unknown): Promise<void> {
    const [only] = jobs
    if (only === undefined) {
      // A batch without commands only writes back; what it refused would be refused again, so do not go on.
      log('error', 'write-back failed', { error: String(error) })
      throw error instanceof Error ? error : new Error(String(error))
    }
    if (jobs.length === 1) {
      log('error', 'a command could not be written; it is a case now', { kind: only.kindName, error: String(error) })
      await insertCase(writer.sql, only.kindName, only.form(), String(error), clock.now()).catch((caseError) =>
        log('error', 'the case could not be written', { error: String(caseError) }),
      )
      only.end({ status: 'failed', message: `${only.kindName}: could not be written` })
      return
    }
    const middle = Math.ceil(jobs.length / 2)
    for (const half of [jobs.slice(0, middle), jobs.slice(middle)]) {
      if (state !== 'running') {
        endAll(half, { status: 'unavailable' })
        continue
      }
      await commitAlone(half)
    }
  }

  async function commitAlone(jobs: readonly Job[]): Promise<void> {
    let batch: Batch
    try {
      batch = await runner.decide(reader.sql, jobs)
    } catch (error) {
      return handleUndecided(jobs, error)
    }
    queue.putBack(batch.deferred)
    const error = await runner.send(writer.sql, batch, false)
    if (error === undefined) await settleAlone(batch)
    else await handleFailure(batch, error)
  }

  /** A load failed: nothing of this batch was sent. */
  async function handleUndecided(jobs: readonly Job[], error: unknown): Promise<void> {
    set.abort()
    if (classifyFailure(error) === 'statement') {
      if (!(await runner.reload(writer.sql))) return stepDown(jobs)
      return bisect(jobs, error)
    }
    queue.putBack(jobs)
    await reconnect(error)
  }

  /** The connection broke while a batch was in flight: the head tells whether it was committed. Callers do not wait for ever to hear. */
  async function resolveLostBatch(batch: Batch, error: unknown): Promise<void> {
    lostInARow += 1
    const patience = setTimeout(() => endAll(batch.jobs, { status: 'unknown' }), unavailableAfterMs)
    const back = await reconnect(error)
    clearTimeout(patience)
    if (!back) return endAll(batch.jobs, { status: 'unknown' })
    const fate = await runner.fateOf(writer.sql, batch).catch(() => 'unknown' as const)
    if (fate === 'committed') await settleAlone(batch)
    else if (fate === 'unknown') endAll(batch.jobs, { status: 'unknown' })
    else if (isOutOfResources(error) || lostInARow >= LOST_IN_A_ROW_MAX) {
      // Trying again would find the disk as full as before, or end the server once more. It is certain that nothing was written.
      endAll(batch.jobs, { status: 'unavailable' })
    } else queue.putBack(batch.jobs)
  }

  async function reconnect(error: unknown): Promise<boolean> {
    state = 'reconnecting'
    log('warn', 'the database connection was lost', { error: String(error) })
    runner.forget()
    await closeBoth()
    const giveUpAt = clock.now() + unavailableAfterMs * 1000
    for (let pauseMs = 50; !stopping || clock.now() < giveUpAt; pauseMs = Math.min(pauseMs * 2, 1000)) {
      try {
        writer = await options.connect()
        reader = await options.connect()
        if (!(await runner.resume(writer.sql))) {
          stepDown([])
          return true
        }
        state = 'running'
        committed = lastOf(runner)
        log('info', 'the database is back')
        return true
      } catch (again) {
        log('warn', 'the database is still away', { error: String(again) })
        await closeBoth()
        if (clock.now() > giveUpAt) endAll(queue.takeAll(), { status: 'unavailable' })
        await new Promise((resolve) => setTimeout(resolve, pauseMs))
      }
    }
    state = 'stopped'
    endAll(queue.takeAll(), { status: 'unavailable' })
    return false
  }

  function takeJobs(): Job[] {
    const jobs = queue.takeInteractive(batchMax)
    const room = Math.min(batchMax - jobs.length, BULK_PER_BATCH)
    return room > 0 ? [...jobs, ...queue.takeBulk(room)] : jobs
  }

  /** Work is there, or the batch in flight came back. While one is in flight, a few commands wait for more company. */
  async function untilWork(): Promise<void> {
    while (state === 'running') {
      if (inFlight === undefined && (queue.size > 0 || flushAsked.length > 0 || stopping)) return
      if (inFlight !== undefined && queue.size >= OVERLAP_FROM) return
      const woken = new Promise<void>((resolve) => {
        wake = resolve
      })
      if (inFlight === undefined) {
        idleTimer = setTimeout(askIdleFlush, IDLE_WRITE_BACK_MS)
        await woken
        clearTimeout(idleTimer)
      } else {
        const back = inFlight.done.then(() => true)
        if ((await Promise.race([woken, back])) === true) await landAndTell()
      }
    }
  }

  function askIdleFlush(): void {
    if (!runner.isClean()) {
      flushAsked.push(() => undefined)
      wake()
    }
  }

  async function oneBatch(): Promise<void> {
    const jobs = takeJobs()
    const flushed = inFlight === undefined && jobs.length === 0 ? flushAsked : []
    if (flushed.length > 0) flushAsked = []
    else if (jobs.length === 0) return
    if (flushed.length > 0 && runner.isClean()) {
      for (const done of flushed) done()
      return
    }
    let batch: Batch
    try {
      batch = await runner.decide(reader.sql, jobs)
    } catch (error) {
      if (inFlight === undefined || (await landAndTell())) return handleUndecided(jobs, error)
      set.abort()
      queue.putBack(jobs)
      return
    }
    const before = await landed()
    if (before === 'failed') {
      // Decided on rows that never came to be: decide anew.
      set.abort()
      queue.putBack(jobs)
      return
    }
    queue.putBack(batch.deferred)
    const done = runner.send(writer.sql, batch, flushed.length > 0)
    inFlight = { batch, done }
    if (before !== 'nothing') await tellCallers(before)
    if (flushed.length > 0) {
      await landAndTell()
      for (const tell of flushed) tell()
    }
  }

  async function loop(): Promise<void> {
    while (state === 'running') {
      await untilWork()
      if (state !== 'running') break
      if (stopping && queue.size === 0 && flushAsked.length === 0 && inFlight === undefined) break
      await oneBatch()
    }
    await landAndTell()
    // Put back by a batch that failed while this committer was stepping down.
    endAll(queue.takeAll(), { status: 'unavailable' })
  }

  indexOutcomes()
  const running = loop()
    .catch((error) => {
      state = 'stopped'
      log('error', 'the committer stopped', { error: String(error) })
      endAll(queue.takeAll(), { status: 'unavailable' })
    })
    .finally(() => {
      // Nobody may wait for a loop that has ended.
      for (const tell of flushAsked.splice(0)) tell()
      answerViews()
    })

  async function flush(): Promise<void> {
    if (state !== 'running') return
    await new Promise<void>((resolve) => {
      flushAsked.push(resolve)
      wake()
    })
  }

  return {
    submit: (command, lane = 'interactive') =>
      new Promise((resolve) => {
        if (stopping || state === 'stopped' || state === 'stepped_down') {
          resolve({ status: 'unavailable' })
          return
        }
        const job = new CommandJob(command, jobTables, resolve)
        if (!queue.offer(job, lane)) resolve({ status: 'overloaded', retryAfterMs: RETRY_AFTER_MS })
        else wake()
      }),
    status: () => {
      const { head } = runner
      return {
        state,
        generation: head.generation,
        batch: head.number,
        at: head.at,
        accountingDay: head.accountingDay,
        queuedInteractive: queue.sizeOf('interactive'),
        queuedBulk: queue.sizeOf('bulk'),
        committedCommands,
        committed,
      }
    },
    flush,
    view: (look) =>
      new Promise((resolve) => {
        views.push(() => resolve(state === 'running' ? look() : undefined))
        if (inFlight === undefined) answerViews()
      }),
    stop: async () => {
      if (!stopping) {
        const flushing = flush()
        stopping = true
        wake()
        await Promise.race([flushing, running])
        wake()
      }
      await running
      clearTimeout(idleTimer)
      if (state === 'running') state = 'stopped'
      await indexing
      await closeBoth()
    },
  }
}

/** The last batch as the database had it when the head was taken. */
function lastOf({ head }: BatchRunner): CommitterStatus['committed'] {
  return { batch: head.number, at: head.at }
}

/** Bulk commands a batch at most, so that interactive ones that come meanwhile do not wait long. */
const BULK_PER_BATCH = 1000
/** Batches lost one after the other, after which their commands are not tried again. */
const LOST_IN_A_ROW_MAX = 3
/** Until a failed attempt to store keys is made again. */
const INDEX_AGAIN_MICROS = 10_000_000
/** Callers told in one turn of the event loop. */
const TURN_ANSWERS = 128
/** With this many commands waiting, the next batch is decided while the last one is in flight. */
const OVERLAP_FROM = 64
