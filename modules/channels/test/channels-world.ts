import { type Committer, committerMigrations, type Outcome, startCommitter, WorkingSet } from '@huitong/committer'
import { CREDIT_TRANSFER, type IsoMessage, PAYMENT_RETURN } from '@huitong/iso20022'
import { CNY, currency, manualClock, publicId, seededChance } from '@huitong/kernel'
import { createBooks, createLedgerCommands, ledgerHeadStore, ledgerMigrations, verifyLedger } from '@huitong/ledger'
import {
  createParty,
  createVault,
  partyMigrations,
  readCustomerRegistration,
  readMerchantRegistration,
} from '@huitong/party'
import { createPaymentQueries, createPayments, paymentsMigrations } from '@huitong/payments'
import { createPricing, pricingMigrations } from '@huitong/pricing'
import { createReserve, reserveMigrations } from '@huitong/reserve'
import { createInstitution } from '@huitong/testing'
import { askDueOrders, CHANNEL_TIES, channelsMigrations, createChannels } from '../src/index.ts'
import { selectOrderByUetr } from './orders.ts'

export const US = '990700000071'
export const HUB = '990900000095'
export const BANK = '990100000011'
export const STRANGER = '990200000028'
/** A Monday morning in Beijing. */
const START = Date.UTC(2026, 2, 16, 1, 0, 0) * 1000
export const SECOND = 1_000_000
const USD = currency('USD')?.code ?? CNY

