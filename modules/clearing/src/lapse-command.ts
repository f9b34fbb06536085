import type { CommandKind } from '@huitong/committer'
import { answerCodec } from '@huitong/contract'
import { canonicalJson, ok } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import type { ClearingContext } from './context.ts'
import { applyEvent } from './receive-answer.ts'
import { REJECTIONS } from './rejection.ts'

export const LapsedAnswer = Type.Object({ lapsed: Type.Integer() })
export type LapsedAnswer = Static<typeof LapsedAnswer>

/** `clearing.lapse`: says no for those who did not answer in time. What was answered meanwhile, or is not due, is left alone. */
export function lapseKind(
  context: ClearingContext,
): CommandKind<{ readonly references: readonly string[] }, LapsedAnswer> {
  const { set, payments } = context
  return {
    name: 'clearing.lapse',
    need: ({ references }) => {
      for (const reference of references) payments.need(reference)
    },
    decide: ({ references }) => {
      let lapsed = 0
      set.each(references, (reference) => {
        const payment = payments.get(reference)
        if (payment === undefined || payment.dueAt > set.batch.at) return
        const { result } = applyEvent(context, payment, 'overdue', REJECTIONS.not_answered)
        if (result === 'rejected') lapsed += 1
      })
      return ok({ lapsed })
    },
    form: ({ references }) => canonicalJson({ references }),
    ...answerCodec(LapsedAnswer),
  }
}
