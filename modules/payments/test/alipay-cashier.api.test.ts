import type { AlipaySdk } from 'alipay-sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AlipayWorld, exec, startAlipayWorld } from './alipay-world.ts'
import { MINUTE } from './payments-world.ts'

let world: AlipayWorld
let sdk: AlipaySdk
let buyer: number

beforeAll(async () => {
  world = await startAlipayWorld(61)
  sdk = world.sdk()
  buyer = await world.customer(1_000_000n)
})

afterAll(async () => {
  expect(await world.imbalance()).toEqual([0n, 0n])
  await world.stop()
})

const METHODS = {
  'alipay.trade.page.pay': 'FAST_INSTANT_TRADE_PAY',
  'alipay.trade.wap.pay': 'QUICK_WAP_WAY',
} as const
type Method = keyof typeof METHODS

let orders = 0

function order(method: Method, change: object = {}) {
  orders += 1
  const productCode = METHODS[method]
  return { outTradeNo: `WEB_${orders}`, totalAmount: '8.88', subject: '龙井茶', productCode, ...change }
}

const RETURN_URL = 'https://shop.example/thanks?cart=7'
const QUIT = { quitUrl: 'https://shop.example/cart' }

/** The link of the client, opened by a browser that follows nothing. */
async function open(
  address: string,
): Promise<{ status: number; text: string; token: string; location: string | null }> {
  const answer = await fetch(address, { redirect: 'manual' })
  return { status: answer.status, text: await answer.text(), ...place(answer) }
}

function place(answer: Response): { token: string; location: string | null } {
  const location = answer.headers.get('location')
  return { token: /^https:\/\/pay\.example\/code\/([\w-]{22})$/.exec(location ?? '')?.[1] ?? '', location }
}

/** The form of the client, posted as its script would: the address of its form, and its hidden fields. */
async function post(form: string): Promise<{ status: number; token: string }> {
  const action = /action="([^"]*)"/.exec(form)?.[1] ?? ''
  const fields = [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)]
  const texts = fields.map(([, name, value = '']) => [name, value.replaceAll('&quot;', '"')])
  const body = new URLSearchParams(Object.fromEntries(texts))
  const answer = await fetch(action, { method: 'POST', body, redirect: 'manual' })
  return { status: answer.status, token: place(answer).token }
}

function page(method: Method, how: 'GET' | 'POST', bizContent: object, returnUrl = RETURN_URL): string {
  return sdk.pageExecute(method, how, { bizContent, ...(returnUrl === '' ? {} : { returnUrl }) })
}

async function cashier(token: string, as?: number, step?: 'scan' | 'confirm') {
  const answer = await fetch(`${world.origin}/q/${token}${step === undefined ? '' : `/${step}`}`, {
    method: step === undefined ? 'GET' : 'POST',
    redirect: 'manual',
    headers: as === undefined ? {} : { authorization: `customer ${as}` },
  })
  return { status: answer.status, text: await answer.text() }
}

const linkTo = (text: string, words: string) => new RegExp(`<a class="away" href="([^"]*)">${words}`).exec(text)?.[1]
const unescaped = (text: string | undefined) => (text ?? '').replaceAll('&amp;', '&')

describe.each(['alipay.trade.page.pay', 'alipay.trade.wap.pay'] as const)('%s by the unmodified client', (method) => {
  test.each(['GET', 'POST'] as const)(
    'shows the order, takes the payment and leads back signed, by %s',
    async (how) => {
      const content = order(method)
      const sent = page(method, how, content)
      const { status, token } = how === 'GET' ? await open(sent) : await post(sent)
      expect([status, token.length]).toEqual([303, 22])
      const stranger = await cashier(token)
      for (const shown of ['8.88', '龙井茶', 'Tea house', 'Sign in', '<svg']) expect(stranger.text).toContain(shown)
      expect(await exec(sdk, 'alipay.trade.query', { outTradeNo: content.outTradeNo })).toMatchObject({
        subCode: 'ACQ.TRADE_NOT_EXIST',
      })
      expect((await cashier(token, buyer, 'scan')).status).toBe(303)
      expect((await cashier(token, buyer)).text).not.toContain('http-equiv')
      expect((await cashier(token, buyer, 'confirm')).status).toBe(303)
      const result = await cashier(token, buyer)
      const back = new URL(unescaped(linkTo(result.text, 'Back to the merchant')))
      expect(result.text).toContain('<meta http-equiv="refresh" content="5; url=https://shop.example/thanks?')
      expect(back.origin + back.pathname).toBe('https://shop.example/thanks')
      const fields = Object.fromEntries(back.searchParams)
      expect(fields).toMatchObject({
        ...{ cart: '7', charset: 'utf-8', method: `${method}.return`, out_trade_no: content.outTradeNo },
        ...{ total_amount: '8.88', app_id: world.shop.appId, auth_app_id: world.shop.appId, version: '1.0' },
        ...{ seller_id: world.shop.sellerNumber, sign_type: 'RSA2', trade_no: expect.stringMatching(/^\d{28}$/) },
      })
      expect(sdk.checkNotifySignV2(fields)).toBe(true)
      expect(sdk.checkNotifySignV2({ ...fields, total_amount: '0.01' })).toBe(false)
      expect(await exec(sdk, 'alipay.trade.query', { outTradeNo: content.outTradeNo })).toMatchObject({
        tradeStatus: 'TRADE_SUCCESS',
      })
    },
  )

  test('opened again is the same order, and paid in two tabs and with many clicks it is paid once', async () => {
    const sent = page(method, 'GET', order(method))
    const tabs = [await open(sent), await open(sent)]
    const [first = '', second = ''] = tabs.map((tab) => tab.token)
    expect(new Set([first, second]).size).toBe(2)
    const before = await world.walletOf(buyer)
    await cashier(first, buyer, 'scan')
    expect((await cashier(second, buyer)).text).toContain('/confirm')
    const clicks = await Promise.all([first, second, first, second].map((token) => cashier(token, buyer, 'confirm')))
    for (const { status } of clicks) expect(status).toBeLessThan(400)
    const after = await world.walletOf(buyer)
    expect(Number(before) - Number(after)).toBeCloseTo(8.88)
    expect((await open(sent)).text).toContain('ACQ.TRADE_HAS_SUCCESS')
  })

  test('without an address to return to shows the result and leads nowhere', async () => {
    const { token } = await open(page(method, 'GET', order(method), ''))
    await cashier(token, buyer, 'scan')
    await cashier(token, buyer, 'confirm')
    const result = await cashier(token, buyer)
    expect([result.text.includes('role="status"'), result.text.includes('href=')]).toEqual([true, false])
  })
})

