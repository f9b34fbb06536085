import type { WorkingSet } from '@huitong/committer'
import { invariant, ok, type Result, slotOf } from '@huitong/kernel'
import type { Books } from '@huitong/ledger'
import type { Party } from '@huitong/party'
import {
  type Outlays,
  type Purse,
  type Purses,
  type TenderChoice,
  type Tendering,
  WALLET_CURRENCY,
} from '@huitong/payments'
import { accountTable } from './account-store.ts'
import { disputeTable } from './dispute-store.ts'
import { assertTenders, type Decided, type Escrow } from './escrow.ts'
import { stepEvent } from './escrow-events.ts'
import type { EscrowRefusal } from './escrow-refusals.ts'
import type { EscrowTrade } from './escrow-trade.ts'
import { escrowOrderTable, escrowTradeTable } from './escrow-trade-store.ts'
import { evidenceLog } from './evidence-store.ts'
import { type BuyerPays, moveMoney } from './money.ts'
import { shipmentTable } from './shipment-store.ts'
import { stepLog } from './step-store.ts'
import { NO_TRADES, totalsTable } from './totals-store.ts'

export interface EscrowDeps {
  readonly books: Books
  readonly party: Party
  readonly purses: Purses
  readonly tendering: Tendering
  readonly outlays: Outlays
}

/** What all command kinds of this module close over. */
export type EscrowContext = ReturnType<typeof createEscrowContext>

export function createEscrowContext(set: WorkingSet, { books, party, purses, tendering, outlays }: EscrowDeps) {
  const trades = set.table(escrowTradeTable)
  const orders = set.table(escrowOrderTable)
  const shipments = set.table(shipmentTable)
  const disputes = set.table(disputeTable)
  const accounts = set.table(accountTable)
  const totals = set.table(totalsTable)
  const evidence = set.log(evidenceLog)
  const steps = set.log(stepLog)

  /** The account that a merchant's trade money is held on; opened with the first. It is the institution's to watch: it is never short. */
  function escrowPurse(merchant: number): Purse {
    const held = accounts.get(merchant)
    if (held !== undefined) {
      books.needAccount(held.account)
      return { account: held.account, side: 'house' }
    }
    const owner = `merchant:${merchant}`
    const slot = slotOf(merchant)
    const opened = books.openAccount({ slot, subject: '2004', currency: WALLET_CURRENCY, owner, floorMinor: 0n })
    invariant(opened.ok, 'the ledger opens an escrow account')
    accounts.put(merchant, { account: opened.value.id, openedAt: set.batch.at })
    return { account: opened.value.id, side: 'house' }
  }

  function countPaid({ currency, paidMinor }: EscrowTrade): void {
    const counted = totals.get(currency) ?? NO_TRADES
    totals.put(currency, { payments: counted.payments + 1n, paidMinor: counted.paidMinor + paidMinor })
  }

  return {
    set,
    party,
    purses,
    orders,
    evidence,

    needEscrow: (trade: number): void => {
      trades.need(trade)
      shipments.need(trade)
      disputes.need(trade)
    },
    escrow: (id: number): Escrow | undefined => {
      const trade = trades.get(id)
      if (trade === undefined) return undefined
      return { trade, shipments: shipments.get(id) ?? [], disputes: disputes.get(id) ?? [] }
    },

    /** Announces what money may move between when this trade does. */
    needMoney: ({ trade }: Escrow, choices: readonly TenderChoice[] | null = null): void => {
      party.needMerchant(trade.merchant)
      outlays.need(trade.buyer)
      purses.needWallet(trade.buyer)
      tendering.need(trade.buyer, trade.tenders ?? choices)
      purses.needMerchantAccount(trade.merchant)
      purses.needHouse('fee_income')
      accounts.need(trade.merchant)
      if (trade.paidMinor === 0n) totals.need(trade.currency)
    },

    /** Moves the money of a decision and stores what it made of the trade, or refuses and has to be taken back by the caller. */
    apply: (
      before: Escrow | undefined,
      { escrow, notes }: Decided,
      by: BuyerPays = { payer: {}, tenders: null },
    ): Result<Escrow, EscrowRefusal> => {
      const moved =
        before === undefined
          ? ok(escrow.trade)
          : moveMoney({ purses, tendering, outlays, party, escrowPurse }, before.trade, escrow.trade, by)
      if (!moved.ok) return moved
      if (before?.trade.paidMinor === 0n && moved.value.paidMinor > 0n) countPaid(moved.value)
      const { id } = escrow.trade
      const first = escrow.trade.steps
      const after: Escrow = { ...escrow, trade: { ...moved.value, steps: first + notes.length } }
      assertTenders(after)
      if (before === undefined) trades.add(id, after.trade)
      else trades.put(id, after.trade)
      if (after.shipments !== before?.shipments && after.shipments.length > 0) shipments.put(id, after.shipments)
      if (after.disputes !== before?.disputes && after.disputes.length > 0) disputes.put(id, after.disputes)
      for (const [index, note] of notes.entries()) {
        const step = { ...note, trade: id, number: first + index + 1, at: set.batch.at }
        steps.add(step)
        set.emit(stepEvent(after, step))
      }
      return ok(after)
    },

    /** Puts off what time should do to a trade, when it cannot be done now. */
    postpone: ({ trade }: Escrow, until: number): void => trades.put(trade.id, { ...trade, dueAt: until }),
  }
}
