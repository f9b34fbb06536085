import { PublicId, Timestamp } from '@huitong/contract'
import { type HttpApp, notFound, outcomeToReply, problem } from '@huitong/http'
import { microsToIso, parsePublicId } from '@huitong/kernel'
import Type from 'typebox'
import { drawPaymentCode, PAYMENT_CODE_LIFE } from './payment-code.ts'
import { emvOfPaymentCode } from './payment-code-emv.ts'
import { partyRefusalAnswer } from './refusal-answer.ts'
import type { PartyRouteParts } from './route-parts.ts'

const CodeBody = Type.Object(
  {
    code: Type.String({ pattern: '^[0-9]{18}$', description: 'To be shown at the till, once' }),
    emv: Type.String({ description: 'The same as an EMVCo consumer-presented code' }),
    expiresAt: Timestamp,
  },
  { $id: 'PaymentCode' },
)

export function addPaymentCodeRoutes(http: HttpApp, parts: PartyRouteParts): void {
  const { committer, party, vault, chance, demo } = parts

  http.route({
    method: 'POST',
    url: '/v1/customers/:id/payment-codes',
    access: { callers: ['staff', 'customer'], scope: 'party:write' },
    summary: 'A fresh payment code',
    description:
      'For the customer alone; in a demo world also for staff with the scope demo:operate. Works once, for a minute.',
    tags: ['Customers'],
    schema: { params: Type.Object({ id: PublicId('cust') }), response: { 201: CodeBody } },
    handler: async ({ caller, params }) => {
      if (caller.kind === 'staff' && !(demo && caller.scopes.has('demo:operate'))) {
        return problem(
          403,
          'scope_missing',
          'Staff make payment codes in demo worlds only, with the scope demo:operate.',
        )
      }
      const id = parsePublicId('cust', params.id)
      if (!id.ok || (caller.kind === 'customer' && caller.customerId !== id.value)) return notFound('customer')
      // No idempotency: a repeat could not show the digits of the first code, which are stored nowhere.
      const { digits, codeHash } = drawPaymentCode(vault, chance)
      const input = { customerId: id.value, codeHash, lifeMicros: PAYMENT_CODE_LIFE }
      const outcome = await committer.submit({ kind: party.commands.issuePaymentCode, input })
      return outcomeToReply(outcome, {
        done: (answer) => ({ code: digits, emv: emvOfPaymentCode(digits), expiresAt: microsToIso(answer.expiresAt) }),
        status: 201,
        refused: partyRefusalAnswer,
      })
    },
  })
}
