import { AmountText, CurrencyText } from '@huitong/contract'
import { currencyCode, err, ok, parseAmount, parsePublicId, type Result } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import type { EntryLine } from './journal-entry.ts'
import { ACCOUNT_ID } from './ledger-views.ts'
import { isPostingCode, postingCodes, type TransferCode } from './transfer.ts'

/** An entry as it comes over HTTP. */
export const EntryRequestBody = Type.Object({
  lines: Type.Array(
    Type.Object({
      side: Type.Union([Type.Literal('debit'), Type.Literal('credit')]),
      account: Type.String({ maxLength: 40 }),
      amount: AmountText,
      currency: CurrencyText,
    }),
    { minItems: 2, maxItems: 500 },
  ),
  code: Type.Optional(Type.String({ maxLength: 32, examples: ['adjustment'] })),
})

export interface BadRequestField {
  readonly field: string
  readonly rule: string
  readonly message: string
}

export function entryLines(
  body: Static<typeof EntryRequestBody>,
): Result<{ readonly lines: readonly EntryLine[]; readonly code: TransferCode }, BadRequestField> {
  const lines: EntryLine[] = []
  for (const [index, { side, account, amount, currency }] of body.lines.entries()) {
    const bad = (field: string, rule: string, message: string) =>
      err({ field: `lines[${index}].${field}`, rule, message })
    const id = parsePublicId(ACCOUNT_ID, account)
    if (!id.ok) return bad('account', id.error, 'is not the id of an account')
    const code = currencyCode(currency)
    if (!code.ok) return bad('currency', 'iso_4217', 'is not a currency')
    const amountMinor = parseAmount(amount, code.value)
    if (!amountMinor.ok) return bad('amount', amountMinor.error, `is not an amount of ${code.value} that can be moved`)
    lines.push({ side, account: id.value, amountMinor: amountMinor.value, currency: code.value })
  }
  const code = readTransferCode(body.code)
  return code.ok ? ok({ lines, code: code.value }) : code
}

function readTransferCode(text = 'adjustment'): Result<TransferCode, BadRequestField> {
  if (isPostingCode(text)) return ok(text)
  return err({ field: 'code', rule: 'known_code', message: `must be one of ${postingCodes().join(', ')}` })
}
