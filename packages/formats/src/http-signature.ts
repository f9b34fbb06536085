import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { err, ok, type Result } from '@huitong/kernel'
import { httpbis, type VerifyConfig } from 'http-message-signatures'

/*
 * HTTP Message Signatures (RFC 9421) with Ed25519, as institutions sign what they send each other: the method, the whole address and a
 * digest of the body (RFC 9530) stand under every signature, with its time and the name of its key. A message that is repeated is
 * harmless because every command is idempotent, so there is no store of nonces.
 */

export interface SignedHttpRequest {
  readonly method: string
  /** The whole address, as the receiver is reached from outside. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export type HttpSignatureFault = 'unsigned' | 'digest_wrong' | 'key_unknown' | 'signature_wrong'

const COVERED = ['@method', '@target-uri', 'content-type', 'content-digest']
/** How far the clocks of two institutions may be apart, in seconds, and how old a signature may be. */
const TOLERANCE_SECONDS = 30
const AGE_MAX_SECONDS = 300
const JSON_TYPE = 'application/json'

/** The headers that a signed request is sent with: JSON unless told. `at` is the time of signing. */
export async function signHttpRequest(
  request: Omit<SignedHttpRequest, 'headers'> & { readonly contentType?: string },
  key: { readonly id: string; readonly privateKey: KeyObject },
  at: Date,
): Promise<Readonly<Record<string, string>>> {
  const { method, url, body, contentType = JSON_TYPE } = request
  const headers = { 'content-type': contentType, 'content-digest': contentDigest(body) }
  const signed = await httpbis.signMessage(
    {
      key: { id: key.id, alg: 'ed25519', sign: async (data) => sign(null, data, key.privateKey) },
      fields: COVERED,
      params: ['created', 'keyid', 'alg'],
      paramValues: { created: at },
    },
    { method, url, headers },
  )
  return lowered(signed.headers)
}

/** Names of headers as Node.js hands them out. */
export function lowered(headers: Readonly<Record<string, string | readonly string[]>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]))
}

/** The name of the key that signed the request, once the signature holds. `findKey` gives the public key of a name. */
export async function verifyHttpRequest(
  request: SignedHttpRequest,
  findKey: (keyId: string) => KeyObject | undefined,
  at: Date,
): Promise<Result<string, HttpSignatureFault>> {
  const { method, url, headers, body } = request
  if (headers.signature === undefined || headers['signature-input'] === undefined) return err('unsigned')
  if (headers['content-digest'] !== contentDigest(body)) return err('digest_wrong')
  return await verifiedSigner(findKey, at, (check) =>
    httpbis.verifyMessage({ ...check, requiredFields: COVERED }, { method, url, headers: { ...headers } }),
  )
}

type Check = Pick<VerifyConfig, 'keyLookup' | 'requiredParams' | 'notAfter' | 'tolerance' | 'all'>

/** Runs the library's verification with our rules of keys and times, and says whose signature held. */
export async function verifiedSigner(
  findKey: (keyId: string) => KeyObject | undefined,
  at: Date,
  verification: (check: Check) => Promise<boolean | null>,
): Promise<Result<string, HttpSignatureFault>> {
  let signer: string | undefined
  let known = false
  try {
    const held = await verification({
      keyLookup: async ({ keyid, created }) => {
        const key = keyid === undefined ? undefined : findKey(keyid)
        if (key === undefined) return null
        known = true
        if (!(created instanceof Date) || !isFresh(created, at)) return null
        signer = keyid
        return { algs: ['ed25519'], verify: async (data, signature) => verify(null, data, key, signature) }
      },
      requiredParams: ['created', 'keyid'],
      notAfter: new Date(at.getTime() + TOLERANCE_SECONDS * 1000),
      tolerance: TOLERANCE_SECONDS,
      all: true,
    })
    if (held === true && signer !== undefined) return ok(signer)
  } catch {
    // The library throws for what is malformed, too old or not covered; to us all of these are signatures that do not hold.
  }
  return err(known ? 'signature_wrong' : 'key_unknown')
}

// Judged by the time that is handed in; the library would take the machine's.
function isFresh(created: Date, at: Date): boolean {
  const age = (at.getTime() - created.getTime()) / 1000
  return age >= -TOLERANCE_SECONDS && age <= AGE_MAX_SECONDS
}

export function contentDigest(body: Uint8Array): string {
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`
}

/** Reads an Ed25519 key in PEM, private or public. */
export function importEd25519(pem: string, kind: 'private' | 'public'): Result<KeyObject, 'malformed_key'> {
  try {
    const key = kind === 'private' ? createPrivateKey(pem) : createPublicKey(pem)
    return key.asymmetricKeyType === 'ed25519' && !(kind === 'public' && pem.includes('PRIVATE'))
      ? ok(key)
      : err('malformed_key')
  } catch {
    return err('malformed_key')
  }
}
