import type { CommandKind } from '@huitong/committer'
import { answerCodec } from '@huitong/contract'
import { canonicalJson, ok, publicId, type Result, slotOf } from '@huitong/kernel'
import { PAYMENT_MINOR_MAX, type PayerInput, payerProof } from '@huitong/payments'
import Type, { type Static } from 'typebox'
import type { Card } from './card.ts'
import { type ChannelRefusal, refuse } from './channel-refusals.ts'
import type { ChannelContext } from './context.ts'
import { askAfter, ORDER_ID, type Order, type OrderKind } from './order.ts'
import { askBank, type Destination, tellTransfer } from './order-messages.ts'
import { stored } from './order-steps.ts'

export const OrderAnswer = Type.Object({ id: Type.Integer(), uetr: Type.String(), state: Type.String() })
export type OrderAnswer = Static<typeof OrderAnswer>

export interface TopUpInput {
  readonly customer: number
  /** Fingerprint. */
  readonly card: string
  readonly amountMinor: bigint
  /** Drawn at the door. */
  readonly uetr: string
}

/** `channels.top-up`: writes down that money is asked for, and asks the bank with the same commit. */
export function topUpKind(context: ChannelContext): CommandKind<TopUpInput, OrderAnswer> {
  return {
    name: 'channels.top-up',
    need: (input) => needOrder(context, input),
    decide: (input) => {
      const begun = begin(context, 'top_up', input)
      if (!begun.ok) return begun
      const { card, order } = begun.value
      askBank(context, order, card.agreement ?? '')
      return ok(keep(context, card, order))
    },
    form: ({ uetr: _, amountMinor, ...rest }) => canonicalJson({ ...rest, amount: amountMinor.toString() }),
    ...answerCodec(OrderAnswer),
  }
}

export interface PayByCardInput extends TopUpInput, PayerInput {
  /** What it is to pay; the amount is its whole price. */
  readonly trade: number
  /** As the door saw it: what is paid or closed already is not asked for. Whether it can be paid when the money is there, it says then. */
  readonly isWaiting: boolean
}

/** `channels.pay-by-card`: asks the bank for the price of a trade. When the money has come the trade is paid with it, in one commit. */
export function payByCardKind(context: ChannelContext): CommandKind<PayByCardInput, OrderAnswer> {
  const { outlays } = context
  return {
    name: 'channels.pay-by-card',
    need: (input) => {
      needOrder(context, input)
      outlays.need(input.customer)
    },
    decide: ({ strength, assessment, trade, isWaiting, ...input }) => {
      const { customer, amountMinor } = input
      if (!isWaiting) return refuse('payment_not_waiting')
      const begun = begin(context, 'payment', input, trade)
      if (!begun.ok) return begun
      const { card, order } = begun.value
      const proof = payerProof('card', { strength, assessment })
      const admitted = outlays.admit({ customer, amountMinor, reference: order.id, proof })
      if (!admitted.ok) return admitted
      askBank(context, order, card.agreement ?? '')
      return ok(keep(context, card, order))
    },
    // Sent again when it is paid, it is the same request.
    form: ({ uetr: _, amountMinor, strength: __, assessment: ___, isWaiting: ____, ...rest }) =>
      canonicalJson({ ...rest, amount: amountMinor.toString() }),
    ...answerCodec(OrderAnswer),
  }
}

export interface WithdrawInput extends TopUpInput, PayerInput {
  readonly to: Destination
}

/** `channels.withdraw`: sets money aside and sends it to the customer's own account with the same commit. */
export function withdrawKind(context: ChannelContext): CommandKind<WithdrawInput, OrderAnswer> {
  const { outlays, purses, payouts } = context
  return {
    name: 'channels.withdraw',
    need: (input) => {
      needOrder(context, input)
      outlays.need(input.customer)
      payouts.need()
      purses.needWallet(input.customer)
    },
    decide: ({ strength, assessment, to, ...input }) => {
      const { customer, amountMinor } = input
      const begun = begin(context, 'withdrawal', input)
      if (!begun.ok) return begun
      const { card, order } = begun.value
      if (payouts.stopped()) return refuse('reserve_short')
      const proof = payerProof('withdrawal', { strength, assessment })
      // To one's own account: it counts against no limit of payments, but whoever took over a session would want it.
      const admitted = outlays.admit({ customer, amountMinor, reference: order.id, proof })
      if (!admitted.ok) return admitted
      const held = context.hold(order)
      if (!held.ok) return refuse(held.error)
      outlays.count(customer, amountMinor)
      const sent: Order = { ...order, hold: held.value }
      tellTransfer(context, sent, to)
      return ok(keep(context, card, sent))
    },
    // Where to is the card's, unsealed anew with every try.
    form: ({ uetr: _, amountMinor, strength: __, assessment: ___, to: ____, ...rest }) =>
      canonicalJson({ ...rest, amount: amountMinor.toString() }),
    ...answerCodec(OrderAnswer),
  }
}

function needOrder({ party, cards }: ChannelContext, { customer, card }: TopUpInput): void {
  party.needCustomer(customer)
  cards.need(card)
}

/** Judges what every order must fulfil, and makes it. */
function begin(
  context: ChannelContext,
  kind: OrderKind,
  { customer, card: fingerprint, amountMinor, uetr }: TopUpInput,
  trade: number | null = null,
): Result<{ readonly card: Card; readonly order: Order }, ChannelRefusal> {
  const { set, cards, banks, party } = context
  if (party.customer(customer) === undefined) return refuse('customer_not_found')
  const card = cards.get(fingerprint)
  // Somebody else's card looks like none.
  if (card === undefined || card.customer !== customer) return refuse('card_not_found')
  if (amountMinor <= 0n || amountMinor > PAYMENT_MINOR_MAX) return refuse('amount_out_of_range')
  banks.need(card.bank)
  if (banks.get(card.bank)?.state !== 'open') return refuse('bank_paused')
  if (card.state !== 'active') return refuse('card_not_active')
  if (card.openOrder !== null) return refuse('order_open')
  if (!context.isActive(customer)) return refuse('wallet_blocked')
  const id = set.newId(slotOf(customer))
  const now = set.batch.at
  const order: Order = {
    ...{
      uetr,
      id,
      kind,
      customer,
      card: fingerprint,
      cardId: card.id,
      bank: card.bank,
      amountMinor,
      returnedMinor: 0n,
    },
    ...{ state: 'sent', reason: null, hold: null, messageId: publicId('msg', set.newId(0)), instructionId: `I${id}` },
    ...{ endToEndId: publicId(ORDER_ID, id), transactionId: `T${id}`, contradicted: false, inSuspense: false },
    ...{ trade, unspent: null, askings: 0, madeAt: now, dueAt: now + askAfter(0), endedAt: null },
  }
  return ok({ card, order })
}

function keep(context: ChannelContext, card: Card, order: Order): OrderAnswer {
  context.cards.put(card.fingerprint, { ...card, openOrder: order.uetr })
  context.uetrs.add(order.id, order.uetr)
  const { id, uetr, state } = stored(context, order)
  return { id, uetr, state }
}
