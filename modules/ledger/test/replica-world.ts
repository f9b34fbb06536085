import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { committerMigrations } from '@huitong/committer'
import { systemClock } from '@huitong/kernel'
import {
  committerRole,
  type Database,
  migrate,
  openDatabase,
  openReadReplica,
  type ReadReplica,
  removeStandby,
  type Standby,
  startEmbedded,
  startStandby,
} from '@huitong/pg'
import type { TestInstitution } from '@huitong/testing'
import { ledgerMigrations } from '../src/migrations.ts'
import { createReadDesk, type ReadDesk, type ReadFallback } from '../src/read-desk.ts'
import { primarySource } from '../src/read-source.ts'
import { type ReplicaWatch, watchReplica } from '../src/replica-watch.ts'
import { type LedgerApi, startLedgerApi } from './ledger-api-world.ts'
import { type LedgerWorld, startLedgerWorld } from './ledger-world.ts'

/** A ledger on a PostgreSQL of its own with a real standby behind it, and its routes read from there. */
export interface ReplicaWorld {
  readonly world: LedgerWorld
  readonly primary: Database
  readonly replica: ReadReplica
  readonly watch: ReplicaWatch
  readonly desk: ReadDesk
  readonly api: LedgerApi
  /** The same routes where the primary may not be asked instead. */
  readonly refusing: LedgerApi
  stopStandby(): Promise<void>
  startStandby(): Promise<void>
  /** Removes the standby's copy and makes it anew. */
  remakeStandby(): Promise<void>
  /** The standby takes no more of the log for a while. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** Writes everything back and waits until the standby has all that is committed. */
  caughtUp(): Promise<void>
  stop(): Promise<void>
}

const SCHEMA = 'books'
const SETTINGS = { shared_buffers: '64MB', fsync: 'off' }
export const LAG_MAX_MS = 4000

export async function startReplicaWorld(): Promise<ReplicaWorld> {
  const closing = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'huitong-replica-'))
  closing.defer(() => rm(folder, { recursive: true, force: true }))
  const [primaryDir, standbyDir] = [join(folder, 'primary'), join(folder, 'standby')]
  const server = await startEmbedded({ dataDir: primaryDir, settings: SETTINGS })
  closing.defer(() => server.stop())
  const primary = openDatabase(server.connection)
  closing.defer(() => primary.close())
  await migrate(primary, SCHEMA, [committerMigrations, ledgerMigrations])
  const world = await startLedgerWorld({ institution: institutionOf(primary) })
  closing.defer(() => world.committer.stop())

  let standby: Standby | undefined
  const start = async () => {
    standby = await startStandby({ dataDir: standbyDir, primaryDir, settings: SETTINGS })
  }
  const stop = async () => {
    await standby?.stop()
    standby = undefined
  }
  closing.defer(stop)

  const replica = openReadReplica(pathToFileURL(standbyDir).href, { statementMs: 20_000 })
  closing.defer(() => replica.close())
  const { committer, books, institution } = world
  const db = replica.institution(SCHEMA)
  const watch = watchReplica({
    ...{ primary: institution.db, replica: db, committer, lagMaxMs: LAG_MAX_MS },
    ...{ clock: systemClock(), stopwatch: () => performance.now() },
  })
  const noting = setInterval(() => watch.note(), 100)
  const looking = setInterval(() => void watch.look(), 500)
  closing.defer(async () => {
    clearInterval(noting)
    clearInterval(looking)
    await watch.look().catch(() => undefined)
  })
  const deskOf = (fallback: ReadFallback) =>
    createReadDesk({
      primary: primarySource(institution.db, committer, books),
      committer,
      replica: { db, watch, place: standbyDir, fallback },
    })
  const desk = deskOf('primary')
  const api = await startLedgerApi({ world, desk })
  const refusing = await startLedgerApi({ world, desk: deskOf('refuse') })
  closing.defer(async () => {
    await api.http.drain(1000)
    await refusing.http.drain(1000)
  })

  async function onStandby(text: string): Promise<void> {
    if (standby === undefined) throw new Error('there is no standby')
    const database = openDatabase(standby.connection)
    await database.owner.unsafe(text)
    await database.close()
  }

  return {
    ...{ world, primary, replica, watch, desk, api, refusing },
    stopStandby: stop,
    startStandby: start,
    remakeStandby: async () => {
      await stop()
      await removeStandby(standbyDir)
      await start()
    },
    pause: () => onStandby('select pg_wal_replay_pause()'),
    resume: () => onStandby('select pg_wal_replay_resume()'),
    caughtUp: async () => {
      // What waits in memory would otherwise make a batch of its own some seconds later.
      await committer.flush()
      const { batch } = committer.status().committed
      for (;;) {
        await watch.look()
        const sight = watch.sight()
        if (sight.state === 'serving' && sight.batch >= batch) return
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    },
    stop: () => closing.disposeAsync(),
  }
}

function institutionOf(database: Database): TestInstitution {
  return {
    schema: SCHEMA,
    db: database.institution(SCHEMA),
    dedicated: (options = { role: committerRole }) => database.dedicated(SCHEMA, options),
    drop: async () => undefined,
  }
}
