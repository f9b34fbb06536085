import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type SignedHttpAnswer, signHttpAnswer, verifyHttpAnswer } from '../src/index.ts'

const KEYS = generateKeyPairSync('ed25519')
const AT = new Date('2026-11-25T12:00:00Z')
const seconds = (count: number) => new Date(AT.getTime() + count * 1000)
const REQUEST = { method: 'POST', url: 'https://b.example/v1/links/a/messages/1', body: Buffer.from('<Document/>') }
const find = (id: string) => (id === 'b.1' ? KEYS.publicKey : undefined)

async function signed(id = 'b.1'): Promise<SignedHttpAnswer> {
  const answer = { status: 200, body: Buffer.from('{"result":"taken"}'), contentType: 'application/json' }
  return { ...answer, headers: await signHttpAnswer(answer, REQUEST, { id, privateKey: KEYS.privateKey }, AT) }
}

describe('a signed answer between institutions', () => {
  it('is known by the key that signed it', async () => {
    expect(await verifyHttpAnswer(await signed(), REQUEST, find, seconds(10))).toEqual({ ok: true, value: 'b.1' })
  })

  it.each<[string, (answer: SignedHttpAnswer) => SignedHttpAnswer, Partial<typeof REQUEST>, string]>([
    ['another body', (answer) => ({ ...answer, body: Buffer.from('{"result":"refused"}') }), {}, 'digest_wrong'],
    ['another status', (answer) => ({ ...answer, status: 401 }), {}, 'signature_wrong'],
    ['the answer to another message', (answer) => answer, { url: `${REQUEST.url}2` }, 'signature_wrong'],
    ['the answer to other content', (answer) => answer, { body: Buffer.from('<Other/>') }, 'signature_wrong'],
    [
      'a signature over less',
      (answer) => ({
        ...answer,
        headers: {
          ...answer.headers,
          'signature-input': String(answer.headers['signature-input']).replace(' "@target-uri";req', ''),
        },
      }),
      {},
      'signature_wrong',
    ],
    [
      'no signature',
      ({ headers: { signature: _, ...headers }, ...answer }) => ({ ...answer, headers }),
      {},
      'unsigned',
    ],
  ])('does not hold with %s', async (_, change, request, fault) => {
    const answer = change(await signed())
    expect(await verifyHttpAnswer(answer, { ...REQUEST, ...request }, find, AT)).toEqual({ ok: false, error: fault })
  })

  it.each([
    ['too old', 301],
    ['from the future', -31],
  ])('does not hold when it is %s', async (_, after) => {
    expect(await verifyHttpAnswer(await signed(), REQUEST, find, seconds(after))).toEqual({
      ...{ ok: false, error: 'signature_wrong' },
    })
  })

  it('of a key that nobody knows does not hold', async () => {
    expect(await verifyHttpAnswer(await signed('x.1'), REQUEST, find, AT)).toEqual({ ok: false, error: 'key_unknown' })
  })
})
