import {
  type Bank,
  type BankQueries,
  bankMigrations,
  createBank,
  createBankQueries,
  GROSS_FROM,
  GROSS_UNTIL,
} from '@huitong/bank'
import {
  type Clearing,
  type ClearingQueries,
  clearingMigrations,
  createClearing,
  createClearingQueries,
} from '@huitong/clearing'
import { type Committer, committerMigrations, type Outcome, startCommitter, WorkingSet } from '@huitong/committer'
import { type IsoMessage, writeIsoMessage } from '@huitong/iso20022'
import { beijingDay, CHINA_2026, type Chance, type Clock } from '@huitong/kernel'
import {
  adoptChart,
  createBooks,
  createLedgerCommands,
  type InstitutionKind,
  ledgerHeadStore,
  ledgerMigrations,
} from '@huitong/ledger'
import { createParty, createVault, partyMigrations, readCustomerRegistration } from '@huitong/party'
import type { InstitutionDatabase, Sql } from '@huitong/pg'
import { drawKey, SENT, type WireEnd } from './message-wire.ts'

/** An institution's schema, migrated, and the way to connections for its committer. */
export interface Place {
  readonly db: InstitutionDatabase
  connect(): Promise<{ readonly sql: Sql; close(): Promise<void> }>
}

export const CLEARING_HOUSE_TABLES = [ledgerMigrations, committerMigrations, clearingMigrations]
export const BANK_TABLES = [ledgerMigrations, committerMigrations, partyMigrations, bankMigrations]
export const HUB = '990900000095'

interface Common {
  readonly end: WireEnd
  readonly committer: Committer
  readonly db: InstitutionDatabase
}

export interface HubNode extends Common {
  readonly clearing: Clearing
  readonly queries: ClearingQueries
}

export interface BankNode extends Common {
  readonly bank: Bank
  readonly queries: BankQueries
  /** A customer with a current account and cash on it; the account's number. */
  openAccount(name: string, cashMinor: bigint): Promise<string>
}

export interface NodeOptions {
  readonly place: Place
  readonly clock: Clock
  readonly chance: Chance
  readonly onCommitted?: () => void
}

export async function openHub(options: NodeOptions): Promise<HubNode> {
  const set = new WorkingSet()
  const books = createBooks(set)
  const commands = createLedgerCommands(set, books)
  const clearing = createClearing(set, { books, send: sender(set), member: HUB })
  const committer = await start(options, set, commands, 'clearing_house')
  const { db } = options.place
  const end: WireEnd = {
    ...{ member: HUB, db, ...drawKey(HUB, options.chance), sentUpTo: { batch: 0, position: -1 } },
    takeIn: (from, message, key) =>
      committer.submit({ kind: clearing.receive, input: { from, message }, idempotency: { caller: from, key } }),
  }
  return { end, committer, db, clearing, queries: createClearingQueries(db) }
}

export async function openBank(member: string, options: NodeOptions): Promise<BankNode> {
  const { place, chance } = options
  const set = new WorkingSet()
  const books = createBooks(set)
  const party = createParty(set)
  const commands = createLedgerCommands(set, books)
  const bank = createBank(set, {
    ...{ books, party, send: sender(set), member, clearingHouse: HUB, clearingSystem: 'EPCC', issuer: '6217' },
    ...{ hours: { calendar: CHINA_2026, from: GROSS_FROM, until: GROSS_UNTIL }, faultsAllowed: true },
  })
  const committer = await start(options, set, commands, 'bank')
  const { db } = place
  const end: WireEnd = {
    ...{ member, db, ...drawKey(member, chance), sentUpTo: { batch: 0, position: -1 } },
    takeIn: (from, message, key) =>
      committer.submit({ kind: bank.receive, input: { from, message }, idempotency: { caller: from, key } }),
  }
  const vault = createVault([{ version: 1, secret: chance.bytes(32) }], chance.bytes(32), chance)
  let phones = 0
  return {
    ...{ end, committer, db, bank, queries: createBankQueries(db) },
    openAccount: async (name, cashMinor) => {
      phones += 1
      const phone = `139${String(phones).padStart(8, '0')}`
      const holder = readCustomerRegistration({ displayName: name, phone }, vault, chance)
      if (!holder.ok) throw new Error(holder.error.message)
      const input = {
        ...{ holder: holder.value, nameHash: `name of ${name}`, identityHash: `identity of ${name}` },
        ...{ phoneHash: `phone of ${name}`, singleMaxMinor: 10n ** 12n, dayMaxMinor: 10n ** 13n },
      }
      const { number } = doneOf(await committer.submit({ kind: bank.openAccount, input }))
      if (cashMinor > 0n) {
        doneOf(await committer.submit({ kind: bank.deposit, input: { number, amountMinor: cashMinor } }))
      }
      return number
    },
  }
}

/** The bank brings cash to the central bank, and the clearing house puts it on the bank's position account. */
export async function fundPosition(
  hub: HubNode,
  { end, committer, bank }: BankNode,
  amountMinor: bigint,
  capMinor = 0n,
) {
  const { member } = end
  doneOf(await committer.submit({ kind: bank.fundSettlement, input: { amountMinor } }))
  doneOf(await hub.committer.submit({ kind: hub.clearing.admit, input: { member, name: `Bank ${member}` } }))
  doneOf(await hub.committer.submit({ kind: hub.clearing.fund, input: { member, amountMinor } }))
  if (capMinor === 0n) return
  doneOf(await hub.committer.submit({ kind: hub.clearing.setCap, input: { member, amountMinor: capMinor } }))
}

export function doneOf<Answer>(outcome: Outcome<Answer>): Answer {
  if (outcome.status !== 'done') throw new Error(`not done: ${JSON.stringify(outcome)}`)
  return outcome.answer
}

/** Messages leave with their batch: the outbox has the bytes that are signed. */
function sender(set: WorkingSet) {
  return (to: string, message: IsoMessage): void => {
    const xml = Buffer.from(writeIsoMessage(message)).toString('utf8')
    set.emit({ topic: SENT, key: to, body: JSON.stringify({ xml }) })
  }
}

async function start(
  { place, clock, onCommitted }: NodeOptions,
  set: WorkingSet,
  commands: ReturnType<typeof createLedgerCommands>,
  kind: InstitutionKind,
): Promise<Committer> {
  const committer = await startCommitter({
    ...{ set, heads: ledgerHeadStore(beijingDay(clock.now())), connect: () => place.connect(), holder: kind, clock },
    ...(onCommitted === undefined ? {} : { onCommitted }),
  })
  await adoptChart({ db: place.db, committer, commands, kind })
  return committer
}
