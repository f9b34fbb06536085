import { AmountText, CurrencyText, PublicId, Timestamp } from '@huitong/contract'
import { MICROS_PER_SECOND, microsToIso, publicId } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { MONEY_REQUEST_LIFE, MONEY_REQUEST_LIFE_MAX, WALLET_CURRENCY } from './limits.ts'
import { MONEY_REQUEST_STATES } from './money-request.ts'
import type { MoneyRequestView } from './money-request-commands.ts'
import { CUSTOMER_ID, TRANSFER_ID } from './payment-bodies.ts'

export const MONEY_REQUEST_ID = 'mreq'
export const SPLIT_BILL_ID = 'bill'
const DAY = 86_400 * MICROS_PER_SECOND

export const MoneyRequestBody = Type.Object(
  {
    id: PublicId(MONEY_REQUEST_ID),
    asker: PublicId(CUSTOMER_ID),
    payer: PublicId(CUSTOMER_ID),
    currency: CurrencyText,
    amount: AmountText,
    note: Type.Union([Type.String(), Type.Null()]),
    splitBill: Type.Union([PublicId(SPLIT_BILL_ID), Type.Null()]),
    state: Type.Enum([...MONEY_REQUEST_STATES]),
    createdAt: Timestamp,
    expiresAt: Timestamp,
    endedAt: Type.Union([Timestamp, Type.Null()]),
    transfer: Type.Union([PublicId(TRANSFER_ID), Type.Null()]),
  },
  { $id: 'MoneyRequest' },
)

export function moneyRequestBody(view: MoneyRequestView): Static<typeof MoneyRequestBody> {
  const { id, asker, payer, bill, createdAt, expiresAt, endedAt, transfer, ...rest } = view
  return {
    ...rest,
    id: publicId(MONEY_REQUEST_ID, id),
    asker: publicId(CUSTOMER_ID, asker),
    payer: publicId(CUSTOMER_ID, payer),
    currency: WALLET_CURRENCY,
    splitBill: bill === null ? null : publicId(SPLIT_BILL_ID, bill),
    createdAt: microsToIso(createdAt),
    expiresAt: microsToIso(expiresAt),
    endedAt: endedAt === null ? null : microsToIso(endedAt),
    transfer: transfer === null ? null : publicId(TRANSFER_ID, transfer),
  }
}

/** How many days a request waits. */
export const LifeDays = Type.Integer({ minimum: 1, maximum: MONEY_REQUEST_LIFE_MAX / DAY })

export function lifeOf(days: number | undefined): number {
  return days === undefined ? MONEY_REQUEST_LIFE : days * DAY
}
