import { mkdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { type Committer, committerMigrations, startCommitter, WorkingSet } from '@huitong/committer'
import { systemClock } from '@huitong/kernel'
import {
  createBooks,
  createLedgerCommands,
  type LedgerCommands,
  ledgerHeadStore,
  ledgerMigrations,
} from '@huitong/ledger'
import {
  committerRole,
  findRunning,
  type InstitutionDatabase,
  migrate,
  openDatabase,
  openExternal,
  startEmbedded,
} from '@huitong/pg'

/** Books of their own: an institution with a ledger and nothing else, whose committer is this process. */
export interface OwnBooks {
  readonly db: InstitutionDatabase
  readonly committer: Committer
  readonly commands: LedgerCommands
  close(): Promise<void>
}

export interface OwnBooksOptions {
  readonly dataDir: string
  readonly databaseUrl: string | undefined
  readonly schema: string
  /** The accounting day of the very first batch. */
  readonly firstDay: string
}

/**
 * Opens them, making them on the first time: on the server that runs on the data folder if there is one, else on one that runs for
 * as long as they are open.
 */
export async function openOwnBooks({ dataDir, databaseUrl, schema, firstDay }: OwnBooksOptions): Promise<OwnBooks> {
  const closing = new AsyncDisposableStack()
  try {
    const database = openDatabase(await connectionOf(dataDir, databaseUrl, closing))
    closing.defer(() => database.close())
    await migrate(database, schema, [ledgerMigrations, committerMigrations])
    const set = new WorkingSet()
    const books = createBooks(set)
    const committer = await startCommitter({
      set,
      heads: ledgerHeadStore(firstDay),
      connect: () => database.dedicated(schema, { role: committerRole }),
      holder: `${hostname()}:${process.pid}`,
      clock: systemClock(),
    })
    closing.defer(() => committer.stop())
    const commands = createLedgerCommands(set, books)
    return { db: database.institution(schema), committer, commands, close: () => closing.disposeAsync() }
  } catch (error) {
    await closing.disposeAsync()
    throw error
  }
}

async function connectionOf(dataDir: string, databaseUrl: string | undefined, closing: AsyncDisposableStack) {
  if (databaseUrl !== undefined) return (await openExternal(databaseUrl)).connection
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const running = await findRunning(dataDir)
  if (running !== undefined) return running.connection
  const server = await startEmbedded({ dataDir })
  closing.defer(() => server.stop())
  return server.connection
}
