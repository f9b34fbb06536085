import type { Micros } from '@huitong/kernel'
import { MICROS_PER_SECOND } from '@huitong/kernel'
import { generateURI, ScureBase32Plugin, verifySync } from 'otplib'

/*
 * The door to the library of one-time codes. SHA-1, six digits and half a minute are the only settings that every app knows, and for codes
 * of half a minute's life SHA-1 is as good as any (RFC 6238, §1.2).
 */

const PERIOD_SECONDS = 30
const SIX_DIGITS = /^\d{6}$/
const base32 = new ScureBase32Plugin()

/** The time step that this code is of, when that is now or next to it: clocks differ, and typing takes its time. */
export function checkCode(secret: Uint8Array, code: string, at: Micros): number | undefined {
  if (!SIX_DIGITS.test(code)) return undefined
  const epoch = Math.floor(at / MICROS_PER_SECOND)
  const found = verifySync({ secret, token: code, epoch, period: PERIOD_SECONDS, epochTolerance: PERIOD_SECONDS })
  return found.valid ? Math.floor(epoch / PERIOD_SECONDS) + found.delta : undefined
}

/** The secret as people type it where no camera is. */
export function secretText(secret: Uint8Array): string {
  return base32.encode(secret, { padding: false })
}

/** `otpauth://…`, for a QR code. */
export function enrolmentUri(issuer: string, label: string, secret: Uint8Array): string {
  return generateURI({ issuer, label, secret: secretText(secret) })
}
