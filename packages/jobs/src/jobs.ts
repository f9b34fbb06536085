import { type ConnectionOptions, type Database, ensureRoles } from '@huitong/pg'
import { Logger, run, runMigrations, type TaskList } from 'graphile-worker'
import { jobsSchema, openQueueToInstitutions } from './enqueue-store.ts'

export interface RunningJob {
  readonly id: string
  /** 1 for the first attempt. */
  readonly attempt: number
  readonly attemptsMax: number
  /** Aborts when the program stops and the job takes too long to finish. */
  readonly signal: AbortSignal
}

/** Does one kind of job; may run more than once for one job, so it must be idempotent. A throw means: again, later. */
export type JobHandler = (payload: unknown, job: RunningJob) => Promise<void>

export interface JobsOptions {
  readonly database: Database
  readonly handlers: Readonly<Record<string, JobHandler>>
  /** Jobs at once; 4 unless told. */
  readonly concurrency?: number
  readonly log?: (level: 'error' | 'warning' | 'info' | 'debug', message: string) => void
}

export interface Jobs {
  /** Takes no new job and waits for those under way. */
  stop(): Promise<void>
}

/** Makes or updates the queue's schema; programs that only enqueue call just this. Safe to call at every start. */
export async function prepareJobs(database: Database, log?: JobsOptions['log']): Promise<void> {
  const { connection, owner } = database
  await ensureRoles(owner)
  await runMigrations({ connectionString: connectionString(connection), schema: jobsSchema, logger: logger(log) })
  await openQueueToInstitutions(owner)
}

/** Prepares the queue and starts working on it. A job is taken within milliseconds of its commit. */
export async function startJobs(options: JobsOptions): Promise<Jobs> {
  const { database, handlers, concurrency = 4, log } = options
  await prepareJobs(database, log)
  const runner = await run({
    connectionString: connectionString(database.connection),
    schema: jobsSchema,
    taskList: taskList(handlers),
    concurrency,
    maxPoolSize: concurrency + 2,
    noHandleSignals: true,
    parsedCronItems: [],
    logger: logger(log),
  })
  runner.promise.catch((error: unknown) => log?.('error', `the job queue stopped: ${String(error)}`))
  return { stop: () => runner.stop() }
}

function taskList(handlers: Readonly<Record<string, JobHandler>>): TaskList {
  const tasks: TaskList = {}
  for (const [name, handle] of Object.entries(handlers)) {
    tasks[name] = async (payload, { job, abortSignal }) => {
      await handle(payload, { id: job.id, attempt: job.attempts, attemptsMax: job.max_attempts, signal: abortSignal })
    }
  }
  return tasks
}

/** The queue has a client of its own, which reads the folder of a Unix socket from `host` in the query. */
function connectionString(connection: ConnectionOptions): string {
  const url = new URL(`postgres://localhost/${encodeURIComponent(connection.database)}`)
  url.username = encodeURIComponent(connection.user)
  url.password = encodeURIComponent(connection.password)
  url.searchParams.set('host', connection.host)
  url.searchParams.set('port', String(connection.port))
  if (connection.ssl !== undefined) url.searchParams.set('sslmode', connection.ssl)
  return url.href
}

function logger(log: JobsOptions['log']): Logger {
  return new Logger(() => (level, message) => log?.(level, message))
}
