import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto'
import { err, ok, type Result } from '@huitong/kernel'

/*
 * Content encryption between a merchant and the gateway: AES in CBC mode with PKCS#7 padding, the key agreed as base64, and an
 * initialisation vector of zeros, which the protocol fixes. The signature covers the ciphertext and is checked first; so
 * nobody without the merchant's private key can ask whether a padding was right.
 */
const ZERO_IV = Buffer.alloc(16)

/** Reads an AES key of 128, 192 or 256 bits from base64. */
export function importAesKey(text: string): Result<KeyObject, 'malformed_key'> {
  const raw = Buffer.from(text, 'base64')
  const wellFormed = raw.toString('base64') === text && [16, 24, 32].includes(raw.length)
  return wellFormed ? ok(createSecretKey(raw)) : err('malformed_key')
}

/** Text as UTF-8, encrypted, as base64. */
export function encryptContent(text: string, key: KeyObject): string {
  const cipher = createCipheriv(algorithmOf(key), key, ZERO_IV)
  return Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]).toString('base64')
}

/** The text inside a base64 ciphertext, if the key fits it. */
export function decryptContent(ciphertext: string, key: KeyObject): Result<string, 'undecipherable'> {
  const raw = Buffer.from(ciphertext, 'base64')
  if (raw.toString('base64') !== ciphertext) return err('undecipherable')
  try {
    const decipher = createDecipheriv(algorithmOf(key), key, ZERO_IV)
    const plain = Buffer.concat([decipher.update(raw), decipher.final()])
    return ok(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plain))
  } catch {
    // A wrong length, a wrong padding or bytes that are no UTF-8: all say that the key or the text is not the right one.
    return err('undecipherable')
  }
}

function algorithmOf(key: KeyObject): string {
  return `aes-${(key.symmetricKeySize ?? 0) * 8}-cbc`
}
