import { type KeyObject, sign } from 'node:crypto'
import { err, type Result } from '@huitong/kernel'
import { httpbis } from 'http-message-signatures'
import {
  contentDigest,
  type HttpSignatureFault,
  lowered,
  type SignedHttpRequest,
  verifiedSigner,
} from './http-signature.ts'

/*
 * The other half of RFC 9421: an answer that is signed together with the address and the digest of the request that it answers. So an
 * acknowledgement is one of the institution and not of something in between, and of this request and no other.
 */

export interface SignedHttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

const COVERED = ['@status', 'content-type', 'content-digest', '@target-uri;req', 'content-digest;req']
const COVERED_TEXT = '("@status" "content-type" "content-digest" "@target-uri";req "content-digest";req)'

/** The headers that a signed answer is sent with. */
export async function signHttpAnswer(
  { status, body, contentType }: Omit<SignedHttpAnswer, 'headers'> & { readonly contentType: string },
  request: Pick<SignedHttpRequest, 'method' | 'url' | 'body'>,
  key: { readonly id: string; readonly privateKey: KeyObject },
  at: Date,
): Promise<Readonly<Record<string, string>>> {
  const signed = await httpbis.signMessage(
    {
      key: { id: key.id, alg: 'ed25519', sign: async (data) => sign(null, data, key.privateKey) },
      fields: COVERED,
      params: ['created', 'keyid', 'alg'],
      paramValues: { created: at },
    },
    { status, headers: { 'content-type': contentType, 'content-digest': contentDigest(body) } },
    answered(request),
  )
  return lowered(signed.headers)
}

/** The name of the key that signed the answer to this request, once the signature holds. */
export async function verifyHttpAnswer(
  { status, headers, body }: SignedHttpAnswer,
  request: Pick<SignedHttpRequest, 'method' | 'url' | 'body'>,
  findKey: (keyId: string) => KeyObject | undefined,
  at: Date,
): Promise<Result<string, HttpSignatureFault>> {
  const input = headers['signature-input']
  if (headers.signature === undefined || input === undefined) return err('unsigned')
  if (headers['content-digest'] !== contentDigest(body)) return err('digest_wrong')
  // The library does not tell a field of the answer from the same one of the request.
  if (!input.startsWith(`sig=${COVERED_TEXT};`) || input.includes(',')) return err('signature_wrong')
  return await verifiedSigner(findKey, at, (check) =>
    httpbis.verifyMessage(check, { status, headers: { ...headers } }, answered(request)),
  )
}

function answered({ method, url, body }: Pick<SignedHttpRequest, 'method' | 'url' | 'body'>) {
  return { method, url, headers: { 'content-digest': contentDigest(body) } }
}
