import { invariant, ok, type Result, slotOf } from '@huitong/kernel'
import type { PaymentContext } from './context.ts'
import { discountTerms } from './discount-terms.ts'
import { limitStrength, type PayerProof } from './payer-proof.ts'
import { tradeEvent } from './payment-events.ts'
import type { Purse } from './purse.ts'
import type { Refund } from './refund.ts'
import { refundKey } from './refund-store.ts'
import type { RiskCheck } from './risk-check.ts'
import type { RiskSubject } from './risk-desk.ts'
import type { RiskVerdict } from './risk-port.ts'
import type { TenderChoice, TenderPart } from './tender.ts'
import type { Trade } from './trade.ts'
import { decideChecking, decidePayment, decideRelease, type RefundStep, withTenders } from './trade-decide.ts'
import { type PaymentRefusal, refuse } from './trade-refusals.ts'

/*
 * Where a trade's decision and the ledger meet: the trade's new row and its transfers are changes of one command, so they commit
 * together or not at all.
 */

/** Money of the buyer that is promised to the merchant. `final` gives back what the payment does not take. */
interface HeldMoney {
  readonly hold: number
  readonly final: boolean
}

/** How a buyer pays now. */
interface BuyerPays {
  /** How well the buyer proved who he is, on which his limits and the verdict on the payment hang. */
  readonly proof: PayerProof
  /** What he wants to pay with; null: in his usual order. */
  readonly tenders: readonly TenderChoice[] | null
  /** Whether the buyer asks, who may learn why a tender gives nothing. */
  readonly explains: boolean
}

export interface Settlement {
  /**
   * Takes the total from the buyer's tenders and the fee from the merchant, and stores the trade as paid; or takes it out of a hold,
   * which counted against the buyer's limits when it was placed. By the verdict on the payment the trade may be stored as one that waits for a
   * further proof or for staff instead.
   */
  pay(trade: Trade, by: BuyerPays | HeldMoney): Result<Trade, PaymentRefusal>
  /** Pays a trade out of the money that was held while it was looked at. */
  release(trade: Trade, check: RiskCheck): Result<Trade, PaymentRefusal>
  /** Gives money back to the buyer, and the merchant's fee in proportion, and stores trade and refund. */
  refund(step: RefundStep, refundNumber: string, reason: string | null): Result<Refund, PaymentRefusal>
}

