import type { OutboxEvent } from '@huitong/committer'
import { formatAmount, microsToIso, publicId } from '@huitong/kernel'
import { CUSTOMER_ID, MERCHANT_ID } from '@huitong/payments'
import type { Escrow } from './escrow.ts'
import { ESCROW_TRADE_ID } from './escrow-trade.ts'
import type { Step } from './step.ts'

/**
 * What others learn from the outbox: one event a step, its topic `escrow.` and the step's kind, keyed by trade, so that a consumer sees a
 * trade's steps in order. It says who only by id and has no text that people wrote.
 */
export function stepEvent({ trade }: Escrow, step: Step): OutboxEvent {
  const id = publicId(ESCROW_TRADE_ID, trade.id)
  const amount = (minor: bigint) => formatAmount(minor, trade.currency)
  const body = {
    trade: id,
    step: step.number,
    merchant: publicId(MERCHANT_ID, trade.merchant),
    orderNumber: trade.orderNumber,
    buyer: publicId(CUSTOMER_ID, trade.buyer),
    actor: step.actor.kind,
    shipment: step.shipment,
    dispute: step.dispute,
    currency: trade.currency,
    amount: step.amountMinor === null ? null : amount(step.amountMinor),
    released: amount(step.releasedMinor),
    returned: amount(step.returnedMinor),
    at: microsToIso(step.at),
  }
  return { topic: `escrow.${step.kind.replaceAll('_', '-')}`, key: id, body: JSON.stringify(body) }
}
