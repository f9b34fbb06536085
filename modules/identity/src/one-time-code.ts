import { MICROS_PER_SECOND, type Micros } from '@huitong/kernel'
import type { Subject } from './subject.ts'

/*
 * One-time codes: an app computes six digits from a secret that it shares with us and the time (TOTP, RFC 6238). Six digits can be
 * guessed, so guesses are counted by person, in the database, under a lock: five are free, and after them each further one doubles a wait,
 * from a minute to a day. A guesser gets some twenty tries in the first week, each right with a chance of three in a million.
 */

export interface CodeSecret {
  readonly subject: Subject
  /** `pending`: shown, and not yet proved to be in an app. */
  readonly state: CodeSecretState
  /** Under the master key of this version. */
  readonly sealed: Uint8Array
  readonly keyVersion: number
  readonly createdAt: Micros
  readonly confirmedAt: Micros | null
  /** The time step of the last code that was taken: codes of it and before it are used up. */
  readonly lastStep: number
  /** False codes since the last right one. */
  readonly failures: number
  readonly blockedUntil: Micros | null
}

export const CODE_SECRET_STATES = ['pending', 'active'] as const
export type CodeSecretState = (typeof CODE_SECRET_STATES)[number]

/** As RFC 4226 recommends: 160 bits. */
export const SECRET_BYTES = 20

const FREE_FAILURES = 5
const MINUTE: Micros = 60 * MICROS_PER_SECOND
const WAIT_MAX: Micros = 24 * 60 * MINUTE

/** How long nobody may try after so many false codes in a row. */
export function waitAfter(failures: number): Micros {
  if (failures < FREE_FAILURES) return 0
  return Math.min(MINUTE * 2 ** Math.min(failures - FREE_FAILURES, 20), WAIT_MAX)
}

export const RECOVERY_CODES = 10
const RECOVERY_LENGTH = 10
// Without letters that look like digits or each other; 32 of them, so that each takes five bits.
const RECOVERY_ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** Fifty bits in two groups, such as `7k2mq-x4r0c`, to be kept on paper. */
export function recoveryCodeOf(drawn: Uint8Array): string {
  const text = Array.from(drawn.subarray(0, RECOVERY_LENGTH), (byte) => RECOVERY_ALPHABET.charAt(byte & 31)).join('')
  return `${text.slice(0, RECOVERY_LENGTH / 2)}-${text.slice(RECOVERY_LENGTH / 2)}`
}

/** What somebody typed, as a code of the app or a recovery code; undefined when it can be neither. */
export function typedCode(text: string): { readonly kind: 'app' | 'recovery'; readonly code: string } | undefined {
  const bare = text.replaceAll(/[\s-]/g, '').toLowerCase()
  if (/^\d{6}$/.test(bare)) return { kind: 'app', code: bare }
  const code = bare.replaceAll('o', '0').replaceAll(/[il]/g, '1')
  const recovery = code.length === RECOVERY_LENGTH && [...code].every((char) => RECOVERY_ALPHABET.includes(char))
  return recovery ? { kind: 'recovery', code } : undefined
}
