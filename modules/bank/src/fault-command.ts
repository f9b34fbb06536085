import type { CommandKind } from '@huitong/committer'
import { answerCodec } from '@huitong/contract'
import { canonicalJson, ok } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { refuse } from './bank-refusals.ts'
import type { BankContext } from './context.ts'
import type { FaultKind } from './fault.ts'

export const FaultAnswer = Type.Object({ kind: Type.String(), left: Type.Integer() })
export type FaultAnswer = Static<typeof FaultAnswer>

export interface OrderFaultInput {
  readonly kind: FaultKind
  /** How many messages it spoils from now on; 0 ends it. */
  readonly times: number
}

/** `bank.order-fault`: in demo mode only. */
export function orderFaultKind(context: BankContext): CommandKind<OrderFaultInput, FaultAnswer> {
  return {
    name: 'bank.order-fault',
    need: ({ kind }) => context.faults.need(kind),
    decide: ({ kind, times }) => {
      if (!context.faultsAllowed) return refuse('faults_not_enabled')
      if (!Number.isSafeInteger(times) || times < 0 || times > 1_000_000) return refuse('amount_out_of_range')
      context.faults.get(kind)
      context.faults.put(kind, times)
      return ok({ kind, left: times })
    },
    form: ({ kind, times }) => canonicalJson({ kind, times }),
    ...answerCodec(FaultAnswer),
  }
}
