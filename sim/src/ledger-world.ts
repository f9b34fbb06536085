import { type Committer, committerMigrations, startCommitter, WorkingSet } from '@huitong/committer'
import type { CurrencyCode, ManualClock } from '@huitong/kernel'
import {
  type AccountView,
  createBooks,
  createLedgerCommands,
  findAccount,
  journalBalances,
  type LedgerCommands,
  ledgerHeadStore,
  ledgerMigrations,
  type SetBalance,
  type SubjectCode,
  setBalances,
  type VerifyReport,
  verifyLedger,
} from '@huitong/ledger'
import {
  committerRole,
  type Database,
  type EmbeddedServer,
  type InstitutionDatabase,
  migrate,
  openDatabase,
  type Sql,
  startEmbedded,
} from '@huitong/pg'

const SCHEMA = 'sim'
export const FIRST_DAY = '2026-01-01'
/** Fewer than in production, so that a run of some length stores runs and looks in them. */
const SEGMENT_KEYS = 100_000

export type Fault = 'takeover' | 'crash'

/** An institution with nothing but a ledger, whose committer and PostgreSQL can be taken away. */
export class LedgerWorld {
  readonly #dataDir: string
  readonly #clock: ManualClock
  readonly #segmentKeys: number
  #server: EmbeddedServer
  #database: Database
  #committer: Committer
  #commands: LedgerCommands

  private constructor(dataDir: string, clock: ManualClock, started: Started) {
    this.#dataDir = dataDir
    this.#clock = clock
    this.#segmentKeys = started.segmentKeys
    this.#server = started.server
    this.#database = started.database
    this.#committer = started.committer
    this.#commands = started.commands
  }

  static async start(dataDir: string, clock: ManualClock, segmentKeys = SEGMENT_KEYS): Promise<LedgerWorld> {
    const server = await startEmbedded({ dataDir })
    const database = openDatabase(server.connection)
    await migrate(database, SCHEMA, [committerMigrations, ledgerMigrations])
    return new LedgerWorld(dataDir, clock, {
      ...{ server, database, segmentKeys },
      ...(await startHolder(database, clock, segmentKeys)),
    })
  }

  get committer(): Committer {
    return this.#committer
  }

  get commands(): LedgerCommands {
    return this.#commands
  }

  async open(subject: SubjectCode, currency: CurrencyCode, floorMinor: bigint | null): Promise<number> {
    const input = { slot: 0, subject, currency, owner: null, floorMinor }
    const outcome = await this.#committer.submit({ kind: this.#commands.openAccount, input })
    if (outcome.status !== 'done') throw new Error(`no account: ${JSON.stringify(outcome)}`)
    return outcome.answer.account
  }

  /** Only between waves: what is under way would be unknown. Balances that were in memory alone must be found in the journal again. */
  async fault(kind: Fault): Promise<void> {
    const lost = this.#committer
    if (kind === 'takeover') {
      this.#take(await startHolder(this.#database, this.#clock, this.#segmentKeys))
      await lost.stop()
      return
    }
    await this.#server.stop('immediate')
    this.#server = await startEmbedded({ dataDir: this.#dataDir })
    const before = this.#database
    this.#database = openDatabase(this.#server.connection)
    this.#take(await startHolder(this.#database, this.#clock, this.#segmentKeys))
    await lost.stop()
    await before.close()
  }

  #take({ committer, commands }: Holder): void {
    this.#committer = committer
    this.#commands = commands
  }

  get db(): InstitutionDatabase {
    return this.#database.institution(SCHEMA)
  }

  /** What background jobs of the ledger work with. */
  get jobs(): { readonly db: InstitutionDatabase; readonly committer: Committer; readonly commands: LedgerCommands } {
    return { db: this.db, committer: this.#committer, commands: this.#commands }
  }

  async account(id: number): Promise<AccountView> {
    const view = await this.db.read((tx) => findAccount(tx, id, journalBalances))
    if (view === undefined) throw new Error(`account ${id} is gone`)
    return view
  }

  setBalances(id: number): Promise<readonly SetBalance[]> {
    return this.db.read((tx) => setBalances(tx, id))
  }

  /** Runs SQL as the owner of the tables, who may change what no program changes. */
  async asOwner<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const connection = await this.#database.dedicated(SCHEMA)
    try {
      return await work(connection.sql)
    } finally {
      await connection.close()
    }
  }

  async verify(): Promise<VerifyReport> {
    await this.#committer.flush()
    return verifyLedger(this.db)
  }

  async stop(): Promise<void> {
    await this.#committer.stop()
    await this.#database.close()
    await this.#server.stop()
  }
}

interface Holder {
  readonly committer: Committer
  readonly commands: LedgerCommands
}

interface Started extends Holder {
  readonly segmentKeys: number
  readonly server: EmbeddedServer
  readonly database: Database
}

async function startHolder(database: Database, clock: ManualClock, outcomeSegmentKeys: number): Promise<Holder> {
  const set = new WorkingSet()
  const commands = createLedgerCommands(set, createBooks(set))
  const committer = await startCommitter({
    set,
    heads: ledgerHeadStore(FIRST_DAY),
    connect: () => database.dedicated(SCHEMA, { role: committerRole }),
    holder: 'sim',
    clock,
    outcomeSegmentKeys,
  })
  return { committer, commands }
}
