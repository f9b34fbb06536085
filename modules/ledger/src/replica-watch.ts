import { setTimeout as sleep } from 'node:timers/promises'
import type { Committer } from '@huitong/committer'
import type { InstitutionDatabase } from '@huitong/pg'
import { createCommitTimes } from './commit-times.ts'
import { batchHash } from './head-store.ts'
import { readHead } from './ledger-read-store.ts'

type ReplicaState = 'unseen' | 'serving' | 'lagging' | 'unreachable' | 'diverged'

/** The end of the journal as a replica has it. */
interface ReplicaEnd {
  readonly batch: number
  /** µs, of that batch. */
  readonly at: number
}

/** What the last look saw; of one that did not reach the replica, only the state and the fault are new. */
export interface ReplicaSight extends ReplicaEnd {
  readonly state: ReplicaState
  readonly behindMs: number
  /** What is wrong, for operators. */
  readonly fault: string | undefined
}

export interface ReplicaWatchOptions {
  readonly primary: Pick<InstitutionDatabase, 'read'>
  readonly replica: Pick<InstitutionDatabase, 'read'>
  readonly committer: Pick<Committer, 'status'>
  /** Of the books, µs: what batches are stamped with. */
  readonly clock: { now(): number }
  /** Milliseconds that never go back, whatever is done to clocks. */
  readonly stopwatch: () => number
  readonly lagMaxMs: number
  readonly onChange?: (sight: ReplicaSight) => void
}

/**
 * Knows how far a replica is behind, and whether its journal is ours. It is driven from outside: `note` ten times a second, `look` once.
 */
export interface ReplicaWatch {
  readonly lagMaxMs: number
  sight(): ReplicaSight
  /** For how long a copy that ends there has lacked a batch: 0 when it lacks none that was noted, so up to a note's pause too little. */
  behindMs(end: ReplicaEnd): number
  /** Takes down where the journal ends now. */
  note(): void
  look(): Promise<void>
  /** A read did not reach it: it is not tried again before a look that does. */
  distrust(error: unknown): void
}

/** A replica may show a batch a moment before the primary does. One that the primary still lacks after these looks is not ours. */
const AHEAD_LOOKS = 10
const AHEAD_PAUSE_MS = 20

export function watchReplica(options: ReplicaWatchOptions): ReplicaWatch {
  const { primary, replica, committer, clock, stopwatch, lagMaxMs, onChange } = options
  const times = createCommitTimes()
  let sight: ReplicaSight = { state: 'unseen', batch: 0, at: 0, behindMs: 0, fault: undefined }
  let looking: Promise<void> | undefined

  function see(next: ReplicaSight): void {
    const changed = next.state !== sight.state
    sight = next
    if (changed) onChange?.(next)
  }

  function behindMs({ batch, at }: ReplicaEnd): number {
    return times.behindMs(batch, stopwatch()) ?? Math.max(0, Math.ceil((clock.now() - at) / 1000))
  }

  function distrust(error: unknown): void {
    const fault = error instanceof Error && error.message !== '' ? error.message : String(error)
    see({ ...sight, state: 'unreachable', fault })
  }

  async function lookOnce(): Promise<void> {
    const end = await replica.read(readHead).catch(distrust)
    if (end === undefined) return
    const before = stopwatch()
    times.note((await primary.read(readHead)).number, before)
    const seen = { batch: end.number, at: end.at, behindMs: behindMs({ batch: end.number, at: end.at }) }
    if (await isOurs(end.number, end.hash)) {
      return see({ ...seen, state: seen.behindMs > lagMaxMs ? 'lagging' : 'serving', fault: undefined })
    }
    const fault = `its batch ${end.number} is not one of this journal: it copies something else, or what was here before a restore`
    see({ ...seen, state: 'diverged', fault })
  }

  /** Each batch's hash covers all before it, so one that agrees proves the whole journal up to it. */
  async function isOurs(batch: number, hash: Buffer): Promise<boolean> {
    if (batch === 0) return true
    for (let looks = 0; looks < AHEAD_LOOKS; looks += 1) {
      const own = await primary.read((tx) => batchHash(tx.sql, batch))
      if (own !== undefined) return own.equals(hash)
      await sleep(AHEAD_PAUSE_MS)
    }
    return false
  }

  return {
    lagMaxMs,
    sight: () => sight,
    behindMs,
    distrust,
    note: () => {
      const { state, committed } = committer.status()
      // While another process may be writing, only a look tells where the journal ends.
      if (state === 'running') times.note(committed.batch, stopwatch())
    },
    look: () => {
      looking ??= lookOnce().finally(() => {
        looking = undefined
      })
      return looking
    },
  }
}
