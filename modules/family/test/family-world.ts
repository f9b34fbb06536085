import { type Committer, committerMigrations, type Outcome, startCommitter, WorkingSet } from '@huitong/committer'
import { CNY, type ManualClock, manualClock, parseAmount, seededChance } from '@huitong/kernel'
import { createBooks, ledgerHeadStore, ledgerMigrations, verifyLedger } from '@huitong/ledger'
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
  createTenderQueries,
  type Payments,
  paymentsMigrations,
  type TenderChoice,
  type TenderQueries,
} from '@huitong/payments'
import { adoptLimits, createPricing, LIMIT_TIES, pricingMigrations } from '@huitong/pricing'
import { createInstitution, type TestInstitution } from '@huitong/testing'
import type { FamilyStep } from '../src/family-decide.ts'
import type { FamilyBounds } from '../src/family-link.ts'
import {
  createFamily,
  createFamilyQueries,
  FAMILY_TIES,
  type Family,
  type FamilyQueries,
  familyMigrations,
  familyReader,
} from '../src/index.ts'

/** An institution of its own with a running committer, customers, a merchant, and the limits of the law. */
export interface FamilyWorld {
  readonly institution: TestInstitution
  readonly committer: Committer
  readonly payments: Payments
  readonly family: Family
  readonly queries: FamilyQueries
  readonly tenders: TenderQueries
  readonly clock: ManualClock
  readonly merchant: number
  /** Of class III unless told. */
  customer(fundsMinor: bigint, tier?: 1 | 2 | 3): Promise<number>
  walletOf(customer: number): Promise<bigint>
  /** An open link, by both sides. */
  link(owner: number, member: number, bounds?: Partial<FamilyBounds>): Promise<number>
  step(link: number, customer: number | null, step: FamilyStep): Promise<Outcome<unknown>>
  /** A waiting order of the customer. */
  order(buyer: number, totalMinor: bigint): Promise<number>
  pay(trade: number, buyer: number, tenders: readonly TenderChoice[]): Promise<Outcome<unknown>>
  refund(trade: number, amountMinor: bigint): Promise<Outcome<unknown>>
  /** What `ledger verify` finds, with the ties of limits and links. */
  findings(): Promise<readonly string[]>
  stop(): Promise<void>
}

export const START = Date.UTC(2026, 10, 22, 4, 0, 0) * 1000
export const DAY = 86_400_000_000
const BOUNDS: FamilyBounds = { singleMinor: null, dayMinor: null, monthMinor: 100_000n }

export async function startFamilyWorld(seed: number): Promise<FamilyWorld> {
  const institution = await createInstitution([
    ...[committerMigrations, ledgerMigrations, partyMigrations, pricingMigrations, paymentsMigrations],
    familyMigrations,
  ])
  const { db } = institution
  const clock = manualClock(START)
  const chance = seededChance(seed)
  const vault = createVault([{ version: 1, secret: chance.bytes(32) }], chance.bytes(32), chance)
  const set = new WorkingSet()
  const books = createBooks(set)
  const party = createParty(set)
  const pricing = createPricing(set, party)
  const { limits, sharing } = pricing
  const payments = createPayments(set, { books, party, limits, sharing })
  const { purses, tendering } = payments
  const family = createFamily(set, { books, party, limits, purses, tendering })
  const committer = await startCommitter({
    ...{ set, heads: ledgerHeadStore('2026-11-22'), connect: () => institution.dedicated(), holder: 'test', clock },
  })
  await adoptLimits({ db, committer, commands: pricing.commands })
  const registration = readMerchantRegistration({ name: 'Tea house', feeRateMillionths: 6_000 }, chance)
  if (!registration.ok) throw new Error(registration.error.message)
  const onboarding = await committer.submit({
    ...{ kind: payments.onboardMerchant, input: { registration: registration.value } },
  })
  const { merchant } = answerOf(onboarding)
  const wallets = createPaymentQueries(db)
  let [phones, orders, refunds] = [0, 0, 0]

  const world: FamilyWorld = {
    ...{ institution, committer, payments, family, clock, merchant },
    queries: createFamilyQueries(db),
    tenders: createTenderQueries(db, [familyReader]),
    customer: async (fundsMinor, tier = 3) => {
      phones += 1
      const phone = `138${String(phones).padStart(8, '0')}`
      const read = readCustomerRegistration({ displayName: `王小${phones}`, phone, tier }, vault, chance)
      if (!read.ok) throw new Error(read.error.message)
      const opened = await committer.submit({ kind: payments.openWallet, input: { registration: read.value } })
      const { customer } = answerOf(opened)
      if (fundsMinor > 0n) {
        answerOf(await committer.submit({ kind: payments.topUp, input: { customer, amountMinor: fundsMinor } }))
      }
      return customer
    },
    walletOf: async (customer) => fen((await wallets.wallet(customer))?.available),
    link: async (owner, member, bounds = {}) => {
      const input = { owner, member, relation: 'child' as const, bounds: { ...BOUNDS, ...bounds } }
      const { link } = answerOf(await committer.submit({ kind: family.invite, input }))
      answerOf(await world.step(link.id, member, { action: 'accept' }))
      return link.id
    },
    step: (link, customer, step) => committer.submit({ kind: family.step, input: { link, customer, step } }),
    order: async (buyer, totalMinor) => {
      orders += 1
      const terms = { merchant, orderNumber: `order-${orders}`, subject: 'Tea', details: {}, totalMinor }
      const input = { ...terms, life: DAY, expiresAt: null, buyer }
      return answerOf(await committer.submit({ kind: payments.create, input })).trade.id
    },
    pay: (trade, customer, tenders) =>
      committer.submit({ kind: payments.pay, input: { trade, customer, strength: 'two_factors', tenders } }),
    refund: (trade, amountMinor) => {
      refunds += 1
      const input = { merchant, trade, orderNumber: null, refundNumber: `r-${refunds}`, amountMinor, reason: null }
      return committer.submit({ kind: payments.refund, input })
    },
    findings: async () => {
      await committer.flush()
      const report = await verifyLedger(db, { ties: [...LIMIT_TIES, ...FAMILY_TIES] })
      return report.findings.map((finding) => JSON.stringify(finding))
    },
    stop: () => committer.stop(),
  }
  return world
}

export function answerOf<Answer>(outcome: Outcome<Answer>): Answer {
  if (outcome.status !== 'done') throw new Error(`not done: ${JSON.stringify(outcome)}`)
  return outcome.answer
}

/** `done`, or the code of the refusal with what it says. */
export function told(outcome: Outcome<unknown>): string {
  if (outcome.status !== 'refused') return outcome.status
  const { code, facts = {} } = outcome.refusal
  return `${code}${Object.entries(facts)
    .map(([name, fact]) => ` ${name}=${fact}`)
    .join('')}`
}

export function fen(text: string | undefined): bigint {
  const minor = parseAmount(text ?? '', CNY, { allowZero: true })
  if (!minor.ok) throw new Error(`not an amount: ${text}`)
  return minor.value
}
