import { CREDIT_TRANSFER, PAYMENT_RETURN, PAYMENT_REVERSAL, type StatusReport } from '@huitong/iso20022'
import { CNY, invariant } from '@huitong/kernel'
import type { BankContext } from './context.ts'
import type { Payment, PaymentKind } from './payment.ts'

const FIRST_MESSAGE: Readonly<Record<PaymentKind, string>> = {
  transfer: CREDIT_TRANSFER.message,
  return: PAYMENT_RETURN.message,
  reversal: PAYMENT_REVERSAL.message,
}

/** The references with which messages name a payment, as the clearing house knows them. */
export function originalOf({ kind, messageId, instructionId, endToEndId, transactionId, uetr }: Payment) {
  invariant(messageId !== null, 'a payment that is talked about began with a message')
  return {
    ...{ originalMessageId: messageId, originalMessage: FIRST_MESSAGE[kind] },
    ...(instructionId === null ? {} : { originalInstructionId: instructionId }),
    ...(endToEndId === null ? {} : { originalEndToEndId: endToEndId }),
    ...(transactionId === null ? {} : { originalTransactionId: transactionId }),
    originalUetr: uetr,
  }
}

/** Finds the payment that a status report or question is about. */
export function referenceOf(about: {
  readonly originalMessage: string
  readonly originalUetr?: string | undefined
  readonly originalInstructionId?: string | undefined
}): string | undefined {
  const { originalMessage, originalUetr, originalInstructionId } = about
  if (originalUetr === undefined) return undefined
  if (originalMessage === FIRST_MESSAGE.transfer) return originalUetr
  const kind = originalMessage === FIRST_MESSAGE.return ? 'return' : 'reversal'
  return originalInstructionId === undefined ? undefined : backReference(kind, originalUetr, originalInstructionId)
}

export function backReference(kind: 'return' | 'reversal', uetr: string, id: string): string {
  return `${kind}:${uetr}:${id}`
}

/** Answers the clearing house how a payment stands here. */
export function tellStatus(context: BankContext, payment: Payment, status: string, reason?: string): void {
  const report: StatusReport = { ...originalOf(payment), status, ...(reason === undefined ? {} : { reason }) }
  context.tell({ kind: 'status_report', value: { ...context.identity(), statuses: [report] } })
}

/** pacs.008 for a transfer that is about to be sent. */
export function tellTransfer(context: BankContext, payment: Payment, debtorName: string): void {
  const { member, clearingSystem, set } = context
  const { messageId, instructionId, transactionId, endToEndId, account, peerName, peerAccount, remittance } = payment
  invariant(messageId !== null && account !== null, 'a transfer that is sent has a message and an account')
  const amount = { minor: payment.amountMinor, currency: CNY }
  context.tell({
    kind: 'credit_transfer',
    value: {
      ...{ ...context.identity(), messageId, count: 1, total: amount, settlementMethod: 'CLRG', clearingSystem },
      transfers: [
        {
          ...(instructionId === null ? {} : { instructionId }),
          ...{ endToEndId: endToEndId ?? 'NOTPROVIDED', ...(transactionId === null ? {} : { transactionId }) },
          ...{ uetr: payment.uetr, channel: payment.mode === 'net' ? 'RTNS' : 'RTGS', amount },
          ...{ acceptedAt: set.batch.at, chargeBearer: 'SLEV', debtorName, debtorAccount: account },
          ...{ debtorAgent: member, creditorAgent: payment.peerBank },
          ...(peerName === null ? {} : { creditorName: peerName }),
          ...(peerAccount === null ? {} : { creditorAccount: peerAccount }),
          ...(remittance === null ? {} : { remittance }),
        },
      ],
    },
  })
}
