import { CREDIT_TRANSFER, PAYMENT_RETURN, PAYMENT_REVERSAL, type StatusReport } from '@huitong/iso20022'
import type { Payment, PaymentKind } from './payment.ts'

/** The message that each kind of payment comes with. */
export const FIRST_MESSAGE: Readonly<Record<PaymentKind, string>> = {
  transfer: CREDIT_TRANSFER.message,
  return: PAYMENT_RETURN.message,
  reversal: PAYMENT_REVERSAL.message,
}

/** References of a payment as its sender knows them. */
export type Known = Pick<Payment, 'messageId' | 'message' | 'instructionId' | 'endToEndId' | 'transactionId' | 'uetr'>

/** How a payment stands, in the words of pacs.002. */
function standing({ state, reason }: Pick<Payment, 'state' | 'reason'>): {
  readonly status: string
  readonly reason?: string
} {
  switch (state) {
    case 'forwarded':
      return { status: 'PDNG' }
    case 'settled':
      return { status: 'ACSC' }
    case 'rejected':
      return { status: 'RJCT', ...(reason === null ? {} : { reason }) }
  }
}

/** The references with which a status report, a resolution or a message that is passed on names a payment. */
export function originalOf(known: Known, messageId = known.messageId) {
  const { message, instructionId, endToEndId, transactionId, uetr } = known
  return {
    ...{ originalMessageId: messageId, originalMessage: message },
    ...(instructionId === null ? {} : { originalInstructionId: instructionId }),
    ...(endToEndId === null ? {} : { originalEndToEndId: endToEndId }),
    ...(transactionId === null ? {} : { originalTransactionId: transactionId }),
    originalUetr: uetr,
  }
}

/** `messageId` is how the one who is told knows the payment's message: participants that it was passed on to know ours. */
export function statusOf(payment: Payment, messageId: string): StatusReport {
  return { ...originalOf(payment, messageId), ...standing(payment) }
}
