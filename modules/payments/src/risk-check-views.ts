import { PROOF_STRENGTHS } from '@huitong/contract'
import { formatAmount } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { answerCodec } from './answer-codec.ts'
import { WALLET_CURRENCY } from './limits.ts'
import { RISK_CHECK_KINDS, RISK_CHECK_STATES, type RiskCheck } from './risk-check.ts'
import { PAYMENT_WAYS } from './risk-port.ts'
import { TradeView, TransferView } from './views.ts'

export const RiskCheckView = Type.Object({
  id: Type.Integer(),
  kind: Type.Enum([...RISK_CHECK_KINDS]),
  subject: Type.Integer(),
  customer: Type.Integer(),
  payee: Type.Integer(),
  amount: Type.String(),
  way: Type.Enum([...PAYMENT_WAYS]),
  transferNumber: Type.Union([Type.String(), Type.Null()]),
  title: Type.Union([Type.String(), Type.Null()]),
  remark: Type.Union([Type.String(), Type.Null()]),
  state: Type.Enum([...RISK_CHECK_STATES]),
  proof: Type.Union([Type.Enum([...PROOF_STRENGTHS]), Type.Null()]),
  judgedBy: Type.Array(Type.String()),
  reasons: Type.Array(Type.String()),
  createdAt: Type.Integer(),
  dueAt: Type.Integer(),
  endedAt: Type.Union([Type.Integer(), Type.Null()]),
  endedBy: Type.Union([Type.String(), Type.Null()]),
})
export type RiskCheckView = Static<typeof RiskCheckView>

export function riskCheckView({ amountMinor, hold: _, judgedBy, reasons, ...rest }: RiskCheck): RiskCheckView {
  return {
    ...rest,
    judgedBy: [...judgedBy],
    reasons: [...reasons],
    amount: formatAmount(amountMinor, WALLET_CURRENCY),
  }
}

/** A check as it is after a command, and what was paid by it, if it was. */
export const RiskCheckAnswer = Type.Object({
  check: RiskCheckView,
  trade: Type.Union([TradeView, Type.Null()]),
  transfer: Type.Union([TransferView, Type.Null()]),
})
export type RiskCheckAnswer = Static<typeof RiskCheckAnswer>

export const riskCheckAnswerCodec = answerCodec(RiskCheckAnswer)
