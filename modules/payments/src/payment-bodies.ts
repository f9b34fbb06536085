import { AmountText, CurrencyText, PublicId, SignedAmountText, Timestamp } from '@huitong/contract'
import { microsToIso, publicId } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import type { PurseView } from './payments-queries.ts'
import { FUNDERS, TENDER_NAMES, type TenderName } from './tender.ts'
import { CLOSING_CAUSES, TRADE_STATES } from './trade.ts'
import type { RefundView, TenderPartView, TradeView, TransferView } from './views.ts'

/** How this module's objects look in the native API: public ids, amounts and times as text. */
export const TRADE_ID = 'trade'
const REFUND_ID = 'rfnd'
export const TRANSFER_ID = 'trsf'
export const CUSTOMER_ID = 'cust'
export const MERCHANT_ID = 'mrch'
export const COUPON_ID = 'coup'
export const FAMILY_LINK_ID = 'faml'
const CARD_ORDER_ID = 'chor'

const OptionalTime = Type.Union([Timestamp, Type.Null()])

/** Which of several a tender is, by a field of its kind. */
export const INSTRUMENT_BODY = {
  coupon: Type.Optional(PublicId(COUPON_ID)),
  familyLink: Type.Optional(PublicId(FAMILY_LINK_ID)),
  cardOrder: Type.Optional(PublicId(CARD_ORDER_ID)),
}

export function instrumentBody(
  tender: TenderName,
  instrument: number | null,
): { readonly coupon?: string; readonly familyLink?: string; readonly cardOrder?: string } {
  if (instrument === null) return {}
  if (tender === 'family') return { familyLink: publicId(FAMILY_LINK_ID, instrument) }
  if (tender === 'card') return { cardOrder: publicId(CARD_ORDER_ID, instrument) }
  return { coupon: publicId(COUPON_ID, instrument) }
}

const TenderPartBody = Type.Object(
  {
    tender: Type.Enum([...TENDER_NAMES]),
    ...INSTRUMENT_BODY,
    funder: Type.Enum([...FUNDERS]),
    label: Type.Union([Type.String(), Type.Null()]),
    amount: AmountText,
    returned: Type.String({ description: 'What went back to it so far' }),
  },
  { $id: 'TenderPart' },
)

export function tenderPartBodies(parts: readonly TenderPartView[] | undefined): Static<typeof TenderPartBody>[] {
  return (parts ?? []).map(({ tender, instrument, funder, label, amount, returned }) => ({
    ...{ tender, funder, label, amount, returned },
    ...instrumentBody(tender, instrument),
  }))
}

/** What paid, or what went back to which tender. Nothing while it is not paid. */
export const TenderPartBodies = Type.Array(TenderPartBody)

export const PaymentBody = Type.Object(
  {
    id: PublicId(TRADE_ID),
    tradeNumber: Type.String({ examples: ['2026112222001000000000007171'] }),
    orderNumber: Type.String(),
    merchant: PublicId(MERCHANT_ID),
    customer: PublicId(CUSTOMER_ID),
    subject: Type.String(),
    currency: CurrencyText,
    total: AmountText,
    state: Type.Enum([...TRADE_STATES]),
    closingCause: Type.Union([Type.Enum([...CLOSING_CAUSES]), Type.Null()]),
    paid: AmountText,
    refunded: AmountText,
    tenders: TenderPartBodies,
    fee: Type.Optional(AmountText),
    feeReturned: Type.Optional(AmountText),
    createdAt: Timestamp,
    expiresAt: Timestamp,
    paidAt: OptionalTime,
    refundableUntil: OptionalTime,
    endedAt: OptionalTime,
  },
  { $id: 'Payment' },
)

/** `withFee` for those whom the fee concerns: the merchant who pays it and staff, not the buyer. */
export function paymentBody(trade: TradeView, withFee: boolean): Static<typeof PaymentBody> {
  const { id, merchant, buyer, fee, feeReturned, createdAt, expiresAt, paidAt, refundableUntil, endedAt } = trade
  const { tradeNumber, orderNumber, subject, currency, total, state, closingCause, paid, refunded } = trade
  return {
    id: publicId(TRADE_ID, id),
    tradeNumber,
    orderNumber,
    merchant: publicId(MERCHANT_ID, merchant),
    customer: publicId(CUSTOMER_ID, buyer),
    subject,
    currency,
    total,
    state,
    closingCause,
    paid,
    refunded,
    tenders: tenderPartBodies(trade.tenders),
    ...(withFee ? { fee, feeReturned } : {}),
    createdAt: microsToIso(createdAt),
    expiresAt: microsToIso(expiresAt),
    paidAt: optionalTime(paidAt),
    refundableUntil: optionalTime(refundableUntil),
    endedAt: optionalTime(endedAt),
  }
}

export const RefundBody = Type.Object(
  {
    id: PublicId(REFUND_ID),
    payment: PublicId(TRADE_ID),
    refundNumber: Type.String(),
    reason: Type.Union([Type.String(), Type.Null()]),
    amount: AmountText,
    feeReturned: Type.Optional(AmountText),
    tenders: TenderPartBodies,
    refundedAfter: Type.String({ description: 'All refunds of the payment so far, this one included' }),
    createdAt: Timestamp,
  },
  { $id: 'Refund' },
)

export function refundBody(refund: RefundView, withFee: boolean): Static<typeof RefundBody> {
  const { refundNumber, reason, amount, feeReturned, refundedAfter } = refund
  return {
    id: publicId(REFUND_ID, refund.id),
    payment: publicId(TRADE_ID, refund.trade),
    refundNumber,
    reason,
    amount,
    ...(withFee ? { feeReturned } : {}),
    tenders: tenderPartBodies(refund.tenders),
    refundedAfter,
    createdAt: microsToIso(refund.createdAt),
  }
}

export const TransferBody = Type.Object(
  {
    id: PublicId(TRANSFER_ID),
    number: Type.String(),
    transferNumber: Type.String(),
    payer: Type.String({ examples: ['cust_00000000a15m'] }),
    payee: PublicId(CUSTOMER_ID),
    currency: CurrencyText,
    amount: AmountText,
    title: Type.Union([Type.String(), Type.Null()]),
    remark: Type.Union([Type.String(), Type.Null()]),
    createdAt: Timestamp,
  },
  { $id: 'WalletTransfer' },
)

export function transferBody(transfer: TransferView): Static<typeof TransferBody> {
  const { number, transferNumber, currency, amount, title, remark } = transfer
  return {
    id: publicId(TRANSFER_ID, transfer.id),
    number,
    transferNumber,
    payer: publicId(transfer.payerKind === 'customer' ? CUSTOMER_ID : MERCHANT_ID, transfer.payer),
    payee: publicId(CUSTOMER_ID, transfer.payee),
    currency,
    amount,
    title,
    remark,
    createdAt: microsToIso(transfer.createdAt),
  }
}

export const WalletBody = Type.Object(
  {
    customer: PublicId(CUSTOMER_ID),
    account: PublicId('acct'),
    state: Type.Enum(['open', 'frozen', 'dormant', 'closed']),
    currency: CurrencyText,
    balance: SignedAmountText,
    available: SignedAmountText,
  },
  { $id: 'Wallet' },
)

export function walletBody({ owner, account, ...rest }: PurseView): Static<typeof WalletBody> {
  return { customer: publicId(CUSTOMER_ID, owner), account: publicId('acct', account), ...rest }
}

function optionalTime(micros: number | null): string | null {
  return micros === null ? null : microsToIso(micros)
}
