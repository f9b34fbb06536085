import type { Outcome } from '@huitong/committer'
import { type Caller, LineText } from '@huitong/contract'
import { type HttpApp, notFound, outcomeToReply, problem, reply } from '@huitong/http'
import { invariant } from '@huitong/kernel'
import Type from 'typebox'
import { findPayee, Payee } from './payee.ts'
import { assessedPayer } from './payer-proof.ts'
import { TRANSFER_ID, TransferBody, transferBody } from './payment-bodies.ts'
import { RiskCheckBody, riskCheckBody } from './risk-check-bodies.ts'
import {
  AmountBody,
  OwnNumber,
  type PaymentRouteParts,
  payerOf,
  readAmount,
  readId,
  refusalAnswer,
} from './route-parts.ts'
import { transferView } from './views.ts'
import type { WalletTransfer } from './wallet-transfer.ts'
import type { TransferAnswer } from './wallet-transfer-commands.ts'

const TAGS = ['Transfers'] as const

const TransferRequest = Type.Object(
  {
    transferNumber: OwnNumber,
    payee: Payee,
    amount: AmountBody,
    title: Type.Optional(LineText(128)),
    remark: Type.Optional(LineText(256)),
  },
  { $id: 'TransferRequest' },
)

export function addTransferRoutes(http: HttpApp, parts: PaymentRouteParts): void {
  const { committer, payments, queries } = parts

  http.route({
    method: 'POST',
    url: '/v1/transfers',
    access: { callers: ['customer', 'merchant'], scope: 'payments:write' },
    summary: 'Send money to a customer’s wallet',
    description:
      'From 0.10. `transferNumber` is the payer’s own: the same number with the same payee and amount is the same transfer. 202 and a check: it waits for its payer to prove more, or for staff.',
    tags: TAGS,
    idempotent: true,
    schema: { body: TransferRequest, response: { 200: TransferBody, 201: TransferBody, 202: RiskCheckBody } },
    handler: async ({ caller, body, idempotencyKey }) => {
      const payer = payerOf(caller)
      const amountMinor = readAmount(body.amount)
      const payee = await findPayee(parts, body.payee)
      if (payee === undefined) return problem(404, 'payee_not_found', 'There is no such payee.')
      const outcome = await committer.submit({
        kind: payments.transfer,
        input: {
          payer,
          transferNumber: body.transferNumber,
          payee,
          amountMinor,
          title: body.title ?? null,
          remark: body.remark ?? null,
          ...(await assessedPayer(payments, caller, { way: 'transfer', amountMinor })),
        },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, {
        status: statusOf(outcome),
        done: ({ transfer, check }) => {
          if (transfer !== null) return transferBody(transfer)
          invariant(check !== null, 'a transfer that is not made waits under a check')
          return riskCheckBody(check, caller)
        },
        refused: refusalAnswer,
      })
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/transfers/:id',
    access: { callers: ['customer', 'merchant', 'staff'], scope: 'payments:read' },
    summary: 'One transfer, for its payer, its payee and staff',
    tags: TAGS,
    schema: { params: Type.Object({ id: Type.String({ maxLength: 40 }) }), response: { 200: TransferBody } },
    handler: async ({ caller, params }) => {
      const transfer = await queries.transfer(readId(TRANSFER_ID, params.id, 'transfer'))
      if (transfer === undefined || !mayRead(caller, transfer)) return notFound('transfer')
      return reply(transferBody(transferView(transfer)))
    },
  })
}

function statusOf(outcome: Outcome<TransferAnswer>): number {
  if (outcome.status !== 'done' || outcome.answer.transfer === null) return 202
  return outcome.answer.changed ? 201 : 200
}

function mayRead(caller: Caller, { payer, payee }: WalletTransfer): boolean {
  if (caller.kind === 'staff') return true
  const own = payerOf(caller)
  return (own.kind === payer.kind && own.id === payer.id) || (own.kind === 'customer' && own.id === payee)
}
