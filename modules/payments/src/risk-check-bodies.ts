import { AmountText, type Caller, CurrencyText, PROOF_STRENGTHS, PublicId, Timestamp } from '@huitong/contract'
import { microsToIso, publicId } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { WALLET_CURRENCY } from './limits.ts'
import { CUSTOMER_ID, MERCHANT_ID, TRADE_ID, TRANSFER_ID } from './payment-bodies.ts'
import { RISK_CHECK_KINDS, RISK_CHECK_STATES } from './risk-check.ts'
import { RISK_CHECK_ID } from './risk-check-events.ts'
import type { RiskCheckView } from './risk-check-views.ts'
import { PAYMENT_WAYS } from './risk-port.ts'

export const RiskCheckBody = Type.Object(
  {
    id: PublicId(RISK_CHECK_ID),
    kind: Type.Enum([...RISK_CHECK_KINDS]),
    payment: Type.Union([PublicId(TRADE_ID), Type.Null()], { description: 'The payment that it is about' }),
    transfer: Type.Union([PublicId(TRANSFER_ID), Type.Null()], {
      description: 'The transfer that it is about, which is there once the check is passed',
    }),
    payee: Type.String({ examples: ['mrch_00000000300r'] }),
    currency: CurrencyText,
    amount: AmountText,
    transferNumber: Type.Union([Type.String(), Type.Null()]),
    state: Type.Enum([...RISK_CHECK_STATES]),
    proof: Type.Union([Type.Enum([...PROOF_STRENGTHS]), Type.Null()], {
      description: 'What a session must have proved to answer: see POST /v1/me/step-up',
    }),
    createdAt: Timestamp,
    expiresAt: Timestamp,
    endedAt: Type.Union([Timestamp, Type.Null()]),
    forStaff: Type.Optional(
      Type.Object({
        customer: PublicId(CUSTOMER_ID),
        way: Type.Enum([...PAYMENT_WAYS]),
        judgedBy: Type.Array(Type.String()),
        reasons: Type.Array(Type.String()),
        endedBy: Type.Union([Type.String(), Type.Null()]),
      }),
    ),
  },
  { $id: 'RiskCheck' },
)

/** Why a payment is looked at is for staff alone: to the payer it would say how not to be looked at. */
export function riskCheckBody(check: RiskCheckView, caller: Caller): Static<typeof RiskCheckBody> {
  const { id, kind, subject, customer, payee, amount, transferNumber, state, proof, dueAt, endedAt } = check
  const { way, judgedBy, reasons, endedBy } = check
  return {
    id: publicId(RISK_CHECK_ID, id),
    kind,
    payment: kind === 'trade' ? publicId(TRADE_ID, subject) : null,
    transfer: kind === 'transfer' ? publicId(TRANSFER_ID, subject) : null,
    payee: publicId(kind === 'trade' ? MERCHANT_ID : CUSTOMER_ID, payee),
    ...{ currency: WALLET_CURRENCY, amount, transferNumber, state, proof },
    createdAt: microsToIso(check.createdAt),
    expiresAt: microsToIso(dueAt),
    endedAt: endedAt === null ? null : microsToIso(endedAt),
    ...(caller.kind === 'staff'
      ? { forStaff: { customer: publicId(CUSTOMER_ID, customer), way, judgedBy, reasons, endedBy } }
      : {}),
  }
}
