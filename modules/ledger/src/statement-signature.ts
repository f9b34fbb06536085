import { type KeyObject, sign, verify } from 'node:crypto'

/**
 * What stands under an institution's statements: an Ed25519 signature (RFC 8032) over a text in UTF-8, written in base64.
 *
 * Its 64 bytes fill 85 characters and two bits of one more; readers of base64 pass over the other four bits, so that sixteen texts are
 * read as the same bytes. One signature has one form here, with those bits zero (RFC 4648 §3.5): who keeps or compares statements as
 * text never has two that say the same.
 */
export const STATEMENT_SIGNATURE = /^[A-Za-z0-9+/]{85}[AQgw]==$/

export function signStatement(key: KeyObject, text: string): string {
  return sign(null, Buffer.from(text, 'utf8'), key).toString('base64')
}

/** True when the institution with this public key signed exactly this text, and the signature is written in its one form. */
export function verifyStatement(publicKey: KeyObject, text: string, signature: string): boolean {
  if (!STATEMENT_SIGNATURE.test(signature)) return false
  return verify(null, Buffer.from(text, 'utf8'), publicKey, Buffer.from(signature, 'base64'))
}
