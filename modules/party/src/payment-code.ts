import { type Chance, err, MICROS_PER_SECOND, type Micros, ok, type Result } from '@huitong/kernel'
import { digitsOfShownCode } from './payment-code-emv.ts'
import type { Vault } from './vault.ts'

/*
 * A payment code is what a customer shows at the till: 18 digits, of which the first two (25–30) say what it is and sixteen are
 * drawn by chance, so 6·10^16 codes share at most a few thousand live ones. It works once, for a minute. Its digits are stored
 * nowhere; it is found by a keyed hash, since an unkeyed one could be turned back by trying all codes.
 */

export const PAYMENT_CODE_LIFE: Micros = 60 * MICROS_PER_SECOND
export const LIVE_CODES_MAX = 20

const FIRST_PREFIX = 25
const PREFIXES = 6
const READABLE = /^(?:2[5-9]|30)[0-9]{14,22}$/

export interface DrawnCode {
  /** 18 digits, for the customer's eyes only. */
  readonly digits: string
  /** Keyed hash, hexadecimal. */
  readonly codeHash: string
}

/** Draws a code. `chance` is the operating system's, or codes can be guessed. */
export function drawPaymentCode(vault: Vault, chance: Chance): DrawnCode {
  const random = [chance.below(1e8), chance.below(1e8)].map((part) => String(part).padStart(8, '0')).join('')
  const digits = `${FIRST_PREFIX + chance.below(PREFIXES)}${random}`
  return { digits, codeHash: vault.index('payment-code', digits) }
}

/** Whether a text has the form of a payment code, ours or another system's: prefix 25–30, 16–24 digits. */
export function isPaymentCode(text: string): boolean {
  return READABLE.test(text)
}

/** The hash that a shown code is found by: its digits, or the EMVCo code that holds them. */
export function readPaymentCode(text: string, vault: Vault): Result<string, 'malformed_code'> {
  const digits = digitsOfShownCode(text)
  return isPaymentCode(digits) ? ok(vault.index('payment-code', digits)) : err('malformed_code')
}

export interface PaymentCode {
  readonly customerId: number
  readonly issuedAt: Micros
  /** From this moment on it is worthless. */
  readonly expiresAt: Micros
  readonly usedAt: Micros | null
}

export function codeFault(
  code: PaymentCode | undefined,
  at: Micros,
): 'code_unknown' | 'code_used' | 'code_expired' | undefined {
  if (code === undefined) return 'code_unknown'
  if (code.usedAt !== null) return 'code_used'
  return at >= code.expiresAt ? 'code_expired' : undefined
}
