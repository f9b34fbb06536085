import { hostname } from 'node:os'
import { bankMigrations } from '@huitong/bank'
import { caseworkMigrations } from '@huitong/casework'
import { type BankGate, channelsMigrations, createBankGate } from '@huitong/channels'
import { clearingMigrations } from '@huitong/clearing'
import { type Committer, committerMigrations, startCommitter } from '@huitong/committer'
import { escrowMigrations } from '@huitong/escrow'
import { familyMigrations } from '@huitong/family'
import { identityMigrations } from '@huitong/identity'
import { jobsMigrations } from '@huitong/jobs'
import { beijingDay, type Chance, type Clock } from '@huitong/kernel'
import { adoptChart, ledgerHeadStore, ledgerMigrations } from '@huitong/ledger'
import { createLinkVault, type LinkVault, linksMigrations } from '@huitong/links'
import { marketingMigrations } from '@huitong/marketing'
import { createVault, partyMigrations, type Vault } from '@huitong/party'
import { paymentsMigrations } from '@huitong/payments'
import { committerRole, type Database, type InstitutionDatabase, type MigrationSet, migrate } from '@huitong/pg'
import { adoptLimits, pricingMigrations } from '@huitong/pricing'
import { reconciliationMigrations } from '@huitong/reconciliation'
import { reserveMigrations } from '@huitong/reserve'
import { adoptPolicy, riskMigrations } from '@huitong/risk'
import type { Logger } from 'pino'
import { committerLog } from './institution-log.ts'
import type { InstitutionSpec } from './institution-spec.ts'
import type { InstitutionKeys } from './keys.ts'
import { type CoreModules, createModules, type Modules, type PlatformModules } from './modules.ts'

export interface InstitutionOptions extends InstitutionSpec {
  readonly demo: boolean
  readonly database: Database
  readonly keys: InstitutionKeys
  readonly clock: Clock
  readonly chance: Chance
  readonly log: Logger
}

/** One institution, open: its tables are up to date and this process is its committer. */
export interface Institution extends InstitutionOptions {
  readonly db: InstitutionDatabase
  /** Of every kind. */
  readonly modules: CoreModules
  /** Of its own kind. */
  readonly own: Modules
  readonly committer: Committer
  readonly vault: Vault
  readonly linkVault: LinkVault
  /** The way to each bank, of a platform that has one. */
  readonly bankGate: BankGate
  /** Calls back after each commit; for relays, which then need not wait for their next look. */
  onCommitted(listener: () => void): void
}

/** A wallet platform, with what only that has. */
export interface PlatformInstitution extends Institution {
  readonly modules: PlatformModules
}

/** The same institution as what it is; undefined when it is something else. */
export function asPlatform(institution: Institution): PlatformInstitution | undefined {
  const { platform } = institution.own
  return platform === undefined ? undefined : { ...institution, modules: platform }
}

/** All tables of an institution, in the order in which they are made. */
function migrationsOf({ kind }: Pick<InstitutionSpec, 'kind'>): readonly MigrationSet[] {
  return [
    ...[ledgerMigrations, committerMigrations, jobsMigrations, identityMigrations, partyMigrations],
    ...OF_KIND[kind],
    ...[caseworkMigrations, reconciliationMigrations],
  ]
}

const OF_KIND: Readonly<Record<InstitutionSpec['kind'], readonly MigrationSet[]>> = {
  wallet_platform: [
    ...[pricingMigrations, riskMigrations, paymentsMigrations, escrowMigrations, marketingMigrations],
    ...[familyMigrations, reserveMigrations, linksMigrations, channelsMigrations],
  ],
  bank: [linksMigrations, bankMigrations],
  clearing_house: [linksMigrations, clearingMigrations],
  fund_manager: [],
  insurer: [],
  regulator: [],
}

/** Brings the institution's tables up to this program, making them on the first start. */
export async function migrateInstitution({
  schema,
  kind,
  database,
  log,
}: Pick<InstitutionOptions, 'schema' | 'kind' | 'database' | 'log'>): Promise<void> {
  const applied = await migrate(database, schema, migrationsOf({ kind }))
  for (const migration of applied) log.info({ institution: schema, ...migration }, 'migration applied')
}

/** Puts the modules together and takes over as the committer of a migrated institution. The caller stops the committer. */
export async function openInstitution(options: InstitutionOptions): Promise<Institution> {
  const { schema, database, clock, chance, keys, log } = options
  const linkVault = createLinkVault(keys.masterSecret, chance)
  const own = createModules(options, linkVault, options.demo)
  const modules = own.core
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
  if (own.platform !== undefined) {
    await adoptLimits({ db, committer, commands: own.platform.pricing.commands })
    await adoptPolicy({ db, committer, commands: own.platform.risk.commands })
  }
  return {
    ...options,
    db,
    modules,
    own,
    linkVault,
    bankGate: createBankGate({ clock }),
    committer,
    vault: createVault([{ version: 1, secret: keys.masterSecret }], keys.indexSecret, chance),
    onCommitted: (listener) => {
      listeners.push(listener)
    },
  }
}
