import { formatAmount, invariant, parseAmount, publicId } from '@huitong/kernel'
import type { Customer } from '@huitong/party'
import { alipayTime } from './alipay-times.ts'
import { WALLET_CURRENCY } from './limits.ts'
import { COUPON_ID } from './payment-bodies.ts'
import type { TradeState } from './trade.ts'
import type { RefundView, TenderPartView, TradeView } from './views.ts'

export const TRADE_STATUS: Readonly<Record<TradeState, string>> = {
  awaiting_payment: 'WAIT_BUYER_PAY',
  // To the merchant a payment that is looked at is one that has not come yet.
  awaiting_proof: 'WAIT_BUYER_PAY',
  held: 'WAIT_BUYER_PAY',
  paid: 'TRADE_SUCCESS',
  closed: 'TRADE_CLOSED',
  finished: 'TRADE_FINISHED',
}

/** The channel of everything that is paid from a wallet's balance. */
const BALANCE_CHANNEL = 'ALIPAYACCOUNT'

/** Both numbers of a trade. */
export function tradeNumbers(trade: TradeView) {
  return { trade_no: trade.tradeNumber, out_trade_no: trade.orderNumber }
}

/** How a merchant may know a buyer: by number and by a name with its middle left out. */
export function buyerFields(buyer: Customer | undefined) {
  return { buyer_logon_id: buyer?.maskedLogonId, buyer_user_id: buyer?.userNumber }
}

/**
 * What was paid and out of what. The buyer pays the total less all discounts; the merchant earns it less the discount that it gives itself. How
 * much was discounted is said only where something was.
 */
export function paidAmounts(trade: TradeView) {
  const { platform, merchant } = discountsOf(trade)
  const own = lessDiscounts(trade, platform, merchant)
  return {
    receipt_amount: lessDiscounts(trade, merchant),
    buyer_pay_amount: own,
    invoice_amount: own,
    point_amount: '0.00',
    ...(platform === 0n ? {} : { discount_amount: formatAmount(platform, WALLET_CURRENCY) }),
    ...(merchant === 0n ? {} : { mdiscount_amount: formatAmount(merchant, WALLET_CURRENCY) }),
  }
}

export function fundBills(trade: TradeView) {
  const vouchers = voucherDetails(trade)
  return {
    fund_bill_list: partsOf(trade).map((part) => ({ fund_channel: fundChannel(part), amount: part.amount })),
    ...(vouchers.length === 0 ? {} : { voucher_detail_list: vouchers }),
  }
}

/** Where the parts of a refund went. */
export function refundDetails(refund: RefundView) {
  const parts = refund.tenders ?? [{ ...BALANCE_PART, amount: refund.amount }]
  return { refund_detail_item_list: parts.map((part) => ({ fund_channel: fundChannel(part), amount: part.amount })) }
}

export function partsOf(trade: TradeView): readonly ChannelPart[] {
  return trade.tenders ?? [{ ...BALANCE_PART, amount: trade.paid }]
}

type ChannelPart = Pick<TenderPartView, 'tender' | 'instrument' | 'funder' | 'form' | 'label' | 'amount'>

const BALANCE_PART = { tender: 'balance', instrument: null, funder: 'buyer', form: null, label: null } as const

/** The platform calls money out of red packets a coupon, and tells a coupon's channel by who pays for it. */
export function fundChannel({ tender, funder }: Pick<ChannelPart, 'tender' | 'funder'>): string {
  switch (tender) {
    case 'balance':
    case 'family':
      return BALANCE_CHANNEL
    case 'card':
      return 'BANKCARD'
    case 'red_packet':
      return 'COUPON'
    case 'coupon':
      return funder === 'merchant' ? 'MDISCOUNT' : 'DISCOUNT'
  }
}

/** The coupons that were used, by the names of the notification's fields, which this list has in answers, too. */
export function voucherDetails(trade: TradeView) {
  return partsOf(trade).flatMap(({ tender, instrument, funder, form, label, amount }) =>
    tender !== 'coupon' || instrument === null
      ? []
      : [
          {
            id: publicId(COUPON_ID, instrument),
            name: label ?? '',
            type: form === 'percent_off' ? 'ALIPAY_DISCOUNT_VOUCHER' : 'ALIPAY_FIX_VOUCHER',
            amount,
            merchant_contribute: funder === 'merchant' ? amount : '0.00',
            other_contribute: funder === 'merchant' ? '0.00' : amount,
          },
        ],
  )
}

function discountsOf(trade: TradeView): { readonly platform: bigint; readonly merchant: bigint } {
  const given = (funder: 'platform' | 'merchant') =>
    partsOf(trade).reduce((sum, part) => sum + (part.funder === funder ? minorOfText(part.amount) : 0n), 0n)
  return { platform: given('platform'), merchant: given('merchant') }
}

function lessDiscounts({ paid }: TradeView, ...discounts: readonly bigint[]): string {
  return formatAmount(
    discounts.reduce((rest, one) => rest - one, minorOfText(paid)),
    WALLET_CURRENCY,
  )
}

function minorOfText(amount: string): bigint {
  const minor = parseAmount(amount, WALLET_CURRENCY, { allowZero: true })
  invariant(minor.ok, 'an amount of a view is an amount')
  return minor.value
}

/** A time of a view in Beijing, or nothing while it has not come; absent fields are left out of answers. */
export function timeField(at: number | null): string | undefined {
  return at === null ? undefined : alipayTime(at)
}
