import { hash } from 'node:crypto'
import type { Chance } from '@huitong/kernel'
import type { OrderTerms } from './trade-decide.ts'

/**
 * A code that a merchant shows for one order. Whoever scans it becomes the buyer. It has all of the order's terms, since there is no
 * trade yet.
 */
export interface OrderCode extends OrderTerms {
  /** SHA-256 of the token, hexadecimal: a copy of the tables shows no code that can be scanned. */
  readonly tokenHash: string
  /** How long its trade will wait for payment, in µs from the scan. */
  readonly tradeLife: number
  /** When its trade will expire at the latest, in µs; null for no such time. */
  readonly tradeExpiresAt: number | null
  readonly createdAt: number
  /** From then on it cannot be scanned. */
  readonly expiresAt: number
}

const TOKEN_BYTES = 16

/** A new token, drawn at the door: 22 characters, 128 bits. */
export function drawOrderCodeToken(chance: Chance): string {
  return Buffer.from(chance.bytes(TOKEN_BYTES)).toString('base64url')
}

export function orderCodeHash(token: string): string {
  return hash('sha256', token, 'hex')
}
