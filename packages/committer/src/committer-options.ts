import type { Sql } from '@huitong/pg'
import type { Command, Lane, Outcome } from './command.ts'
import type { HeadStore } from './head.ts'
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
