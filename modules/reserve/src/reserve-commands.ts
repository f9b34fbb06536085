import type { CommandKind } from '@huitong/committer'
import { answerCodec } from '@huitong/contract'
import { CNY, canonicalJson, ok } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import type { ReserveContext } from './context.ts'
import type { Position } from './position.ts'
import type { PositionLook } from './position-queries.ts'
import { refuse } from './reserve-refusals.ts'

export const GuardAnswer = Type.Object({ stopped: Type.Boolean() })
export type GuardAnswer = Static<typeof GuardAnswer>

/** `reserve.note-position`: what a look found. While the reserve is short payouts are stopped, and somebody is told once. */
export function notePositionKind(context: ReserveContext): CommandKind<PositionLook, GuardAnswer> {
  return {
    name: 'reserve.note-position',
    need: () => context.needGuard(),
    decide: ({ position: { surplusMinor }, batch }) => {
      const before = context.guard()
      // A look that knows less than what is known already.
      if (before !== undefined && batch < before.batch) return ok({ stopped: before.stopped })
      return ok({ stopped: context.keepGuard(surplusMinor, batch).stopped })
    },
    form: ({ position, batch }) => canonicalJson({ surplus: position.surplusMinor.toString(), batch }),
    ...answerCodec(GuardAnswer),
  }
}

export interface CloseDayInput {
  readonly day: string
  readonly position: Position
}

export const DayAnswer = Type.Object({ day: Type.String() })
export type DayAnswer = Static<typeof DayAnswer>

/** `reserve.close-day`: the report of a day that has ended. The first one stays. */
export function closeDayKind({ set, days }: ReserveContext): CommandKind<CloseDayInput, DayAnswer> {
  return {
    name: 'reserve.close-day',
    need: ({ day }) => days.need(day),
    decide: ({ day, position }) => {
      if (days.get(day) === undefined) days.add(day, { day, ...position, madeAt: set.batch.at })
      return ok({ day })
    },
    form: ({ day }) => canonicalJson({ day }),
    ...answerCodec(DayAnswer),
  }
}

export interface MoveInput {
  readonly amountMinor: bigint
}

export const MoveAnswer = Type.Object({
  transfer: Type.Integer(),
  /** In fen, as text: beyond what customers have, by the last look. */
  surplus: Type.String(),
})
export type MoveAnswer = Static<typeof MoveAnswer>

/** `reserve.contribute`: the institution's own money goes into the reserve, to cover what is missing or ahead of it. */
export function contributeKind(context: ReserveContext): CommandKind<MoveInput, MoveAnswer> {
  return moving(context, 'reserve.contribute', ({ amountMinor }) => {
    const [debit, credit] = [context.house('reserve'), context.house('own')]
    if (context.books.available(credit) < amountMinor) return refuse('own_deposits_short')
    return ok({ debit, credit, surplusMinor: amountMinor })
  })
}

/** `reserve.release`: what is in the reserve beyond what customers have, such as fees, becomes the institution's own deposit. */
export function releaseKind(context: ReserveContext): CommandKind<MoveInput, MoveAnswer> {
  return moving(context, 'reserve.release', ({ amountMinor }) => {
    const [debit, credit] = [context.house('own'), context.house('reserve')]
    const guard = context.guard()
    if (guard === undefined || amountMinor > guard.surplusMinor || context.books.available(credit) < amountMinor) {
      return refuse('more_than_surplus')
    }
    return ok({ debit, credit, surplusMinor: -amountMinor })
  })
}

type Way = (input: MoveInput) =>
  | ReturnType<typeof refuse>
  | {
      readonly ok: true
      readonly value: { readonly debit: number; readonly credit: number; readonly surplusMinor: bigint }
    }

function moving(context: ReserveContext, name: string, way: Way): CommandKind<MoveInput, MoveAnswer> {
  const { set, books } = context
  return {
    name,
    need: () => context.needGuard(),
    decide: (input) => {
      const { amountMinor } = input
      if (amountMinor <= 0n) return refuse('amount_out_of_range')
      const judged = way(input)
      if (!judged.ok) return judged
      const { debit, credit, surplusMinor } = judged.value
      const moved = books.transfer({ debit, credit, amountMinor, currency: CNY, code: 'reserve_move', reference: null })
      if (!moved.ok) return moved
      // Looks that were begun before this do not know of it, and count no more.
      const { surplusMinor: surplus } = context.keepGuard(
        (context.guard()?.surplusMinor ?? 0n) + surplusMinor,
        set.batch.number,
      )
      return ok({ transfer: moved.value.id, surplus: surplus.toString() })
    },
    form: ({ amountMinor }) => canonicalJson({ amount: amountMinor.toString() }),
    ...answerCodec(MoveAnswer),
  }
}
