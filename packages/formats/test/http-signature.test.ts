import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { importEd25519, type SignedHttpRequest, signHttpRequest, verifyHttpRequest } from '../src/index.ts'

const KEYS = generateKeyPairSync('ed25519')
const STRANGER = generateKeyPairSync('ed25519')
const AT = new Date('2026-11-25T12:00:00Z')
const seconds = (count: number) => new Date(AT.getTime() + count * 1000)

async function signed(): Promise<SignedHttpRequest> {
  const request = {
    method: 'POST',
    url: 'https://b.example/v1/partner/payments',
    body: Buffer.from('{"amount":"8.88"}'),
  }
  return { ...request, headers: await signHttpRequest(request, { id: 'yunhe', privateKey: KEYS.privateKey }, AT) }
}

const find = (id: string) => (id === 'yunhe' ? KEYS.publicKey : undefined)

describe('a signed request between institutions', () => {
  it('is known by the key that signed it', async () => {
    const request = await signed()
    expect(request.headers['signature-input']).toMatch(
      /^sig=\("@method" "@target-uri" "content-type" "content-digest"\);created=\d+;keyid="yunhe";alg="ed25519"$/,
    )
    expect(await verifyHttpRequest(request, find, seconds(10))).toEqual({ ok: true, value: 'yunhe' })
  })

  it.each<[string, (request: SignedHttpRequest) => SignedHttpRequest, string]>([
    ['another body', (request) => ({ ...request, body: Buffer.from('{"amount":"9.88"}') }), 'digest_wrong'],
    ['another address', (request) => ({ ...request, url: `${request.url}2` }), 'signature_wrong'],
    ['another method', (request) => ({ ...request, method: 'PUT' }), 'signature_wrong'],
    ['no signature', ({ headers: { signature: _, ...headers }, ...request }) => ({ ...request, headers }), 'unsigned'],
    [
      'a signature over less',
      (request) => ({
        ...request,
        headers: {
          ...request.headers,
          'signature-input': request.headers['signature-input']?.replace(' "content-digest"', '') ?? '',
        },
      }),
      'signature_wrong',
    ],
    [
      'the name of another',
      (request) => ({
        ...request,
        headers: {
          ...request.headers,
          'signature-input': request.headers['signature-input']?.replace('yunhe', 'taihu') ?? '',
        },
      }),
      'key_unknown',
    ],
    [
      'a malformed signature',
      (request) => ({ ...request, headers: { ...request.headers, signature: 'sig=:' } }),
      'key_unknown',
    ],
  ])('with %s is refused', async (_, change, fault) => {
    expect(await verifyHttpRequest(change(await signed()), find, AT)).toEqual({ ok: false, error: fault })
  })

  it.each([
    ['five minutes and a bit later', 301],
    ['from the future', -31],
  ])('is refused %s', async (_, later) => {
    expect(await verifyHttpRequest(await signed(), find, seconds(later))).toEqual({
      ok: false,
      error: 'signature_wrong',
    })
  })

  it('is refused under the key of somebody else', async () => {
    const answer = await verifyHttpRequest(await signed(), () => STRANGER.publicKey, AT)
    expect(answer).toEqual({ ok: false, error: 'signature_wrong' })
  })
})

it('keys are read for what they are, and a private key is no public one', () => {
  const priv = KEYS.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const pub = KEYS.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  expect([importEd25519(priv, 'private').ok, importEd25519(pub, 'public').ok]).toEqual([true, true])
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' })
  for (const wrong of [priv, rsa.toString(), 'nonsense']) expect(importEd25519(wrong, 'public').ok).toBe(false)
})
