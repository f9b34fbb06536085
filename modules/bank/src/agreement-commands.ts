import type { CommandKind } from '@huitong/committer'
import { answerCodec } from '@huitong/contract'
import { canonicalJson, ok, slotOf } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { type Agreement, CODE_LIFE, CODE_TRIES_MAX, WRONG_FACTORS_MAX } from './agreement.ts'
import { refuse } from './bank-refusals.ts'
import type { BankContext } from './context.ts'
import type { Factors } from './factors.ts'

export const AgreementAnswer = Type.Object({
  id: Type.Integer(),
  state: Type.String(),
  /** False: what was sent was wrong; how often is counted, so this is no refusal, which would count nothing. */
  matched: Type.Boolean(),
})
export type AgreementAnswer = Static<typeof AgreementAnswer>

export interface BindInput extends Factors {
  /** Who asks: a participant of the clearing house. */
  readonly platform: string
  readonly platformAccount: string
  readonly account: string
  readonly singleMaxMinor: bigint
  readonly dayMaxMinor: bigint
  /** Of a code that the door drew and sends to the phone. */
  readonly codeHash: string
}

/**
 * `bank.bind`: the four factors belong together, so a code goes to the phone. Which of them was wrong is not told, and neither is whether the
 * account exists.
 */
export function bindKind(context: BankContext): CommandKind<BindInput, AgreementAnswer> {
  const { set, accounts, agreements } = context
  return {
    name: 'bank.bind',
    need: ({ account }) => accounts.need(account),
    decide: (input) => {
      const account = accounts.get(input.account)
      if (input.singleMaxMinor <= 0n || input.dayMaxMinor <= 0n) return refuse('amount_out_of_range')
      if (account === undefined) return refuse('factors_do_not_match')
      const day = set.batch.accountingDay
      const wrong = account.wrongOn === day ? account.wrongFactors : 0
      if (wrong >= WRONG_FACTORS_MAX) return refuse('too_many_attempts')
      const { nameHash, identityHash, phoneHash } = input
      const matched =
        account.nameHash === nameHash && account.identityHash === identityHash && account.phoneHash === phoneHash
      if (!matched) {
        accounts.put(account.number, { ...account, wrongFactors: wrong + 1, wrongOn: day })
        return ok({ id: 0, state: 'none', matched: false })
      }
      const agreement: Agreement = {
        ...{ id: set.newId(slotOf(account.customer)), account: account.number, platform: input.platform },
        ...{ platformAccount: input.platformAccount, state: 'pending', codeHash: input.codeHash, codeTries: 0 },
        ...{ codeExpiresAt: set.batch.at + CODE_LIFE, singleMaxMinor: input.singleMaxMinor },
        ...{ dayMaxMinor: input.dayMaxMinor, spentOn: null, spentMinor: 0n, madeAt: set.batch.at, endedAt: null },
      }
      agreements.add(agreement.id, agreement)
      return ok({ id: agreement.id, state: 'pending', matched: true })
    },
    // The code is drawn anew with every try: sent again under its key it is the same agreement.
    form: ({ codeHash: _, singleMaxMinor, dayMaxMinor, ...rest }) =>
      canonicalJson({ ...rest, single: singleMaxMinor.toString(), day: dayMaxMinor.toString() }),
    ...answerCodec(AgreementAnswer),
  }
}

export interface ConfirmInput {
  readonly platform: string
  readonly agreement: number
  readonly codeHash: string
}

/** `bank.confirm-agreement`: the owner's one-time code. A wrong one is counted, and the fifth ends the agreement. */
export function confirmAgreementKind(context: BankContext): CommandKind<ConfirmInput, AgreementAnswer> {
  const { set, agreements } = context
  return {
    name: 'bank.confirm-agreement',
    need: ({ agreement }) => agreements.need(agreement),
    decide: ({ platform, agreement: id, codeHash }) => {
      const agreement = agreements.get(id)
      if (agreement === undefined || agreement.platform !== platform) return refuse('agreement_not_found')
      if (agreement.state !== 'pending') return refuse('agreement_not_pending')
      const now = set.batch.at
      if (agreement.codeExpiresAt <= now) return refuse('code_expired')
      if (agreement.codeHash === codeHash) {
        agreements.put(id, { ...agreement, state: 'active', codeHash: null })
        return ok({ id, state: 'active', matched: true })
      }
      const codeTries = agreement.codeTries + 1
      const over = codeTries >= CODE_TRIES_MAX
      const after: Agreement = over
        ? { ...agreement, codeTries, state: 'ended', codeHash: null, endedAt: now }
        : { ...agreement, codeTries }
      agreements.put(id, after)
      return ok({ id, state: after.state, matched: false })
    },
    form: ({ platform, agreement, codeHash }) => canonicalJson({ platform, agreement, codeHash }),
    ...answerCodec(AgreementAnswer),
  }
}

export interface EndAgreementInput {
  readonly agreement: number
  /** The platform, the owner of the account, or the bank itself: its owner asks at the counter, or the platform is not to be trusted. */
  readonly by: { readonly platform: string } | { readonly customer: number } | 'bank'
}

/** `bank.end-agreement`: either side ends it, and so does the bank; ended again it stays so. */
export function endAgreementKind(context: BankContext): CommandKind<EndAgreementInput, AgreementAnswer> {
  const { set, agreements, accounts } = context
  return {
    name: 'bank.end-agreement',
    need: ({ agreement }) => agreements.need(agreement),
    decide: ({ agreement: id, by }) => {
      const agreement = agreements.get(id)
      if (agreement === undefined) return refuse('agreement_not_found')
      accounts.need(agreement.account)
      const owner = accounts.get(agreement.account)?.customer
      const may = by === 'bank' || ('platform' in by ? by.platform === agreement.platform : by.customer === owner)
      if (!may) return refuse('agreement_not_found')
      if (agreement.state !== 'ended') {
        agreements.put(id, { ...agreement, state: 'ended', codeHash: null, endedAt: set.batch.at })
      }
      return ok({ id, state: 'ended', matched: true })
    },
    form: ({ agreement, by }) => canonicalJson({ agreement, by: by === 'bank' ? by : { ...by } }),
    ...answerCodec(AgreementAnswer),
  }
}
