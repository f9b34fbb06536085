import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Committer, committerMigrations, startCommitter, WorkingSet } from '@huitong/committer'
import { CNY, systemClock } from '@huitong/kernel'
import {
  createBooks,
  createLedgerCommands,
  type LedgerCommands,
  ledgerHeadStore,
  ledgerMigrations,
} from '@huitong/ledger'
import { committerRole, type Database, type EmbeddedServer, migrate, openDatabase, startEmbedded } from '@huitong/pg'

export const SCHEMA = 'bench'

/** An institution with nothing but a ledger, on an embedded server with the settings that `npm start` uses. */
export interface BenchWorld {
  readonly server: EmbeddedServer
  readonly database: Database
  readonly committer: Committer
  readonly commands: LedgerCommands
  /** An account without a floor that money comes from. */
  readonly source: number
  /** Accounts with a floor of zero. */
  readonly accounts: readonly number[]
  stop(): Promise<void>
}

export async function startBenchWorld(accountCount: number): Promise<BenchWorld> {
  const dataDir = await mkdtemp(join(process.env.HUITONG_BENCH_DIR ?? tmpdir(), 'huitong-bench-'))
  const server = await startEmbedded({ dataDir })
  const database = openDatabase(server.connection)
  await migrate(database, SCHEMA, [committerMigrations, ledgerMigrations])
  const set = new WorkingSet()
  const commands = createLedgerCommands(set, createBooks(set))
  const committer = await startCommitter({
    set,
    heads: ledgerHeadStore('2026-01-01'),
    connect: () => database.dedicated(SCHEMA, { role: committerRole }),
    holder: 'bench',
    clock: systemClock(),
    log: (level, message, facts) => {
      if (level !== 'info') process.stderr.write(`${level} ${message} ${JSON.stringify(facts ?? {})}\n`)
    },
  })

  async function open(floorMinor: bigint | null): Promise<number> {
    const input = { slot: 0, subject: '2003', currency: CNY, owner: null, floorMinor } as const
    const outcome = await committer.submit({ kind: commands.openAccount, input })
    if (outcome.status !== 'done') throw new Error(`no account: ${JSON.stringify(outcome)}`)
    return outcome.answer.account
  }

  const source = await open(null)
  const accounts: number[] = []
  const CHUNK = 4000
  for (let from = 0; from < accountCount; from += CHUNK) {
    const count = Math.min(CHUNK, accountCount - from)
    accounts.push(...(await Promise.all(Array.from({ length: count }, () => open(0n)))))
  }
  return {
    server,
    database,
    committer,
    commands,
    source,
    accounts,
    stop: async () => {
      await committer.stop()
      await database.close()
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
