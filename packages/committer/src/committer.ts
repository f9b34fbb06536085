import { setImmediate as nextTurn } from 'node:timers/promises'
import { BatchRecovery, endAll } from './batch-recovery.ts'
import { type Batch, BatchRunner } from './batch-runner.ts'
import type { Committer, CommitterOptions, CommitterStatus } from './committer-options.ts'
import { ConnectionPair } from './connection-pair.ts'
import { CommandJob, type Job, type JobTables } from './job.ts'
import { JobQueue } from './job-queue.ts'
import { OutcomeIndex } from './outcome-index.ts'
import { OutcomeIndexer } from './outcome-indexer.ts'
import { OutcomeMemory } from './outcome-memory.ts'

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
  const connections = new ConnectionPair(options.connect)
  await connections.open()
  const runner = new BatchRunner(set, options.heads, clock)
  await runner.takeOver(connections.writer, options.holder)
  const indexer = new OutcomeIndexer(outcomes.index, options)
  let state: CommitterStatus['state'] = 'running'
  let committedCommands = 0
  let committed = lastOf(runner)
  let stopping = false
  let flushAsked: (() => void)[] = []
  let views: (() => void)[] = []
  let wake: () => void = () => undefined
  let inFlight: { readonly batch: Batch; readonly done: Promise<unknown> } | undefined
  let idleTimer: NodeJS.Timeout | undefined
  const recovery = new BatchRecovery({
    ...{ runner, connections, queue, clock, log, stepDown },
    unavailableAfterMs: options.unavailableAfterMs ?? 10_000,
    isRunning: () => state === 'running',
    isStopping: () => stopping,
    became: (now) => {
      state = now
      if (now === 'running') committed = lastOf(runner)
    },
    settle: async (batch) => {
      acknowledge(batch)
      await tellCallers(batch)
    },
  })

  /** The batch is durable and nothing is in flight: memory is what is committed. */
  function acknowledge(batch: Batch): void {
    recovery.committed()
    for (const table of set.tables) table.acknowledge()
    indexer.wake()
    answerViews()
    committedCommands += batch.jobs.length
    committed = { batch: batch.stamp.number, at: batch.stamp.at }
    options.onCommitted?.(batch.stamp.number)
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
    await recovery.failed(batch, error)
    inFlight = undefined
    answerViews()
    return 'failed'
  }

  async function landAndTell(): Promise<boolean> {
    const batch = await landed()
    if (typeof batch !== 'string') await tellCallers(batch)
    return batch !== 'failed'
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
      batch = await runner.decide(connections.reader, jobs)
    } catch (error) {
      if (inFlight === undefined || (await landAndTell())) return recovery.undecided(jobs, error)
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
    const done = runner.send(connections.writer, batch, flushed.length > 0)
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

  indexer.wake()
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
      await indexer.done()
      await connections.close()
    },
  }
}

/** The last batch as the database had it when the head was taken. */
function lastOf({ head }: BatchRunner): CommitterStatus['committed'] {
  return { batch: head.number, at: head.at }
}

/** Bulk commands a batch at most, so that interactive ones that come meanwhile do not wait long. */
const BULK_PER_BATCH = 1000
/** Callers told in one turn of the event loop. */
const TURN_ANSWERS = 128
/** With this many commands waiting, the next batch is decided while the last one is in flight. */
const OVERLAP_FROM = 64
