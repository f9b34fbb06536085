import { MICROS_PER_SECOND, systemChance, systemClock } from '@huitong/kernel'
import { AlipaySdk, type AlipaySdkConfig } from 'alipay-sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type AlipayV3Stamp,
  admitAlipayV3,
  alipayBusinessRefusal,
  alipayEncryptedContent,
  alipayJsonContent,
  alipayV3Answer,
  alipayV3Refusal,
  encryptContent,
  importAesKey,
  rsaSign,
  rsaVerify,
} from '../src/index.ts'
import { type LocalServer, privatePem, publicPem, rsaKeys, serve } from './gateway.ts'

const APP_ID = '2021000000000001'
const app = rsaKeys()
const platform = rsaKeys()
const stranger = rsaKeys()
const AES_TEXT = Buffer.alloc(16, 9).toString('base64')
const clock = systemClock()
const chance = systemChance()

let server: LocalServer
let skew = 0
let lastTarget = ''

function stamp(): AlipayV3Stamp {
  const sign = (text: string): Promise<string> => rsaSign('RSA2', text, platform.privateKey)
  return { now: clock.now(), nonce: chance.uuid(), traceId: 'trace-1', sign }
}

beforeAll(async () => {
  const aesKey = importAesKey(AES_TEXT)
  if (!aesKey.ok) throw new Error('the key was refused')
  server = await serve(async (request, body, response) => {
    lastTarget = request.url ?? ''
    const token = request.headers['alipay-app-auth-token']
    const incoming = {
      httpMethod: request.method ?? '',
      target: lastTarget,
      body,
      authorization: request.headers.authorization,
      appAuthToken: typeof token === 'string' ? token : undefined,
    }
    const admitted = await admitAlipayV3(incoming, clock.now() + skew, {
      findApp: (appId) => (appId === APP_ID ? 'app' : undefined),
      verify: (_app, signed, signature) => rsaVerify('RSA2', signed, signature, app.publicKey),
    })
    const reply = async () => {
      if (!admitted.ok) return alipayV3Refusal(admitted.error, stamp())
      if (body.length === 0) return alipayV3Answer({ nonce: admitted.value.nonce, empty: '' }, stamp())
      const encrypted = request.headers['alipay-encrypt-type'] === 'AES'
      const text = body.toString()
      const content = encrypted ? alipayEncryptedContent(text, aesKey.value) : alipayJsonContent(text)
      if (!content.ok) return alipayV3Refusal(content.error, stamp())
      if (content.value.out_trade_no === 'missing') {
        const refusal = alipayBusinessRefusal('ACQ.TRADE_NOT_EXIST', 'no such trade 茶')
        return alipayV3Refusal(refusal, stamp(), [{ link: 'http://m.example/help', desc: 'help' }])
      }
      const encrypt = encrypted ? (plain: string) => encryptContent(plain, aesKey.value) : undefined
      return alipayV3Answer({ subject: content.value.subject, qr_code: 'https://q/1' }, stamp(), encrypt)
    }
    const { httpStatus, headers, body: answer } = await reply()
    response.writeHead(httpStatus, headers).end(answer)
  })
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

function client(change: Partial<AlipaySdkConfig> = {}): AlipaySdk {
  return new AlipaySdk({
    appId: APP_ID,
    privateKey: privatePem(app.privateKey, 'pkcs8'),
    keyType: 'PKCS8',
    alipayPublicKey: publicPem(platform.publicKey),
    endpoint: server.origin,
    ...change,
  })
}

const PATH = '/v3/alipay/trade/precreate'
const body = { out_trade_no: 'A1', total_amount: '0.10', subject: '茶 a+b "sign"' }

describe('alipay-sdk over v3', () => {
  test('posts, and trusts the answer', async () => {
    const result = await client().curl('POST', PATH, { body })
    expect(result).toMatchObject({
      data: { subject: body.subject, qr_code: 'https://q/1' },
      responseHttpStatus: 200,
      traceId: 'trace-1',
    })
  })

  test('works with a PKCS#1 key, an app-auth token and parts of its own in the authorization', async () => {
    const sdk = client({
      privateKey: privatePem(app.privateKey, 'pkcs1'),
      keyType: 'PKCS1',
      additionalAuthInfo: 'expired_seconds=120',
    })
    const result = await sdk.curl('POST', PATH, { body, appAuthToken: 'token-1' })
    expect(result.responseHttpStatus).toBe(200)
  })

  test('gets with a query, escaped by itself or written into the path', async () => {
    const query = { product: '茶 a+b&c=%', page: 1 }
    expect((await client().curl('GET', '/v3/x', { query })).responseHttpStatus).toBe(200)
    expect(lastTarget).toContain('%E8%8C%B6+a%2Bb')
    expect((await client().curl('GET', '/v3/x?product=茶 1&p=2')).responseHttpStatus).toBe(200)
    expect(lastTarget).toBe('/v3/x?product=%E8%8C%B6%201&p=2')
  })

  test('reads a refusal of the business', async () => {
    const call = client().curl('POST', PATH, { body: { out_trade_no: 'missing' } })
    await expect(call).rejects.toMatchObject({
      code: 'ACQ.TRADE_NOT_EXIST',
      responseHttpStatus: 400,
      traceId: 'trace-1',
      links: [{ link: 'http://m.example/help', desc: 'help' }],
      message: expect.stringContaining('no such trade 茶'),
    })
  })

  test.each<readonly [string, Partial<AlipaySdkConfig>, string]>([
    ['an unknown application', { appId: '2021000000000002' }, 'invalid-app-id'],
    ['somebody else’s key', { privateKey: privatePem(stranger.privateKey, 'pkcs8') }, 'invalid-signature'],
  ])('with %s is refused', async (_, change, code) => {
    const call = client(change).curl('POST', PATH, { body })
    await expect(call).rejects.toMatchObject({ code, responseHttpStatus: 400 })
  })

  test('with a clock that is eleven minutes off is refused', async () => {
    for (const sign of [1, -1]) {
      skew = sign * 660 * MICROS_PER_SECOND
      await expect(client().curl('POST', PATH, { body })).rejects.toMatchObject({ code: 'invalid-timestamp' })
    }
    skew = 0
  })

  test('reads and writes encrypted content', async () => {
    const result = await client({ encryptKey: AES_TEXT }).curl('POST', PATH, { body, needEncrypt: true })
    expect(result.data).toEqual({ subject: body.subject, qr_code: 'https://q/1' })
  })

  test('does not trust an answer that somebody else signed', async () => {
    const sdk = client({ alipayPublicKey: publicPem(stranger.publicKey) })
    await expect(sdk.curl('POST', PATH, { body })).rejects.toMatchObject({ code: 'response-signature-verify-error' })
  })

  test('a request without authorization is told what is missing', async () => {
    const response = await fetch(`${server.origin}${PATH}`, { method: 'POST', body: '{}' })
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ code: 'missing-timestamp', message: 'timestamp is missing', links: [] })
    expect(response.headers.get('alipay-signature')).not.toBeNull()
  })
})
