import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import { invariant } from './assert.ts'
import type { Chance } from './chance.ts'

/*
 * Encryption of single values that a database keeps: AES-256-GCM under a key from outside the database. A sealed value is its nonce
 * (12 bytes), the ciphertext and the tag (16 bytes).
 */

export const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** One version of an institution's master secret: 32 bytes from outside the database. */
export interface MasterSecret {
  readonly version: number
  readonly secret: Uint8Array
}

/** One secret from outside serves several purposes, so each gets a key that says nothing about the others (HKDF, RFC 5869). */
export function deriveKey(secret: Uint8Array, purpose: string): Uint8Array {
  invariant(secret.byteLength === KEY_BYTES, 'a secret from outside has 32 bytes')
  return new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), purpose, KEY_BYTES))
}

/** The field's name is authenticated, so that one field's ciphertext cannot be passed off as another's. */
export function seal(key: Uint8Array, field: string, plain: Uint8Array, chance: Chance): Buffer {
  const nonce = chance.bytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(field, 'utf8'))
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** Throws when the value was changed, or sealed under another key or as another field. */
export function unseal(key: Uint8Array, field: string, sealed: Uint8Array): Buffer {
  invariant(sealed.byteLength >= NONCE_BYTES + TAG_BYTES, 'a sealed value is too short')
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(field, 'utf8'))
  decipher.setAuthTag(sealed.subarray(sealed.byteLength - TAG_BYTES))
  const plain = decipher.update(sealed.subarray(NONCE_BYTES, sealed.byteLength - TAG_BYTES))
  return Buffer.concat([plain, decipher.final()])
}