/** A wallet platform whose messages go nowhere; what banks and the clearing house say, the test says. */
export async function startChannelsWorld(seed: number) {
  const institution = await createInstitution([
    ...[committerMigrations, ledgerMigrations, partyMigrations, pricingMigrations, paymentsMigrations],
    ...[reserveMigrations, channelsMigrations],
  ])
  const clock = manualClock(START)
  const chance = seededChance(seed)
  const vault = createVault([{ version: 1, secret: chance.bytes(32) }], chance.bytes(32), chance)
  const set = new WorkingSet()
  const books = createBooks(set)
  const party = createParty(set)
  const { limits, sharing } = createPricing(set, party)
  const payments = createPayments(set, { books, party, limits, sharing })
  const { purses, outlays, tendering, pay } = payments
  const told: { readonly to: string; readonly message: IsoMessage }[] = []
  const reserve = createReserve(set, { books })
  const { payouts } = reserve
  const channels = createChannels(set, {
    ...{
      books,
      party,
      purses,
      outlays,
      tendering,
      pay,
      payouts,
      member: US,
      clearingHouse: HUB,
      clearingSystem: 'EPCC',
      name: 'Yunhe Pay',
    },
    send: (to, message) => told.push({ to, message }),
  })
  const ledgerCommands = createLedgerCommands(set, books)
  const committer: Committer = await startCommitter({
    ...{ set, heads: ledgerHeadStore('2026-03-16'), connect: () => institution.dedicated(), holder: 'test', clock },
  })
  const { db } = institution
  const wallets = createPaymentQueries(db)
  const limitsOf = { singleMaxMinor: 100_000n, dayMaxMinor: 200_000n, capacity: null, costMillionths: 0 }
  const bank = { member: BANK, name: 'Taihu Bank', state: 'open' as const, ...limitsOf }
  answerOf(await committer.submit({ kind: channels.setBank, input: bank }))
  let people = 0
  let trades = 0

  const hear = async (from: string, message: IsoMessage): Promise<string> => {
    const outcome = await committer.submit({ kind: channels.receive, input: { from, message } })
    return outcome.status === 'done' ? outcome.answer.result : toldOf(outcome)
  }
  const header = () => ({ messageId: `M${chance.uuid().slice(0, 20)}`, createdAt: clock.now(), from: HUB, to: US })
  const order = (uetr: string) => db.read((tx) => selectOrderByUetr(tx, uetr))

  return {
    ...{
      institution,
      db,
      committer,
      payments,
      party,
      reserve,
      channels,
      ledgerCommands,
      clock,
      chance,
      told,
      hear,
      bank,
      order,
    },

    /** A customer with money in the wallet and a card that is bound; the fingerprint of it. */
    customer: async (fundsMinor: bigint) => {
      people += 1
      const phone = `138${String(people).padStart(8, '0')}`
      const registration = readCustomerRegistration({ displayName: `Customer ${people}`, phone }, vault, chance)
      if (!registration.ok) throw new Error(registration.error.message)
      const input = { registration: registration.value }
      const { customer, account } = answerOf(await committer.submit({ kind: payments.openWallet, input }))
      if (fundsMinor > 0n) {
        answerOf(await committer.submit({ kind: payments.topUp, input: { customer, amountMinor: fundsMinor } }))
      }
      const card = `card of ${customer}`
      const begun = answerOf(
        await committer.submit({
          kind: channels.beginBinding,
          input: { customer, fingerprint: card, bank: BANK, tail: '0011', sealed: new Uint8Array(8) },
        }),
      )
      const { attempt } = begun
      const noted = { fingerprint: card, attempt, agreement: 'dagr_0000zzzzz00r' }
      answerOf(await committer.submit({ kind: channels.noteAgreement, input: noted }))
      answerOf(await committer.submit({ kind: channels.activateCard, input: { fingerprint: card, attempt } }))
      return { customer, account, card, cardId: begun.id }
    },

    merchant: async () => {
      const registration = readMerchantRegistration({ name: '湖畔茶馆', feeRateMillionths: 0 }, chance)
      if (!registration.ok) throw new Error(registration.error.message)
      const input = { registration: registration.value }
      return answerOf(await committer.submit({ kind: payments.onboardMerchant, input })).merchant
    },
    /** A payment that waits for this customer. */
    trade: async (merchant: number, buyer: number, totalMinor: bigint) => {
      trades += 1
      const terms = { merchant, orderNumber: `order-${trades}`, subject: 'Tea', totalMinor, details: {} }
      const outcome = await committer.submit({
        kind: payments.create,
        input: { ...terms, buyer, life: 3_600 * SECOND, expiresAt: null },
      })
      return answerOf(outcome).trade.id
    },
    payByCard: (customer: number, card: string, trade: number, amountMinor: bigint, isWaiting = true) =>
      committer.submit({
        kind: channels.payByCard,
        input: { customer, card, trade, amountMinor, isWaiting, uetr: chance.uuid(), strength: 'contract' },
      }),
    tradeOf: (id: number) => wallets.trade(id),
    /** The clearing house says how money that goes back stands. */
    houseSaysOfReturn: (uetr: string, returnId: string, status: string, reason?: string) => {
      const original = { originalMessageId: 'M', originalMessage: PAYMENT_RETURN.message, originalUetr: uetr }
      const said = { ...original, originalInstructionId: returnId, status, ...(reason === undefined ? {} : { reason }) }
      return hear(HUB, { kind: 'status_report', value: { ...header(), statuses: [said] } })
    },

    topUp: (customer: number, card: string, amountMinor: bigint, uetr: string = chance.uuid()) =>
      committer.submit({ kind: channels.topUp, input: { customer, card, amountMinor, uetr } }),
    withdraw: (customer: number, card: string, amountMinor: bigint, uetr: string = chance.uuid()) =>
      committer.submit({
        kind: channels.withdraw,
        input: { customer, card, amountMinor, uetr, to: { account: '6217000000000000011', holder: '张伟' } },
      }),

    /** The bank's money for an order reaches us. */
    money: (uetr: string, minor: bigint, change: { readonly dollars?: boolean; readonly from?: string } = {}) => {
      const amount = { minor, currency: change.dollars === true ? USD : CNY }
      return hear(HUB, {
        kind: 'credit_transfer',
        value: {
          ...{ ...header(), count: 1, total: amount, settlementMethod: 'CLRG', clearingSystem: 'EPCC' },
          transfers: [
            {
              ...{ instructionId: 'I1', endToEndId: `E${uetr.slice(0, 8)}`, transactionId: 'T1', uetr, amount },
              ...{ chargeBearer: 'SLEV', debtorName: '张伟', debtorAccount: '6217000000000000011' },
              ...{ debtorAgent: change.from ?? BANK, creditorAgent: US, creditorAccount: `${US}0001` },
            },
          ],
        },
      })
    },

    /** The clearing house says how an order's money stands. */
    houseSays: (uetr: string, status: string, reason?: string) => {
      const original = { originalMessageId: 'M', originalMessage: CREDIT_TRANSFER.message, originalUetr: uetr }
      const said = { ...original, status, ...(reason === undefined ? {} : { reason }) }
      return hear(HUB, { kind: 'status_report', value: { ...header(), statuses: [said] } })
    },

    /** The bank says how an order stands. */
    bankSays: (uetr: string, status: string, reason?: string, from = BANK) => {
      const said = { originalEndToEndId: 'E', originalUetr: uetr, status, ...(reason === undefined ? {} : { reason }) }
      const original = { originalMessageId: 'M', originalMessage: 'pain.001.001.09' }
      const { messageId, createdAt } = header()
      const orders = [{ originalId: 'dagr_0000zzzzz00r', statuses: [said] }]
      return hear(from, { kind: 'customer_status', value: { messageId, createdAt, ...original, orders } })
    },

    /** Money of a withdrawal comes back. */
    comesBack: (uetr: string, returnId: string, minor: bigint) =>
      hear(HUB, {
        kind: 'payment_return',
        value: {
          ...{ ...header(), count: 1, settlementMethod: 'CLRG', clearingSystem: 'EPCC' },
          returns: [
            {
              ...{ returnId, originalMessageId: 'M', originalMessage: CREDIT_TRANSFER.message, originalUetr: uetr },
              ...{ amount: { minor, currency: CNY }, reason: 'AC06', chargeBearer: 'SLEV' },
            },
          ],
        },
      }),

    ask: () => askDueOrders({ db, committer, channels, clock }),
    /** What the wallet can pay now, in fen. */
    available: async (customer: number): Promise<bigint> =>
      BigInt((await wallets.wallet(customer))?.available.replace('.', '') ?? '0'),
    /** Why somebody was told to look at an order. */
    attention: async (uetr: string) => {
      const key = publicId('chor', (await order(uetr))?.id ?? 0)
      const rows = await db.read(
        (tx) => tx.sql<{ why: string }[]>`
          select body ->> 'why' as why from committer_outbox
          where topic = 'channels.attention' and key = ${key} order by batch, position`,
      )
      return rows.map(({ why }) => why)
    },
    findings: async () => {
      await committer.flush()
      return (await verifyLedger(db, { ties: CHANNEL_TIES })).findings
    },
    asOwner: async (text: string) => (await institution.dedicated({})).sql.unsafe(text),
    stop: () => committer.stop(),
  }
}

export type ChannelsWorld = Awaited<ReturnType<typeof startChannelsWorld>>

export function answerOf<Answer>(outcome: Outcome<Answer>): Answer {
  if (outcome.status !== 'done') throw new Error(`not done: ${JSON.stringify(outcome)}`)
  return outcome.answer
}

/** `done`, or the code of the refusal. */
export function toldOf(outcome: Outcome<unknown>): string {
  return outcome.status === 'refused' ? outcome.refusal.code : outcome.status
}
