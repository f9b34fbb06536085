import type { CommandKind } from '@huitong/committer'
import { answerCodec } from '@huitong/contract'
import { canonicalJson, ok } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import type { ChannelBank } from './channel-bank.ts'
import { refuse } from './channel-refusals.ts'
import type { ChannelContext } from './context.ts'

export const ChannelBankAnswer = Type.Object({ member: Type.String() })
export type ChannelBankAnswer = Static<typeof ChannelBankAnswer>

/** `channels.set-bank`: a bank whose cards can be bound, or other terms for one. What was bound keeps the limits that its holder agreed to. */
export function setBankKind({
  banks,
  member: own,
  clearingHouse,
}: ChannelContext): CommandKind<ChannelBank, ChannelBankAnswer> {
  return {
    name: 'channels.set-bank',
    need: ({ member }) => banks.need(member),
    decide: (bank) => {
      const { member, singleMaxMinor, dayMaxMinor } = bank
      if (member === own || member === clearingHouse) return refuse('bank_is_ourselves')
      if (singleMaxMinor <= 0n || dayMaxMinor < singleMaxMinor) return refuse('limits_do_not_fit')
      banks.put(member, bank)
      return ok({ member })
    },
    form: ({ singleMaxMinor, dayMaxMinor, ...rest }) =>
      canonicalJson({ ...rest, single: singleMaxMinor.toString(), day: dayMaxMinor.toString() }),
    ...answerCodec(ChannelBankAnswer),
  }
}
