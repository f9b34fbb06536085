import type { CommandKind } from '@huitong/committer'
import { answerCodec } from '@huitong/contract'
import { type IsoMessage, messageForm } from '@huitong/iso20022'
import { ok } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { refuse } from './clearing-refusals.ts'
import type { ClearingContext } from './context.ts'
import type { Participant } from './participant.ts'
import { receiveAnswer } from './receive-answer.ts'
import { receiveCancellation, receiveResolution } from './receive-cancellation.ts'
import { receiveEnquiry } from './receive-enquiry.ts'
import { receiveReturn, receiveReversal } from './receive-giving-back.ts'
import { receiveQuery } from './receive-query.ts'
import { receiveTransfer } from './receive-transfer.ts'
import { receiveVerification, receiveVerified } from './receive-verification.ts'
import type { Received } from './received.ts'
import { OPEN_WINDOW } from './window-store.ts'

export interface ReceiveInput {
  /** Who is proven to have sent it. */
  readonly from: string
  readonly message: IsoMessage
}

export const ReceivedAnswer = Type.Object({
  result: Type.String(),
  /** Why the clearing house itself rejected what was asked for. */
  reason: Type.Union([Type.String(), Type.Null()]),
})
export type ReceivedAnswer = Static<typeof ReceivedAnswer>

/** `clearing.receive`: one message of a participant, whatever it is. What has to be said to anybody leaves with the same commit. */
export function receiveKind(context: ClearingContext): CommandKind<ReceiveInput, ReceivedAnswer> {
  const { participants, payments, openWindows } = context
  return {
    name: 'clearing.receive',
    need: ({ from, message }) => {
      participants.need(from)
      openWindows.need(OPEN_WINDOW)
      if (message.kind === 'credit_transfer') for (const { uetr } of message.value.transfers) payments.need(uetr)
      if (message.kind !== 'status_report') return
      for (const { originalUetr } of message.value.statuses) if (originalUetr !== undefined) payments.need(originalUetr)
    },
    decide: ({ from, message }) => {
      const sender = participants.get(from)
      if (sender === undefined) return refuse('sender_not_participant')
      if ('from' in message.value && message.value.from !== from) return refuse('sender_differs')
      const received = receive(context, sender, message)
      return received === undefined
        ? refuse('message_not_taken')
        : ok({ result: received.result, reason: received.reason ?? null })
    },
    form: ({ from, message }) => `${from} ${messageForm(message)}`,
    ...answerCodec(ReceivedAnswer),
  }
}

function receive(context: ClearingContext, sender: Participant, message: IsoMessage): Received | undefined {
  switch (message.kind) {
    case 'credit_transfer':
      return receiveTransfer(context, sender, message.value)
    case 'status_report':
      return receiveAnswer(context, sender, message.value)
    case 'payment_return':
      return receiveReturn(context, sender, message.value)
    case 'payment_reversal':
      return receiveReversal(context, sender, message.value)
    case 'status_request':
      return receiveEnquiry(context, sender, message.value)
    case 'cancellation_request':
      return receiveCancellation(context, sender, message.value)
    case 'resolution':
      return receiveResolution(context, sender, message.value)
    case 'account_query':
      return receiveQuery(context, sender, message.value)
    case 'verification_request':
      return receiveVerification(context, sender, message.value)
    case 'verification_report':
      return receiveVerified(context, sender, message.value)
    default:
      return undefined
  }
}
