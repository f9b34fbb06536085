import type { WorkingSet } from '@huitong/committer'
import type { Books } from '@huitong/ledger'
import type { Party } from '@huitong/party'
import type { Limits, SharingRules } from '@huitong/pricing'
import { createDeferrals, type Deferrals } from './deferrals.ts'
import { WALLET_CURRENCY } from './limits.ts'
import { orderKey } from './order.ts'
import { createOutlays, type Outlays } from './outlays.ts'
import { openPaymentTables, type PaymentTables } from './payment-tables.ts'
import { createPurses, type Purses } from './purse.ts'
import { createRiskDesk, type RiskDesk } from './risk-desk.ts'
import { NO_RISK, type RiskProvider } from './risk-port.ts'
import { createTendering, type Tendering } from './tendering.ts'
import { NO_PAYMENTS, type PaymentTotals } from './totals.ts'
import type { Trade } from './trade.ts'

/** Which trade a merchant means. When both are given the trade's own id decides. */
export interface TradeReference {
  readonly merchant: number
  readonly trade: number | null
  readonly orderNumber: string | null
}

/** What all command kinds of this module close over. */
export interface PaymentContext {
  readonly set: WorkingSet
  readonly party: Party
  readonly limits: Limits
  readonly sharing: SharingRules
  readonly risk: RiskProvider
  readonly outlays: Outlays
  readonly desk: RiskDesk
  readonly tables: PaymentTables
  readonly purses: Purses
  readonly tendering: Tendering
  readonly deferrals: Deferrals
  /** Announces the running sums and what else every payment reads, whoever pays. */
  needPayment(merchant: number): void
  needTrade(reference: TradeReference): void
  /** The trade, if there is one and it is this merchant's: somebody else's looks the same as none. */
  trade(reference: TradeReference): Trade | undefined
  addToTotals(added: Partial<PaymentTotals>): void
}

/** What payments are decided with, of the modules below. */
export interface PaymentDeps {
  readonly books: Books
  readonly party: Party
  readonly limits: Limits
  readonly sharing: SharingRules
  /** Judges payments; without one all are allowed. */
  readonly risk?: RiskProvider
}

export function createPaymentContext(set: WorkingSet, deps: PaymentDeps): PaymentContext {
  const { books, party, limits, sharing, risk = NO_RISK } = deps
  const tables = openPaymentTables(set)
  const purses = createPurses(set, books, tables)
  const tendering = createTendering({ purses, limits, wallets: tables.wallets, now: () => set.batch.at })

  return {
    set,
    party,
    limits,
    sharing,
    risk,
    outlays: createOutlays(limits, risk),
    desk: createRiskDesk(set, tables),
    tables,
    purses,
    tendering,
    deferrals: createDeferrals(set, purses, tables),

    needPayment: (merchant) => {
      party.needMerchant(merchant)
      purses.needMerchantAccount(merchant)
      purses.needHouse('fee_income')
      tables.totals.need(WALLET_CURRENCY)
    },

    needTrade: ({ merchant, trade, orderNumber }) => {
      if (trade !== null) tables.trades.need(trade)
      else if (orderNumber !== null) tables.orders.need(orderKey(merchant, orderNumber))
    },
    trade: ({ merchant, trade, orderNumber }) => {
      const id = trade ?? (orderNumber === null ? null : tables.orders.get(orderKey(merchant, orderNumber))?.trade)
      const found = id === null || id === undefined ? undefined : tables.trades.get(id)
      return found?.merchant === merchant ? found : undefined
    },

    addToTotals: (added) => {
      const before = tables.totals.get(WALLET_CURRENCY) ?? NO_PAYMENTS
      tables.totals.put(WALLET_CURRENCY, {
        payments: before.payments + (added.payments ?? 0n),
        paidMinor: before.paidMinor + (added.paidMinor ?? 0n),
        refunds: before.refunds + (added.refunds ?? 0n),
        refundedMinor: before.refundedMinor + (added.refundedMinor ?? 0n),
        transfers: before.transfers + (added.transfers ?? 0n),
        transferredMinor: before.transferredMinor + (added.transferredMinor ?? 0n),
      })
    },
  }
}
