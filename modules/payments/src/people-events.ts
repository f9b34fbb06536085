import type { OutboxEvent } from '@huitong/committer'
import { formatAmount, microsToIso, publicId } from '@huitong/kernel'
import type { DelayedTransfer } from './delayed-transfer.ts'
import { WALLET_CURRENCY } from './limits.ts'
import type { MoneyRequest } from './money-request.ts'
import type { PAYMENT_TOPICS } from './payment-events.ts'
import type { SplitBill } from './split-bill.ts'

type Topic<Kind extends string> = Extract<(typeof PAYMENT_TOPICS)[number], `${Kind}.${string}`>

/* As other events: ids and amounts, and nothing that people wrote. Reminders are events too; who tells people of them reads these. */

const amount = (minor: bigint): string => formatAmount(minor, WALLET_CURRENCY)
const customer = (id: number): string => publicId('cust', id)

export function delayedTransferEvent(
  topic: Exclude<Topic<'transfer'>, 'transfer.succeeded'>,
  transfer: DelayedTransfer,
  at: number,
): OutboxEvent {
  const id = publicId('dtrf', transfer.id)
  const body = {
    ...{ delayedTransfer: id, payer: customer(transfer.payer), payee: customer(transfer.payee) },
    ...{ amount: amount(transfer.amountMinor), currency: WALLET_CURRENCY, state: transfer.state },
    releasesAt: microsToIso(transfer.releasesAt),
    at: microsToIso(at),
  }
  return { topic, key: id, body: JSON.stringify(body) }
}

export function moneyRequestEvent(topic: Topic<'money-request'>, request: MoneyRequest, at: number): OutboxEvent {
  const id = publicId('mreq', request.id)
  const body = {
    ...{ moneyRequest: id, asker: customer(request.asker), payer: customer(request.payer) },
    ...{ amount: amount(request.amountMinor), currency: WALLET_CURRENCY, state: request.state },
    splitBill: request.bill === null ? null : publicId('bill', request.bill),
    at: microsToIso(at),
  }
  return { topic, key: id, body: JSON.stringify(body) }
}

export function splitBillEvent(bill: SplitBill, at: number): OutboxEvent {
  const id = publicId('bill', bill.id)
  const body = { splitBill: id, owner: customer(bill.owner), state: bill.state, total: amount(bill.totalMinor) }
  return { topic: 'split-bill.over', key: id, body: JSON.stringify({ ...body, at: microsToIso(at) }) }
}
