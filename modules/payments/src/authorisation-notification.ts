import { formatAmount, invariant, isoToMicros, parsePublicId } from '@huitong/kernel'
import type { Customer, Merchant } from '@huitong/party'
import Type from 'typebox'
import { Value } from 'typebox/value'
import { alipayTime } from './alipay-times.ts'
import type { Authorisation, AuthorisationOperation } from './authorisation.ts'
import { longNumber } from './long-number.ts'
import { filled, notificationHead } from './notification-fields.ts'
import type { NotificationFields } from './notification-state.ts'

/*
 * What merchants are told of authorisations, in the platform's words. What is charged is told as the payment that it is, and not here
 * once more.
 */

const NOTIFIED = {
  'authorisation.freeze': { type: 'fund_auth_freeze', operation: 'FREEZE' },
  'authorisation.release': { type: 'fund_auth_unfreeze', operation: 'UNFREEZE' },
  'authorisation.expire': { type: 'fund_auth_unfreeze', operation: 'UNFREEZE' },
  'authorisation.cancel': { type: 'fund_auth_operation_cancel', operation: 'UNFREEZE' },
} as const
type NotifiedTopic = keyof typeof NOTIFIED

// Of the events' bodies only what notifications are made of; other fields may come and go.
const EventBody = Type.Object({
  authorisation: Type.String(),
  requestNumber: Type.String(),
  captured: Type.String(),
  released: Type.String(),
  rest: Type.String(),
  at: Type.String(),
})

/** How far an authorisation was when something was done to it: the row may have gone on since. */
export interface AuthorisationHappening {
  readonly topic: NotifiedTopic
  readonly authorisation: number
  readonly requestNumber: string
  readonly captured: string
  readonly released: string
  readonly rest: string
  /** µs */
  readonly at: number
}

/** Undefined for events that merchants are not told of. */
export function readAuthorisationHappening(topic: string, body: string): AuthorisationHappening | undefined {
  if (!isNotified(topic)) return undefined
  const value: unknown = JSON.parse(body)
  invariant(Value.Check(EventBody, value), `an event of topic ${topic} has another body`)
  const id = parsePublicId('auth', value.authorisation)
  const at = isoToMicros(value.at)
  invariant(id.ok && at.ok, `an event of topic ${topic} names no authorisation or no time`)
  return { ...value, topic, authorisation: id.value, at: at.value }
}

function isNotified(topic: string): topic is NotifiedTopic {
  return Object.hasOwn(NOTIFIED, topic)
}

export interface AuthorisationSubject {
  readonly notifyId: string
  readonly application: string
  /** Only what never changes is taken from it. */
  readonly authorisation: Authorisation
  readonly operation: AuthorisationOperation
  readonly happening: AuthorisationHappening
  readonly payer: Customer | undefined
  readonly payee: Merchant | undefined
  /** µs */
  readonly now: number
}

export function authorisationFields(subject: AuthorisationSubject): NotificationFields {
  const { authorisation, operation, happening, payer, payee } = subject
  const { type, operation: operationType } = NOTIFIED[happening.topic]
  const amount = formatAmount(operation.amountMinor, authorisation.currency)
  return filled({
    ...notificationHead(type, subject),
    auth_no: longNumber('authorisation', authorisation.id, authorisation.createdAt),
    out_order_no: authorisation.authorisationNumber,
    operation_id: longNumber('operation', operation.id, operation.createdAt),
    // Numbers of ours begin with a sign that no number of a merchant's has.
    out_request_no: operation.requestNumber.startsWith('$') ? null : operation.requestNumber,
    operation_type: operationType,
    amount,
    status: 'SUCCESS',
    gmt_create: alipayTime(authorisation.createdAt),
    gmt_trans: alipayTime(happening.at),
    payer_user_id: payer?.userNumber,
    payer_logon_id: payer?.maskedLogonId,
    payee_user_id: payee?.sellerNumber,
    total_freeze_amount: formatAmount(authorisation.amountMinor, authorisation.currency),
    total_unfreeze_amount: happening.released,
    total_pay_amount: happening.captured,
    rest_amount: happening.rest,
    credit_amount: '0.00',
    fund_amount: amount,
  })
}
