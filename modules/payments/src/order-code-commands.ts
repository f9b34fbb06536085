import type { CommandKind } from '@huitong/committer'
import { canonicalJson, invariant, ok, type Result, slotOf } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { answerCodec } from './answer-codec.ts'
import type { PaymentContext } from './context.ts'
import { ORDER_CODE_LIFE } from './limits.ts'
import { orderKey } from './order.ts'
import type { OrderCode } from './order-code.ts'
import { orderTermsForm, type TradeAnswer, tradeAnswerCodec } from './trade-answer.ts'
import { beginTrade, decideAmount, decideTermsAgainstOrder, type OrderTerms } from './trade-decide.ts'
import { type PaymentRefusal, refuse } from './trade-refusals.ts'
import { tradeView } from './views.ts'

export interface PrecreateInput extends OrderTerms {
  /** Of a token that was drawn at the door for this attempt. */
  readonly tokenHash: string
  /** How long the trade will wait for payment, in µs from the scan. */
  readonly tradeLife: number
  /** When the trade will expire instead, in µs; wins over `tradeLife`. */
  readonly tradeExpiresAt: number | null
}

export const PrecreateAnswer = Type.Object({ orderNumber: Type.String(), expiresAt: Type.Integer() })
export type PrecreateAnswer = Static<typeof PrecreateAnswer>

export interface ScanInput {
  readonly tokenHash: string
  readonly customer: number
}

/**
 * `payments.precreate`: makes a code for an order and no trade. A repeat with the same amount and subject gives the order one more code;
 * the ones before stay good. The token is not in the answer, so give this kind no idempotency key: a repeat changes nothing
 * that matters, and the door has the token that it drew.
 */
export function precreateKind(context: PaymentContext): CommandKind<PrecreateInput, PrecreateAnswer> {
  const { set, party, tables } = context
  return {
    name: 'payments.precreate',
    need: (input) => {
      party.needMerchant(input.merchant)
      tables.orders.need(orderKey(input.merchant, input.orderNumber))
      tables.orderCodes.need(input.tokenHash)
    },
    decide: (input) => {
      const { merchant, orderNumber, tokenHash, tradeExpiresAt } = input
      const now = set.batch.at
      const account = party.merchant(merchant)
      if (account === undefined) return refuse('merchant_not_found')
      const amount = decideAmount(input.totalMinor)
      if (!amount.ok) return amount
      if (tradeExpiresAt !== null && tradeExpiresAt <= now) return refuse('expiry_in_past')
      const present = decidePresentOrder(context, input)
      if (!present.ok) return present
      if (account.status !== 'active') return refuse('merchant_blocked')
      const code: OrderCode = { ...input, createdAt: now, expiresAt: now + ORDER_CODE_LIFE }
      invariant(tables.orderCodes.get(tokenHash) === undefined, 'a token is drawn anew for every code')
      tables.orderCodes.put(tokenHash, code)
      tables.orders.put(orderKey(merchant, orderNumber), {
        merchant,
        orderNumber,
        trade: present.value,
        codeHash: tokenHash,
        revoked: false,
      })
      return ok({ orderNumber, expiresAt: code.expiresAt })
    },
    form: ({ tradeLife, tradeExpiresAt, ...terms }) =>
      canonicalJson({ ...orderTermsForm(terms), tradeLife, tradeExpiresAt }),
    ...answerCodec(PrecreateAnswer),
  }
}

/** Judges a request for an order number against what the number stands for already; the order's trade, if it has one. */
export function decidePresentOrder(
  { tables, set }: PaymentContext,
  terms: OrderTerms,
): Result<number | null, PaymentRefusal> {
  const order = tables.orders.get(orderKey(terms.merchant, terms.orderNumber))
  if (order === undefined) return ok(null)
  const before =
    order.trade !== null
      ? tables.trades.get(order.trade)
      : order.codeHash !== null
        ? tables.orderCodes.get(order.codeHash)
        : undefined
  return decideTermsAgainstOrder(terms, order, before, set.batch.at)
}

/** `payments.scan`: the customer who opens a code becomes the buyer of its order. Opening it again shows the same trade. */
export function scanKind(context: PaymentContext): CommandKind<ScanInput, TradeAnswer> {
  const { set, party, purses, tables } = context
  return {
    name: 'payments.scan',
    need: ({ tokenHash, customer }) => {
      tables.orderCodes.need(tokenHash)
      party.needCustomer(customer)
      purses.needWallet(customer)
    },
    decide: ({ tokenHash, customer }) => {
      const now = set.batch.at
      const buyer = party.customer(customer)
      if (buyer === undefined) return refuse('customer_not_found')
      const code = tables.orderCodes.get(tokenHash)
      const key = code === undefined ? undefined : orderKey(code.merchant, code.orderNumber)
      const order = key === undefined ? undefined : tables.orders.get(key)
      if (code === undefined || key === undefined || order === undefined || order.revoked) {
        return refuse('order_code_invalid')
      }
      if (order.trade !== null) {
        const trade = tables.trades.get(order.trade)
        invariant(trade !== undefined, 'an order names a trade that exists')
        return trade.buyer === customer
          ? ok({ trade: tradeView(trade), changed: false })
          : refuse('trade_of_another_buyer')
      }
      const expiresAt = code.tradeExpiresAt ?? now + code.tradeLife
      if (code.expiresAt <= now || expiresAt <= now) return refuse('order_code_invalid')
      if (buyer.status !== 'active' || purses.wallet(customer, 'payer') === undefined) return refuse('payer_blocked')
      const trade = beginTrade(set.newId(slotOf(customer)), customer, code, expiresAt, now)
      if (!trade.ok) return trade
      tables.trades.add(trade.value.id, trade.value)
      tables.orders.put(key, { ...order, trade: trade.value.id })
      return ok({ trade: tradeView(trade.value), changed: true })
    },
    form: ({ tokenHash, customer }) => canonicalJson({ tokenHash, customer }),
    ...tradeAnswerCodec,
  }
}
