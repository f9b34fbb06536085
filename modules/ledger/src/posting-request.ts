import { AmountText, CurrencyText, Day, Timestamp } from '@huitong/contract'
import { badField } from '@huitong/http'
import { currencyCode, err, isoToMicros, localDate, ok, parseAmount, parsePublicId, type Result } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { ACCOUNT_ID, TRANSFER_ID } from './ledger-views.ts'
import { MetadataInput, metadataOf } from './metadata-request.ts'
import type { PostingLeg } from './posting-command.ts'
import { isPostingCode, postingCodes } from './transfer.ts'

const Id = Type.String({ maxLength: 40 })

/** A posting as it comes over HTTP. */
export const PostingRequest = Type.Object({
  legs: Type.Array(
    Type.Object({
      type: Type.Union([
        Type.Literal('transfer'),
        Type.Literal('hold'),
        Type.Literal('capture'),
        Type.Literal('increase'),
        Type.Literal('void'),
      ]),
      debit: Type.Optional(Id),
      credit: Type.Optional(Id),
      hold: Type.Optional(Id),
      amount: Type.Optional(AmountText),
      currency: Type.Optional(CurrencyText),
      code: Type.Optional(Type.String({ maxLength: 32, examples: ['adjustment'] })),
      final: Type.Optional(Type.Boolean({ description: 'Captures only: give the rest back; true unless told' })),
      expiresAt: Type.Optional(Timestamp),
      metadata: Type.Optional(MetadataInput),
      effectiveOn: Type.Optional(Day),
    }),
    { minItems: 1, maxItems: 100 },
  ),
})

export type PostingBody = Static<typeof PostingRequest>
type LegBody = PostingBody['legs'][number]

export interface BadLeg {
  readonly field: string
  readonly rule: string
  readonly message: string
}

/** Which fields each type of leg has; any other is refused, so that a mistake is not taken for a wish. */
const FIELDS: Readonly<
  Record<LegBody['type'], { readonly needed: readonly (keyof LegBody)[]; readonly allowed: readonly (keyof LegBody)[] }>
> = {
  transfer: { needed: ['debit', 'credit', 'amount', 'currency'], allowed: ['code', 'effectiveOn', 'metadata'] },
  hold: { needed: ['debit', 'credit', 'amount', 'currency'], allowed: ['code', 'expiresAt', 'metadata'] },
  capture: { needed: ['hold', 'amount', 'currency'], allowed: ['final', 'metadata'] },
  increase: { needed: ['hold', 'amount', 'currency'], allowed: ['metadata'] },
  void: { needed: ['hold'], allowed: ['metadata'] },
}

export function postingLegs(body: PostingBody): Result<readonly PostingLeg[], BadLeg> {
  const legs: PostingLeg[] = []
  for (const [index, leg] of body.legs.entries()) {
    const read = readLeg(leg)
    if (!read.ok) return err({ ...read.error, field: `legs[${index}].${read.error.field}` })
    const metadata = leg.metadata === undefined ? undefined : metadataOf(leg.metadata)
    if (metadata?.ok === false) return err({ ...metadata.error, field: `legs[${index}].${metadata.error.field}` })
    legs.push(metadata === undefined ? read.value : { ...read.value, metadata: metadata.value })
  }
  return ok(legs)
}

/** As `postingLegs`; what cannot be read is thrown as the problem that the caller is answered with. */
export function readPostingLegs(body: PostingBody): readonly PostingLeg[] {
  const legs = postingLegs(body)
  if (!legs.ok) throw badField(legs.error.field, legs.error.rule, legs.error.message)
  return legs.value
}

function readLeg(leg: LegBody): Result<PostingLeg, BadLeg> {
  const { needed, allowed } = FIELDS[leg.type]
  for (const name of needed) if (leg[name] === undefined) return bad(name, 'required', `is needed for a ${leg.type}`)
  for (const name of legFields(leg)) {
    if (!needed.includes(name) && !allowed.includes(name))
      return bad(name, 'not_allowed', `has no meaning for a ${leg.type}`)
  }
  if (leg.type === 'void') {
    const hold = parsePublicId(TRANSFER_ID, leg.hold ?? '')
    return hold.ok ? ok({ type: 'void', hold: hold.value }) : bad('hold', hold.error, 'is not the id of a hold')
  }
  const currency = currencyCode(leg.currency ?? '')
  if (!currency.ok) return bad('currency', 'iso_4217', 'is not a currency')
  const amount = parseAmount(leg.amount ?? '', currency.value)
  if (!amount.ok) return bad('amount', amount.error, `is not an amount of ${currency.value} that can be moved`)
  if (leg.type === 'capture' || leg.type === 'increase') {
    const hold = parsePublicId(TRANSFER_ID, leg.hold ?? '')
    if (!hold.ok) return bad('hold', hold.error, 'is not the id of a hold')
    const of = { hold: hold.value, amountMinor: amount.value, currency: currency.value }
    return ok(
      leg.type === 'increase' ? { type: 'increase', ...of } : { type: 'capture', ...of, final: leg.final ?? true },
    )
  }
  const debit = parsePublicId(ACCOUNT_ID, leg.debit ?? '')
  if (!debit.ok) return bad('debit', debit.error, 'is not the id of an account')
  const credit = parsePublicId(ACCOUNT_ID, leg.credit ?? '')
  if (!credit.ok) return bad('credit', credit.error, 'is not the id of an account')
  const code = leg.code ?? 'adjustment'
  if (!isPostingCode(code)) return bad('code', 'known_code', `must be one of ${postingCodes().join(', ')}`)
  const effectiveOn = leg.effectiveOn === undefined ? ok(undefined) : localDate(leg.effectiveOn)
  if (!effectiveOn.ok) return bad('effectiveOn', effectiveOn.error, 'is not a day')
  const expiry = leg.expiresAt === undefined ? ok(null) : isoToMicros(leg.expiresAt)
  if (!expiry.ok) return bad('expiresAt', expiry.error, 'is not a time')
  return ok({
    type: leg.type,
    debit: debit.value,
    credit: credit.value,
    amountMinor: amount.value,
    currency: currency.value,
    code,
    reference: null,
    expiresAt: expiry.value,
    ...(effectiveOn.value === undefined ? {} : { effectiveOn: effectiveOn.value }),
  })
}

function legFields(leg: LegBody): readonly (keyof LegBody)[] {
  const names: readonly (keyof LegBody)[] = [
    'debit',
    'credit',
    'hold',
    'amount',
    'currency',
    'code',
    'final',
    'expiresAt',
    'metadata',
    'effectiveOn',
  ]
  return names.filter((name) => leg[name] !== undefined)
}

function bad(field: string, rule: string, message: string): { readonly ok: false; readonly error: BadLeg } {
  return err({ field, rule, message })
}
