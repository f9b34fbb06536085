import { JsonNumber } from '@huitong/kernel'
import { AlipaySdk, type AlipaySdkConfig } from 'alipay-sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type AlipayV2Request,
  admitAlipayV2,
  alipayBusinessRefusal,
  alipaySuccess,
  alipayV2Content,
  alipayV2Envelope,
  alipayV2Parameters,
  decodeForm,
  encryptContent,
  importAesKey,
  importPrivateKey,
  importPublicKey,
  rsaSign,
  rsaVerify,
  signedAlipayForm,
} from '../src/index.ts'
import { bareBody, type LocalServer, privatePem, publicPem, rsaKeys, serve } from './gateway.ts'

/*
 * The platform's own client from npm, unmodified, against a gateway made of this package alone. The gateway answers with
 * what it understood, so the client's own signature check and our reading are both on trial.
 */
const APP_ID = '2021000000000001'
const app = rsaKeys()
const platform = rsaKeys()
const stranger = rsaKeys()
const AES_TEXT = Buffer.alloc(16, 9).toString('base64')

let server: LocalServer
let seen: AlipayV2Request<string> | undefined

beforeAll(async () => {
  const platformKey = importPrivateKey(privatePem(platform.privateKey, 'pkcs8'))
  const appKey = importPublicKey(bareBody(publicPem(app.publicKey)))
  const aesKey = importAesKey(AES_TEXT)
  if (!platformKey.ok || !appKey.ok || !aesKey.ok) throw new Error('the keys were refused')

  server = await serve(async (request, body, response) => {
    const query = (request.url ?? '').split('?')[1] ?? ''
    const parameters = alipayV2Parameters(query, body)
    let node: object
    let method: string | undefined
    let encrypted = false
    seen = undefined
    if (parameters.ok) {
      method = parameters.value.get('method')
      const admitted = await admitAlipayV2(parameters.value, {
        findApp: (appId) => (appId === APP_ID ? 'app' : undefined),
        verify: (_app, signType, text, signature) => rsaVerify(signType, text, signature, appKey.value),
      })
      if (admitted.ok) {
        seen = admitted.value
        encrypted = admitted.value.parameters.get('encrypt_type') === 'AES'
        const content = alipayV2Content(admitted.value.parameters, aesKey.value)
        node = content.ok ? answer(content.value) : content.error
      } else node = admitted.error
    } else node = parameters.error
    const signType = seen?.signType ?? 'RSA2'
    const text = await alipayV2Envelope(
      method,
      node,
      (plain) => rsaSign(signType, plain, platformKey.value),
      encrypted ? (plain) => encryptContent(plain, aesKey.value) : undefined,
    )
    response.writeHead(200, { 'content-type': 'application/json;charset=utf-8', trace_id: 't-1' }).end(text)
  })
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

function answer(content: Readonly<Record<string, unknown>>): object {
  if (content.out_trade_no === 'missing') {
    return alipayBusinessRefusal('ACQ.TRADE_NOT_EXIST', 'no such "sign" trade {茶}')
  }
  const { total_amount: amount, ...rest } = content
  return alipaySuccess({ ...rest, amount_text: amount instanceof JsonNumber ? amount.text : (amount ?? 'none') })
}

function client(change: Partial<AlipaySdkConfig> = {}): AlipaySdk {
  return new AlipaySdk({
    appId: APP_ID,
    privateKey: privatePem(app.privateKey, 'pkcs1'),
    alipayPublicKey: publicPem(platform.publicKey),
    gateway: `${server.origin}/gateway.do`,
    ...change,
  })
}

const bizContent = { out_trade_no: 'A1', total_amount: '0.10', subject: '茶 a+b &=%25 "sign" }{ \\ /' }
const validated = { validateSign: true }

describe('alipay-sdk over v2', () => {
  const keyForms: readonly (readonly [string, Partial<AlipaySdkConfig>])[] = [
    ['PKCS#1 PEM', {}],
    ['a bare PKCS#1 body', { privateKey: bareBody(privatePem(app.privateKey, 'pkcs1')) }],
    ['PKCS#8 PEM', { privateKey: privatePem(app.privateKey, 'pkcs8'), keyType: 'PKCS8' }],
    ['a bare PKCS#8 body', { privateKey: bareBody(privatePem(app.privateKey, 'pkcs8')), keyType: 'PKCS8' }],
    ['a bare platform key', { alipayPublicKey: bareBody(publicPem(platform.publicKey)) }],
    ['RSA with SHA1', { signType: 'RSA' }],
  ]
  test.each(keyForms)('with %s pays and trusts the answer', async (_, change) => {
    const result = await client(change).exec('alipay.trade.precreate', { bizContent }, validated)
    expect(result).toMatchObject({ code: '10000', outTradeNo: 'A1', subject: bizContent.subject, amountText: '0.10' })
    expect(result.traceId).toBe('t-1')
  })

  test('sends amounts as numbers too, and their digits arrive', async () => {
    const numbers = { ...bizContent, total_amount: 88.8 }
    const result = await client().exec('alipay.trade.pay', { bizContent: numbers }, validated)
    expect(result.amountText).toBe('88.8')
  })

  test('gets a refusal of the business under the method and trusts it', async () => {
    const missing = { out_trade_no: 'missing' }
    const result = await client().exec('alipay.trade.query', { bizContent: missing }, validated)
    expect(result).toMatchObject({ code: '40004', subCode: 'ACQ.TRADE_NOT_EXIST', subMsg: 'no such "sign" trade {茶}' })
  })

  const refused: readonly (readonly [string, Partial<AlipaySdkConfig>, string])[] = [
    ['an unknown application', { appId: '2021000000000002' }, 'isv.invalid-app-id'],
    ['somebody else’s key', { privateKey: privatePem(stranger.privateKey, 'pkcs1') }, 'isv.invalid-signature'],
  ]
  test.each(refused)('with %s is refused with a signed answer', async (_, change, subCode) => {
    const result = await client(change).exec('alipay.trade.query', { bizContent }, validated)
    expect(result).toMatchObject({ code: '40002', subCode })
    expect(seen).toBeUndefined()
  })

  test('gets a signed answer for a method that could not be', async () => {
    const call = client().exec('trade', { bizContent })
    await expect(call).resolves.toMatchObject({ subCode: 'isv.invalid-method' })
  })

  test('signs empty values, addresses with queries and plus signs, and all arrive as they were', async () => {
    const notifyUrl = 'http://m.example/n?a=1&b=茶+c%20d'
    const result = await client().exec(
      'alipay.trade.create',
      { bizContent, notifyUrl, appAuthToken: '', remark: 'x+y z' },
      validated,
    )
    expect(result.code).toBe('10000')
    expect(seen?.parameters.get('notify_url')).toBe(notifyUrl)
    expect(seen?.parameters.get('app_auth_token')).toBe('')
    expect(seen?.parameters.get('remark')).toBe('x+y z')
  })

  test('may send no content at all', async () => {
    const result = await client().exec('alipay.user.info.share', { authToken: 't' }, validated)
    expect(result).toMatchObject({ code: '10000', amountText: 'none' })
  })

  test('reads and writes encrypted content', async () => {
    const sdk = client({ encryptKey: AES_TEXT })
    const result = await sdk.exec('alipay.trade.precreate', { bizContent, needEncrypt: true })
    expect(result).toMatchObject({ code: '10000', subject: bizContent.subject })
    expect(seen?.parameters.get('biz_content')).toMatch(/^[A-Za-z0-9+/]+=*$/)
  })

  test('signs an app order that is understood as a form body', async () => {
    const order = client().sdkExecute('alipay.trade.app.pay', { bizContent, return_url: 'http://m.example/?a=茶' })
    const response = await fetch(`${server.origin}/gateway.do`, { method: 'POST', body: order })
    expect(await response.text()).toContain('"code":"10000"')
  })

  test('signs a page address that is understood as a query', async () => {
    const url = client().pageExecute('alipay.trade.page.pay', 'GET', { bizContent })
    expect(await (await fetch(url)).text()).toContain('"code":"10000"')
  })

  test('finds out when an answer was changed on its way', async () => {
    const honest = await alipayV2Envelope('a.b', alipaySuccess({ amount: '1.00' }), (text) =>
      rsaSign('RSA2', text, platform.privateKey),
    )
    await using forger = await serve(async (_request, _body, response) => {
      response.end(honest.replace('1.00', '9.00'))
    })
    const sdk = client({ gateway: `${forger.origin}/gateway.do` })
    await expect(sdk.exec('a.b', {}, validated)).rejects.toThrow('验签失败')
  })
})

describe('alipay-sdk receiving a notification', () => {
  const parameters = {
    notify_type: 'trade_status_sync',
    trade_status: 'TRADE_SUCCESS',
    subject: '茶 a+b "sign" &= 100% /',
    fund_bill_list: '[{"fundChannel":"ALIPAYACCOUNT","amount":"0.10"}]',
    body: '',
    gmt_close: undefined,
  }

  test.each(['RSA2', 'RSA'] as const)('trusts it (%s), and no longer when a value changes', async (signType) => {
    const form = await signedAlipayForm(parameters, signType, (text) => rsaSign(signType, text, platform.privateKey))
    const pairs = decodeForm(Buffer.from(form))
    if (!pairs.ok) throw new Error('our own form cannot be read')
    const received: Record<string, string> = Object.fromEntries(pairs.value)
    const sdk = client({ signType })
    expect(sdk.checkNotifySignV2(received)).toBe(true)
    expect(received.subject).toBe(parameters.subject)
    expect(received).not.toHaveProperty('body')
    expect(sdk.checkNotifySignV2({ ...received, subject: 'x' })).toBe(false)
  })

  test('trusts it by the older check too, where no bare percent sign stands', async () => {
    const plain = { ...parameters, subject: '茶 a+b' }
    const form = await signedAlipayForm(plain, 'RSA2', (text) => rsaSign('RSA2', text, platform.privateKey))
    expect(client().checkNotifySign(Object.fromEntries(new URLSearchParams(form)))).toBe(true)
  })
})
