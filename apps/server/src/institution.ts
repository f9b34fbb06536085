import { hostname } from 'node:os'
import { caseworkMigrations } from '@huitong/casework'
import { type Committer, committerMigrations, startCommitter } from '@huitong/committer'
import { escrowMigrations } from '@huitong/escrow'
import { familyMigrations } from '@huitong/family'
import { identityMigrations } from '@huitong/identity'
import { jobsMigrations } from '@huitong/jobs'
import { beijingDay, type Chance, type Clock } from '@huitong/kernel'
import { adoptChart, type InstitutionKind, ledgerHeadStore, ledgerMigrations } from '@huitong/ledger'
import { marketingMigrations } from '@huitong/marketing'
import { createVault, partyMigrations, type Vault } from '@huitong/party'
import { paymentsMigrations } from '@huitong/payments'
import { committerRole, type Database, type InstitutionDatabase, migrate } from '@huitong/pg'
import { adoptLimits, pricingMigrations } from '@huitong/pricing'
import { adoptPolicy, riskMigrations } from '@huitong/risk'
import type { Logger } from 'pino'
import { committerLog } from './institution-log.ts'
import type { InstitutionKeys } from './keys.ts'
import { createModules, type Modules } from './modules.ts'

export interface InstitutionOptions {
  readonly schema: string
  /** As people call it. */
  readonly name: string
  /** Decides its chart of accounts; settled at the first start, for good. */
  readonly kind: InstitutionKind
  readonly database: Database
  readonly keys: InstitutionKeys
  readonly clock: Clock
  readonly chance: Chance
  readonly log: Logger
}

/** One institution, open: its tables are up to date and this process is its committer. */
export interface Institution extends InstitutionOptions {
  readonly db: InstitutionDatabase
  readonly modules: Modules
  readonly committer: Committer
  readonly vault: Vault
  /** Calls back after each commit; for relays, which then need not wait for their next look. */
  onCommitted(listener: () => void): void
}

/** All tables of a wallet platform, in the order in which they are made. */
const WALLET_PLATFORM_MIGRATIONS = [
  ledgerMigrations,
  committerMigrations,
  jobsMigrations,
  identityMigrations,
  partyMigrations,
  pricingMigrations,
  riskMigrations,
  paymentsMigrations,
  escrowMigrations,
  marketingMigrations,
  familyMigrations,
  caseworkMigrations,
]

/** Brings the institution's tables up to this program, making them on the first start. */
export async function migrateInstitution({
  schema,
  database,
  log,
}: Pick<InstitutionOptions, 'schema' | 'database' | 'log'>): Promise<void> {
  const applied = await migrate(database, schema, WALLET_PLATFORM_MIGRATIONS)
  for (const migration of applied) log.info({ institution: schema, ...migration }, 'migration applied')
}

/** Puts the modules together and takes over as the committer of a migrated institution. The caller stops the committer. */
export async function openInstitution(options: InstitutionOptions): Promise<Institution> {
  const { schema, database, clock, chance, keys, log } = options
  const modules = createModules()
  const listeners: (() => void)[] = []
  const committer = await startCommitter({
    set: modules.set,
    heads: ledgerHeadStore(beijingDay(clock.now())),
    connect: () => database.dedicated(schema, { role: committerRole }),
    holder: `${hostname()}:${process.pid}`,
    clock,
    log: committerLog(log, schema),
    onCommitted: () => {
      for (const tell of listeners) tell()
    },
  })
  const db = database.institution(schema)
  await adoptChart({ db, committer, commands: modules.ledgerCommands, kind: options.kind })
  await adoptLimits({ db, committer, commands: modules.pricing.commands })
  await adoptPolicy({ db, committer, commands: modules.risk.commands })
  return {
    ...options,
    db,
    modules,
    committer,
    vault: createVault([{ version: 1, secret: keys.masterSecret }], keys.indexSecret, chance),
    onCommitted: (listener) => {
      listeners.push(listener)
    },
  }
}