export function createSettlement(context: PaymentContext): Settlement {
  const { set, party, tables, purses, tendering, outlays, desk } = context

  return {
    pay: (trade, by) => {
      const { merchant, buyer } = trade
      // Announced together, so that a cold payment waits for one more load and not for three.
      outlays.need(buyer)
      purses.needWallet(buyer)
      if (trade.riskCheck !== null) tables.riskChecks.need(trade.riskCheck)
      if ('tenders' in by) tendering.need(buyer, by.tenders)
      const feeRateMillionths = party.feeRateMillionths(merchant)
      const decided = decidePayment(trade, feeRateMillionths, set.batch.at)
      if (!decided.ok) return decided
      const sides = sidesOf(trade)
      if (!sides.ok) return sides
      const before = desk.check(trade.riskCheck)
      if ('hold' in by) {
        const captured = capture(trade, sides.value, by)
        return captured.ok ? store(decided.value, null, sides.value, before) : captured
      }
      const outlay = { customer: buyer, amountMinor: trade.totalMinor, reference: trade.id, proof: by.proof }
      const verdict = outlays.judge(outlay)
      switch (verdict.outcome) {
        case 'deny':
          return refuse('payment_denied')
        case 'step_up': {
          const check = desk.challenge(subjectOf(trade, by.proof), verdict, trade.expiresAt, before)
          return storeChecked(trade, 'challenge', check)
        }
        case 'hold':
          return holdBack(trade, by, verdict, sides.value, before)
        case 'allow': {
          outlays.count(buyer, trade.totalMinor)
          const tenders = takeTotal(trade, by, verdict, sides.value.proceeds)
          return tenders.ok ? store(decided.value, tenders.value, sides.value, before) : tenders
        }
      }
    },

    release: (trade, { hold }) => {
      invariant(hold !== null, 'a held trade has its money in a hold')
      const paid = decideRelease(trade, party.feeRateMillionths(trade.merchant), set.batch.at)
      if (!paid.ok) return paid
      const sides = sidesOf(trade)
      if (!sides.ok) return sides
      const captured = capture(trade, sides.value, { hold, final: true })
      return captured.ok ? store(paid.value, null, sides.value, undefined) : captured
    },

    refund: ({ trade, amountMinor, feeReturnedMinor }, refundNumber, reason) => {
      const settlement = purses.merchantAccount(trade.merchant)
      if (trade.tenders !== null) tendering.need(trade.buyer, trade.tenders)
      const buyer = purses.wallet(trade.buyer, 'payee')
      const income = purses.house('fee_income')
      if (settlement === undefined) return refuse('merchant_blocked')
      if (buyer === undefined) return refuse('payee_blocked')
      const reference = set.newId(slotOf(trade.id))
      const back = context.deferrals.refund(trade, { amountMinor, feeReturnedMinor }, settlement, (from) => {
        // The fee first: a merchant who has nothing but this payment can refund all of it.
        const returned = moveFee(income, from, feeReturnedMinor, 'fee_return', reference)
        if (!returned.ok) return returned
        return tendering.giveBack({
          ...{ payer: trade.buyer, purchase: trade.id, parts: trade.tenders, amountMinor },
          ...{ returnedBeforeMinor: trade.refundedMinor - amountMinor, from, code: 'refund', reference },
        })
      })
      if (!back.ok) return back
      const refund: Refund = {
        id: reference,
        trade: trade.id,
        refundNumber,
        reason,
        amountMinor,
        feeReturnedMinor,
        tenders: back.value,
        refundedAfterMinor: trade.refundedMinor,
        createdAt: set.batch.at,
      }
      tables.trades.put(trade.id, trade)
      tables.refunds.put(refundKey(trade.id, refundNumber), refund)
      context.addToTotals({ refunds: 1n, refundedMinor: amountMinor })
      set.emit(tradeEvent('trade.refunded', trade, set.batch.at, refund))
      if (trade.state === 'closed') set.emit(tradeEvent('trade.closed', trade, set.batch.at))
      return ok(refund)
    },
  }

  /** From whom to whom the total goes, as far as both may take part. */
  function sidesOf(trade: Trade): Result<Sides, PaymentRefusal> {
    const { merchant, buyer } = trade
    const from = purses.wallet(buyer, 'payer')
    const settlement = purses.merchantAccount(merchant)
    if (settlement === undefined || party.merchant(merchant)?.status !== 'active') return refuse('merchant_blocked')
    if (from === undefined || party.customer(buyer)?.status !== 'active') return refuse('payer_blocked')
    return ok({ from, settlement, proceeds: context.deferrals.proceeds(trade, settlement) })
  }

  /** A hold promised the money to the merchant's account, whenever it will be settled. */
  function capture(
    { id: reference, totalMinor: amountMinor }: Trade,
    { from, settlement, proceeds }: Sides,
    held: HeldMoney,
  ): Result<number, PaymentRefusal> {
    const captured = purses.captureFrom({ from, to: settlement, amountMinor, reference, code: 'payment', ...held })
    if (!captured.ok || proceeds === settlement) return captured
    return purses.move({ from: settlement, to: proceeds, amountMinor, reference, code: 'settlement' })
  }

  function takeTotal(
    { id: reference, merchant, buyer, totalMinor, details }: Trade,
    { proof, tenders: choices, explains }: BuyerPays,
    { by: judgedBy }: RiskVerdict,
    to: Purse,
  ): Result<readonly TenderPart[] | null, PaymentRefusal> {
    const ask = { payer: buyer, merchant, totalMinor, ...discountTerms(details) }
    const strength = limitStrength(proof)
    return tendering.pay({ ...ask, strength, judgedBy, choices, explains, reference, to, code: 'payment' })
  }

  /**
   * The total is held on the balance alone: a hold is of the buyer's own money, and a coupon would be over by the time that staff decide.
   * A buyer who names something else to pay with gets no payment that does without it.
   */
  function holdBack(
    trade: Trade,
    { proof, tenders }: BuyerPays,
    verdict: RiskVerdict,
    sides: Sides,
    before: RiskCheck | undefined,
  ): Result<Trade, PaymentRefusal> {
    const { id: reference, buyer: customer, totalMinor: amountMinor } = trade
    if (tenders?.some(({ tender }) => tender !== 'balance') === true) return refuse('payment_denied')
    const spent = outlays.spend({ customer, amountMinor, reference, proof }, verdict)
    if (!spent.ok) return spent
    const held = purses.hold({ from: sides.from, to: sides.settlement, amountMinor, code: 'payment', reference })
    if (!held.ok) return held
    return storeChecked(trade, 'hold', desk.hold(subjectOf(trade, proof), verdict, held.value, before))
  }

  /** The money has moved: charges the fee and stores the trade as paid. */
  function store(
    decided: Trade,
    tenders: readonly TenderPart[] | null,
    { proceeds }: Sides,
    check: RiskCheck | undefined,
  ): Result<Trade, PaymentRefusal> {
    const paid = withTenders(decided, tenders, party.feeRateMillionths(decided.merchant))
    const charged = moveFee(proceeds, purses.house('fee_income'), paid.feeMinor, 'merchant_fee', paid.id)
    if (!charged.ok) return charged
    tables.trades.put(paid.id, paid)
    context.deferrals.begin(paid)
    desk.passed(check)
    context.addToTotals({ payments: 1n, paidMinor: paid.paidMinor })
    set.emit(tradeEvent('trade.paid', paid, set.batch.at))
    return ok(paid)
  }

  function storeChecked(trade: Trade, action: 'challenge' | 'hold', { id }: RiskCheck): Result<Trade, PaymentRefusal> {
    const waiting = decideChecking(trade, action, id)
    if (waiting.ok) tables.trades.put(trade.id, waiting.value)
    return waiting
  }

  function moveFee(
    from: Purse,
    to: Purse,
    amountMinor: bigint,
    code: 'merchant_fee' | 'fee_return',
    reference: number,
  ): Result<number | null, PaymentRefusal> {
    return amountMinor === 0n ? ok(null) : purses.move({ from, to, amountMinor, code, reference })
  }
}

interface Sides {
  readonly from: Purse
  readonly settlement: Purse
  /** Where the payment goes: the settlement account, unless it is settled later. */
  readonly proceeds: Purse
}

function subjectOf(trade: Trade, { way }: PayerProof): RiskSubject {
  return {
    ...{ kind: 'trade', subject: trade.id, customer: trade.buyer, payee: trade.merchant, way },
    ...{ amountMinor: trade.totalMinor, transferNumber: null, title: null, remark: null },
  }
}
