import type { CommandKind } from '@huitong/committer'
import { answerCodec } from '@huitong/contract'
import { canonicalJson, ok } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { refuse } from './bank-refusals.ts'
import type { BankContext } from './context.ts'

export const AskedAnswer = Type.Object({
  /** Under which what the other bank says is found. */
  verification: Type.String(),
})
export type AskedAnswer = Static<typeof AskedAnswer>

export interface VerifyPayeeInput {
  readonly bank: string
  readonly account: string
  readonly name: string
}

/** `bank.verify-payee`: asks another bank whether an account is that person's (acmt.023). */
export function verifyPayeeKind(context: BankContext): CommandKind<VerifyPayeeInput, AskedAnswer> {
  const { set, verifications, member } = context
  return {
    name: 'bank.verify-payee',
    need: () => undefined,
    decide: ({ bank, account, name }) => {
      if (bank === member) return refuse('payee_at_this_bank')
      const identity = context.identity()
      const { messageId } = identity
      verifications.add(messageId, {
        messageId,
        peerBank: bank,
        matches: null,
        askedAt: set.batch.at,
        answeredAt: null,
      })
      const checks = [{ id: 'V1', name, account, agent: bank }]
      context.tell({ kind: 'verification_request', value: { ...identity, checks } })
      return ok({ verification: messageId })
    },
    form: ({ bank, account, name }) => canonicalJson({ bank, account, name }),
    ...answerCodec(AskedAnswer),
  }
}

/** `bank.ask-position`: asks the clearing house what is on the position account (camt.060). It answers with camt.052. */
export function askPositionKind(
  context: BankContext,
): CommandKind<Readonly<Record<string, never>>, Static<typeof PositionAskedAnswer>> {
  const { member } = context
  return {
    name: 'bank.ask-position',
    need: () => undefined,
    decide: () => {
      const { messageId, createdAt } = context.identity()
      const query = { id: `${messageId}-Q`, wanted: 'camt.052.001.08', account: member, owner: member }
      context.tell({ kind: 'account_query', value: { messageId, createdAt, queries: [query] } })
      return ok({ message: messageId })
    },
    form: () => '{}',
    ...answerCodec(PositionAskedAnswer),
  }
}

export const PositionAskedAnswer = Type.Object({ message: Type.String() })
