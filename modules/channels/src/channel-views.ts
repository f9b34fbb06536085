import { AmountText, PublicId, Timestamp } from '@huitong/contract'
import { formatAmount, type Micros, microsToIso, publicId } from '@huitong/kernel'
import { TRADE_ID, WALLET_CURRENCY } from '@huitong/payments'
import Type from 'typebox'
import { CARD_STATES, type Card } from './card.ts'
import { CHANNEL_BANK_STATES, type ChannelBank } from './channel-bank.ts'
import { ORDER_ID, ORDER_KINDS, ORDER_STATES, type Order } from './order.ts'

/** How channels look from outside: amounts in yuan as text, times in UTC, of account numbers the last four digits. */

export const CARD_ID = 'card'
export const CUSTOMER_ID = 'cust'
export const Member = Type.String({ pattern: '^(\\d{12}|[A-Z0-9]{8}|[A-Z0-9]{11})$', examples: ['990100000011'] })
const NullableText = Type.Union([Type.String(), Type.Null()])
const NullableTime = Type.Union([Timestamp, Type.Null()])

/** What orders are routed by. */
export const ROUTING_BODY = {
  capacity: Type.Union([Type.Integer({ minimum: 1, maximum: 1_000_000 }), Type.Null()], {
    description: 'Orders a second that it takes; null: it did not say',
  }),
  costMillionths: Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'What it charges, in millionths' }),
}

const BANK_BODY = {
  member: Member,
  name: Type.String(),
  state: Type.Enum([...CHANNEL_BANK_STATES], { description: 'paused: it takes no new orders' }),
  singleMax: AmountText,
  dayMax: AmountText,
}

/** As customers see it. */
export const CardBankBody = Type.Object(BANK_BODY, { $id: 'CardBank' })

export function cardBankBody({ member, name, state, singleMaxMinor, dayMaxMinor }: ChannelBank) {
  return { member, name, state, singleMax: yuan(singleMaxMinor), dayMax: yuan(dayMaxMinor) }
}

export const ChannelBankBody = Type.Object({ ...BANK_BODY, ...ROUTING_BODY }, { $id: 'ChannelBank' })

export function channelBankBody(bank: ChannelBank) {
  const { capacity, costMillionths } = bank
  return { ...cardBankBody(bank), capacity, costMillionths }
}

export const CardBody = Type.Object(
  {
    id: PublicId(CARD_ID),
    bank: Member,
    tail: Type.String({ description: 'The last four digits of its number' }),
    state: Type.Enum([...CARD_STATES], { description: 'code_sent: the bank sent a code to the phone that it knows' }),
    busy: Type.Boolean({
      description: 'The outcome of an order with it is not known yet; until it is there is no other',
    }),
    madeAt: Timestamp,
  },
  { $id: 'BankCard' },
)

export function cardBody({ id, bank, tail, state, openOrder, madeAt }: Card) {
  return { id: publicId(CARD_ID, id), bank, tail, state, busy: openOrder !== null, madeAt: microsToIso(madeAt) }
}

export const OrderBody = Type.Object(
  {
    id: PublicId(ORDER_ID),
    kind: Type.Enum([...ORDER_KINDS]),
    card: PublicId(CARD_ID),
    bank: Member,
    amount: AmountText,
    returned: AmountText,
    state: Type.Enum([...ORDER_STATES], {
      description: 'unknown: whoever knows has not said how it stands, and is asked until he does',
    }),
    reason: NullableText,
    payment: Type.Union([PublicId(TRADE_ID), Type.Null()], { description: 'What a payment by card pays' }),
    unspent: Type.Union([Type.String(), Type.Null()], {
      description: 'Why it could not be paid any more when the money was there: the wallet has it',
    }),
    madeAt: Timestamp,
    endedAt: NullableTime,
  },
  { $id: 'BankOrder' },
)

export function orderBody(order: Order) {
  const { id, kind, cardId, bank, amountMinor, returnedMinor, state, reason, trade, unspent, madeAt, endedAt } = order
  return {
    ...{ id: publicId(ORDER_ID, id), kind, card: publicId(CARD_ID, cardId), bank, amount: yuan(amountMinor) },
    ...{
      returned: yuan(returnedMinor),
      state,
      reason,
      unspent,
      payment: trade === null ? null : publicId(TRADE_ID, trade),
      madeAt: microsToIso(madeAt),
      endedAt: timeOf(endedAt),
    },
  }
}

export const StaffOrderBody = Type.Object(
  {
    ...OrderBody.properties,
    customer: PublicId(CUSTOMER_ID),
    uetr: Type.String(),
    contradicted: Type.Boolean({ description: 'Two things were said of it that cannot both be' }),
    inSuspense: Type.Boolean({ description: 'It settled when the wallet could not take part any more' }),
    askings: Type.Integer(),
    dueAt: Timestamp,
  },
  { $id: 'ChannelOrder' },
)

export function staffOrderBody(order: Order) {
  const { customer, uetr, contradicted, inSuspense, askings, dueAt } = order
  return {
    ...{ ...orderBody(order), customer: publicId(CUSTOMER_ID, customer), uetr, contradicted, inSuspense, askings },
    dueAt: microsToIso(dueAt),
  }
}

function yuan(minor: bigint): string {
  return formatAmount(minor, WALLET_CURRENCY)
}

function timeOf(at: Micros | null): string | null {
  return at === null ? null : microsToIso(at)
}
