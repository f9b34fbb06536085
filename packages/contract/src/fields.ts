import Type, { type TString } from 'typebox'

/**
 * An amount of money as decimal text. The pattern keeps out signs, exponents and stray characters; how many decimals the
 * currency has, and the largest amount, is judged by `parseAmount` of @huitong/kernel, which knows the currency.
 */
export const AmountText = Type.String({
  $id: 'AmountText',
  pattern: '^(0|[1-9][0-9]{0,18})(\\.[0-9]{1,4})?$',
  maxLength: 24,
  examples: ['88.88'],
  description: 'Decimal text, with at most as many decimals as the currency has',
})

/** An amount in an answer, which may be below zero: a balance or a difference. */
export const SignedAmountText = Type.String({
  $id: 'SignedAmountText',
  pattern: '^-?(0|[1-9][0-9]{0,18})(\\.[0-9]{1,4})?$',
  examples: ['-88.88'],
})

/** The form of an ISO 4217 code; whether it is one is judged by `currencyCode` of @huitong/kernel. */
export const CurrencyText = Type.String({
  $id: 'CurrencyCode',
  pattern: '^[A-Z]{3}$',
  examples: ['CNY'],
  description: 'ISO 4217 alphabetic code',
})

/** RFC 3339 in UTC with microseconds, as `microsToIso` writes it. */
export const Timestamp = Type.String({
  $id: 'Timestamp',
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$',
  examples: ['2026-11-22T04:50:55.000123Z'],
})

/** A calendar day, `YYYY-MM-DD`. */
export const Day = Type.String({ $id: 'Day', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$', examples: ['2026-11-22'] })

/** A public id of one kind of object, such as `acct_…`; read it with `parsePublicId`, which checks its check digit. */
export function PublicId(prefix: string): TString {
  return Type.String({ pattern: `^${prefix}_[0-9a-hjkmnp-tv-z]{12}$`, description: `Id that starts with ${prefix}_` })
}

/**
 * One line of text that people will read: none of the control characters, line separators and overrides of the writing direction that
 * `storableText` refuses. Length in UTF-16 code units.
 */
export function LineText(maxLength: number): TString {
  return Type.String({
    minLength: 1,
    maxLength,
    pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069]*$',
  })
}
