import type { OutboxEvent } from '@huitong/committer'
import { formatAmount, microsToIso, publicId } from '@huitong/kernel'
import { longNumber } from './long-number.ts'
import type { Refund } from './refund.ts'
import { RISK_CHECK_TOPICS } from './risk-check-events.ts'
import type { Trade } from './trade.ts'
import type { WalletTransfer } from './wallet-transfer.ts'

/*
 * What others learn from the outbox. Bodies say who only by id and hold no text that people wrote, so no personal data leaves with
 * them; the state is that of the moment, since the row may have gone on by the time the event is read.
 */

export const PAYMENT_TOPICS = [
  'trade.paid',
  'trade.closed',
  'trade.refunded',
  'trade.finished',
  'settlement.made',
  'transfer.succeeded',
  'transfer.delayed',
  'transfer.recalled',
  'transfer.returned',
  'money-request.asked',
  'money-request.reminded',
  'money-request.paid',
  'money-request.declined',
  'money-request.cancelled',
  'money-request.expired',
  'split-bill.over',
  'partner-payment.paid',
  'partner-payment.refused',
  'partner-payment.received',
  'partner-refund.paid',
  'partner-refund.refused',
  'partner-refund.received',
  ...RISK_CHECK_TOPICS,
] as const
export type TradeTopic = Extract<(typeof PAYMENT_TOPICS)[number], `trade.${string}`>

/** Something happened to a trade; `refund` when it was a refund. Events of one trade reach a consumer in order. */
export function tradeEvent(topic: TradeTopic, trade: Trade, at: number, refund?: Refund): OutboxEvent {
  const id = publicId('trade', trade.id)
  const amount = (minor: bigint) => formatAmount(minor, trade.currency)
  const body = {
    trade: id,
    tradeNumber: longNumber('trade', trade.id, trade.createdAt),
    merchant: publicId('mrch', trade.merchant),
    orderNumber: trade.orderNumber,
    buyer: publicId('cust', trade.buyer),
    currency: trade.currency,
    total: amount(trade.totalMinor),
    state: trade.state,
    closingCause: trade.closingCause,
    paid: amount(trade.paidMinor),
    refunded: amount(trade.refundedMinor),
    fee: amount(trade.feeMinor),
    feeReturned: amount(trade.feeReturnedMinor),
    refund:
      refund === undefined
        ? null
        : { id: publicId('rfnd', refund.id), refundNumber: refund.refundNumber, amount: amount(refund.amountMinor) },
    at: microsToIso(at),
  }
  return { topic, key: id, body: JSON.stringify(body) }
}

export function transferEvent(transfer: WalletTransfer): OutboxEvent {
  const id = publicId('trsf', transfer.id)
  const body = {
    transfer: id,
    transferNumber: transfer.transferNumber,
    payer: publicId(transfer.payer.kind === 'customer' ? 'cust' : 'mrch', transfer.payer.id),
    payee: publicId('cust', transfer.payee),
    currency: transfer.currency,
    amount: formatAmount(transfer.amountMinor, transfer.currency),
    at: microsToIso(transfer.createdAt),
  }
  return { topic: 'transfer.succeeded', key: id, body: JSON.stringify(body) }
}
