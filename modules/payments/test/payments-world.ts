import { type Committer, committerMigrations, type Outcome, startCommitter, WorkingSet } from '@huitong/committer'
import { type Chance, type ManualClock, manualClock, seededChance } from '@huitong/kernel'
import {
  createBooks,
  createLedgerCommands,
  type LedgerCommands,
  ledgerHeadStore,
  ledgerMigrations,
} from '@huitong/ledger'
import {
  createParty,
  createVault,
  drawPaymentCode,
  PAYMENT_CODE_LIFE,
  type Party,
  partyMigrations,
  readCustomerRegistration,
  readMerchantRegistration,
  type Vault,
} from '@huitong/party'
import { createPricing, type Pricing, pricingMigrations } from '@huitong/pricing'
import { createRisk, type Risk, riskMigrations } from '@huitong/risk'
import { createInstitution, type TestInstitution } from '@huitong/testing'
import {
  createPaymentQueries,
  createPayments,
  type PaymentQueries,
  type Payments,
  paymentsMigrations,
} from '../src/index.ts'

/** An institution of its own with a running committer, customers, merchants and nothing else. */
export interface PaymentsWorld {
  readonly institution: TestInstitution
  readonly committer: Committer
  readonly party: Party
  /** Without limits, until a test adopts some. */
  readonly pricing: Pricing
  /** Without a policy, until a test adopts one: all is allowed. */
  readonly risk: Risk
  readonly payments: Payments
  readonly ledger: LedgerCommands
  readonly queries: PaymentQueries
  readonly clock: ManualClock
  readonly vault: Vault
  readonly chance: Chance
  /** A customer with this much in the wallet. */
  customer(fundsMinor: bigint): Promise<number>
  merchant(feeRateMillionths: number): Promise<number>
  /** Makes a wallet that nobody touched meanwhile dormant, as time does. */
  sleep(account: number): Promise<void>
  /** The hash of a fresh payment code. */
  paymentCode(customer: number): Promise<string>
  /** Available amount, as text. */
  walletOf(customer: number): Promise<string | undefined>
  merchantHas(merchant: number): Promise<string | undefined>
  /** Sum of debits less credits over all accounts' entries, and of wallets, merchants and fees less the reserve: both are 0. */
  imbalance(): Promise<readonly [bigint, bigint]>
}

export const START = Date.UTC(2026, 10, 22, 4, 0, 0) * 1000
export const MINUTE = 60_000_000

export async function startPaymentsWorld(seed: number): Promise<PaymentsWorld> {
  const institution = await createInstitution([
    committerMigrations,
    ledgerMigrations,
    partyMigrations,
    pricingMigrations,
    riskMigrations,
    paymentsMigrations,
  ])
  const clock = manualClock(START)
  const chance = seededChance(seed)
  const vault = createVault([{ version: 1, secret: chance.bytes(32) }], chance.bytes(32), chance)
  const set = new WorkingSet()
  const books = createBooks(set)
  const party = createParty(set)
  const pricing = createPricing(set, party)
  const risk = createRisk(set)
  const payments = createPayments(set, { books, party, limits: pricing.limits, sharing: pricing.sharing, risk })
  const committer = await startCommitter({
    set,
    heads: ledgerHeadStore('2026-11-22'),
    connect: () => institution.dedicated(),
    holder: 'test',
    clock,
  })
  const queries = createPaymentQueries(institution.db)
  const ledger = createLedgerCommands(set, books)
  let phones = 0

  return {
    institution,
    committer,
    party,
    pricing,
    risk,
    payments,
    ledger,
    queries,
    clock,
    vault,
    chance,
    customer: async (fundsMinor) => {
      phones += 1
      const phone = `138${String(phones).padStart(8, '0')}`
      const registration = readCustomerRegistration({ displayName: `Customer ${phones}`, phone }, vault, chance)
      if (!registration.ok) throw new Error(registration.error.message)
      const opened = answerOf(
        await committer.submit({ kind: payments.openWallet, input: { registration: registration.value } }),
      )
      if (fundsMinor > 0n) {
        const input = { customer: opened.customer, amountMinor: fundsMinor }
        answerOf(await committer.submit({ kind: payments.topUp, input }))
      }
      return opened.customer
    },
    merchant: async (feeRateMillionths) => {
      const registration = readMerchantRegistration({ name: 'Tea house', feeRateMillionths }, chance)
      if (!registration.ok) throw new Error(registration.error.message)
      const input = { registration: registration.value }
      return answerOf(await committer.submit({ kind: payments.onboardMerchant, input })).merchant
    },
    sleep: async (account) => {
      await committer.flush()
      const [row] = await institution.db.read(
        (tx) => tx.sql<{ sequence: bigint }[]>`select sequence from ledger_balances where account_id = ${account}`,
      )
      const input = { account, sequence: Number(row?.sequence) }
      answerOf(await committer.submit({ kind: ledger.setDormant, input }))
    },
    paymentCode: async (customerId) => {
      const { codeHash } = drawPaymentCode(vault, chance)
      const input = { customerId, codeHash, lifeMicros: PAYMENT_CODE_LIFE }
      answerOf(await committer.submit({ kind: party.commands.issuePaymentCode, input }))
      return codeHash
    },
    walletOf: async (customer) => (await queries.wallet(customer))?.available,
    merchantHas: async (merchant) => (await queries.merchantAccount(merchant))?.available,
    imbalance: async () => {
      await committer.flush()
      const [row] = await institution.db.read(
        (tx) => tx.sql<{ all_accounts: string; owed: string }[]>`
          select sum(b.debits_posted - b.credits_posted)::text as all_accounts,
            (sum(b.credits_posted - b.debits_posted) filter (where a.subject <> '1001')
              - sum(b.debits_posted - b.credits_posted) filter (where a.subject = '1001'))::text as owed
          from ledger_accounts a join ledger_balances b on b.account_id = a.id`,
      )
      return [BigInt(row?.all_accounts ?? '1'), BigInt(row?.owed ?? '1')]
    },
  }
}

export function answerOf<Answer>(outcome: Outcome<Answer>): Answer {
  if (outcome.status !== 'done') throw new Error(`not done: ${JSON.stringify(outcome)}`)
  return outcome.answer
}

/** `done`, or the code of the refusal. */
export function told(outcome: Outcome<unknown>): string {
  return outcome.status === 'refused' ? outcome.refusal.code : outcome.status
}

export function order(merchant: number, orderNumber: string, totalMinor: bigint) {
  const life = 15 * MINUTE
  return { merchant, orderNumber, subject: 'Tea', details: {}, totalMinor, life, expiresAt: null }
}
