/*
 * Why an EMVCo QR code is refused, one closed list for both forms, in order of precedence: first what keeps the text from being taken apart,
 * then what a field must be by itself, then what fields must be together.
 */
export const EMV_FAULTS = {
  too_long: 'is longer than a QR code of this kind may be',
  malformed_text: 'contains characters that cannot be part of it',
  too_short: 'is shorter than the shortest code',
  crc_missing: 'does not end with a check sum',
  crc_wrong: 'has a check sum that does not fit: it was misread or changed',
  header_truncated: 'ends within the id or length of a field',
  id_not_digits: 'has a field id that is not two digits',
  length_not_digits: 'has a length that is not two digits',
  length_zero: 'has a field without a value',
  length_past_end: 'has a length that runs past the end',
  tag_malformed: 'has a malformed tag',
  length_malformed: 'has a malformed length',
  duplicate_tag: 'is there twice',
  format_indicator_not_first: 'does not begin with the payload format indicator',
  crc_not_last: 'has fields that swallow or follow the check sum',
  format_not_supported: 'names a payload format that is not known',
  point_of_initiation_unknown: 'is neither 11 (static) nor 12 (dynamic)',
  missing: 'is missing',
  wrong_length: 'has a length that it must not have',
  not_digits: 'must be digits only',
  not_letters: 'must be two capital letters',
  not_printable: 'must be printable ASCII characters',
  amount_malformed: 'is not an amount: digits with at most one point',
  amount_zero: 'must be more than zero',
  tip_indicator_unknown: 'is none of 01, 02 and 03',
  tip_not_announced: 'is given, and field 55 does not announce it',
  value_unknown: 'has a value that is not one of those allowed',
} as const

export type EmvFaultCode = keyof typeof EMV_FAULTS

export interface EmvFault {
  readonly code: EmvFaultCode
  /** The field, such as `54` or `26.00`; null when the code as a whole is meant. */
  readonly field: string | null
}

export function emvFault(
  code: EmvFaultCode,
  field: string | null = null,
): { readonly ok: false; readonly error: EmvFault } {
  return { ok: false, error: { code, field } }
}

/** One sentence for people; it repeats nothing of the code's content. */
export function emvFaultText({ code, field }: EmvFault): string {
  return `${field === null ? 'The code' : `Field ${field} of the code`} ${EMV_FAULTS[code]}.`
}
