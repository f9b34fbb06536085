import type { CommandKind } from '@huitong/committer'
import { canonicalJson, invariant, ok, slotOf } from '@huitong/kernel'
import type { PaymentContext } from './context.ts'
import { orderKey } from './order.ts'
import { decidePresentOrder } from './order-code-commands.ts'
import { type PayerInput, payerProof } from './payer-proof.ts'
import type { RiskAssessment } from './risk-port.ts'
import type { Settlement } from './settlement.ts'
import { choiceText, type TenderChoice } from './tender.ts'
import type { Trade } from './trade.ts'
import { orderTermsForm, type TradeAnswer, tradeAnswerCodec } from './trade-answer.ts'
import { beginTrade, decideAmount, type OrderTerms } from './trade-decide.ts'
import { refuse } from './trade-refusals.ts'
import { tradeView } from './views.ts'

export interface CreateInput extends OrderTerms {
  readonly buyer: number
  /** How long it waits for payment, in µs. */
  readonly life: number
  /** When it expires instead, in µs; wins over `life`. */
  readonly expiresAt: number | null
}

export interface PayByCodeInput extends OrderTerms {
  /** Keyed hash of the shown payment code, from party's `readPaymentCode`. */
  readonly codeHash: string
  readonly life: number
  readonly expiresAt: number | null
  /** What was thought of it at the door. */
  readonly assessment?: RiskAssessment | undefined
}

export interface PayInput extends PayerInput {
  readonly trade: number
  /** Who confirms; must be the trade's buyer. */
  readonly customer: number
  /** What to pay with, in this order, each tender once; in the customer's usual order unless told. */
  readonly tenders?: readonly TenderChoice[] | null
}

/** `payments.create`: a trade that waits for a named buyer. The same order again is the same trade. */
export function createKind(context: PaymentContext): CommandKind<CreateInput, TradeAnswer> {
  const { set, party, purses, tables } = context
  return {
    name: 'payments.create',
    need: (input) => {
      party.needMerchant(input.merchant)
      tables.orders.need(orderKey(input.merchant, input.orderNumber))
      party.needCustomer(input.buyer)
      purses.needWallet(input.buyer)
    },
    decide: (input) => {
      const { merchant, buyer } = input
      const now = set.batch.at
      const account = party.merchant(merchant)
      if (account === undefined) return refuse('merchant_not_found')
      const customer = party.customer(buyer)
      if (customer === undefined) return refuse('customer_not_found')
      const amount = decideAmount(input.totalMinor)
      if (!amount.ok) return amount
      const present = decidePresentOrder(context, input)
      if (!present.ok) return present
      if (present.value !== null) {
        const trade = tables.trades.get(present.value)
        return trade?.buyer === buyer ? ok({ trade: tradeView(trade), changed: false }) : refuse('order_inconsistent')
      }
      const trade = beginTrade(set.newId(slotOf(buyer)), buyer, input, input.expiresAt ?? now + input.life, now)
      if (!trade.ok) return trade
      if (account.status !== 'active') return refuse('merchant_blocked')
      if (customer.status !== 'active' || purses.wallet(buyer, 'payer') === undefined) return refuse('payer_blocked')
      tables.trades.add(trade.value.id, trade.value)
      nameTrade(context, trade.value)
      return ok({ trade: tradeView(trade.value), changed: true })
    },
    form: ({ buyer, life, expiresAt, ...terms }) => canonicalJson({ ...orderTermsForm(terms), buyer, life, expiresAt }),
    ...tradeAnswerCodec,
  }
}

/**
 * `payments.pay-by-code`: redeems the code that the buyer shows, makes the trade and pays it, all in one commit.
 *
 * Refused, it leaves nothing: no trade and an unused code, also when the buyer has too little money. The original platform keeps
 * such an order open; here the merchant may simply send it again, with the same code while it lives or with a new one. A second
 * debit is impossible either way, since the order number can be paid once.
 */
