import { type Committer, committerMigrations, type Outcome, startCommitter, WorkingSet } from '@huitong/committer'
import { type Chance, CNY, type ManualClock, manualClock, parseAmount, seededChance } from '@huitong/kernel'
import {
  type Books,
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
  partyMigrations,
  readCustomerRegistration,
  readMerchantRegistration,
} from '@huitong/party'
import {
  createPaymentQueries,
  createPayments,
  createTenderQueries,
  type PaymentQueries,
  type Payments,
  paymentsMigrations,
  type TenderQueries,
} from '@huitong/payments'
import { createPricing, pricingMigrations } from '@huitong/pricing'
import { createInstitution, type TestInstitution } from '@huitong/testing'
import {
  couponReader,
  createMarketing,
  createMarketingQueries,
  type Marketing,
  type MarketingQueries,
  marketingMigrations,
  packetReader,
} from '../src/index.ts'

/** An institution of its own with a running committer, customers, merchants, coupons and red packets. */
export interface MarketingWorld {
  readonly institution: TestInstitution
  readonly committer: Committer
  readonly books: Books
  readonly ledgerCommands: LedgerCommands
  readonly payments: Payments
  readonly wallets: PaymentQueries
  readonly tenders: TenderQueries
  readonly marketing: Marketing
  readonly queries: MarketingQueries
  readonly clock: ManualClock
  readonly chance: Chance
  customer(fundsMinor: bigint): Promise<number>
  merchant(feeRateMillionths: number): Promise<number>
  /** The hash of a fresh payment code. */
  paymentCode(customer: number): Promise<string>
  /** A campaign of cash coupons that the institution pays for, unless told otherwise. */
  campaign(terms?: Partial<CampaignTerms>): Promise<number>
  claim(campaign: number, customer: number): Promise<number>
  /** A red packet of one part, opened by the customer. */
  packetMoney(sender: number, customer: number, amountMinor: bigint): Promise<void>
  walletOf(customer: number): Promise<bigint>
  packetMoneyOf(customer: number): Promise<bigint>
  merchantHas(merchant: number): Promise<bigint>
  /** Credits less debits of all accounts of a subject. */
  onSubject(subject: string): Promise<bigint>
  /** What must be nothing: the books' sum, the transit account, and each budget and packet against its account. */
  untied(): Promise<readonly string[]>
  stop(): Promise<void>
}

export const START = Date.UTC(2026, 10, 22, 4, 0, 0) * 1000
export const DAY = 86_400_000_000

export type CampaignTerms = Parameters<Marketing['openCampaign']['decide']>[0]

const TERMS: CampaignTerms = {
  ...{ merchant: null, name: '满100减20', form: 'cash_off', minimumMinor: 10_000n, offMinor: 2_000n, offBps: null },
  ...{ capMinor: null, budgetMinor: 100_000n, couponsMax: null, perPerson: 20, merchants: [], goods: [] },
  ...{ validFrom: START, validUntil: START + 30 * DAY },
}

