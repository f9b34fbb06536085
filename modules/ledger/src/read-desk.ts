import { setTimeout as sleep } from 'node:timers/promises'
import type { Committer } from '@huitong/committer'
import type { InstitutionDatabase } from '@huitong/pg'
import { impatience } from './impatience.ts'
import { readHead } from './ledger-read-store.ts'
import { readFault } from './read-fault.ts'
import { type ReadSource, snapshotSource } from './read-source.ts'
import type { ReplicaSight, ReplicaWatch } from './replica-watch.ts'

/** Why a read did not come from the replica. */
export const PRIMARY_REASONS = [
  'unreachable',
  'diverged',
  'lagging',
  'awaiting_batch',
  'slow',
  'cancelled',
  'failed',
] as const
export type PrimaryReason = (typeof PRIMARY_REASONS)[number]

/** What an answer says of itself: every batch up to `batch` is in it. One from the replica has none after it. */
export interface ReadStatement {
  readonly from: 'primary' | 'replica'
  readonly batch: number
  /** µs, of that batch. */
  readonly at: number
  /** For how long the source has lacked a batch, at most. */
  readonly behindMs: number
  /** Why it is not from the replica, where there is one. */
  readonly reason: PrimaryReason | undefined
}

type Read<T> =
  | { readonly status: 'answered'; readonly value: T; readonly statement: ReadStatement }
  /** Not even the primary has that batch. */
  | { readonly status: 'batch_unknown'; readonly newest: number }
  /** The replica cannot answer, and the primary is not to be asked. */
  | { readonly status: 'refused'; readonly reason: PrimaryReason }

/** What the answer must have seen: this batch, or all that is committed at the time of asking. */
export type AtLeast = number | 'newest'

export interface ReadDesk {
  /** Runs `work`, which must only read, on one source; a second time on the primary when the replica fails on the way. */
  answer<T>(atLeast: AtLeast, work: (source: ReadSource) => Promise<T>): Promise<Read<T>>
  report(): ReadReport
}

/** What the desk did since it was opened. */
interface ReadReport {
  readonly replica: ReplicaReport | undefined
  readonly answers: Readonly<Record<'primary' | 'replica', number>>
  /** Of the answers of the primary and the refusals, those that the replica would have given. */
  readonly reasons: Readonly<Record<PrimaryReason, number>>
}

export interface ReplicaReport extends ReplicaSight {
  readonly place: string
  readonly lagMaxMs: number
  readonly fallback: ReadFallback
}

export type ReadFallback = 'primary' | 'refuse'

interface ReplicaReads {
  readonly db: Pick<InstitutionDatabase, 'schema' | 'read'>
  readonly watch: ReplicaWatch
  /** For people. */
  readonly place: string
  readonly fallback: ReadFallback
}

export interface ReadDeskOptions {
  readonly primary: ReadSource
  readonly committer: Pick<Committer, 'status'>
  readonly replica?: ReplicaReads
}

/** For a free connection and a first answer of the replica. The primary would have answered by then. */
const OPEN_MS = 1000
/** For all of an answer. A statement has ten seconds of its own; this ends what the network swallowed. */
const ANSWER_MS = 30_000
/** How often, within a second, a read that may not go to the primary looks for its batch. */
const AWAIT_LOOKS = 50
const AWAIT_PAUSE_MS = 20

export function createReadDesk({ primary, committer, replica }: ReadDeskOptions): ReadDesk {
  const answers = { primary: 0, replica: 0 }
  const reasons: Record<PrimaryReason, number> = {
    ...{ unreachable: 0, diverged: 0, lagging: 0, awaiting_batch: 0, slow: 0, cancelled: 0, failed: 0 },
  }

  async function fromPrimary<T>(
    work: (source: ReadSource) => Promise<T>,
    reason: PrimaryReason | undefined,
  ): Promise<Read<T>> {
    const { batch, at } = committer.status().committed
    const value = await work(primary)
    answers.primary += 1
    return { status: 'answered', value, statement: { from: 'primary', batch, at, behindMs: 0, reason } }
  }

  async function fromReplica<T>(
    { db, watch, fallback }: ReplicaReads,
    atLeast: number,
    work: (source: ReadSource) => Promise<T>,
  ): Promise<Read<T>> {
    for (let looks = 1; ; looks += 1) {
      const { state } = watch.sight()
      if (state === 'unreachable' || state === 'diverged') return { status: 'refused', reason: state }
      if (state === 'unseen') return { status: 'refused', reason: 'unreachable' }
      const read = await tryReplica(db, watch, atLeast, work)
      const mayWait = fallback === 'refuse' && read.status === 'refused' && read.reason === 'awaiting_batch'
      if (!mayWait || looks === AWAIT_LOOKS) return read
      await sleep(AWAIT_PAUSE_MS)
    }
  }

  return {
    answer: async (atLeast, work) => {
      const wanted = atLeast === 'newest' ? committer.status().committed.batch : atLeast
      if (wanted > committer.status().committed.batch) {
        // Another process may have taken over meanwhile: the database knows best.
        const { number } = await primary.db.read(readHead)
        if (wanted > number) return { status: 'batch_unknown', newest: number }
      }
      if (replica === undefined) return fromPrimary(work, undefined)
      const read = await fromReplica(replica, wanted, work)
      if (read.status === 'answered') answers.replica += 1
      if (read.status !== 'refused') return read
      reasons[read.reason] += 1
      return replica.fallback === 'refuse' ? read : fromPrimary(work, read.reason)
    },
    report: () => ({
      answers: { ...answers },
      reasons: { ...reasons },
      replica:
        replica === undefined
          ? undefined
          : {
              ...replica.watch.sight(),
              ...{ place: replica.place, lagMaxMs: replica.watch.lagMaxMs, fallback: replica.fallback },
            },
    }),
  }
}

/**
 * One try, in one snapshot of the replica. Whatever fails there is for the primary to do again, and to fail at if it is wrong. A replica
 * that does not even begin to answer is not tried again before a look has found it.
 */
async function tryReplica<T>(
  db: ReplicaReads['db'],
  watch: ReplicaWatch,
  atLeast: number,
  work: (source: ReadSource) => Promise<T>,
): Promise<Read<T>> {
  const patience = impatience(OPEN_MS)
  let opened = false
  try {
    const reading = db.read(async (tx): Promise<Read<T>> => {
      const head = await readHead(tx)
      if (patience.isOver()) return SLOW
      opened = true
      patience.restart(ANSWER_MS)
      const end = { batch: head.number, at: head.at }
      const behindMs = watch.behindMs(end)
      if (behindMs > watch.lagMaxMs) return { status: 'refused', reason: 'lagging' }
      if (end.batch < atLeast) return { status: 'refused', reason: 'awaiting_batch' }
      const value = await work(snapshotSource(tx, db.schema, head.accountingDay))
      return { status: 'answered', value, statement: { from: 'replica', ...end, behindMs, reason: undefined } }
    })
    const read = await Promise.race([reading, patience.over])
    if (read === undefined && !opened) watch.distrust(new Error('it did not answer within a second'))
    return read ?? SLOW
  } catch (error) {
    const fault = readFault(error)
    if (fault === 'unreachable') watch.distrust(error)
    return { status: 'refused', reason: fault }
  } finally {
    patience.end()
  }
}

const SLOW = { status: 'refused', reason: 'slow' } as const
