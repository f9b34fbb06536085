import { AmountText, CurrencyText } from '@huitong/contract'
import { type CurrencyCode, currencyCode, err, ok, parseAmount, parsePublicId, type Result } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { TRANSFER_ID } from './ledger-views.ts'
import { type BadLeg, postingLegs } from './posting-request.ts'
import type { ReversalTarget } from './reversal.ts'
import type { TransferLeg } from './reversal-command.ts'

const Id = Type.String({ maxLength: 40 })

const TARGET = {
  transfer: Type.Optional(Id),
  entry: Type.Optional(Type.String({ maxLength: 40, description: 'All transfers of this entry' })),
  amount: Type.Optional(AmountText),
  currency: Type.Optional(CurrencyText),
}

/** What is taken back: a transfer, wholly or by an amount, or an entry. */
export const ReversalRequestBody = Type.Object(TARGET)

const CorrectionLeg = Type.Object({
  debit: Id,
  credit: Id,
  amount: AmountText,
  currency: CurrencyText,
  code: Type.Optional(Type.String({ maxLength: 32, examples: ['adjustment'] })),
})

/** What is taken back, and what should have been posted instead. */
export const CorrectionRequestBody = Type.Object({
  ...TARGET,
  legs: Type.Array(CorrectionLeg, { minItems: 1, maxItems: 100 }),
})

interface ReadTarget {
  readonly of: ReversalTarget
  readonly currency?: CurrencyCode
}

export function reversalTarget(body: Static<typeof ReversalRequestBody>): Result<ReadTarget, BadLeg> {
  const { transfer, entry, amount, currency } = body
  if (transfer === undefined && entry === undefined) return bad('transfer', 'required', 'or an entry is needed')
  if (transfer !== undefined && entry !== undefined)
    return bad('entry', 'not_allowed', 'has no meaning beside a transfer')
  if (entry !== undefined) {
    if (amount !== undefined) return bad('amount', 'not_allowed', 'has no meaning for an entry')
    if (currency !== undefined) return bad('currency', 'not_allowed', 'has no meaning for an entry')
    const id = parsePublicId(TRANSFER_ID, entry)
    return id.ok ? ok({ of: { entry: id.value } }) : bad('entry', id.error, 'is not the id of an entry')
  }
  const id = parsePublicId(TRANSFER_ID, transfer ?? '')
  if (!id.ok) return bad('transfer', id.error, 'is not the id of a transfer')
  if (amount === undefined) {
    return currency === undefined
      ? ok({ of: { transfer: id.value } })
      : bad('currency', 'not_allowed', 'has no meaning without an amount')
  }
  if (currency === undefined) return bad('currency', 'required', 'is needed for an amount')
  const code = currencyCode(currency)
  if (!code.ok) return bad('currency', 'iso_4217', 'is not a currency')
  const minor = parseAmount(amount, code.value)
  if (!minor.ok) return bad('amount', minor.error, `is not an amount of ${code.value} that can be moved`)
  return ok({ of: { transfer: id.value, amountMinor: minor.value }, currency: code.value })
}

export function correctionLegs(body: Static<typeof CorrectionRequestBody>): Result<readonly TransferLeg[], BadLeg> {
  const read = postingLegs({ legs: body.legs.map((leg) => ({ ...leg, type: 'transfer' })) })
  if (!read.ok) return read
  return ok(read.value.flatMap((leg) => (leg.type === 'transfer' ? [{ ...leg, type: leg.type }] : [])))
}

function bad(field: string, rule: string, message: string): { readonly ok: false; readonly error: BadLeg } {
  return err({ field, rule, message })
}
