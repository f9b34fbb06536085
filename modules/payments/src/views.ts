import { type CurrencyCode, formatAmount } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { longNumber } from './long-number.ts'
import type { Refund } from './refund.ts'
import { FUNDERS, TENDER_FORMS, TENDER_NAMES, type TenderPart } from './tender.ts'
import { CLOSING_CAUSES, TRADE_DETAILS, TRADE_STATES, type Trade } from './trade.ts'
import { PAYER_KINDS, type WalletTransfer } from './wallet-transfer.ts'

/*
 * What commands answer and queries show: the same views, so that whoever paid and whoever asks later read the same fields. Amounts are
 * decimal text, times µs, ids internal; the edges turn them into public ids and RFC 3339.
 */

const Amount = Type.String()

/** One tender of a payment, or of a refund. */
export const TenderPartView = Type.Object({
  tender: Type.Enum([...TENDER_NAMES]),
  instrument: Type.Union([Type.Integer(), Type.Null()]),
  funder: Type.Enum([...FUNDERS]),
  form: Type.Union([Type.Enum([...TENDER_FORMS]), Type.Null()]),
  label: Type.Union([Type.String(), Type.Null()]),
  amount: Amount,
  /** What went back to it so far. */
  returned: Amount,
})
export type TenderPartView = Static<typeof TenderPartView>
const Id = Type.Integer()
const Time = Type.Integer()

export const TradeView = Type.Object({
  id: Id,
  /** 28 digits. */
  tradeNumber: Type.String(),
  merchant: Id,
  orderNumber: Type.String(),
  buyer: Id,
  subject: Type.String(),
  details: Type.Partial(Type.Record(Type.Enum([...TRADE_DETAILS]), Type.String())),
  currency: Type.String(),
  total: Amount,
  state: Type.Enum([...TRADE_STATES]),
  closingCause: Type.Union([Type.Enum([...CLOSING_CAUSES]), Type.Null()]),
  paid: Amount,
  /** All refunds so far. */
  refunded: Amount,
  /** What paid it; answers from before there were several have none. */
  tenders: Type.Optional(Type.Array(TenderPartView)),
  fee: Amount,
  feeReturned: Amount,
  createdAt: Time,
  expiresAt: Time,
  paidAt: Type.Union([Time, Type.Null()]),
  refundableUntil: Type.Union([Time, Type.Null()]),
  endedAt: Type.Union([Time, Type.Null()]),
  riskCheck: Type.Union([Id, Type.Null()]),
})
export type TradeView = Static<typeof TradeView>

export const RefundView = Type.Object({
  id: Id,
  trade: Id,
  refundNumber: Type.String(),
  reason: Type.Union([Type.String(), Type.Null()]),
  amount: Amount,
  feeReturned: Amount,
  /** What went back to which tender. */
  tenders: Type.Optional(Type.Array(TenderPartView)),
  /** All refunds of the trade so far, this one included. */
  refundedAfter: Amount,
  createdAt: Time,
})
export type RefundView = Static<typeof RefundView>

export const TransferView = Type.Object({
  id: Id,
  /** 28 digits. */
  number: Type.String(),
  payerKind: Type.Enum([...PAYER_KINDS]),
  payer: Id,
  transferNumber: Type.String(),
  payee: Id,
  currency: Type.String(),
  amount: Amount,
  title: Type.Union([Type.String(), Type.Null()]),
  remark: Type.Union([Type.String(), Type.Null()]),
  createdAt: Time,
})
export type TransferView = Static<typeof TransferView>

export function tradeView(trade: Trade): TradeView {
  const { totalMinor, paidMinor, refundedMinor, tenders, feeMinor, feeReturnedMinor, ...rest } = trade
  const amount = (minor: bigint) => formatAmount(minor, trade.currency)
  return {
    ...rest,
    tradeNumber: longNumber('trade', trade.id, trade.createdAt),
    total: amount(totalMinor),
    paid: amount(paidMinor),
    refunded: amount(refundedMinor),
    tenders: partViews(tenders ?? balanceAlone(paidMinor, refundedMinor), trade.currency),
    fee: amount(feeMinor),
    feeReturned: amount(feeReturnedMinor),
  }
}

export function refundView(refund: Refund, currency: CurrencyCode): RefundView {
  const { amountMinor, feeReturnedMinor, tenders, refundedAfterMinor, ...rest } = refund
  return {
    ...rest,
    amount: formatAmount(amountMinor, currency),
    feeReturned: formatAmount(feeReturnedMinor, currency),
    tenders: partViews(tenders ?? balanceAlone(amountMinor, 0n), currency),
    refundedAfter: formatAmount(refundedAfterMinor, currency),
  }
}

/** The tenders of a purchase that the balance alone paid, which are not stored. */
export function balanceAlone(amountMinor: bigint, returnedMinor: bigint): readonly TenderPart[] {
  if (amountMinor === 0n) return []
  const balance = { tender: 'balance', instrument: null, funder: 'buyer', form: null, label: null } as const
  return [{ ...balance, amountMinor, returnedMinor }]
}

export function partViews(parts: readonly TenderPart[], currency: CurrencyCode): TenderPartView[] {
  return parts.map(({ amountMinor, returnedMinor, ...part }) => ({
    ...part,
    amount: formatAmount(amountMinor, currency),
    returned: formatAmount(returnedMinor, currency),
  }))
}

export function transferView(transfer: WalletTransfer): TransferView {
  const { payer, amountMinor, ...rest } = transfer
  return {
    ...rest,
    number: longNumber('transfer', transfer.id, transfer.createdAt),
    payerKind: payer.kind,
    payer: payer.id,
    amount: formatAmount(amountMinor, transfer.currency),
  }
}
