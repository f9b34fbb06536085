import { err, ok, type Result } from '@huitong/kernel'

/** A phone number in its one canonical form, E.164: `+8615912345620`. */
export type PhoneNumber = string

const MAINLAND_MOBILE = /^1[3-9][0-9]{9}$/
const E164 = /^\+[1-9][0-9]{6,14}$/

/** Reads a mainland mobile number of eleven digits, or any number in E.164 form. Spaces and hyphens between digits are skipped. */
export function readPhone(text: string): Result<PhoneNumber, 'malformed_phone'> {
  const digits = text.replaceAll(/[ -]/g, '')
  if (MAINLAND_MOBILE.test(digits)) return ok(`+86${digits}`)
  return E164.test(digits) ? ok(digits) : err('malformed_phone')
}

/** The sign-in name as others may see it: `159****5620`. At least four digits stay hidden, fewer are shown of short numbers. */
export function maskedPhone(phone: PhoneNumber): string {
  const local = phone.startsWith('+86') ? phone.slice(3) : phone.slice(1)
  return local.length >= 11 ? `${local.slice(0, 3)}****${local.slice(-4)}` : `****${local.slice(-2)}`
}
