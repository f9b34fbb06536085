import type { KeyObject } from 'node:crypto'
import { err, ok, type Result } from '@huitong/kernel'
import { decodeProtectedHeader, errors, FlattenedSign, flattenedVerify } from 'jose'

/*
 * The signature of a message: a detached JWS (RFC 7515, appendix F) over the exact bytes that were sent, unencoded (RFC 7797), with
 * Ed25519 (RFC 8037). It is kept beside the message, so that years later anybody can show who said what; the signature of the HTTP request
 * that carried it proves only that it came.
 */

export type MessageSignatureFault = 'signature_malformed' | 'key_unknown' | 'signature_wrong'

export interface SigningKey {
  /** How the receiver finds the public key: the institution and the number of the key. */
  readonly id: string
  readonly privateKey: KeyObject
}

/** The text that stands for the signature: `header..signature`. */
export async function signIsoMessage(bytes: Uint8Array, key: SigningKey): Promise<string> {
  const signed = await new FlattenedSign(bytes)
    .setProtectedHeader({ alg: 'EdDSA', kid: key.id, b64: false, crit: ['b64'] })
    .sign(key.privateKey)
  return `${signed.protected}..${signed.signature}`
}

/** The id of the key that signed these bytes, once the signature holds. `findKey` gives the public key of an id. */
export async function verifyIsoMessage(
  bytes: Uint8Array,
  signature: string,
  findKey: (id: string) => KeyObject | undefined,
): Promise<Result<string, MessageSignatureFault>> {
  const [header = '', nothing, signed = '', ...more] = signature.split('.')
  const id = nothing === '' && more.length === 0 ? keyIdOf(header) : undefined
  if (id === undefined) return err('signature_malformed')
  const key = findKey(id)
  if (key === undefined) return err('key_unknown')
  try {
    await flattenedVerify({ protected: header, payload: bytes, signature: signed }, key, { algorithms: ['EdDSA'] })
    return ok(id)
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) return err('signature_wrong')
    if (error instanceof errors.JOSEError) return err('signature_malformed')
    throw error
  }
}

/** Only the header that {@link signIsoMessage} writes is taken, so that no other algorithm or form can be talked into. */
function keyIdOf(header: string): string | undefined {
  try {
    const { alg, kid, b64, crit, ...others } = decodeProtectedHeader({ protected: header })
    const known = alg === 'EdDSA' && b64 === false && Object.keys(others).length === 0
    return known && crit?.length === 1 && crit[0] === 'b64' && typeof kid === 'string' ? kid : undefined
  } catch {
    return undefined
  }
}
