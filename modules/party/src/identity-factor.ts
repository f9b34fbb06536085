import { err, ok, type Result } from '@huitong/kernel'
import type { CustomerTier } from './customer.ts'

/** Ways in which somebody outside confirmed who a customer is. `face_to_face` is our own staff's. */
export const IDENTITY_FACTORS = [
  'phone',
  'identity_document',
  'bank_card',
  'tax',
  'social_security',
  'education',
  'utility',
  'face',
  'face_to_face',
] as const

export type IdentityFactor = (typeof IDENTITY_FACTORS)[number]

export interface ConfirmedFactor {
  readonly factor: IdentityFactor
  /** The confirming party's own number for it. */
  readonly reference: string
  /** µs */
  readonly confirmedAt: number
}

/**
 * The class of payment account that these factors are good for: three channels for class II and five for class III, or face to face for
 * either (PBoC Announcement 2015 No. 43). The identity document is among them, or nobody knows who the person is.
 */
export function tierOfFactors(factors: readonly ConfirmedFactor[]): CustomerTier {
  const known = new Set(factors.map(({ factor }) => factor))
  if (!known.has('identity_document')) return 1
  if (known.has('face_to_face')) return 3
  if (known.size >= 5) return 3
  return known.size >= 3 ? 2 : 1
}

const DOCUMENT_NUMBER = /^[1-9][0-9]{16}[0-9X]$/
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECK_CHARACTERS = '10X98765432'

/** Reads a resident identity number: 17 digits and a check character (GB 11643, modulo 11-2), the birthday a day that exists. */
export function readDocumentNumber(text: string): Result<string, 'malformed_number' | 'wrong_check_character'> {
  const number = text.trim().toUpperCase()
  if (!DOCUMENT_NUMBER.test(number) || !isDay(number.slice(6, 14))) return err('malformed_number')
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(number[index]), 0)
  return number[17] === CHECK_CHARACTERS[sum % 11] ? ok(number) : err('wrong_check_character')
}

function isDay(digits: string): boolean {
  const text = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`
  const millis = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(millis) && new Date(millis).toISOString().startsWith(text)
}
