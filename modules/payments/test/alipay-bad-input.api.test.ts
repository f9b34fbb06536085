import { createPublicKey } from 'node:crypto'
import { alipayV2Parameters, alipayV2SigningTexts, importPrivateKey, rsaSign, rsaVerify } from '@huitong/formats'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AlipayWorld, startAlipayWorld } from './alipay-world.ts'

/* Requests made by hand, where the client from npm would not let us write what we want to send. */

let world: AlipayWorld
let buyer: number

beforeAll(async () => {
  world = await startAlipayWorld(13)
  buyer = await world.customer(100_000n)
})

afterAll(async () => {
  expect(await world.imbalance()).toEqual([0n, 0n])
  await world.stop()
})

interface Sent {
  readonly method?: string
  /** The text of biz_content as it is sent. */
  readonly content: string
  /** Public parameters to change; undefined leaves one out. */
  readonly parameters?: Readonly<Record<string, string | undefined>>
  /** Changes the signed parameters before they are sent. */
  readonly tamper?: (form: URLSearchParams) => void
}

/** Signs and sends; gives the node of the answer after checking its signature and the status. */
async function send({ method = 'alipay.trade.precreate', content, parameters = {}, tamper }: Sent) {
  const form = new URLSearchParams()
  const all = {
    method,
    app_id: world.shop.appId,
    charset: 'utf-8',
    sign_type: 'RSA2',
    timestamp: '2026-11-22 12:00:00',
    version: '1.0',
    biz_content: content,
    ...parameters,
  }
  for (const [name, value] of Object.entries(all)) if (value !== undefined) form.set(name, value)
  const key = importPrivateKey(world.shop.privateKey)
  const read = alipayV2Parameters('', Buffer.from(form.toString()))
  if (!key.ok) throw new Error('the key cannot be read')
  const [text = ''] = read.ok ? alipayV2SigningTexts(read.value) : []
  form.set('sign', await rsaSign(all.sign_type === 'RSA' ? 'RSA' : 'RSA2', text, key.value))
  tamper?.(form)
  return nodeOf(await fetch(`${world.origin}/gateway.do`, { method: 'POST', body: form }))
}

async function nodeOf(response: Response): Promise<Record<string, unknown>> {
  expect(response.status).toBe(200)
  const text = await response.text()
  const match = /^\{"(\w+)":(\{.*\}),"sign":"([^"]+)"\}$/s.exec(text)
  const [, , node = '', signature = ''] = match ?? []
  const platform = createPublicKey(world.platformPrivateKey)
  expect(await rsaVerify('RSA2', node, signature, platform), 'the answer is signed').toBe(true)
  return JSON.parse(node)
}

async function ordersStored(): Promise<bigint> {
  await world.committer.flush()
  const [row] = await world.institution.db.read(
    (tx) => tx.sql<{ count: bigint }[]>`select count(*) from payments_orders`,
  )
  return row?.count ?? -1n
}

const content = (change: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ out_trade_no: 'BAD_1', total_amount: '1.00', subject: 'tea', ...change })

describe('the envelope', () => {
  const cases: readonly (readonly [string, Partial<Sent>, string, string])[] = [
    ['no method', { parameters: { method: undefined } }, '40001', 'isv.missing-method'],
    ['a method that could not be', { method: 'precreate' }, '40002', 'isv.invalid-method'],
    ['a method that is not offered', { method: 'alipay.trade.surprise' }, '40002', 'isv.invalid-method'],
    ['no application', { parameters: { app_id: undefined } }, '40001', 'isv.missing-app-id'],
    ['an unknown application', { parameters: { app_id: '2021000000000002' } }, '40002', 'isv.invalid-app-id'],
    ['an application that is SQL', { parameters: { app_id: "' or 1=1 --" } }, '40002', 'isv.invalid-app-id'],
    ['no kind of signature', { parameters: { sign_type: undefined } }, '40001', 'isv.missing-signature-type'],
    ['a kind of signature nobody knows', { parameters: { sign_type: 'MD5' } }, '40002', 'isv.invalid-signature-type'],
    ['a kind of signature not agreed', { parameters: { sign_type: 'RSA' } }, '40002', 'isv.invalid-signature'],
    ['another charset', { parameters: { charset: 'GBK' } }, '40002', 'isv.invalid-charset'],
    ['no timestamp', { parameters: { timestamp: undefined } }, '40001', 'isv.missing-timestamp'],
    ['a timestamp of no day', { parameters: { timestamp: '2026-02-30 00:00:00' } }, '40002', 'isv.invalid-timestamp'],
    ['no signature', { tamper: (form) => form.delete('sign') }, '40001', 'isv.missing-signature'],
    ['a signature of something else', { tamper: (form) => form.set('sign', 'AAAA') }, '40002', 'isv.invalid-signature'],
    [
      'content changed after signing',
      { tamper: (form) => form.set('biz_content', content({ total_amount: '0.01' })) },
      '40002',
      'isv.invalid-signature',
    ],
    [
      'content under a key nobody agreed',
      { parameters: { encrypt_type: 'AES' } },
      '40002',
      'isv.decryption-error-not-valid-encrypt-key',
    ],
  ]
  test.each(cases)('with %s is refused', async (_, change, code, subCode) => {
    const before = await ordersStored()
    expect(await send({ content: content(), ...change })).toMatchObject({ code, sub_code: subCode })
    expect(await ordersStored()).toBe(before)
  })

  test('sent again as it is has one effect', async () => {
    const once = { content: content({ out_trade_no: 'BAD_AGAIN' }) }
    expect(await send(once)).toMatchObject({ code: '10000' })
    const before = await ordersStored()
    expect(await send(once)).toMatchObject({ code: '10000' })
    expect(await ordersStored()).toBe(before)
  })
})

