import { currencyCode, err, localDate, ok, parseAmount, parsePublicId, type Result } from '@huitong/kernel'
import type { AccountName, ImportedAccount, ImportedTransfer, ImportFault, ImportFaultCode } from './import-line.ts'
import { ACCOUNT_ID } from './ledger-views.ts'
import { subjectCode } from './subjects.ts'
import { isPostingCode, postingCodes } from './transfer.ts'

/** Fields of a line by name, as text; absent and empty are the same. */
export type ImportFields = Readonly<Record<string, string | undefined>>

const ACCOUNT_FIELDS = ['type', 'reference', 'subject', 'currency', 'floor'] as const
const TRANSFER_FIELDS = ['type', 'reference', 'debit', 'credit', 'amount', 'currency', 'code', 'effective_on'] as const

/** Every field that a file may have; the columns of a CSV file are of these. */
export const IMPORT_FIELDS: readonly string[] = [...new Set([...ACCOUNT_FIELDS, ...TRANSFER_FIELDS])]

/** Longer names are most likely whole lines. */
const REFERENCE_MAX = 128

function fault(code: ImportFaultCode, detail: string): { readonly ok: false; readonly error: ImportFault } {
  return err({ code, detail })
}

export function readFields(fields: ImportFields): Result<ImportedAccount | ImportedTransfer, ImportFault> {
  switch (fields.type) {
    case 'account':
      return readAccount(fields)
    case 'transfer':
      return readTransfer(fields)
    default:
      return fault('field_invalid', 'type must be account or transfer.')
  }
}

function strayField(fields: ImportFields, known: readonly string[]): string | undefined {
  for (const name in fields) if (fields[name] !== undefined && fields[name] !== '' && !known.includes(name)) return name
  return undefined
}

function readAccount(fields: ImportFields): Result<ImportedAccount, ImportFault> {
  const stray = strayField(fields, ACCOUNT_FIELDS)
  if (stray !== undefined) return fault('field_unknown', `An account has no ${stray}.`)
  const { reference = '', subject: subjectText = '', currency: currencyText = '', floor = '' } = fields
  if (reference === '') return fault('field_missing', 'reference is needed.')
  if (subjectText === '') return fault('field_missing', 'subject is needed.')
  const badReference = referenceFault(reference)
  if (badReference !== undefined) return fault('field_invalid', badReference)
  const subject = subjectCode(subjectText)
  if (subject === undefined) return fault('field_invalid', `${subjectText} is not in the chart of accounts.`)
  const currency = currencyCode(currencyText)
  if (!currency.ok) return fault('field_invalid', 'currency must be a code of ISO 4217, such as CNY.')
  if (floor === '') return ok({ type: 'account', reference, subject, currency: currency.value, floorMinor: null })
  const negative = floor.startsWith('-')
  const amount = parseAmount(negative ? floor.slice(1) : floor, currency.value, { allowZero: true })
  if (!amount.ok) return fault('field_invalid', `floor is not an amount of ${currency.value}: ${amount.error}.`)
  const floorMinor = negative ? -amount.value : amount.value
  return ok({ type: 'account', reference, subject, currency: currency.value, floorMinor })
}

function readTransfer(fields: ImportFields): Result<ImportedTransfer, ImportFault> {
  const stray = strayField(fields, TRANSFER_FIELDS)
  if (stray !== undefined) return fault('field_unknown', `A transfer has no ${stray}.`)
  const { reference = '', effective_on: effectiveText = '' } = fields
  if (reference !== '') {
    const bad = referenceFault(reference)
    if (bad !== undefined) return fault('field_invalid', bad)
  }
  const leg = readLeg(fields)
  if (!leg.ok) return leg
  const day = readDay(effectiveText)
  if (!day.ok) return day
  return ok({
    type: 'transfer',
    reference: reference === '' ? null : reference,
    legs: [leg.value],
    effectiveOn: day.value,
  })
}

export function readDay(text: string): Result<string | null, ImportFault> {
  if (text === '') return ok(null)
  const day = localDate(text)
  return day.ok ? ok(day.value) : fault('field_invalid', 'effective_on must be a day such as 2026-11-22.')
}

export function readLeg(fields: ImportFields): Result<ImportedTransfer['legs'][number], ImportFault> {
  const { debit = '', credit = '', amount: amountText = '', currency: currencyText = '', code = '' } = fields
  if (debit === '') return fault('field_missing', 'debit is needed.')
  if (credit === '') return fault('field_missing', 'credit is needed.')
  if (amountText === '') return fault('field_missing', 'amount is needed.')
  const currency = currencyCode(currencyText)
  if (!currency.ok) return fault('field_invalid', 'currency must be a code of ISO 4217, such as CNY.')
  const amount = parseAmount(amountText, currency.value)
  if (!amount.ok)
    return fault('field_invalid', `amount is not one of ${currency.value} that can be moved: ${amount.error}.`)
  const purpose = code === '' ? 'adjustment' : code
  if (!isPostingCode(purpose)) return fault('field_invalid', `code must be one of ${postingCodes().join(', ')}.`)
  const [from, to] = [accountName(debit), accountName(credit)]
  if (from === undefined) return fault('field_invalid', 'debit is neither the id of an account nor a reference.')
  if (to === undefined) return fault('field_invalid', 'credit is neither the id of an account nor a reference.')
  return ok({ debit: from, credit: to, amountMinor: amount.value, currency: currency.value, code: purpose })
}

/** What starts like a public id is one; a file cannot name its accounts so. */
function accountName(text: string): AccountName | undefined {
  if (!text.startsWith(`${ACCOUNT_ID}_`)) return referenceFault(text) === undefined ? { reference: text } : undefined
  const id = parsePublicId(ACCOUNT_ID, text)
  return id.ok ? { id: id.value } : undefined
}

export function referenceFault(text: string): string | undefined {
  if (text.length > REFERENCE_MAX) return `reference may have ${REFERENCE_MAX} characters.`
  // U+FFFD is what stands where the file was not UTF-8.
  if (!/^[^\p{Cc}\p{Cs}\ufffd]+$/u.test(text)) return 'reference holds characters that cannot be kept.'
  return /^[a-z]{1,12}_[0-9a-z]{12}$/.test(text) ? 'reference looks like an id of Huitong.' : undefined
}
