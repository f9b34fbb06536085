import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { type Chance, err, isStorable, ok, type Result } from '@huitong/kernel'
import type { ApplicationRegistration } from './application.ts'
import { type FieldFault, readName } from './customer-door.ts'

export type PublicKeyFault = 'key_malformed' | 'key_not_rsa' | 'key_length'

const RSA_BITS_MIN = 2048
const RSA_BITS_MAX = 8192
const KEY_TEXT_MAX = 8192

/**
 * Reads an RSA public key as PEM, or as the bare base64 of a SubjectPublicKeyInfo as Alipay's console shows it, and gives the DER
 * form. A private key is refused even though a public one could be had from it: it must not have been sent.
 */
export function readPublicKey(text: string): Result<Uint8Array, PublicKeyFault> {
  if (text.length > KEY_TEXT_MAX || text.includes('PRIVATE KEY')) return err('key_malformed')
  const key = parsedKey(text.trim())
  if (key === undefined) return err('key_malformed')
  if (key.asymmetricKeyType !== 'rsa') return err('key_not_rsa')
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX) return err('key_length')
  return ok(new Uint8Array(key.export({ type: 'spki', format: 'der' })))
}

function parsedKey(text: string): KeyObject | undefined {
  try {
    if (text.startsWith('-----BEGIN ')) return createPublicKey(text)
    if (!/^[A-Za-z0-9+/\s]+={0,2}$/.test(text)) return undefined
    return createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' })
  } catch {
    // The library says only by throwing that a text is no key.
    return undefined
  }
}

const API_KEY_PREFIX = 'hk_'
const API_KEY = /^hk_[A-Za-z0-9_-]{43}$/

/** Draws an API key of 256 bits. It is shown once; only its hash is kept. */
export function drawApiKey(chance: Chance): { readonly apiKey: string; readonly apiKeyHash: string } {
  const apiKey = API_KEY_PREFIX + Buffer.from(chance.bytes(32)).toString('base64url')
  return { apiKey, apiKeyHash: sha256(apiKey) }
}

/** The hash that an API key is found by; undefined when the text is no API key. Plain SHA-256, since 256 random bits need no salt. */
export function apiKeyHashOf(text: string): string | undefined {
  return API_KEY.test(text) ? sha256(text) : undefined
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

const URL_LENGTH_MAX = 256

/** Judges an address for notifications: http or https, without user and password. */
export function readNotifyUrl(text: string): Result<string, FieldFault> {
  const fault = { field: 'notifyUrl', rule: 'url', message: 'An http or https address of at most 256 characters.' }
  if (text.length > URL_LENGTH_MAX || !isStorable(text) || !URL.canParse(text)) return err(fault)
  const url = new URL(text)
  const plain = url.username === '' && url.password === ''
  return plain && (url.protocol === 'https:' || url.protocol === 'http:') ? ok(url.href) : err(fault)
}

export interface ApplicationRequest {
  readonly merchantId: number
  readonly name: string
  readonly publicKey: string
  readonly notifyUrl?: string
  /** Hash of a key drawn with `drawApiKey`. */
  readonly apiKeyHash?: string
}

/** Judges a request for a new application. */
export function readApplicationRegistration(request: ApplicationRequest): Result<ApplicationRegistration, FieldFault> {
  const name = readName(request.name, 'name')
  if (!name.ok) return name
  const publicKey = readPublicKey(request.publicKey)
  if (!publicKey.ok) return err(publicKeyFault(publicKey.error))
  const notifyUrl = request.notifyUrl === undefined ? ok(null) : readNotifyUrl(request.notifyUrl)
  if (!notifyUrl.ok) return notifyUrl
  return ok({
    merchantId: request.merchantId,
    name: name.value,
    signType: 'RSA2',
    notifyUrl: notifyUrl.value,
    publicKey: publicKey.value,
    apiKeyHash: request.apiKeyHash ?? null,
  })
}

export function publicKeyFault(rule: PublicKeyFault): FieldFault {
  const message = `An RSA public key of ${RSA_BITS_MIN} to ${RSA_BITS_MAX} bits, as PEM or as the base64 of its DER form.`
  return { field: 'publicKey', rule, message }
}