export async function startMarketingWorld(seed: number): Promise<MarketingWorld> {
  const institution = await createInstitution([
    ...[committerMigrations, ledgerMigrations, partyMigrations, pricingMigrations, paymentsMigrations],
    marketingMigrations,
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
  const marketing = createMarketing(set, { books, party, limits, purses, tendering, outlays })
  const ledgerCommands = createLedgerCommands(set, books)
  const committer = await startCommitter({
    ...{ set, heads: ledgerHeadStore('2026-11-22'), connect: () => institution.dedicated(), holder: 'test', clock },
  })
  const wallets = createPaymentQueries(institution.db)
  const tenders = createTenderQueries(institution.db, [couponReader, packetReader])
  const queries = createMarketingQueries(institution.db)
  let phones = 0

  const world: MarketingWorld = {
    ...{ institution, committer, books, ledgerCommands, payments, wallets, tenders, marketing, queries, clock, chance },
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
    paymentCode: async (customerId) => {
      const { codeHash } = drawPaymentCode(vault, chance)
      const input = { customerId, codeHash, lifeMicros: PAYMENT_CODE_LIFE }
      answerOf(await committer.submit({ kind: party.commands.issuePaymentCode, input }))
      return codeHash
    },
    campaign: async (terms = {}) => {
      const input = { ...TERMS, ...terms }
      return answerOf(await committer.submit({ kind: marketing.openCampaign, input })).campaign.id
    },
    claim: async (campaign, customer) =>
      answerOf(await committer.submit({ kind: marketing.claimCoupon, input: { campaign, customer } })).coupon.id,
    packetMoney: async (sender, customer, amountMinor) => {
      const tokenHash = chance.uuid()
      const input = packetOf(sender, amountMinor, 1, tokenHash)
      answerOf(await committer.submit({ kind: marketing.sendPacket, input }))
      answerOf(await committer.submit({ kind: marketing.openPacket, input: { tokenHash, customer } }))
    },
    walletOf: async (customer) => fen((await wallets.wallet(customer))?.available),
    packetMoneyOf: async (customer) => fen(await queries.packetMoney(customer)),
    merchantHas: async (merchant) => fen((await wallets.merchantAccount(merchant))?.available),
    onSubject: async (subject) => {
      await committer.flush()
      const [row] = await institution.db.read(
        (tx) => tx.sql<{ sum: string }[]>`
          select coalesce(sum(b.credits_posted - b.debits_posted), 0)::text as sum
          from ledger_accounts a join ledger_balances b on b.account_id = a.id where a.subject = ${subject}`,
      )
      return BigInt(row?.sum ?? '1')
    },
    untied: async () => {
      await committer.flush()
      const rows = await institution.db.read(
        (tx) => tx.sql<{ what: string; differs: string }[]>`
          with had as (
            select a.id, a.subject, a.owner, b.credits_posted - b.debits_posted as minor
            from ledger_accounts a join ledger_balances b on b.account_id = a.id
          )
          select 'all accounts' as what, sum(minor)::text as differs from had
          union all
          select 'transit', coalesce(sum(minor), 0)::text from had where subject = '2003'
          union all
          select 'campaign ' || c.id, (had.minor - (c.budget_minor - c.spent_minor - c.withdrawn_minor))::text
          from marketing_campaigns c join had on had.id = c.account_id
          union all
          select 'sender ' || p.customer_id, (had.minor - coalesce((
            select sum(r.total_minor - r.taken_minor - r.returned_minor) from marketing_packets r
            where r.sender_id = p.customer_id), 0))::text
          from marketing_pockets p join had on had.id = p.sending_account_id
          union all
          select 'packet ' || r.id, (r.taken_minor - coalesce((
            select sum(c.amount_minor) from marketing_packet_claims c where c.packet_id = r.id), 0))::text
          from marketing_packets r`,
      )
      return rows.filter(({ differs }) => differs !== '0').map(({ what, differs }) => `${what}: ${differs}`)
    },
    stop: () => committer.stop(),
  }
  return world
}

export function packetOf(customer: number, totalMinor: bigint, parts: number, tokenHash: string) {
  return {
    ...{ customer, kind: 'fixed' as const, totalMinor, parts, draws: [], greeting: '恭喜发财', tokenHash },
    strength: 'two_factors' as const,
  }
}

export function order(merchant: number, orderNumber: string, totalMinor: bigint) {
  const life = DAY
  return { merchant, orderNumber, subject: 'Tea', details: {}, totalMinor, life, expiresAt: null }
}

export function answerOf<Answer>(outcome: Outcome<Answer>): Answer {
  if (outcome.status !== 'done') throw new Error(`not done: ${JSON.stringify(outcome)}`)
  return outcome.answer
}

/** `done`, or the code of the refusal with what it says of tenders. */
export function told(outcome: Outcome<unknown>): string {
  if (outcome.status !== 'refused') return outcome.status
  const { code, facts = {} } = outcome.refusal
  const said = Object.entries(facts).map(([name, fact]) => ` ${name}=${fact}`)
  return `${code}${said.join('')}`
}

export function fen(text: string | undefined): bigint {
  const minor = parseAmount(text ?? '', CNY, { allowZero: true })
  if (!minor.ok) throw new Error(`not an amount: ${text}`)
  return minor.value
}
