import { AmountText } from '@huitong/contract'
import { type HttpApp, outcomeToReply } from '@huitong/http'
import Type from 'typebox'
import { yuan } from './bank-views.ts'
import { BANK_MOVE, BANK_TAGS, type BankRouteParts, bankRefusal, readYuan } from './route-parts.ts'

/** What the bank itself has at the clearing house. */
export function addSettlementRoutes(http: HttpApp, { committer, bank }: BankRouteParts): void {
  http.route({
    method: 'POST',
    url: '/v1/bank/settlement/funds',
    access: BANK_MOVE,
    summary: 'Book cash that the bank brought to the central bank for its position at the clearing house',
    tags: BANK_TAGS,
    idempotent: true,
    schema: { body: Type.Object({ amount: AmountText }), response: { 201: Type.Object({ available: AmountText }) } },
    handler: async ({ caller, body, idempotencyKey }) => {
      const outcome = await committer.submit({
        kind: bank.fundSettlement,
        input: { amountMinor: readYuan('amount', body.amount) },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      const done = ({ available }: { readonly available: string }) => ({ available: yuan(BigInt(available)) })
      return outcomeToReply(outcome, { status: 201, done, refused: bankRefusal })
    },
  })
}
