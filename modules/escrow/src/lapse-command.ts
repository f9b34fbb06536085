import type { CommandKind } from '@huitong/committer'
import { canonicalJson, invariant, type Micros, ok } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import type { EscrowContext } from './context.ts'
import { refuse } from './escrow-refusals.ts'
import { decideLapse } from './lapse-decide.ts'

export interface LapseInput {
  readonly trade: number
}

export const LapseAnswer = Type.Object({
  /** Steps that time did. */
  steps: Type.Integer(),
  /** Why the money could not move now, when it could not; it is tried again later. */
  blocked: Type.Union([Type.String(), Type.Null()]),
})
export type LapseAnswer = Static<typeof LapseAnswer>

/** How long a trade waits whose money cannot move, because an account is frozen. It would hold up the others if it stayed due. */
const AGAIN_AFTER: Micros = 3_600_000_000

/** `escrow.lapse`: does to a trade what time does to it. Judged anew, so a step that somebody took meanwhile is left alone. */
export function lapseKind(context: EscrowContext): CommandKind<LapseInput, LapseAnswer> {
  const { set } = context
  return {
    name: 'escrow.lapse',
    need: ({ trade }) => context.needEscrow(trade),
    decide: ({ trade }) => {
      const now = set.batch.at
      const before = context.escrow(trade)
      if (before === undefined) return refuse('escrow_trade_not_found')
      const decided = decideLapse(before, now)
      if (!decided.ok) return decided
      context.needMoney(before)
      const savepoint = set.savepoint()
      const applied = context.apply(before, decided.value)
      if (applied.ok) return ok({ steps: decided.value.notes.length, blocked: null })
      set.rollbackTo(savepoint)
      context.postpone(before, now + AGAIN_AFTER)
      return ok({ steps: 0, blocked: applied.error.code })
    },
    form: ({ trade }) => canonicalJson({ trade }),
    encode: (answer) => JSON.stringify(answer),
    decode: (text) => {
      const value: unknown = JSON.parse(text)
      invariant(Value.Check(LapseAnswer, value), 'a remembered answer is what its kind of command answers')
      return value
    },
  }
}
