import { type HttpApp, outcomeToReply, reply } from '@huitong/http'
import { readPhone } from '@huitong/party'
import Type from 'typebox'
import { FAULT_KINDS } from './fault.ts'
import { BANK_TAGS, type BankRouteParts, bankRefusal } from './route-parts.ts'

const OPERATE = { callers: ['staff'], scope: 'demo:operate' } as const

/** In demo mode: how a test makes the bank go wrong, and what stands in for its customers' phones. */
export function addDemoRoutes(http: HttpApp, { committer, bank, demo }: BankRouteParts): void {
  if (demo === undefined) return
  http.route({
    method: 'POST',
    url: '/v1/bank/faults',
    access: OPERATE,
    summary: 'Let the bank go wrong for its next messages; 0 ends it',
    tags: BANK_TAGS,
    idempotent: true,
    schema: {
      body: Type.Object({
        kind: Type.Enum([...FAULT_KINDS]),
        times: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
      }),
      response: { 200: Type.Object({ kind: Type.String(), left: Type.Integer() }) },
    },
    handler: async ({ caller, body, idempotencyKey }) => {
      const idempotency = { caller: caller.id, key: idempotencyKey }
      const outcome = await committer.submit({ kind: bank.orderFault, input: body, idempotency })
      return outcomeToReply(outcome, { done: (answer) => answer, refused: bankRefusal })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/bank/demo-phones/codes',
    access: OPERATE,
    summary: 'One-time codes that came to a phone, the newest last',
    tags: BANK_TAGS,
    schema: {
      body: Type.Object({ phone: Type.String({ minLength: 1, maxLength: 32 }) }),
      response: { 200: Type.Object({ codes: Type.Array(Type.String()) }) },
    },
    handler: async ({ body: { phone } }) => {
      const known = readPhone(phone)
      return reply({ codes: known.ok ? [...demo.codesOf(known.value)] : [] })
    },
  })
}
