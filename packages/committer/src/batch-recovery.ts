import { classifyFailure, isOutOfResources } from './batch-failure.ts'
import type { Batch, BatchRunner } from './batch-runner.ts'
import { insertCase } from './case-store.ts'
import type { CommitterOptions } from './committer-options.ts'
import type { ConnectionPair } from './connection-pair.ts'
import type { Job, Undecided } from './job.ts'
import type { JobQueue } from './job-queue.ts'

/** Batches lost one after the other, after which their commands are not tried again. */
const LOST_IN_A_ROW_MAX = 3

export interface RecoveryOptions extends Required<Pick<CommitterOptions, 'clock' | 'log' | 'unavailableAfterMs'>> {
  readonly runner: BatchRunner
  readonly connections: ConnectionPair
  readonly queue: JobQueue
  /** Whether the committer decides batches. */
  readonly isRunning: () => boolean
  readonly isStopping: () => boolean
  /** Another process holds the head: ends these jobs and all that wait. */
  readonly stepDown: (jobs: readonly Job[]) => void
  readonly became: (state: 'running' | 'reconnecting' | 'stopped') => void
  /** The batch is durable, and nothing is in flight. */
  readonly settle: (batch: Batch) => Promise<void>
}

/** What becomes of the jobs of a batch that did not commit, or of which nobody knows. Never rejects because of the database. */
export class BatchRecovery {
  readonly #options: RecoveryOptions
  #lostInARow = 0

  constructor(options: RecoveryOptions) {
    this.#options = options
  }

  /** A batch committed: what was lost before it is no row of losses any more. */
  committed(): void {
    this.#lostInARow = 0
  }

  /** A batch that was sent failed. */
  async failed(batch: Batch, error: unknown): Promise<void> {
    const { runner, connections, stepDown } = this.#options
    const failure = classifyFailure(error)
    if (failure === 'fenced') return stepDown(batch.jobs)
    if (failure === 'connection') return this.#lost(batch, error)
    try {
      if (!(await runner.reload(connections.writer))) return stepDown(batch.jobs)
    } catch (reloadError) {
      return this.#lost(batch, reloadError)
    }
    await this.#bisect(batch.jobs, error)
  }

  /** A load failed: nothing of this batch was sent. */
  async undecided(jobs: readonly Job[], error: unknown): Promise<void> {
    const { runner, connections, queue, stepDown } = this.#options
    runner.abort()
    if (classifyFailure(error) === 'statement') {
      if (!(await runner.reload(connections.writer))) return stepDown(jobs)
      return this.#bisect(jobs, error)
    }
    queue.putBack(jobs)
    await this.#reconnect(error)
  }

  /** Tries the halves of a batch that PostgreSQL refused, until the offender is alone. */
  async #bisect(jobs: readonly Job[], error: unknown): Promise<void> {
    const { log, isRunning } = this.#options
    const [only] = jobs
    if (only === undefined) {
      // A batch without commands only writes back; what it refused would be refused again, so do not go on.
      log('error', 'write-back failed', { error: String(error) })
      throw error instanceof Error ? error : new Error(String(error))
    }
    if (jobs.length === 1) return this.#makeCase(only, error)
    const middle = Math.ceil(jobs.length / 2)
    for (const half of [jobs.slice(0, middle), jobs.slice(middle)]) {
      if (isRunning()) await this.#commitAlone(half)
      else endAll(half, { status: 'unavailable' })
    }
  }

  async #makeCase(job: Job, error: unknown): Promise<void> {
    const { connections, clock, log } = this.#options
    log('error', 'a command could not be written; it is a case now', { kind: job.kindName, error: String(error) })
    await insertCase(connections.writer, job.kindName, job.form(), String(error), clock.now()).catch((caseError) =>
      log('error', 'the case could not be written', { error: String(caseError) }),
    )
    job.end({ status: 'failed', message: `${job.kindName}: could not be written` })
  }

  async #commitAlone(jobs: readonly Job[]): Promise<void> {
    const { runner, connections, queue, settle } = this.#options
    let batch: Batch
    try {
      batch = await runner.decide(connections.reader, jobs)
    } catch (error) {
      return this.undecided(jobs, error)
    }
    queue.putBack(batch.deferred)
    const error = await runner.send(connections.writer, batch, false)
    if (error === undefined) await settle(batch)
    else await this.failed(batch, error)
  }

  /** The connection broke while a batch was in flight: the head tells whether it was committed. Callers do not wait for ever to hear. */
  async #lost(batch: Batch, error: unknown): Promise<void> {
    const { runner, connections, queue, unavailableAfterMs, settle } = this.#options
    this.#lostInARow += 1
    const patience = setTimeout(() => endAll(batch.jobs, { status: 'unknown' }), unavailableAfterMs)
    const back = await this.#reconnect(error)
    clearTimeout(patience)
    if (!back) return endAll(batch.jobs, { status: 'unknown' })
    const fate = await runner.fateOf(connections.writer, batch).catch(() => 'unknown' as const)
    if (fate === 'committed') await settle(batch)
    else if (fate === 'unknown') endAll(batch.jobs, { status: 'unknown' })
    else if (isOutOfResources(error) || this.#lostInARow >= LOST_IN_A_ROW_MAX) {
      // Trying again would find the disk as full as before, or end the server once more. It is certain that nothing was written.
      endAll(batch.jobs, { status: 'unavailable' })
    } else queue.putBack(batch.jobs)
  }

  /** True when the database is back, whoever holds the head by now; false when this committer was stopped first. */
  async #reconnect(error: unknown): Promise<boolean> {
    const { runner, connections, queue, clock, log, unavailableAfterMs, isStopping, stepDown, became } = this.#options
    became('reconnecting')
    log('warn', 'the database connection was lost', { error: String(error) })
    runner.forget()
    await connections.close()
    const giveUpAt = clock.now() + unavailableAfterMs * 1000
    for (let pauseMs = 50; !isStopping() || clock.now() < giveUpAt; pauseMs = Math.min(pauseMs * 2, 1000)) {
      try {
        await connections.open()
        if (!(await runner.resume(connections.writer))) {
          stepDown([])
          return true
        }
        became('running')
        log('info', 'the database is back')
        return true
      } catch (again) {
        log('warn', 'the database is still away', { error: String(again) })
        await connections.close()
        if (clock.now() > giveUpAt) endAll(queue.takeAll(), { status: 'unavailable' })
        await new Promise((resolve) => setTimeout(resolve, pauseMs))
      }
    }
    became('stopped')
    endAll(queue.takeAll(), { status: 'unavailable' })
    return false
  }
}

export function endAll(jobs: readonly Job[], how: Undecided): void {
  for (const job of jobs) job.end(how)
}
