import type { CommandKind } from '@huitong/committer'
import { canonicalJson, invariant, ok } from '@huitong/kernel'
import type { PayerInput, TenderChoice } from '@huitong/payments'
import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import type { EscrowContext } from './context.ts'
import type { Decided, Escrow } from './escrow.ts'
import { refuse } from './escrow-refusals.ts'
import type { EscrowTrade } from './escrow-trade.ts'
import { EscrowView, escrowView } from './escrow-views.ts'
import type { Actor } from './step.ts'
import type { StepResult } from './trade-decide.ts'

/** Who does a step, with the id that shows whose trades he may touch. */
export type StepActor =
  | { readonly kind: 'buyer'; readonly customer: number; readonly id: string }
  | { readonly kind: 'merchant'; readonly merchant: number; readonly id: string }
  | { readonly kind: 'staff'; readonly id: string }

export interface StepInput extends PayerInput {
  readonly trade: number
  readonly actor: StepActor
  /** What a buyer wants to pay with, in this order; in the usual order unless told. */
  readonly tenders?: readonly TenderChoice[] | null
}

/** A trade as it is after a command. `changed` is false when it was so before: the command was a repeat. */
export const EscrowAnswer = Type.Object({ escrow: EscrowView, changed: Type.Boolean() })
export type EscrowAnswer = Static<typeof EscrowAnswer>

/** How an answer is kept with a remembered outcome: as JSON, judged by its schema when it is read back. */
export const escrowAnswerCodec = {
  encode: (answer: EscrowAnswer): string => JSON.stringify(answer),
  decode: (text: string): EscrowAnswer => {
    const value: unknown = JSON.parse(text)
    invariant(Value.Check(EscrowAnswer, value), 'a remembered answer is what its kind of command answers')
    return value
  },
}

export function actorOf({ kind, id }: StepActor): Actor {
  return { kind, id }
}

/** Somebody else's trade looks like none. Staff see all of them. */
function isOf(trade: EscrowTrade, actor: StepActor): boolean {
  switch (actor.kind) {
    case 'buyer':
      return trade.buyer === actor.customer
    case 'merchant':
      return trade.merchant === actor.merchant
    case 'staff':
      return true
  }
}

type FormValue = string | number | null | readonly string[]

export interface StepDefinition<Input extends StepInput> {
  /** `escrow.` and a verb. */
  readonly name: string
  readonly decide: (escrow: Escrow, actor: Actor, input: Input, now: number) => StepResult
  /** What the input has beside trade and actor, for its canonical form. */
  readonly form: (input: Input) => Readonly<Record<string, FormValue>>
  /** What else is written with the step. */
  readonly also?: (input: Input, decided: Decided) => void
}

/** Makes the command kind of one step: the rules decide, the money moves and the trade is stored in one commit. */
export function stepKind<Input extends StepInput>(
  context: EscrowContext,
  definition: StepDefinition<Input>,
): CommandKind<Input, EscrowAnswer> {
  const { set } = context
  return {
    name: definition.name,
    need: ({ trade }) => context.needEscrow(trade),
    decide: (input) => {
      const before = context.escrow(input.trade)
      if (before === undefined || !isOf(before.trade, input.actor)) return refuse('escrow_trade_not_found')
      const { tenders = null } = input
      context.needMoney(before, tenders)
      const decided = definition.decide(before, actorOf(input.actor), input, set.batch.at)
      if (!decided.ok) return decided
      const { strength, assessment } = input
      const applied = context.apply(before, decided.value, { payer: { strength, assessment }, tenders })
      if (!applied.ok) return applied
      definition.also?.(input, decided.value)
      return ok({ escrow: escrowView(applied.value), changed: true })
    },
    form: (input) => canonicalJson({ trade: input.trade, actor: { ...input.actor }, ...definition.form(input) }),
    ...escrowAnswerCodec,
  }
}
