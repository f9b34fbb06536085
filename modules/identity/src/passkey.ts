import { MICROS_PER_SECOND, type Micros } from '@huitong/kernel'
import type { Subject } from './subject.ts'

/*
 * A passkey is a key pair of an authenticator: a phone, a computer, a security key. We keep the public half. Its signature proves two
 * things of different kinds at once, the device and the finger, face or PIN that unlocked it, so such a session is as strong as it gets.
 */

/** `suspended`: its counter ran backwards, so there may be two of it. Only a working one can be used. */
export const PASSKEY_STATES = ['active', 'suspended', 'removed'] as const
type PasskeyState = (typeof PASSKEY_STATES)[number]

export interface Passkey {
  readonly id: number
  readonly subject: Subject
  readonly credentialId: Uint8Array
  readonly publicKey: Uint8Array
  /** What the authenticator counted at its last use; 0 for those that do not count. */
  readonly counter: number
  /** As its owner calls it. */
  readonly name: string
  /** Whether it may be copied to the owner's other devices by their maker. */
  readonly synced: boolean
  readonly transports: readonly string[]
  /** The device whose session registered it: where it is, unless it is on a key that is carried about. */
  readonly deviceId: number | null
  readonly state: PasskeyState
  readonly createdAt: Micros
  readonly lastUsedAt: Micros | null
}

/** Enough for everybody's devices; without a bound, one person could fill a table. */
export const PASSKEYS_MAX = 10

/** How long a challenge may be answered: finding the phone takes its time. */
export const CHALLENGE_LIFE: Micros = 5 * 60 * MICROS_PER_SECOND

/**
 * Whether a counter can come from the same authenticator as the last one. Those that count must go up; those that do not count say
 * 0 for ever. One that stands still or goes back means that the key exists twice.
 */
export function counterFollows(before: number, now: number): boolean {
  return now > before || (now === 0 && before === 0)
}
