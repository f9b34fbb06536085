import { invariant } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import { FUNDERS, TENDER_FORMS, TENDER_NAMES, type TenderPart } from './tender.ts'

/*
 * How the tenders of a purchase are stored, with the purchase's own row: there are a few, they come and go with it, and most purchases are
 * paid from the balance alone, which is stored as nothing.
 */

const StoredParts = Type.Array(
  Type.Object({
    tender: Type.Enum([...TENDER_NAMES]),
    instrument: Type.Union([Type.Integer(), Type.Null()]),
    funder: Type.Enum([...FUNDERS]),
    form: Type.Union([Type.Enum([...TENDER_FORMS]), Type.Null()]),
    label: Type.Union([Type.String(), Type.Null()]),
    // As text: numbers of jsonb lose digits on their way.
    amount_minor: Type.String(),
    returned_minor: Type.String(),
  }),
)

export function storedParts(value: unknown): readonly TenderPart[] | null {
  if (value === null) return null
  invariant(Value.Check(StoredParts, value), 'stored tenders have their form')
  return value.map(({ amount_minor, returned_minor, ...part }) => ({
    ...part,
    amountMinor: BigInt(amount_minor),
    returnedMinor: BigInt(returned_minor),
  }))
}

export function partsText(parts: readonly TenderPart[] | null): string | null {
  if (parts === null) return null
  const rows: Static<typeof StoredParts> = parts.map(({ amountMinor, returnedMinor, ...part }) => ({
    ...part,
    amount_minor: amountMinor.toString(),
    returned_minor: returnedMinor.toString(),
  }))
  return JSON.stringify(rows)
}