export function payByCodeKind(
  context: PaymentContext,
  settlement: Settlement,
): CommandKind<PayByCodeInput, TradeAnswer> {
  const { set, party, tables } = context
  return {
    name: 'payments.pay-by-code',
    need: (input) => {
      context.needPayment(input.merchant)
      tables.orders.need(orderKey(input.merchant, input.orderNumber))
      party.needPaymentCode(input.codeHash)
    },
    decide: (input) => {
      const now = set.batch.at
      const { merchant } = input
      if (party.merchant(merchant) === undefined) return refuse('merchant_not_found')
      const amount = decideAmount(input.totalMinor)
      if (!amount.ok) return amount
      // Before the code: a paid order that is sent again with its used code is told that it is paid.
      const present = decidePresentOrder(context, input)
      if (!present.ok) return present
      const standing = present.value === null ? undefined : tables.trades.get(present.value)
      // The code that began it is used up; asking again is told that it still waits.
      if (standing?.state === 'awaiting_proof' || standing?.state === 'held') {
        return ok({ trade: tradeView(standing), changed: false })
      }
      const redeemed = party.redeemPaymentCode(input.codeHash)
      if (!redeemed.ok) return refuse('payment_code_invalid')
      const buyer = redeemed.value
      let waiting: Trade
      if (present.value === null) {
        const begun = beginTrade(set.newId(slotOf(buyer)), buyer, input, input.expiresAt ?? now + input.life, now)
        if (!begun.ok) return begun
        waiting = begun.value
      } else {
        const found = tables.trades.get(present.value)
        invariant(found !== undefined, 'an order names a trade that exists')
        if (found.buyer !== buyer) return refuse('trade_of_another_buyer')
        waiting = found
      }
      // Also marks the key of a new trade as known to be free, which its id is.
      if (present.value === null) tables.trades.add(waiting.id, waiting)
      const by = { proof: payerProof('payment_code', input), tenders: null, explains: false }
      const paid = settlement.pay(waiting, by)
      if (!paid.ok) return paid
      nameTrade(context, paid.value)
      return ok({ trade: tradeView(paid.value), changed: true })
    },
    form: ({ codeHash, life, expiresAt, ...terms }) =>
      canonicalJson({ ...orderTermsForm(terms), codeHash, life, expiresAt }),
    ...tradeAnswerCodec,
  }
}

/** `payments.pay`: the buyer confirms a waiting trade from the wallet. To anybody else the trade does not exist. */
export function payKind(context: PaymentContext, settlement: Settlement): CommandKind<PayInput, TradeAnswer> {
  const { tables } = context
  return {
    name: 'payments.pay',
    need: ({ trade, customer }) => {
      tables.trades.need(trade)
      context.outlays.need(customer)
      context.purses.needWallet(customer)
    },
    decide: ({ trade, customer, tenders = null, ...payer }) => {
      const waiting = tables.trades.get(trade)
      if (waiting === undefined || waiting.buyer !== customer) return refuse('trade_not_found')
      context.needPayment(waiting.merchant)
      // A payment that began at a code on a wall stays one, whoever finishes it where.
      const began = context.desk.check(waiting.riskCheck)?.way
      const proof = payerProof(began === 'static_code' ? began : 'wallet', payer)
      const paid = settlement.pay(waiting, { proof, tenders, explains: true })
      if (!paid.ok) return paid
      const { state, riskCheck } = paid.value
      return ok({ trade: tradeView(paid.value), changed: state !== waiting.state || riskCheck !== waiting.riskCheck })
    },
    // As it was before there were choices, where there is none.
    form: ({ trade, customer, tenders }) =>
      canonicalJson({ trade, customer, ...(tenders == null ? {} : { tenders: tenders.map(choiceText) }) }),
    ...tradeAnswerCodec,
  }
}

/** Lets the order number stand for the trade from now on. */
export function nameTrade({ tables }: PaymentContext, { id, merchant, orderNumber }: Trade): void {
  const key = orderKey(merchant, orderNumber)
  const before = tables.orders.get(key)
  if (before?.trade === id) return
  tables.orders.put(key, { merchant, orderNumber, trade: id, codeHash: before?.codeHash ?? null, revoked: false })
}
