import { formatAmount } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { answerCodec } from './answer-codec.ts'
import {
  type Authorisation,
  type AuthorisationOperation,
  ENDING_CAUSES,
  OPERATION_KINDS,
  restMinor,
} from './authorisation.ts'
import { WALLET_CURRENCY } from './limits.ts'
import { longNumber } from './long-number.ts'

export const AuthorisationView = Type.Object({
  id: Type.Integer(),
  /** 28 digits. */
  number: Type.String(),
  merchant: Type.Integer(),
  authorisationNumber: Type.String(),
  payer: Type.Integer(),
  title: Type.String(),
  currency: Type.String(),
  amount: Type.String(),
  captured: Type.String(),
  released: Type.String(),
  rest: Type.String(),
  state: Type.Enum(['authorised', 'ended']),
  endingCause: Type.Union([Type.Enum([...ENDING_CAUSES]), Type.Null()]),
  createdAt: Type.Integer(),
  expiresAt: Type.Integer(),
  endedAt: Type.Union([Type.Integer(), Type.Null()]),
})
export type AuthorisationView = Static<typeof AuthorisationView>

export const OperationView = Type.Object({
  id: Type.Integer(),
  /** 28 digits. */
  number: Type.String(),
  requestNumber: Type.String(),
  kind: Type.Enum([...OPERATION_KINDS]),
  amount: Type.String(),
  remark: Type.Union([Type.String(), Type.Null()]),
  createdAt: Type.Integer(),
})
export type OperationView = Static<typeof OperationView>

export function authorisationView(of: Authorisation): AuthorisationView {
  const amount = (minor: bigint) => formatAmount(minor, of.currency)
  const { id, merchant, authorisationNumber, payer, title, currency, state, endingCause } = of
  return {
    ...{ id, merchant, authorisationNumber, payer, title, currency, state, endingCause },
    number: longNumber('authorisation', id, of.createdAt),
    amount: amount(of.amountMinor),
    captured: amount(of.capturedMinor),
    released: amount(of.releasedMinor),
    rest: amount(restMinor(of)),
    ...{ createdAt: of.createdAt, expiresAt: of.expiresAt, endedAt: of.endedAt },
  }
}

export function operationView(operation: AuthorisationOperation): OperationView {
  const { id, requestNumber, kind, remark, createdAt } = operation
  return {
    ...{ id, requestNumber, kind, remark, createdAt },
    number: longNumber('operation', id, createdAt),
    amount: formatAmount(operation.amountMinor, WALLET_CURRENCY),
  }
}

/** An authorisation and what was done to it. `changed` is false when it was done before: the command was a repeat. */
export const AuthorisationAnswer = Type.Object({
  authorisation: AuthorisationView,
  operation: OperationView,
  changed: Type.Boolean(),
})
export type AuthorisationAnswer = Static<typeof AuthorisationAnswer>

export const authorisationAnswerCodec = answerCodec(AuthorisationAnswer)
