import { AmountText, PublicId } from '@huitong/contract'
import { badField } from '@huitong/http'
import { type CurrencyCode, parsePublicId } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import type { EntryFilter } from './entry-filter.ts'
import { ACCOUNT_ID } from './ledger-views.ts'
import { BETWEEN_QUERY } from './point-request.ts'
import { readAmount } from './route-parts.ts'
import { isTransferCode, TRANSFER_KINDS, type TransferKind, transferCodes } from './transfer.ts'

/** Which entries of an account are asked for, and in which order. */
export const ENTRY_QUERY = {
  ...BETWEEN_QUERY,
  order: Type.Optional(Type.Union([Type.Literal('newest'), Type.Literal('oldest')], { default: 'newest' })),
  side: Type.Optional(Type.Union([Type.Literal('debit'), Type.Literal('credit')])),
  kind: Type.Optional(Type.String({ maxLength: 16, examples: ['posted'] })),
  code: Type.Optional(Type.String({ maxLength: 32, examples: ['payment'] })),
  counterparty: Type.Optional(PublicId(ACCOUNT_ID)),
  min_amount: Type.Optional(AmountText),
  max_amount: Type.Optional(AmountText),
  reference: Type.Optional(
    Type.String({ maxLength: 40, description: 'Public id of the business object, such as that of a trade' }),
  ),
}

const EntryQuery = Type.Object(ENTRY_QUERY)

export function entryFilter(query: Static<typeof EntryQuery>, currency: CurrencyCode): EntryFilter {
  const { side, kind, code, counterparty, min_amount, max_amount, reference } = query
  if (kind !== undefined && !isTransferKind(kind)) {
    throw badField('kind', 'known_kind', `must be one of ${Object.keys(TRANSFER_KINDS).join(', ')}`)
  }
  if (code !== undefined && !isTransferCode(code)) {
    throw badField('code', 'known_code', `must be one of ${transferCodes().join(', ')}`)
  }
  return {
    ...(side === undefined ? {} : { side }),
    ...(kind === undefined ? {} : { kind }),
    ...(code === undefined ? {} : { code }),
    ...(counterparty === undefined ? {} : { counterparty: idOf('counterparty', ACCOUNT_ID, counterparty) }),
    ...(min_amount === undefined ? {} : { minMinor: readAmount('min_amount', min_amount, currency) }),
    ...(max_amount === undefined ? {} : { maxMinor: readAmount('max_amount', max_amount, currency) }),
    ...(reference === undefined ? {} : { reference: idOf('reference', reference.split('_')[0] ?? '', reference) }),
  }
}

function isTransferKind(text: string): text is TransferKind {
  return Object.hasOwn(TRANSFER_KINDS, text)
}

function idOf(field: string, prefix: string, text: string): number {
  const id = parsePublicId(prefix, text)
  if (!id.ok) throw badField(field, id.error, 'is not a public id')
  return id.value
}
