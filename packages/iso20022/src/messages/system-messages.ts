import { optional, text } from '../field.ts'
import type { MessageForm } from '../message.ts'
import { type FormValue, recordForm } from '../record.ts'
import { time } from '../value-fields.ts'

const REJECT_FORM = recordForm({
  reference: text('RltdRef/Ref'),
  reason: text('Rsn/RjctgPtyRsn'),
  rejectedAt: optional(time('Rsn/RjctnDtTm')),
  location: optional(text('Rsn/ErrLctn')),
  description: optional(text('Rsn/RsnDesc')),
})

/** A message that could not be taken as one at all: form, schema or signature (admi.002). */
export type MessageRejectMessage = FormValue<typeof REJECT_FORM>

export const MESSAGE_REJECT: MessageForm<MessageRejectMessage> = {
  message: 'admi.002.001.01',
  bodyName: 'admi.002.001.01',
  form: REJECT_FORM,
  check: () => undefined,
}

const EVENT_FORM = recordForm({
  code: text('EvtInf/EvtCd'),
  parameter: optional(text('EvtInf/EvtParam')),
  description: optional(text('EvtInf/EvtDesc')),
  at: optional(time('EvtInf/EvtTm')),
})

/** Something about the system: a participant signed on or off, a window closes (admi.004). */
export type SystemEventMessage = FormValue<typeof EVENT_FORM>

export const SYSTEM_EVENT: MessageForm<SystemEventMessage> = {
  message: 'admi.004.001.02',
  bodyName: 'SysEvtNtfctn',
  form: EVENT_FORM,
  check: () => undefined,
}
