import { AmountText, hasFreshProof, LineText, PublicId } from '@huitong/contract'
import { type HttpApp, notFound, outcomeToReply, stepUpRequired } from '@huitong/http'
import { publicId } from '@huitong/kernel'
import Type from 'typebox'
import type { LifecycleAnswer } from './lifecycle-commands.ts'
import { CUSTOMER_ID } from './payment-bodies.ts'
import { customerOf, type PaymentRouteParts, readId, refusalAnswer } from './route-parts.ts'
import { callerStrength } from './session-strength.ts'

const OWNER = { callers: ['customer'], scope: 'party:write' } as const
const ONE = { callers: ['staff'], scope: 'party:write' } as const
const TWO = { ...ONE, fourEyes: true } as const
const BY_CUSTOMER = Type.Object({ customer: Type.String({ maxLength: 40 }) })
const Reference = LineText(128)
const tags = ['Customers']

const StateBody = Type.Object(
  {
    customer: PublicId(CUSTOMER_ID),
    status: Type.String(),
    paidOut: AmountText,
    changed: Type.Boolean({ description: 'False when it was so before' }),
  },
  { $id: 'CustomerState' },
)

/** How an account ends, sleeps and is stopped: by its owner, or by staff. */
export function addLifecycleRoutes(http: HttpApp, { committer, payments, clock }: PaymentRouteParts): void {
  const told = (customer: number) => ({
    done: (answer: LifecycleAnswer) => ({ customer: publicId(CUSTOMER_ID, customer), ...answer }),
    refused: refusalAnswer,
  })

  http.route({
    method: 'POST',
    url: '/v1/me/closure',
    access: OWNER,
    summary: 'Close your own account; what is left goes to somebody whom you name',
    description: 'It takes a proof made just now. Money that is promised or frozen stands in the way.',
    tags,
    idempotent: true,
    schema: { body: Type.Object({ payTo: Type.Optional(PublicId(CUSTOMER_ID)) }), response: { 200: StateBody } },
    handler: async ({ caller, body, idempotencyKey }) => {
      if (!hasFreshProof(caller, clock.now())) return stepUpRequired()
      const customer = customerOf(caller)
      const payTo = body.payTo === undefined ? null : readId(CUSTOMER_ID, body.payTo, 'payee')
      const outcome = await committer.submit({
        kind: payments.closeWallet,
        input: { customer, payTo, strength: callerStrength(caller) },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, told(customer))
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/me/wake',
    access: OWNER,
    summary: 'Let your wallet move again after it was dormant',
    description: 'It takes a proof made just now.',
    tags,
    schema: { response: { 200: StateBody } },
    handler: async ({ caller }) => {
      if (!hasFreshProof(caller, clock.now())) return stepUpRequired()
      const customer = customerOf(caller)
      return outcomeToReply(await committer.submit({ kind: payments.wakeWallet, input: { customer } }), told(customer))
    },
  })

  for (const [path, action, access, summary] of [
    ['freeze', 'freeze', ONE, "Stop a customer's account: nothing goes out or comes in anew, and nobody signs in"],
    ['unfreeze', 'unfreeze', TWO, 'Let a frozen customer go on'],
    ['death', 'record_death', TWO, 'Record that a customer died, by the number of the evidence'],
    ['death/withdraw', 'withdraw_death', TWO, 'Take back a death that was recorded in error'],
  ] as const) {
    http.route({
      method: 'POST',
      url: `/v1/customers/:customer/${path}`,
      access,
      summary,
      tags,
      idempotent: true,
      schema: { params: BY_CUSTOMER, body: Type.Object({ reference: Reference }), response: { 200: StateBody } },
      handler: async ({ caller, params, body, idempotencyKey }) => {
        const customer = readId(CUSTOMER_ID, params.customer, 'customer')
        const outcome = await committer.submit({
          kind: payments.setCustomerState,
          input: { customer, action, reference: body.reference },
          idempotency: { caller: caller.id, key: idempotencyKey },
        })
        return outcomeToReply(outcome, told(customer))
      },
    })
  }

  http.route({
    method: 'POST',
    url: '/v1/customers/:customer/estate',
    access: TWO,
    summary: 'Pay what somebody who died left to the heir whom a judgement names, and close the account',
    tags,
    idempotent: true,
    schema: {
      params: BY_CUSTOMER,
      body: Type.Object({ heir: PublicId(CUSTOMER_ID), reference: Reference }),
      response: { 200: StateBody },
    },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const customer = readId(CUSTOMER_ID, params.customer, 'customer')
      const heir = readId(CUSTOMER_ID, body.heir, 'payee')
      if (heir === customer) return notFound('payee')
      const outcome = await committer.submit({
        kind: payments.payEstate,
        input: { customer, heir, reference: body.reference },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, told(customer))
    },
  })
}