describe('content that is not what it should be', () => {
  test.each([
    ['no JSON', '{out_trade_no:1}'],
    ['half of it', '{"out_trade_no":"BAD_1"'],
    ['a list', '[1]'],
    ['a text', '"tea"'],
    ['a number', '1'],
    ['a key twice', '{"out_trade_no":"BAD_1","total_amount":"1.00","total_amount":"9.00","subject":"tea"}'],
    ['nested without end', `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`],
  ])('%s is refused', async (_, text) => {
    expect(await send({ content: text })).toMatchObject({ code: '40002', sub_code: 'isv.illegal-json' })
  })

  test('a body over the limit is refused with a signed answer', async () => {
    const big = await send({ content: content({ body: 'x'.repeat(300_000) }) })
    expect(big).toMatchObject({ code: '40002', sub_code: 'isv.invalid-parameter' })
  })
})

const INVALID = { code: '40004', sub_code: 'ACQ.INVALID_PARAMETER' }

describe('amounts', () => {
  const refused = [
    '"-1.00"',
    '-1',
    '"0"',
    '0',
    '"0.00"',
    '"1.001"',
    '1.001',
    '"1.000"',
    '1e2',
    '"1e2"',
    '1E-1',
    '"100000000.01"',
    '100000001',
    '"99999999999999999999999999"',
    '99999999999999999999999999',
    '"abc"',
    '"1,00"',
    '"1.00 "',
    '" 1.00"',
    '"+1.00"',
    '"01.00"',
    '".5"',
    '"１.00"',
    '"NaN"',
    '"Infinity"',
    '"0x10"',
    'true',
    'null',
    '""',
    '{}',
    '["1.00"]',
  ]
  test.each(refused)('%s is no amount that can be paid', async (token) => {
    const before = await ordersStored()
    for (const method of ['alipay.trade.precreate', 'alipay.trade.create', 'alipay.trade.pay']) {
      const code = method.endsWith('pay') ? '"auth_code":"250000000000000000",' : ''
      const text = `{${code}"out_trade_no":"BAD_AMOUNT","total_amount":${token},"subject":"tea"}`
      expect(await send({ method, content: text })).toMatchObject({
        ...INVALID,
        sub_msg: expect.stringMatching(/^total_amount (must|is)/),
      })
    }
    expect(await ordersStored()).toBe(before)
  })

  test.each([
    ['88.88', '88.88'],
    ['0.1', '0.10'],
    ['1', '1.00'],
    ['"0.01"', '0.01'],
  ])('%s is paid as %s', async (token, paid) => {
    const authCode = await world.digits(buyer)
    const number = `GOOD_${token.replaceAll(/\W/g, '_')}`
    const text = `{"out_trade_no":"${number}","total_amount":${token},"subject":"tea","auth_code":"${authCode}"}`
    const result = await send({ method: 'alipay.trade.pay', content: text })
    expect(result).toMatchObject({ code: '10000', total_amount: paid })
  })

  test('discountable and undiscountable parts must add up', async () => {
    const parts = { total_amount: '3.00', discountable_amount: '1.00', undiscountable_amount: '1.50' }
    expect(await send({ content: content(parts) })).toMatchObject(INVALID)
  })
})

