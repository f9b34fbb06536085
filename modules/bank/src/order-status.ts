import { CUSTOMER_INITIATION } from '@huitong/iso20022'
import { publicId } from '@huitong/kernel'
import { AGREEMENT_ID } from './bank-views.ts'
import type { BankContext } from './context.ts'
import type { Payment } from './payment.ts'

/** What a platform's order is known by to the platform. */
export interface OrderReference {
  readonly platform: string
  /** Of the platform's message, and of the agreement in it. */
  readonly messageId: string
  readonly agreement: string
  readonly endToEndId: string
  readonly uetr: string
}

/** pain.002: tells a platform how what it ordered stands. */
export function tellStatus(
  { send, nextMessageId, set }: BankContext,
  { platform, messageId, agreement, endToEndId, uetr }: OrderReference,
  status: 'ACTC' | 'ACSC' | 'RJCT',
  reason?: string,
): void {
  const said = { originalEndToEndId: endToEndId, originalUetr: uetr, status }
  send(platform, {
    kind: 'customer_status',
    value: {
      ...{ messageId: nextMessageId(), createdAt: set.batch.at, originalMessageId: messageId },
      originalMessage: CUSTOMER_INITIATION.message,
      orders: [{ originalId: agreement, statuses: [reason === undefined ? said : { ...said, reason }] }],
    },
  })
}

/** How a payment stands, to the platform that ordered it by this agreement. */
export function tellOrderer(context: BankContext, payment: Payment, agreement: number): void {
  context.agreements.need(agreement)
  const by = context.agreements.get(agreement)
  if (by === undefined) return
  const reference: OrderReference = {
    ...{ platform: by.platform, messageId: payment.instructionId ?? '', agreement: publicId(AGREEMENT_ID, agreement) },
    ...{ endToEndId: payment.endToEndId ?? '', uetr: payment.uetr },
  }
  const { state, reason } = payment
  if (state === 'rejected') tellStatus(context, reference, 'RJCT', reason ?? undefined)
  else tellStatus(context, reference, state === 'settled' ? 'ACSC' : 'ACTC')
}
