import type { Customer, Merchant } from '@huitong/party'
import { alipayTime } from './alipay-times.ts'
import { fundChannel, paidAmounts, partsOf, TRADE_STATUS, voucherDetails } from './alipay-trade-answer.ts'
import { longNumber } from './long-number.ts'
import type { TradeHappening } from './notification-event.ts'
import type { NotificationFields } from './notification-state.ts'
import { CANCEL_NUMBER } from './refund.ts'
import type { Trade } from './trade.ts'
import { tradeView } from './views.ts'

export interface NotificationSubject {
  readonly notifyId: string
  readonly application: string
  /** Only what never changes is taken from it; how far it had come is in `happening`. */
  readonly trade: Trade
  readonly happening: TradeHappening
  readonly buyer: Customer | undefined
  readonly seller: Merchant | undefined
  /** µs */
  readonly now: number
}

/**
 * The fields of a trade notification. A refund of a part leaves the trade successful and adds refund_fee and gmt_refund; the refund of
 * the rest closes it. Of the buyer it says the number and a name with its middle left out, no more.
 */
export function notificationFields(subject: NotificationSubject): NotificationFields {
  const { trade, happening, buyer, seller } = subject
  const view = tradeView(trade)
  const { total } = view
  const { receipt_amount, buyer_pay_amount, invoice_amount, point_amount } = paidAmounts(view)
  const vouchers = voucherDetails(view)
  const { refund, at } = happening
  const fields: Readonly<Record<string, string | null | undefined>> = {
    ...notificationHead('trade_status_sync', subject),
    trade_no: longNumber('trade', trade.id, trade.createdAt),
    out_trade_no: trade.orderNumber,
    out_biz_no: refund === null || refund.refundNumber === CANCEL_NUMBER ? null : refund.refundNumber,
    buyer_id: buyer?.userNumber,
    buyer_logon_id: buyer?.maskedLogonId,
    seller_id: seller?.sellerNumber,
    trade_status: TRADE_STATUS[happening.state],
    total_amount: total,
    ...{ receipt_amount, invoice_amount, buyer_pay_amount, point_amount },
    refund_fee: refund === null ? null : happening.refunded,
    subject: trade.subject,
    body: trade.details.body,
    gmt_create: alipayTime(trade.createdAt),
    gmt_payment: alipayTime(trade.paidAt ?? at),
    gmt_refund: refund === null ? null : alipayTime(at, { millis: true }),
    gmt_close: happening.state === 'closed' ? alipayTime(at) : null,
    fund_bill_list: JSON.stringify(
      partsOf(view).map((part) => ({ amount: part.amount, fundChannel: fundChannel(part) })),
    ),
    voucher_detail_list: vouchers.length === 0 ? null : JSON.stringify(vouchers.map(camelCased)),
    passback_params: trade.details.passback,
  }
  return filled(fields)
}

/** What every notification begins with. */
export function notificationHead(
  type: string,
  { notifyId, application, now }: Pick<NotificationSubject, 'notifyId' | 'application' | 'now'>,
): NotificationFields {
  return {
    notify_time: alipayTime(now),
    notify_type: type,
    notify_id: notifyId,
    charset: 'utf-8',
    version: '1.0',
    app_id: application,
    auth_app_id: application,
  }
}

/** Nothing is sent of fields that are empty. */
export function filled(fields: Readonly<Record<string, string | null | undefined>>): NotificationFields {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (value !== null && value !== undefined && value !== '') kept[name] = value
  }
  return kept
}

/** Names inside lists are written so in notifications, unlike in answers. */
function camelCased(row: Readonly<Record<string, string>>): Record<string, string> {
  const renamed = Object.entries(row).map(([name, value]) => [
    name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    value,
  ])
  return Object.fromEntries(renamed)
}
