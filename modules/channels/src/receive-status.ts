import {
  CREDIT_TRANSFER,
  type CustomerStatusMessage,
  PAYMENT_RETURN,
  type StatusReport,
  type StatusReportMessage,
} from '@huitong/iso20022'
import { invariant } from '@huitong/kernel'
import { refundReference } from './card-refund.ts'
import { applyRefundWord } from './card-refund-steps.ts'
import type { ChannelContext } from './context.ts'
import { isComing, type Word } from './order.ts'
import { applyWord } from './order-steps.ts'

/** What is said, as far as money goes by it. Words between yes and no leave an order as it is. */
function wordOf(status: string): Word {
  if (status === 'RJCT' || status === 'CANC') return 'rejected'
  return status === 'ACSC' || status === 'ACCC' ? 'settled' : 'pending'
}

/** Said without one by whoever rejects. */
const NO_REASON = 'NARR'

/** pacs.002: how the money of an order stands at the clearing house. */
export function receiveHouseStatus(context: ChannelContext, { statuses }: StatusReportMessage): string {
  const [said] = statuses
  invariant(said !== undefined, 'a status report has a status')
  const { originalUetr, originalMessage, status, reason = NO_REASON } = said
  if (originalUetr === undefined) return 'unknown_original'
  if (originalMessage === PAYMENT_RETURN.message) return refundStatus(context, said, originalUetr)
  if (originalMessage !== CREDIT_TRANSFER.message) return 'unknown_original'
  context.orders.need(originalUetr)
  const order = context.orders.get(originalUetr)
  if (order === undefined) return 'unknown_original'
  return applyWord(context, order, 'clearing house', wordOf(status), reason).state
}

function refundStatus(context: ChannelContext, { originalInstructionId, status, reason }: StatusReport, uetr: string) {
  if (originalInstructionId === undefined) return 'unknown_original'
  const reference = refundReference(uetr, originalInstructionId)
  context.refunds.need(reference)
  const refund = context.refunds.get(reference)
  if (refund === undefined) return 'unknown_original'
  return applyRefundWord(context, refund, wordOf(status), reason ?? NO_REASON).state
}

/** pain.002: how what we asked a bank for stands there. */
export function receiveBankStatus(
  context: ChannelContext,
  from: string,
  { orders = [] }: CustomerStatusMessage,
): string {
  const said = orders[0]?.statuses?.[0]
  if (said?.originalUetr === undefined) return 'unknown_original'
  context.orders.need(said.originalUetr)
  const order = context.orders.get(said.originalUetr)
  if (order === undefined || order.bank !== from || !isComing(order)) return 'unknown_original'
  return applyWord(context, order, 'bank', wordOf(said.status), said.reason ?? NO_REASON).state
}
