import type { OutboxEvent } from '@huitong/committer'
import { type CurrencyCode, formatAmount, microsToIso, publicId } from '@huitong/kernel'
import type { Deferral, SettlementStep } from './deferral.ts'

/** `settlement.made`: a part of a payment or all of it was settled, or waits for its sharing from now on. In order with the trade's own events. */
export function settlementEvent(of: Deferral, step: SettlementStep, currency: CurrencyCode): OutboxEvent {
  const id = publicId('trade', of.trade)
  const amount = (minor: bigint) => formatAmount(minor, currency)
  const body = {
    trade: id,
    merchant: publicId('mrch', of.merchant),
    currency,
    requestNumber: step.requestNumber,
    amount: amount(step.amountMinor),
    settled: amount(step.settledMinor),
    state: of.state,
    open: amount(of.openMinor),
    at: microsToIso(step.createdAt),
  }
  return { topic: 'settlement.made', key: id, body: JSON.stringify(body) }
}