describe('fields', () => {
  test.each<readonly [string, Readonly<Record<string, unknown>>]>([
    ['no order number', { out_trade_no: undefined }],
    ['an order number with spaces', { out_trade_no: 'a b' }],
    ['an order number that is too long', { out_trade_no: 'a'.repeat(65) }],
    ['no subject', { subject: undefined }],
    ['a subject with a slash', { subject: 'a/b' }],
    ['a subject that is a number', { subject: 1.5 }],
    ['a subject with U+0000', { subject: 'a\u0000b' }],
    ['a subject with a line feed', { subject: 'a\nb' }],
    ['a subject that turns the writing direction', { subject: 'a\u202e00.1' }],
    ['a subject with an isolate', { subject: 'a\u2066b' }],
    ['a subject with a line separator', { subject: 'a\u2028b' }],
    ['a subject with half a surrogate pair', { subject: 'a\ud800' }],
    ['a subject that is too long', { subject: '茶'.repeat(257) }],
    ['a body with a control character', { body: 'a\u0007' }],
    ['a list of goods with U+0000', { goods_detail: [{ goods_name: '\u0000' }] }],
    ['a length of time nobody can read', { timeout_express: '90s' }],
    ['a length of time above 15 days', { timeout_express: '16d' }],
    ['a time of no day', { time_expire: '2026-02-30 00:00:00' }],
    ['an address that is no web address', { notify_url: 'ftp://shop.example/' }],
    ['shared profit', { royalty_info: { royalty_detail_infos: [] } }],
    ['channels without the balance', { enable_pay_channels: 'pcredit' }],
    ['a field nobody knows', { surprise: 1 }],
    ['a field of the prototype', { constructor: 1 }],
  ])('with %s are refused', async (_, change) => {
    const before = await ordersStored()
    expect(await send({ content: content(change) })).toMatchObject(INVALID)
    expect(await ordersStored()).toBe(before)
  })

  test('with SQL or HTML in them are stored as they are', async () => {
    const subject = `'); drop table payments_orders; -- <script>alert(1)<\\script> " ${'🍵'}`
    const authCode = await world.digits(buyer)
    const request = content({ out_trade_no: 'GOOD_TEXT', subject, auth_code: authCode })
    expect(await send({ method: 'alipay.trade.pay', content: request })).toMatchObject({ code: '10000' })
    const trade = await world.queries.findTrade({
      merchant: world.shop.merchant,
      tradeNumber: null,
      orderNumber: 'GOOD_TEXT',
    })
    expect(trade?.subject).toBe(subject)
  })

  test('of a transfer that nobody knows are told in its own words', async () => {
    const result = await send({ method: 'alipay.fund.trans.uni.transfer', content: '{"surprise":1}' })
    expect(result).toMatchObject({ code: '40004', sub_code: 'INVALID_PARAMETER' })
  })

  test('null and empty text count as not given', async () => {
    const result = await send({ content: content({ out_trade_no: 'GOOD_NULL', body: null, store_id: '' }) })
    expect(result).toMatchObject({ code: '10000' })
  })
})

describe('whatever the content', () => {
  const NAMES = [
    'out_trade_no',
    'trade_no',
    'total_amount',
    'subject',
    'body',
    'auth_code',
    'buyer_id',
    'buyer_logon_id',
  ]
  const MORE = [
    'refund_amount',
    'out_request_no',
    'out_biz_no',
    'trans_amount',
    'payee_info',
    'timeout_express',
    'time_expire',
    'auth_no',
    'out_order_no',
    'order_title',
    'amount',
    'remark',
    'operation_id',
  ]
  const METHODS = ['precreate', 'pay', 'create', 'query', 'cancel', 'close', 'refund', 'fastpay.refund.query']
  const VALID = ['1.00', 'FUZZ_1', 'tea', '250000000000000000', '2088000000000000', '1m', '2030-01-01 00:00:00', 0.5, 7]
  const FUND_AUTH = ['order.freeze', 'order.unfreeze', 'operation.cancel', 'operation.detail.query']
  const TRANSFERS = ['alipay.fund.trans.uni.transfer', 'alipay.fund.trans.common.query']
  TRANSFERS.push(...FUND_AUTH.map((name) => `alipay.fund.auth.${name}`))
  const anyMethod = fc.constantFrom(...METHODS.map((name) => `alipay.trade.${name}`), ...TRANSFERS)
  const anyValue = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom<unknown>(...VALID) },
    { weight: 2, arbitrary: fc.jsonValue() },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 600 }) },
  )
  const anyContent = fc.dictionary(
    fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...NAMES, ...MORE) }, { weight: 1, arbitrary: fc.string() }),
    anyValue,
    { maxKeys: 8 },
  )

  test('the answer is signed and is never that something broke', async () => {
    await fc.assert(
      fc.asyncProperty(anyMethod, anyContent, async (method, fields) => {
        const { code, sub_code } = await send({ method, content: JSON.stringify(fields) })
        expect(['10000', '40002', '40004']).toContain(code)
        expect(String(sub_code)).not.toMatch(/SYSTEM_ERROR|unknow/)
      }),
      { numRuns: 300 },
    )
  })
})

describe('payment pages', () => {
  test.each(['GET', 'POST'])('that are not offered are told to be missing, by %s', async (method) => {
    const query = 'method=alipay.user.agreement.page.sign&return_url=https%3A%2F%2Fevil.example%2F'
    const response = await fetch(`${world.origin}/gateway.do?${query}`, { method, redirect: 'manual' })
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(await response.text()).not.toContain('evil.example')
  })
})
