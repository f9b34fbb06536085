import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { err, ok, type Result } from '@huitong/kernel'

/** The platform's names of its two signature algorithms; both are PKCS#1 v1.5. New applications use RSA2. */
const RSA_DIGESTS = { RSA2: 'RSA-SHA256', RSA: 'RSA-SHA1' } as const
export type RsaAlgorithm = keyof typeof RSA_DIGESTS

export function isRsaAlgorithm(text: string): text is RsaAlgorithm {
  return Object.hasOwn(RSA_DIGESTS, text)
}

/** Shorter keys can be broken and are refused. */
const MODULUS_BITS_MIN = 2048

/**
 * Signs text as UTF-8; the answer is base64. The work is done on libuv's thread pool, so that a millisecond of arithmetic
 * per message does not hold up the event loop.
 */
export async function rsaSign(algorithm: RsaAlgorithm, text: string | Uint8Array, key: KeyObject): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  sign(RSA_DIGESTS[algorithm], bytesOf(text), key, (error, signature) => {
    if (error === null) resolve(signature.toString('base64'))
    else reject(error)
  })
  return promise
}

/** Whether the base64 signature belongs to the text and key. Text that is not canonical base64 belongs to nothing. */
export async function rsaVerify(
  algorithm: RsaAlgorithm,
  text: string | Uint8Array,
  signature: string,
  key: KeyObject,
): Promise<boolean> {
  const raw = Buffer.from(signature, 'base64')
  if (raw.toString('base64') !== signature) return false
  const { promise, resolve, reject } = Promise.withResolvers<boolean>()
  verify(RSA_DIGESTS[algorithm], bytesOf(text), key, raw, (error, valid) => {
    if (error === null) resolve(valid)
    else reject(error)
  })
  return promise
}

function bytesOf(text: string | Uint8Array): Uint8Array {
  return typeof text === 'string' ? Buffer.from(text, 'utf8') : text
}

/** Reads an RSA private key of at least 2048 bits: PEM or the bare base64 body, PKCS#8 or PKCS#1, not encrypted. */
export function importPrivateKey(text: string): Result<KeyObject, 'malformed_key'> {
  return firstRsaKey(text, [
    (der) => createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }),
    (der) => createPrivateKey({ key: der, format: 'der', type: 'pkcs1' }),
  ])
}

/**
 * Reads an RSA public key of at least 2048 bits: PEM or the bare base64 body, SPKI or PKCS#1. A private key is refused: Node
 * would quietly take the public half out of one that somebody handed over by mistake.
 */
export function importPublicKey(text: string): Result<KeyObject, 'malformed_key'> {
  if (importPrivateKey(text).ok) return err('malformed_key')
  return firstRsaKey(text, [
    (der) => createPublicKey({ key: der, format: 'der', type: 'spki' }),
    (der) => createPublicKey({ key: der, format: 'der', type: 'pkcs1' }),
  ])
}

const PEM = /^-----BEGIN ([A-Z ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----$/

// People paste keys with the wrong header line, or with none; the bytes say what they are, so only the bytes are asked.
function firstRsaKey(
  text: string,
  readers: readonly ((der: Buffer) => KeyObject)[],
): Result<KeyObject, 'malformed_key'> {
  const trimmed = text.trim()
  const body = (PEM.exec(trimmed)?.[2] ?? trimmed).replace(/\s+/g, '')
  const der = Buffer.from(body, 'base64')
  if (der.length === 0 || der.toString('base64') !== body) return err('malformed_key')
  for (const reader of readers) {
    const key = readKey(reader, der)
    if (key?.asymmetricKeyType !== 'rsa') continue
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
    return bits >= MODULUS_BITS_MIN ? ok(key) : err('malformed_key')
  }
  return err('malformed_key')
}

function readKey(reader: (der: Buffer) => KeyObject, der: Buffer): KeyObject | undefined {
  try {
    return reader(der)
  } catch {
    return undefined
  }
}
