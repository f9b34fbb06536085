import type { WorkingSet } from '@huitong/committer'
import { ok, type Result } from '@huitong/kernel'
import { type Deferral, deferralTerms, type SettlementStep } from './deferral.ts'
import { beginDeferral, decideRefundSource, type Settling } from './deferral-decide.ts'
import type { PaymentTables } from './payment-tables.ts'
import type { Purse, Purses } from './purse.ts'
import type { Trade } from './trade.ts'
import type { PaymentRefusal } from './trade-refusals.ts'

/** Where deferrals meet the ledger. Most payments have none, and then nothing here reads a row. */
export interface Deferrals {
  /** Undefined when the payment was settled at once, or is settled. */
  open(trade: Pick<Trade, 'id' | 'details'>): Deferral | undefined
  /** The account that a payment goes to. */
  proceeds(trade: Pick<Trade, 'merchant' | 'details'>, settlement: Purse): Purse
  /** For a payment that was just made to its proceeds. */
  begin(trade: Trade): void
  /** Stores a deferral and moves what goes to the merchant by it. */
  settle(deferral: Deferral, settledMinor: bigint): Result<null, PaymentRefusal>
  /** As `settle`, and keeps what the settlement was. */
  record(settling: Settling, requestNumber: string): Result<SettlementStep, PaymentRefusal>
  /**
   * Refunds by `move`, which takes the refund and the fee that goes back with it from the account that it is given: that of what is not
   * settled, when this is enough, else the merchant's, which gets all of it before.
   */
  refund<Back>(
    trade: Trade,
    amounts: { readonly amountMinor: bigint; readonly feeReturnedMinor: bigint },
    settlement: Purse,
    move: (from: Purse) => Result<Back, PaymentRefusal>,
  ): Result<Back, PaymentRefusal>
}

export function createDeferrals(set: WorkingSet, purses: Purses, tables: PaymentTables): Deferrals {
  function open({ id, details }: Pick<Trade, 'id' | 'details'>): Deferral | undefined {
    const found = details.settlement === undefined ? undefined : tables.deferrals.get(id)
    return found?.state === 'over' ? undefined : found
  }

  function settle(deferral: Deferral, settledMinor: bigint): Result<null, PaymentRefusal> {
    const { trade, merchant } = deferral
    tables.deferrals.put(trade, deferral)
    if (settledMinor === 0n) return ok(null)
    const to = purses.merchantAccount(merchant)
    if (to === undefined) return { ok: false, error: { code: 'merchant_blocked' } }
    const from = purses.unsettled(merchant)
    const moved = purses.move({ from, to, amountMinor: settledMinor, code: 'settlement', reference: trade })
    return moved.ok ? ok(null) : moved
  }

  return {
    open,
    proceeds: ({ merchant, details }, settlement) =>
      details.settlement === undefined ? settlement : purses.unsettled(merchant),

    begin: (trade) => {
      const { settlement: terms } = trade.details
      if (terms === undefined) return
      tables.deferrals.add(trade.id, beginDeferral(trade, deferralTerms(terms), set.batch.at))
    },

    settle,
    record: ({ deferral, amountMinor, settledMinor, forSharing }, requestNumber) => {
      const { trade } = deferral
      const before = tables.settlementSteps.get(trade) ?? []
      const settled = settle(deferral, forSharing ? 0n : settledMinor)
      if (!settled.ok) return settled
      const step: SettlementStep = {
        ...{ trade, number: before.length + 1, requestNumber, amountMinor, settledMinor, forSharing },
        createdAt: set.batch.at,
      }
      tables.settlementSteps.put(trade, [...before, step])
      return ok(step)
    },

    refund: (trade, { amountMinor, feeReturnedMinor }, settlement, move) => {
      const deferral = open(trade)
      if (deferral === undefined) return move(settlement)
      const source = decideRefundSource(deferral, amountMinor, feeReturnedMinor, set.batch.at)
      const settled = () => settle(source.deferral, source.settledMinor)
      // What must refund goes to the merchant before; what rounding leaves over, after the fee has come.
      if (!source.ofHeld) {
        const before = settled()
        return before.ok ? move(settlement) : before
      }
      const moved = move(purses.unsettled(trade.merchant))
      const after = moved.ok ? settled() : moved
      return after.ok ? moved : after
    },
  }
}
