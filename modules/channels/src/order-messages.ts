import { CREDIT_TRANSFER, PAYMENT_RETURN, type StatusReport } from '@huitong/iso20022'
import { beijingDay, CNY } from '@huitong/kernel'
import { type CardRefund, returnIdOf } from './card-refund.ts'
import type { ChannelContext } from './context.ts'
import type { Order } from './order.ts'

/** The account at the institution that money for its customers is sent to; whose it is, the order says. */
export function reserveAccountOf(member: string): string {
  return `${member}0001`
}

/**
 * pain.001: asks the customer's bank for the money of a top-up, by the agreement that stands for the account. Said again it is the same
 * message: the bank answers how the payment stands, and takes none that is older than it allows.
 */
export function askBank({ send, member, name }: ChannelContext, order: Order, agreement: string): void {
  const amount = { minor: order.amountMinor, currency: CNY }
  send(order.bank, {
    kind: 'customer_initiation',
    value: {
      ...{ messageId: order.messageId, createdAt: order.madeAt, count: 1, initiator: name },
      orders: [
        {
          ...{ id: agreement, method: true, executeOn: beijingDay(order.madeAt), debtorName: name },
          ...{ debtorAccount: agreement, debtorAgent: order.bank },
          transfers: [
            {
              ...{ endToEndId: order.endToEndId, uetr: order.uetr, amount, creditorAgent: member },
              ...{ creditorName: name, creditorAccount: reserveAccountOf(member) },
            },
          ],
        },
      ],
    },
  })
}

/** Where a withdrawal goes; unsealed at the door, and kept by nobody but the message. */
export interface Destination {
  readonly account: string
  readonly holder: string
}

/** pacs.008: sends the money of a withdrawal to the customer's account. */
export function tellTransfer(context: ChannelContext, order: Order, { account, holder }: Destination): void {
  const { member, clearingSystem, set, name } = context
  const amount = { minor: order.amountMinor, currency: CNY }
  context.tell({
    kind: 'credit_transfer',
    value: {
      ...{ ...context.identity(), messageId: order.messageId, count: 1, total: amount },
      ...{ settlementMethod: 'CLRG', clearingSystem },
      transfers: [
        {
          ...{ endToEndId: order.endToEndId, uetr: order.uetr, channel: 'RTNS', amount, acceptedAt: set.batch.at },
          ...(order.instructionId === null ? {} : { instructionId: order.instructionId }),
          ...(order.transactionId === null ? {} : { transactionId: order.transactionId }),
          ...{ chargeBearer: 'SLEV', debtorName: name, debtorAccount: reserveAccountOf(member), debtorAgent: member },
          ...{ creditorAgent: order.bank, creditorName: holder, creditorAccount: account },
        },
      ],
    },
  })
}

/** The references with which messages name an order's payment, as the clearing house knows them. */
function originalOf({ messageId, instructionId, endToEndId, transactionId, uetr }: Order) {
  return {
    ...{ originalMessageId: messageId, originalMessage: CREDIT_TRANSFER.message },
    ...(instructionId === null ? {} : { originalInstructionId: instructionId }),
    originalEndToEndId: endToEndId,
    ...(transactionId === null ? {} : { originalTransactionId: transactionId }),
    originalUetr: uetr,
  }
}

/** pacs.002: answers the clearing house about a payment that came to us. */
export function tellStatus(context: ChannelContext, original: Omit<StatusReport, 'status'>, reason?: string): void {
  const report: StatusReport =
    reason === undefined ? { ...original, status: 'ACTC' } : { ...original, status: 'RJCT', reason }
  context.tell({ kind: 'status_report', value: { ...context.identity(), statuses: [report] } })
}

/** pacs.002 about the money of an order: that we take it, or that it ended. */
export function tellOrder(context: ChannelContext, order: Order): void {
  tellStatus(context, originalOf(order), order.reason ?? undefined)
}

/** pacs.028: asks the clearing house how the money of an order stands. */
export function askHouse(context: ChannelContext, order: Order): void {
  context.tell({ kind: 'status_request', value: { ...context.identity(), requests: [originalOf(order)] } })
}

/** pacs.004: money of a card's payment goes back to the account that it came from. */
export function tellReturn(context: ChannelContext, order: Order, { id, messageId, amountMinor }: CardRefund): void {
  const { clearingSystem } = context
  const returned = {
    ...{ ...originalOf(order), returnId: returnIdOf(id), reason: 'CUST' },
    amount: { minor: amountMinor, currency: CNY },
    originalAmount: { minor: order.amountMinor, currency: CNY },
  }
  context.tell({
    kind: 'payment_return',
    value: {
      ...{ ...context.identity(), messageId, count: 1, settlementMethod: 'CLRG', clearingSystem },
      returns: [returned],
    },
  })
}

/** pacs.028: asks the clearing house how a refund stands. */
export function askAboutReturn(context: ChannelContext, order: Order, { id, messageId }: CardRefund): void {
  const request = {
    ...{ ...originalOf(order), originalMessageId: messageId, originalMessage: PAYMENT_RETURN.message },
    originalInstructionId: returnIdOf(id),
  }
  context.tell({ kind: 'status_request', value: { ...context.identity(), requests: [request] } })
}
