import { AmountText } from '@huitong/contract'
import type { HttpApp } from '@huitong/http'
import Type from 'typebox'
import {
  BANK_MOVE,
  BANK_TAGS,
  BANK_WRITE,
  type BankRouteParts,
  ByReference,
  NoBody,
  PaymentAnswerBody,
  paymentReply,
  readYuan,
} from './route-parts.ts'

/** Reason codes of ISO 20022's external code sets: four characters. */
const Reason = Type.String({ pattern: '^[A-Z0-9]{4}$', examples: ['AC04'] })
const GiveBackBody = Type.Object({ amount: AmountText, reason: Reason })

/** Money that goes or comes back after a payment has settled, and money that waits for its account. */
export function addBackRoutes(http: HttpApp, { committer, bank }: BankRouteParts): void {
  for (const [path, kind, summary] of [
    ['returns', 'return', 'Return what came in (pacs.004), wholly or in part'],
    ['reversals', 'reversal', 'Take back what went out by a mistake of ours (pacs.007); the other bank has to say yes'],
  ] as const) {
    http.route({
      method: 'POST',
      url: `/v1/bank/payments/:reference/${path}`,
      access: BANK_MOVE,
      summary,
      tags: BANK_TAGS,
      idempotent: true,
      schema: { params: ByReference, body: GiveBackBody, response: { 201: PaymentAnswerBody } },
      handler: async ({ caller, params, body, idempotencyKey }) => {
        const input = {
          uetr: params.reference,
          kind,
          amountMinor: readYuan('amount', body.amount),
          reason: body.reason,
        }
        const idempotency = { caller: caller.id, key: idempotencyKey }
        return paymentReply(await committer.submit({ kind: bank.giveBack, input, idempotency }), 201)
      },
    })
  }

  http.route({
    method: 'POST',
    url: '/v1/bank/payments/:reference/cancellation',
    access: BANK_WRITE,
    summary: 'Ask the other bank for the money of a settled transfer (camt.056)',
    tags: BANK_TAGS,
    idempotent: true,
    schema: { params: ByReference, body: Type.Object({ reason: Reason }), response: { 200: PaymentAnswerBody } },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const input = { uetr: params.reference, reason: body.reason }
      const idempotency = { caller: caller.id, key: idempotencyKey }
      return paymentReply(await committer.submit({ kind: bank.askBack, input, idempotency }))
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/bank/payments/:reference/cancellation-answer',
    access: BANK_MOVE,
    summary: 'Answer another bank that wants its money back: yes, and it goes; or no, with the reason',
    tags: BANK_TAGS,
    idempotent: true,
    schema: {
      params: ByReference,
      body: Type.Object({ accept: Type.Boolean(), reason: Type.Optional(Reason) }),
      response: { 200: PaymentAnswerBody },
    },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const input = { uetr: params.reference, refusal: body.accept ? null : (body.reason ?? 'CUST') }
      const idempotency = { caller: caller.id, key: idempotencyKey }
      return paymentReply(await committer.submit({ kind: bank.answerCancellation, input, idempotency }))
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/bank/payments/:reference/clear-suspense',
    access: BANK_MOVE,
    summary: 'Book on its account what waited in suspense, now that the account can take part again',
    tags: BANK_TAGS,
    idempotent: true,
    schema: { params: ByReference, body: NoBody, response: { 200: PaymentAnswerBody } },
    handler: async ({ caller, params, idempotencyKey }) => {
      const idempotency = { caller: caller.id, key: idempotencyKey }
      return paymentReply(await committer.submit({ kind: bank.clearSuspense, input: params, idempotency }))
    },
  })
}
