import { formatAmount } from '@huitong/kernel'
import { availableMinor, findAccount, normalBalance } from '@huitong/ledger'
import type { InstitutionDatabase, ReadTx } from '@huitong/pg'
import { type AuthorisationQueries, createAuthorisationQueries } from './authorisation-queries.ts'
import type { TradeReference } from './context.ts'
import type { Deferral, SettlementStep } from './deferral.ts'
import { selectDeferral, selectSettlementSteps } from './deferral-read-store.ts'
import { WALLET_CURRENCY } from './limits.ts'
import { idInLongNumber, isNumberOf } from './long-number.ts'
import {
  selectMerchantAccount,
  selectRefund,
  selectRefunds,
  selectTotals,
  selectTrade,
  selectTradeByOrder,
  selectTrades,
  selectTransfer,
  selectTransferByNumber,
  selectWalletAccount,
  type TradeFilter,
} from './payments-read-store.ts'
import { createPeopleQueries, type PeopleQueries } from './people-queries.ts'
import type { Refund } from './refund.ts'
import { createShareQueries, type ShareQueries } from './share-queries.ts'
import type { PaymentTotals } from './totals.ts'
import type { Trade } from './trade.ts'
import type { Payer, WalletTransfer } from './wallet-transfer.ts'

/** What an account of a customer or merchant holds, as of the newest committed batch. Amounts are decimal text. */
export interface PurseView {
  readonly owner: number
  readonly account: number
  readonly state: 'open' | 'frozen' | 'dormant' | 'closed'
  readonly currency: string
  readonly balance: string
  /** What can be paid now: balance less what holds have promised. */
  readonly available: string
}

/** Which trade a merchant asks about, by the numbers that its programs have. The trade number decides when both are given. */
export interface TradeNumbers {
  readonly merchant: number
  readonly tradeNumber: string | null
  readonly orderNumber: string | null
}

/** `deferral` is undefined for a payment that was settled when it was paid. */
interface TradeSettlement {
  readonly deferral: Deferral | undefined
  readonly steps: readonly SettlementStep[]
}

/** The read side: one snapshot per question, no locks, nothing that the committer waits for. */
export interface PaymentQueries {
  trade(id: number): Promise<Trade | undefined>
  /** By our 28 digits, whoever's it is. */
  tradeByNumber(tradeNumber: string): Promise<Trade | undefined>
  /** The merchant's own trade; somebody else's looks the same as none. */
  findTrade(numbers: TradeNumbers): Promise<Trade | undefined>
  /** Newest first, up to limit + 1. */
  trades(filter: TradeFilter): Promise<readonly Trade[]>
  refunds(trade: number): Promise<readonly Refund[]>
  refund(trade: number, refundNumber: string): Promise<Refund | undefined>
  transfer(id: number): Promise<WalletTransfer | undefined>
  /** The payer's own transfer, by our 28 digits or by its own number. */
  transferByNumber(payer: Payer, transferNumber: string): Promise<WalletTransfer | undefined>
  transferByLongNumber(payer: Payer, number: string): Promise<WalletTransfer | undefined>
  wallet(customer: number): Promise<PurseView | undefined>
  merchantAccount(merchant: number): Promise<PurseView | undefined>
  totals(): Promise<PaymentTotals>
  readonly people: PeopleQueries
  readonly authorisations: AuthorisationQueries
  readonly sharing: ShareQueries
  /** Of a payment that is settled later than it was paid: how far that is, and what settled it. */
  settlement(trade: number): Promise<TradeSettlement>
}

export function createPaymentQueries(db: InstitutionDatabase): PaymentQueries {
  async function tradeByNumber(tx: ReadTx, tradeNumber: string): Promise<Trade | undefined> {
    const id = idInLongNumber('trade', tradeNumber)
    const found = id === undefined ? undefined : await selectTrade(tx, id)
    return found !== undefined && isNumberOf('trade', tradeNumber, found.id, found.createdAt) ? found : undefined
  }

  return {
    trade: (id) => db.read((tx) => selectTrade(tx, id)),
    tradeByNumber: (tradeNumber) => db.read((tx) => tradeByNumber(tx, tradeNumber)),
    findTrade: ({ merchant, tradeNumber, orderNumber }) =>
      db.read(async (tx) => {
        if (tradeNumber !== null) {
          const found = await tradeByNumber(tx, tradeNumber)
          return found?.merchant === merchant ? found : undefined
        }
        return orderNumber === null ? undefined : selectTradeByOrder(tx, merchant, orderNumber)
      }),
    trades: (filter) => db.read((tx) => selectTrades(tx, filter)),
    refunds: (trade) => db.read((tx) => selectRefunds(tx, trade)),
    refund: (trade, refundNumber) => db.read((tx) => selectRefund(tx, trade, refundNumber)),
    transfer: (id) => db.read((tx) => selectTransfer(tx, id)),
    transferByNumber: (payer, transferNumber) => db.read((tx) => selectTransferByNumber(tx, payer, transferNumber)),
    transferByLongNumber: (payer, number) =>
      db.read(async (tx) => {
        const id = idInLongNumber('transfer', number)
        const found = id === undefined ? undefined : await selectTransfer(tx, id)
        if (found === undefined || found.payer.kind !== payer.kind || found.payer.id !== payer.id) return undefined
        return isNumberOf('transfer', number, found.id, found.createdAt) ? found : undefined
      }),
    wallet: (customer) => db.read(async (tx) => purseView(tx, customer, await selectWalletAccount(tx, customer))),
    merchantAccount: (merchant) =>
      db.read(async (tx) => purseView(tx, merchant, await selectMerchantAccount(tx, merchant))),
    people: createPeopleQueries(db),
    totals: () => db.read((tx) => selectTotals(tx, WALLET_CURRENCY)),
    authorisations: createAuthorisationQueries(db),
    sharing: createShareQueries(db),
    settlement: (trade) =>
      db.read(async (tx) => ({
        deferral: await selectDeferral(tx, trade),
        steps: await selectSettlementSteps(tx, trade),
      })),
  }
}

async function purseView(tx: ReadTx, owner: number, accountId: number | undefined): Promise<PurseView | undefined> {
  const found = accountId === undefined ? undefined : await findAccount(tx, accountId)
  if (found === undefined) return undefined
  const { account, balance } = found
  const available = availableMinor(account, balance)
  return {
    owner,
    account: account.id,
    state: account.restraints !== null && account.restraints.outFreezes > 0 ? 'frozen' : account.state,
    currency: account.currency,
    balance: formatAmount(normalBalance(account, balance), account.currency),
    // A freeze may claim more than there is; to the owner that is nothing.
    available: formatAmount(available > 0n ? available : 0n, account.currency),
  }
}

/**
 * The reference that commands take, from the numbers that a merchant sends. A trade number that is none of ours names no trade, and
 * one of another day than its trade's names none either, which is why it is looked up here.
 */
export async function tradeReference(
  queries: Pick<PaymentQueries, 'tradeByNumber'>,
  { merchant, tradeNumber, orderNumber }: TradeNumbers,
): Promise<TradeReference> {
  if (tradeNumber === null) return { merchant, trade: null, orderNumber }
  const found = await queries.tradeByNumber(tradeNumber)
  return { merchant, trade: found?.id ?? NO_TRADE, orderNumber: null }
}

/** An id that no trade has: ids start above it. */
const NO_TRADE = 0
