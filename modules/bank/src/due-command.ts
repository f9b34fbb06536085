import type { CommandKind } from '@huitong/committer'
import { answerCodec } from '@huitong/contract'
import { canonicalJson, ok } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import type { BankContext } from './context.ts'
import { originalOf, tellStatus } from './messages.ts'
import { ASK_AFTER, sendQueued } from './send-command.ts'

export const DueAnswer = Type.Object({ done: Type.Integer() })
export type DueAnswer = Static<typeof DueAnswer>

/**
 * `bank.run-due`: sends what waited for the clearing to open, and asks how payments stand of which nothing was heard. Those that we sent are
 * unknown from then on, and asked about (pacs.028) until the clearing house says. Those that we accepted are accepted once more, which the
 * clearing house answers with how they ended.
 */
export function runDueKind(context: BankContext): CommandKind<{ readonly references: readonly string[] }, DueAnswer> {
  const { set, payments, accounts } = context
  return {
    name: 'bank.run-due',
    need: ({ references }) => {
      for (const reference of references) payments.need(reference)
    },
    decide: ({ references }) => {
      let done = 0
      set.each(references, (reference) => {
        const payment = payments.get(reference)
        if (payment === undefined || payment.endedAt !== null || payment.dueAt > set.batch.at) return
        done += 1
        if (payment.state === 'queued') {
          const number = payment.account ?? ''
          accounts.need(number)
          const account = accounts.get(number)
          if (account !== undefined) sendQueued(context, payment, account)
          return
        }
        payments.put(reference, {
          ...payment,
          state: payment.state === 'sent' ? 'unknown' : payment.state,
          dueAt: set.batch.at + ASK_AFTER,
        })
        if (payment.askedBy === 'them') tellStatus(context, payment, 'ACTC')
        else {
          context.tell({
            kind: 'status_request',
            value: { ...context.identity(), requests: [originalOf(payment)] },
          })
        }
      })
      return ok({ done })
    },
    form: ({ references }) => canonicalJson({ references }),
    ...answerCodec(DueAnswer),
  }
}
