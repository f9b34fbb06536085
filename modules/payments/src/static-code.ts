import type { Chance } from '@huitong/kernel'
import type { PayerKind } from './wallet-transfer.ts'

export const STATIC_CODE_STATES = ['active', 'revoked'] as const
type StaticCodeState = (typeof STATIC_CODE_STATES)[number]

/**
 * A code that is printed once and paid many times. What it says is public and can be copied, so nothing hangs on its secrecy: a payer
 * is shown the name that the owner is registered under, and confirms it, so a foreign sticker over it shows a foreign name.
 *
 *     active ──revoke, reissue──► revoked
 */
export interface StaticCode {
  readonly reference: string
  readonly owner: { readonly kind: PayerKind; readonly id: number }
  /** The owner's word for where it hangs, such as `Counter 2`; may be empty. */
  readonly label: string
  readonly state: StaticCodeState
  /** The code that was issued in its place. */
  readonly replacedBy: string | null
  readonly createdAt: number
  readonly endedAt: number | null
}

/** Crockford's alphabet: read aloud and typed without mistakes. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
export const STATIC_CODE_REFERENCE = /^[0-9A-HJKMNP-TV-Z]{16}$/

/** A new reference, drawn at the door: 16 characters, 80 bits. */
export function drawStaticCodeReference(chance: Chance): string {
  return Array.from(chance.bytes(16), (byte) => ALPHABET[byte % ALPHABET.length]).join('')
}
