import type { CreditTransfer, CreditTransferMessage } from '@huitong/iso20022'
import { CREDIT_TRANSFER } from '@huitong/iso20022'
import { CNY, invariant } from '@huitong/kernel'
import type { ChannelContext } from './context.ts'
import { askAfter, isComing, type Order } from './order.ts'
import { tellOrder, tellStatus } from './order-messages.ts'
import { ended, stored } from './order-steps.ts'

/** pacs.008: money for a wallet. We take what we asked for, once, and nothing else; it comes with the settlement. */
export function receiveTransfer(context: ChannelContext, message: CreditTransferMessage): string {
  const [transfer] = message.transfers
  invariant(transfer !== undefined, 'a message has a transfer')
  context.orders.need(transfer.uetr)
  const order = context.orders.get(transfer.uetr)
  const reason = strangeReason(context, transfer, message.transfers.length, order)
  if (reason !== undefined || order === undefined) {
    tellStatus(context, originalOf(message.messageId, transfer), reason ?? 'AC03')
    return 'rejected'
  }
  if (order.state !== 'sent' && order.state !== 'unknown') {
    tellOrder(context, { ...order, ...referencesOf(message.messageId, transfer) })
    return 'repeated'
  }
  const { set } = context
  const coming: Order = { ...order, ...referencesOf(message.messageId, transfer) }
  const held = context.isActive(order.customer) ? context.hold(coming) : undefined
  if (held === undefined || !held.ok) {
    const rejected = ended(context, { ...coming, state: 'rejected', reason: 'AC06', endedAt: set.batch.at })
    tellOrder(context, rejected)
    return 'rejected'
  }
  const dueAt = set.batch.at + askAfter(0)
  tellOrder(context, stored(context, { ...coming, state: 'accepted', hold: held.value, askings: 0, dueAt }))
  return 'accepted'
}

/** Why it is not the money that was asked for: ExternalStatusReason1Code, in order of precedence. */
function strangeReason(
  { member, party }: ChannelContext,
  { creditorAgent, amount, debtorAgent }: CreditTransfer,
  count: number,
  order: Order | undefined,
): string | undefined {
  if (count !== 1) return 'AM18'
  if (creditorAgent !== member) return 'RC04'
  if (amount.currency !== CNY) return 'AM03'
  if (order === undefined || !isComing(order) || order.bank !== debtorAgent) return 'AC03'
  party.needCustomer(order.customer)
  return amount.minor === order.amountMinor ? undefined : 'AM09'
}

function referencesOf(messageId: string, { instructionId, endToEndId, transactionId }: CreditTransfer) {
  return {
    messageId,
    ...{ endToEndId, instructionId: instructionId ?? null, transactionId: transactionId ?? null },
  }
}

function originalOf(messageId: string, { instructionId, endToEndId, transactionId, uetr }: CreditTransfer) {
  return {
    ...{ originalMessageId: messageId, originalMessage: CREDIT_TRANSFER.message, originalUetr: uetr },
    ...(instructionId === undefined ? {} : { originalInstructionId: instructionId }),
    originalEndToEndId: endToEndId,
    ...(transactionId === undefined ? {} : { originalTransactionId: transactionId }),
  }
}
