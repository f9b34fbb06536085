import type { CommandKind } from '@huitong/committer'
import { answerCodec } from '@huitong/contract'
import { type IsoMessage, messageForm } from '@huitong/iso20022'
import { ok } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { refuse } from './bank-refusals.ts'
import type { BankContext } from './context.ts'
import { receiveReturn, receiveReversal } from './receive-back.ts'
import { receiveCancellation, receiveResolution } from './receive-cancellation.ts'
import { receiveNotice } from './receive-notice.ts'
import { receiveOrder } from './receive-order.ts'
import { receiveStatus } from './receive-status.ts'
import { receiveTransfer } from './receive-transfer.ts'
import { receiveVerification, receiveVerified } from './receive-verification.ts'

export interface ReceiveInput {
  /** Who is proven to have sent it. */
  readonly from: string
  readonly message: IsoMessage
}

export const ReceivedAnswer = Type.Object({ result: Type.String() })
export type ReceivedAnswer = Static<typeof ReceivedAnswer>

/**
 * `bank.receive`: one message of the clearing house, whatever it is, or an order of a platform. What has to be answered leaves with the same
 * commit.
 */
export function receiveKind(context: BankContext): CommandKind<ReceiveInput, ReceivedAnswer> {
  const { payments, clearingHouse } = context
  return {
    name: 'bank.receive',
    need: ({ message }) => {
      if (message.kind === 'credit_transfer') for (const { uetr } of message.value.transfers) payments.need(uetr)
    },
    decide: ({ from, message }) => {
      if (from !== clearingHouse) {
        if (message.kind !== 'customer_initiation') return refuse('sender_not_clearing_house')
        return ok({ result: receiveOrder(context, from, message.value) })
      }
      if (context.spoils('down')) return ok({ result: 'down' })
      const result = receive(context, message)
      return result === undefined ? refuse('message_not_taken') : ok({ result })
    },
    form: ({ from, message }) => `${from} ${messageForm(message)}`,
    ...answerCodec(ReceivedAnswer),
  }
}

function receive(context: BankContext, message: IsoMessage): string | undefined {
  switch (message.kind) {
    case 'credit_transfer':
      return receiveTransfer(context, message.value)
    case 'status_report':
      return receiveStatus(context, message.value)
    case 'payment_return':
      return receiveReturn(context, message.value)
    case 'payment_reversal':
      return receiveReversal(context, message.value)
    case 'cancellation_request':
      return receiveCancellation(context, message.value)
    case 'resolution':
      return receiveResolution(context, message.value)
    case 'entry_notice':
      return receiveNotice(context, message.value)
    case 'verification_request':
      return receiveVerification(context, message.value)
    case 'verification_report':
      return receiveVerified(context, message.value)
    case 'message_reject':
    case 'intraday_report':
      // For people to read: the message is kept, and nothing follows from it.
      return 'noted'
    default:
      return undefined
  }
}
