import type { CommandKind } from '@huitong/committer'
import { answerCodec } from '@huitong/contract'
import { type IsoMessage, messageForm } from '@huitong/iso20022'
import { ok } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { refuse } from './channel-refusals.ts'
import type { ChannelContext } from './context.ts'
import { receiveCancellation, receiveReversal } from './receive-asking-back.ts'
import { receiveNotice } from './receive-notice.ts'
import { receiveReturn } from './receive-return.ts'
import { receiveBankStatus, receiveHouseStatus } from './receive-status.ts'
import { receiveTransfer } from './receive-transfer.ts'

export interface ReceiveInput {
  /** Who is proven to have sent it. */
  readonly from: string
  readonly message: IsoMessage
}

export const ReceivedAnswer = Type.Object({ result: Type.String() })
export type ReceivedAnswer = Static<typeof ReceivedAnswer>

/** `channels.receive`: one message of the clearing house or of a bank. What has to be answered leaves with the same commit. */
export function receiveKind(context: ChannelContext): CommandKind<ReceiveInput, ReceivedAnswer> {
  const { orders, banks, clearingHouse } = context
  return {
    name: 'channels.receive',
    need: ({ from, message }) => {
      if (from !== clearingHouse) banks.need(from)
      if (message.kind === 'credit_transfer') for (const { uetr } of message.value.transfers) orders.need(uetr)
      if (message.kind !== 'status_report') return
      for (const { originalUetr } of message.value.statuses) if (originalUetr !== undefined) orders.need(originalUetr)
    },
    decide: ({ from, message }) => {
      const isHouse = from === clearingHouse
      if (!isHouse && banks.get(from) === undefined) return refuse('sender_not_known')
      const result = isHouse ? ofHouse(context, message) : ofBank(context, from, message)
      return result === undefined ? refuse('message_not_taken') : ok({ result })
    },
    form: ({ from, message }) => `${from} ${messageForm(message)}`,
    ...answerCodec(ReceivedAnswer),
  }
}

function ofHouse(context: ChannelContext, message: IsoMessage): string | undefined {
  switch (message.kind) {
    case 'credit_transfer':
      return receiveTransfer(context, message.value)
    case 'status_report':
      return receiveHouseStatus(context, message.value)
    case 'payment_return':
      return receiveReturn(context, message.value)
    case 'payment_reversal':
      return receiveReversal(context, message.value)
    case 'cancellation_request':
      return receiveCancellation(context, message.value)
    case 'entry_notice':
      return receiveNotice(context, message.value)
    case 'message_reject':
    case 'intraday_report':
      // For people to read: the message is kept, and nothing follows from it.
      return 'noted'
    default:
      return undefined
  }
}

function ofBank(context: ChannelContext, from: string, message: IsoMessage): string | undefined {
  if (message.kind === 'customer_status') return receiveBankStatus(context, from, message.value)
  return message.kind === 'message_reject' ? 'noted' : undefined
}
