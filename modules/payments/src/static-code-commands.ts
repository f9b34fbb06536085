import type { CommandKind } from '@huitong/committer'
import { canonicalJson, invariant, ok } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { answerCodec } from './answer-codec.ts'
import type { PaymentContext } from './context.ts'
import { STATIC_CODE_STATES, type StaticCode } from './static-code.ts'
import { refuse } from './trade-refusals.ts'
import { PAYER_KINDS, type Payer } from './wallet-transfer.ts'

export const StaticCodeView = Type.Object({
  reference: Type.String(),
  ownerKind: Type.Enum([...PAYER_KINDS]),
  owner: Type.Integer(),
  label: Type.String(),
  state: Type.Enum([...STATIC_CODE_STATES]),
  replacedBy: Type.Union([Type.String(), Type.Null()]),
  createdAt: Type.Integer(),
  endedAt: Type.Union([Type.Integer(), Type.Null()]),
})
export type StaticCodeView = Static<typeof StaticCodeView>

export function staticCodeView({ owner, ...code }: StaticCode): StaticCodeView {
  return { ...code, ownerKind: owner.kind, owner: owner.id }
}

export const StaticCodeAnswer = Type.Object({ code: StaticCodeView, changed: Type.Boolean() })
export type StaticCodeAnswer = Static<typeof StaticCodeAnswer>

export interface MakeStaticCodeInput {
  readonly owner: Payer
  /** Drawn at the door for this attempt. */
  readonly reference: string
  readonly label: string
  /** A code of the owner's that is revoked in the same commit; null for one more code. */
  readonly replaces: string | null
}

export interface RevokeStaticCodeInput {
  readonly reference: string
  /** Null when staff revoke it, whoever's it is. */
  readonly owner: Payer | null
}

/** `payments.make-static-code`: a code for a merchant or for a customer, alone or in place of another. */
export function makeStaticCodeKind(context: PaymentContext): CommandKind<MakeStaticCodeInput, StaticCodeAnswer> {
  const { set, party, tables } = context
  return {
    name: 'payments.make-static-code',
    need: ({ owner, reference, replaces }) => {
      if (owner.kind === 'merchant') party.needMerchant(owner.id)
      else party.needCustomer(owner.id)
      tables.staticCodes.need(reference)
      if (replaces !== null) tables.staticCodes.need(replaces)
    },
    decide: ({ owner, reference, label, replaces }) => {
      const now = set.batch.at
      const merchant = owner.kind === 'merchant'
      const status = merchant ? party.merchant(owner.id)?.status : party.customer(owner.id)?.status
      if (status === undefined) return refuse(merchant ? 'merchant_not_found' : 'customer_not_found')
      const before = replaces === null ? undefined : tables.staticCodes.get(replaces)
      if (replaces !== null && (!isOf(before, owner) || before.state !== 'active')) return refuse('static_code_invalid')
      if (status !== 'active') return refuse(merchant ? 'merchant_blocked' : 'payee_blocked')
      invariant(tables.staticCodes.get(reference) === undefined, 'a reference is drawn anew for every code')
      const code: StaticCode = {
        ...{ reference, owner, label, state: 'active', replacedBy: null },
        createdAt: now,
        endedAt: null,
      }
      tables.staticCodes.put(reference, code)
      if (before !== undefined) tables.staticCodes.put(before.reference, revoked(before, now, reference))
      return ok({ code: staticCodeView(code), changed: true })
    },
    // Not the reference, which every attempt draws anew.
    form: ({ owner, label, replaces }) => canonicalJson({ owner: `${owner.kind}:${owner.id}`, label, replaces }),
    ...answerCodec(StaticCodeAnswer),
  }
}

/** `payments.revoke-static-code`: nobody is paid by it any more. Revoking it again changes nothing. */
export function revokeStaticCodeKind(context: PaymentContext): CommandKind<RevokeStaticCodeInput, StaticCodeAnswer> {
  const { set, tables } = context
  return {
    name: 'payments.revoke-static-code',
    need: ({ reference }) => tables.staticCodes.need(reference),
    decide: ({ reference, owner }) => {
      const code = tables.staticCodes.get(reference)
      if (code === undefined || (owner !== null && !isOf(code, owner))) return refuse('static_code_invalid')
      if (code.state === 'revoked') return ok({ code: staticCodeView(code), changed: false })
      const ended = revoked(code, set.batch.at, null)
      tables.staticCodes.put(reference, ended)
      return ok({ code: staticCodeView(ended), changed: true })
    },
    form: ({ reference, owner }) =>
      canonicalJson({ reference, owner: owner === null ? null : `${owner.kind}:${owner.id}` }),
    ...answerCodec(StaticCodeAnswer),
  }
}

function isOf(code: StaticCode | undefined, { kind, id }: Payer): code is StaticCode {
  return code?.owner.kind === kind && code.owner.id === id
}

function revoked(code: StaticCode, now: number, replacedBy: string | null): StaticCode {
  return { ...code, state: 'revoked', replacedBy, endedAt: now }
}
