import { optional, text, word } from '../field.ts'
import { agent } from '../party-fields.ts'
import { time } from '../value-fields.ts'

/** Sender and receiver of a message, as most of them carry them. */
export const PARTIES = {
  from: agent('GrpHdr/InstgAgt'),
  to: agent('GrpHdr/InstdAgt'),
}

/** The identity of a message; unique for its sender and day. */
export const IDENTITY = {
  messageId: text('GrpHdr/MsgId'),
  createdAt: time('GrpHdr/CreDtTm'),
}

/** How the message's money settles: over a clearing system, a cover payment, or accounts that the two hold with each other. */
export const SETTLEMENT = {
  settlementMethod: word('GrpHdr/SttlmInf/SttlmMtd', ['CLRG', 'COVE', 'INDA', 'INGA']),
  clearingSystem: optional(text('GrpHdr/SttlmInf/ClrSys/Prtry')),
}

/** References of the payment that a message is about: what its first message carried, unchanged. */
export const ORIGINAL = {
  originalMessageId: text('OrgnlGrpInf/OrgnlMsgId'),
  originalMessage: text('OrgnlGrpInf/OrgnlMsgNmId'),
  originalInstructionId: optional(text('OrgnlInstrId')),
  originalEndToEndId: optional(text('OrgnlEndToEndId')),
  originalTransactionId: optional(text('OrgnlTxId')),
  originalUetr: optional(text('OrgnlUETR')),
}

export const CHARGE_BEARERS = ['SLEV', 'SHAR', 'DEBT', 'CRED'] as const
