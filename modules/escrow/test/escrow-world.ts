import { type Committer, committerMigrations, type Outcome, startCommitter, WorkingSet } from '@huitong/committer'
import { type ManualClock, manualClock, seededChance } from '@huitong/kernel'
import {
  type Books,
  createBooks,
  createLedgerCommands,
  findAccount,
  type LedgerCommands,
  ledgerHeadStore,
  ledgerMigrations,
} from '@huitong/ledger'
import {
  createParty,
  createVault,
  partyMigrations,
  readCustomerRegistration,
  readMerchantRegistration,
} from '@huitong/party'
import {
  createPaymentQueries,
  createPayments,
  type PaymentQueries,
  type Payments,
  paymentsMigrations,
} from '@huitong/payments'
import { createPricing, pricingMigrations } from '@huitong/pricing'
import { createInstitution, type TestInstitution } from '@huitong/testing'
import {
  createEscrow,
  createEscrowQueries,
  type EscrowKinds,
  type EscrowQueries,
  escrowMigrations,
  lapseDueEscrow,
} from '../src/index.ts'
import type { StepActor } from '../src/step-kind.ts'

/** An institution of its own with a running committer, customers, merchants and escrow trades between them. */
export interface EscrowWorld {
  readonly institution: TestInstitution
  readonly committer: Committer
  readonly books: Books
  readonly ledgerCommands: LedgerCommands
  readonly payments: Payments
  readonly wallets: PaymentQueries
  readonly escrow: EscrowKinds
  readonly queries: EscrowQueries
  readonly clock: ManualClock
  customer(fundsMinor: bigint): Promise<number>
  merchant(feeRateMillionths: number): Promise<number>
  /** What time does until nothing is due. */
  lapse(): Promise<number>
  /** Available amount in fen. */
  walletOf(customer: number): Promise<bigint>
  merchantHas(merchant: number): Promise<bigint>
  /** Sum of debits less credits over all accounts, and, by merchant, what escrow accounts hold beside what open trades say. */
  imbalance(): Promise<bigint>
  untied(): Promise<readonly unknown[]>
  stop(): Promise<void>
}

export const START = Date.UTC(2026, 10, 22, 4, 0, 0) * 1000
export const DAY = 86_400_000_000
export const MINUTE = 60_000_000

export async function startEscrowWorld(seed: number): Promise<EscrowWorld> {
  const institution = await createInstitution([
    ...[committerMigrations, ledgerMigrations, partyMigrations, pricingMigrations, paymentsMigrations],
    escrowMigrations,
  ])
  const clock = manualClock(START)
  const chance = seededChance(seed)
  const vault = createVault([{ version: 1, secret: chance.bytes(32) }], chance.bytes(32), chance)
  const set = new WorkingSet()
  const books = createBooks(set)
  const party = createParty(set)
  const { limits, sharing } = createPricing(set, party)
  const payments = createPayments(set, { books, party, limits, sharing })
  const { purses, tendering, outlays } = payments
  const escrow = createEscrow(set, { books, party, purses, tendering, outlays })
  const ledgerCommands = createLedgerCommands(set, books)
  const committer = await startCommitter({
    ...{ set, heads: ledgerHeadStore('2026-11-22'), connect: () => institution.dedicated(), holder: 'test', clock },
  })
  const wallets = createPaymentQueries(institution.db)
  const queries = createEscrowQueries(institution.db)
  let phones = 0

  return {
    ...{ institution, committer, books, ledgerCommands, payments, wallets, escrow, queries, clock },
    customer: async (fundsMinor) => {
      phones += 1
      const phone = `138${String(phones).padStart(8, '0')}`
      const registration = readCustomerRegistration({ displayName: `Customer ${phones}`, phone }, vault, chance)
      if (!registration.ok) throw new Error(registration.error.message)
      const input = { registration: registration.value }
      const { customer } = answerOf(await committer.submit({ kind: payments.openWallet, input }))
      if (fundsMinor > 0n) {
        answerOf(await committer.submit({ kind: payments.topUp, input: { customer, amountMinor: fundsMinor } }))
      }
      return customer
    },
    merchant: async (feeRateMillionths) => {
      const registration = readMerchantRegistration({ name: 'Tea house', feeRateMillionths }, chance)
      if (!registration.ok) throw new Error(registration.error.message)
      const input = { registration: registration.value }
      return answerOf(await committer.submit({ kind: payments.onboardMerchant, input })).merchant
    },
    lapse: async () => {
      let done = 0
      for (;;) {
        const now = await lapseDueEscrow({ db: institution.db, committer, escrow, clock })
        if (now === 0) return done
        done += now
      }
    },
    walletOf: async (customer) => fen((await wallets.wallet(customer))?.available),
    merchantHas: async (merchant) => fen((await wallets.merchantAccount(merchant))?.available),
    imbalance: async () => {
      await committer.flush()
      const [row] = await institution.db.read(
        (tx) => tx.sql<{ sum: string }[]>`
          select sum(debits_posted - credits_posted)::text as sum from ledger_balances`,
      )
      return BigInt(row?.sum ?? '1')
    },
    untied: async () => {
      await committer.flush()
      const differences: unknown[] = []
      for (const tie of await queries.ties()) {
        const found = await institution.db.read((tx) => findAccount(tx, tie.account))
        const held = found === undefined ? undefined : found.balance.creditsPosted - found.balance.debitsPosted
        if (held !== tie.heldMinor || found?.account.subject !== '2004') differences.push({ ...tie, held })
      }
      return differences
    },
    stop: () => committer.stop(),
  }
}

export function fen(text: string | undefined): bigint {
  return BigInt((text ?? '').replace('.', ''))
}

export function answerOf<Answer>(outcome: Outcome<Answer>): Answer {
  if (outcome.status !== 'done') throw new Error(`not done: ${JSON.stringify(outcome)}`)
  return outcome.answer
}

/** `done`, or the code of the refusal. */
export function told(outcome: Outcome<unknown>): string {
  return outcome.status === 'refused' ? outcome.refusal.code : outcome.status
}

export const asBuyer = (customer: number): StepActor => ({ kind: 'buyer', customer, id: `customer:${customer}` })
export const asMerchant = (merchant: number): StepActor => ({
  kind: 'merchant',
  merchant,
  id: `application:${merchant}`,
})
export const asStaff = (number: number): StepActor => ({ kind: 'staff', id: `staff:${number}` })
