import { invariant, ok, type Result } from '@huitong/kernel'
import type { IsoFault } from './iso-fault.ts'
import { type MessageForm, readBody } from './message.ts'
import { ACCOUNT_QUERY } from './messages/account-query.ts'
import { DAY_STATEMENT, ENTRY_NOTICE, INTRADAY_REPORT } from './messages/account-statement.ts'
import { VERIFICATION_REPORT, VERIFICATION_REQUEST } from './messages/account-verification.ts'
import { CANCELLATION_REQUEST } from './messages/cancellation-request.ts'
import { CREDIT_TRANSFER } from './messages/credit-transfer.ts'
import { CUSTOMER_INITIATION } from './messages/customer-initiation.ts'
import { CUSTOMER_STATUS } from './messages/customer-status.ts'
import { INSTITUTION_TRANSFER } from './messages/institution-transfer.ts'
import { PAYMENT_RETURN } from './messages/payment-return.ts'
import { PAYMENT_REVERSAL } from './messages/payment-reversal.ts'
import { RESOLUTION } from './messages/resolution.ts'
import { STATUS_REPORT } from './messages/status-report.ts'
import { STATUS_REQUEST } from './messages/status-request.ts'
import { MESSAGE_REJECT, SYSTEM_EVENT } from './messages/system-messages.ts'
import { readDocument } from './read-document.ts'
import { schemaOf } from './schema-shelf.ts'
import type { XmlTree } from './xml-tree.ts'

/** Every message that is spoken, by what it is for. */
const SPOKEN = [
  spoken('credit_transfer', CREDIT_TRANSFER),
  spoken('status_report', STATUS_REPORT),
  spoken('status_request', STATUS_REQUEST),
  spoken('payment_return', PAYMENT_RETURN),
  spoken('payment_reversal', PAYMENT_REVERSAL),
  spoken('cancellation_request', CANCELLATION_REQUEST),
  spoken('resolution', RESOLUTION),
  spoken('institution_transfer', INSTITUTION_TRANSFER),
  spoken('day_statement', DAY_STATEMENT),
  spoken('intraday_report', INTRADAY_REPORT),
  spoken('entry_notice', ENTRY_NOTICE),
  spoken('account_query', ACCOUNT_QUERY),
  spoken('verification_request', VERIFICATION_REQUEST),
  spoken('verification_report', VERIFICATION_REPORT),
  spoken('message_reject', MESSAGE_REJECT),
  spoken('system_event', SYSTEM_EVENT),
  spoken('customer_initiation', CUSTOMER_INITIATION),
  spoken('customer_status', CUSTOMER_STATUS),
]

type Spoken = (typeof SPOKEN)[number]
type Ok<R> = R extends { readonly ok: true; readonly value: infer V } ? V : never

/** A message that was read: what it is for, and what it carries. */
export type IsoMessage = Ok<ReturnType<Spoken['read']>>
export type IsoMessageKind = IsoMessage['kind']

const BY_MESSAGE: ReadonlyMap<string, Spoken> = new Map(SPOKEN.map((one) => [one.message, one]))

export interface ReadOptions {
  /** A message that is longer is not looked at. */
  readonly maxBytes: number
}

/**
 * Reads one message from the bytes that came, which must hold by form, by schema and by the rules that a message keeps by itself. One parse;
 * nothing is fetched, no entity expanded. Whether the participants exist, the original is known or the message came before, is for
 * the caller to look at.
 */
export function readIsoMessage(bytes: Uint8Array, { maxBytes }: ReadOptions): Result<IsoMessage, IsoFault> {
  const document = readDocument(bytes, { maxBytes, speaks: (message) => BY_MESSAGE.has(message) })
  if (!document.ok) return document
  const found = BY_MESSAGE.get(document.value.message)
  invariant(found !== undefined, 'a document that is spoken has a form')
  return found.read(document.value.body)
}

/** Compiles the schemas ahead of the first message, some 40 ms each. */
export function warmSchemas(kinds: readonly IsoMessageKind[]): void {
  for (const { kind, message } of SPOKEN) if (kinds.includes(kind)) schemaOf(message)
}

function spoken<const K extends string, V>(kind: K, form: MessageForm<V>) {
  return {
    kind,
    message: form.message,
    read(body: XmlTree): Result<{ readonly kind: K; readonly value: V }, IsoFault> {
      const read = readBody(form, body)
      return read.ok ? ok({ kind, value: read.value }) : read
    },
  }
}