test('a buyer on a phone may go back to where the merchant says without paying', async () => {
  const { token } = await open(page('alipay.trade.wap.pay', 'GET', order('alipay.trade.wap.pay', QUIT)))
  expect(linkTo((await cashier(token)).text, 'Do not pay')).toBe('https://shop.example/cart')
  await cashier(token, buyer, 'scan')
  expect(linkTo((await cashier(token, buyer)).text, 'Do not pay')).toBe('https://shop.example/cart')
})

test('an order that ran out of time is not paid any more', async () => {
  const { token } = await open(
    page('alipay.trade.page.pay', 'GET', order('alipay.trade.page.pay', { timeoutExpress: '5m' })),
  )
  await cashier(token, buyer, 'scan')
  world.clock.advance(6 * MINUTE)
  const before = await world.walletOf(buyer)
  expect((await cashier(token, buyer, 'confirm')).status).toBe(409)
  expect(await world.walletOf(buyer)).toBe(before)
})

describe('a request that does not hold shows why, and leads nowhere', () => {
  const evil = 'https://evil.example/'
  const signed = (change: object = {}) =>
    page('alipay.trade.page.pay', 'GET', order('alipay.trade.page.pay', change), evil)
  const wap = (change: object) => page('alipay.trade.wap.pay', 'GET', order('alipay.trade.wap.pay', change), evil)
  test.each<[string, () => string, number, string]>([
    ['a changed amount', () => signed().replace('8.88', '0.01'), 400, 'isv.invalid-signature'],
    [
      'another address to return to',
      () => signed().replace('evil.example', 'worse.example'),
      400,
      'isv.invalid-signature',
    ],
    ['no signature', () => signed().replace(/[?&]sign=[^&]*/, ''), 400, 'isv.missing-signature'],
    ['an unknown application', () => signed().replace(world.shop.appId, '2021000000000000'), 400, 'isv.invalid-app-id'],
    ['no product', () => signed({ productCode: '' }), 400, 'ACQ.INVALID_PARAMETER'],
    ['the product of another page', () => signed({ productCode: 'QUICK_WAP_WAY' }), 400, 'ACQ.INVALID_PARAMETER'],
    ['an amount of nothing', () => signed({ totalAmount: '0.00' }), 400, 'ACQ.INVALID_PARAMETER'],
    ['an unknown field', () => signed({ surprise: '1' }), 400, 'ACQ.INVALID_PARAMETER'],
    ['a way back that is a script', () => wap({ quitUrl: 'javascript:alert(1)' }), 400, 'ACQ.INVALID_PARAMETER'],
    ['a time that is over', () => signed({ timeExpire: '2020-01-01 00:00:00' }), 400, 'ACQ.NOW_TIME_AFTER'],
  ])('%s', async (_, address, status, code) => {
    const answer = await open(address())
    expect([answer.status, answer.location]).toEqual([status, null])
    expect(answer.text).toContain(code)
    expect(answer.text).not.toMatch(/evil\.example|worse\.example|<a |<script|http-equiv/)
  })

  test('an address to return to that is a script', async () => {
    const answer = await open(
      page('alipay.trade.page.pay', 'GET', order('alipay.trade.page.pay'), 'javascript:alert(1)'),
    )
    expect([answer.status, answer.text.includes('return_url')]).toEqual([400, true])
    expect(answer.text).not.toContain('javascript:')
  })

  test('words of an attacker are text', async () => {
    const answer = await open(signed({ '<script>': '1' }))
    expect([answer.status, answer.text.includes('<script')]).toEqual([400, false])
  })
})
