import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { AlipaySdk } from 'alipay-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { record, text } from './answers.ts'
import { Program } from './program.ts'

/* A newcomer's path: the program as `npm start` runs it, the demo world's files, the command line, and a merchant's own client. */

const CLI = join(import.meta.dirname, '../../cli/src/main.ts')

interface DemoFile {
  readonly baseUrl: string
  readonly gateway: {
    readonly url: string
    readonly v3Endpoint: string
    readonly appId: string
    readonly appPrivateKeyFile: string
    readonly platformPublicKeyFile: string
  }
  readonly customers: readonly {
    readonly id: string
    readonly name: string
    readonly balance: string
    readonly userNumber: string
  }[]
  readonly merchants: readonly { readonly id: string; readonly name: string }[]
}

let folder: string
let dataDir: string
let program: Program
let demo: DemoFile
let sdk: AlipaySdk
let notified: Server
let notifyUrl: string
const notifications: Record<string, string>[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huitong-demo-sdk-'))
  dataDir = join(folder, 'data')
  program = new Program(['--data', dataDir, '--port', '0'])
  await program.ready()
  demo = JSON.parse(await readFile(join(dataDir, 'demo.json'), 'utf8'))
  sdk = new AlipaySdk({
    appId: demo.gateway.appId,
    privateKey: await readFile(demo.gateway.appPrivateKeyFile, 'utf8'),
    alipayPublicKey: await readFile(demo.gateway.platformPublicKeyFile, 'utf8'),
    gateway: demo.gateway.url,
    endpoint: demo.gateway.v3Endpoint,
  })
  notified = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += String(chunk)
    })
    request.on('end', () => {
      notifications.push(Object.fromEntries(new URLSearchParams(body)))
      response.end('success')
    })
  })
  await new Promise<void>((resolve) => notified.listen(0, '127.0.0.1', resolve))
  const address = notified.address()
  notifyUrl = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}/notify` : ''
}, 300_000)

afterAll(async () => {
  notified.close()
  await program.signal('SIGTERM')
  await rm(folder, { recursive: true, force: true })
})

/** What `huitong demo payment-code` prints for a customer of the demo world. */
async function paymentCode(customer = 0): Promise<string> {
  const id = demo.customers[customer]?.id ?? ''
  const args = [CLI, 'demo', 'payment-code', '--customer', id, '--data', dataDir]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return /\d{16,24}/.exec(stdout)?.[0] ?? ''
}

async function exec(method: string, bizContent: object, more: object = {}): Promise<Record<string, unknown>> {
  return { ...(await sdk.exec(method, { bizContent, ...more }, { validateSign: true })) }
}

async function v3(path: string, body: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
  const result = await sdk.curl('POST', path, { body: { ...body } })
  return Object.fromEntries(Object.entries(result.data ?? {}))
}

async function v3Get(path: string, query: Readonly<Record<string, string>>): Promise<Record<string, unknown>> {
  const result = await sdk.curl('GET', path, { query: { ...query } })
  return Object.fromEntries(Object.entries(result.data ?? {}))
}

let session: Promise<string> | undefined

/** The session of the customer whose link the program printed; the link works once. */
function customerSession(): Promise<string> {
  session ??= signIn()
  return session
}

async function signIn(): Promise<string> {
  const token = /Customer[^\n]*\n\s*http:\S+\/signin\/(\S+)/.exec(program.output)?.[1]
  const answer = await fetch(`${demo.baseUrl}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  })
  const { sessionToken } = record(await answer.json())
  return text(sessionToken)
}

const DONE = { code: '10000' }

describe('over v2, every answer signed and the signature checked by the client', () => {
  it('takes a bar-code payment, tells the merchant, and refunds it in parts up to the whole', async () => {
    const order = { outTradeNo: 'DEMO_PAY', totalAmount: '88.88', subject: '茶' }
    const paid = await exec(
      'alipay.trade.pay',
      { ...order, scene: 'bar_code', authCode: await paymentCode() },
      { notifyUrl },
    )
    expect(paid).toMatchObject({ ...DONE, totalAmount: '88.88', outTradeNo: 'DEMO_PAY' })
    expect(await exec('alipay.trade.query', { outTradeNo: 'DEMO_PAY' })).toMatchObject({
      ...DONE,
      tradeStatus: 'TRADE_SUCCESS',
    })
    await expect.poll(() => notifications.length, { timeout: 15_000 }).toBeGreaterThan(0)
    expect(sdk.checkNotifySignV2(notifications[0] ?? {})).toBe(true)
    expect(notifications[0]).toMatchObject({ trade_status: 'TRADE_SUCCESS', out_trade_no: 'DEMO_PAY' })
    const part = { outTradeNo: 'DEMO_PAY', refundAmount: '8.88', outRequestNo: 'R1' }
    expect(await exec('alipay.trade.refund', part)).toMatchObject({ ...DONE, refundFee: '8.88', fundChange: 'Y' })
    expect(await exec('alipay.trade.refund', part)).toMatchObject({ ...DONE, refundFee: '8.88', fundChange: 'N' })
    const tooMuch = { outTradeNo: 'DEMO_PAY', refundAmount: '80.01', outRequestNo: 'R2' }
    expect(await exec('alipay.trade.refund', tooMuch)).toMatchObject({ subCode: 'ACQ.REASON_TRADE_REFUND_FEE_ERR' })
    const rest = { outTradeNo: 'DEMO_PAY', refundAmount: '80.00', outRequestNo: 'R3' }
    expect(await exec('alipay.trade.refund', rest)).toMatchObject({ ...DONE, refundFee: '88.88', fundChange: 'Y' })
    expect(await exec('alipay.trade.query', { outTradeNo: 'DEMO_PAY' })).toMatchObject({ tradeStatus: 'TRADE_CLOSED' })
    expect(
      await exec('alipay.trade.fastpay.refund.query', { outTradeNo: 'DEMO_PAY', outRequestNo: 'R1' }),
    ).toMatchObject({ ...DONE, refundAmount: '8.88', refundStatus: 'REFUND_SUCCESS' })
  })

  it('shows no trade for a precreated code before the payer scans it', async () => {
    const order = { outTradeNo: 'DEMO_CODE', totalAmount: '1.00', subject: 'tea' }
    expect(await exec('alipay.trade.precreate', order)).toMatchObject({
      ...DONE,
      qrCode: expect.stringMatching(/^http/),
    })
    expect(await exec('alipay.trade.query', { outTradeNo: 'DEMO_CODE' })).toMatchObject({
      subCode: 'ACQ.TRADE_NOT_EXIST',
    })
  })

  it('creates a trade for a buyer and closes it', async () => {
    const order = {
      outTradeNo: 'DEMO_CREATE',
      totalAmount: '1.00',
      subject: 'tea',
      buyerId: demo.customers[1]?.userNumber,
    }
    expect(await exec('alipay.trade.create', order)).toMatchObject({
      ...DONE,
      tradeNo: expect.stringMatching(/^\d{28}$/),
    })
    expect(await exec('alipay.trade.query', { outTradeNo: 'DEMO_CREATE' })).toMatchObject({
      tradeStatus: 'WAIT_BUYER_PAY',
    })
    expect(await exec('alipay.trade.close', { outTradeNo: 'DEMO_CREATE' })).toMatchObject(DONE)
    expect(await exec('alipay.trade.query', { outTradeNo: 'DEMO_CREATE' })).toMatchObject({
      tradeStatus: 'TRADE_CLOSED',
    })
  })

  it.each([
    ['alipay.trade.page.pay', 'FAST_INSTANT_TRADE_PAY'],
    ['alipay.trade.wap.pay', 'QUICK_WAP_WAY'],
  ])('leads a browser to the cashier page and back to the shop: %s', async (method, productCode) => {
    const outTradeNo = productCode
    const bizContent = { outTradeNo, totalAmount: '1.00', subject: 'tea', productCode }
    const link = sdk.pageExecute(method, 'GET', { bizContent, notifyUrl, returnUrl: 'https://shop.example/thanks' })
    const opened = await fetch(link, { redirect: 'manual' })
    const cashier = opened.headers.get('location') ?? ''
    expect([opened.status, cashier.startsWith(`${demo.baseUrl}/q/`)]).toEqual([303, true])
    const headers = { authorization: `Bearer ${await customerSession()}` }
    for (const step of ['scan', 'confirm']) {
      const pressed = await fetch(`${cashier}/${step}`, { method: 'POST', headers, redirect: 'manual' })
      expect(pressed.status).toBe(303)
    }
    const result = await (await fetch(cashier, { headers })).text()
    const back = /href="([^"]*)"/.exec(result)?.[1]?.replaceAll('&amp;', '&') ?? ''
    expect(sdk.checkNotifySignV2(Object.fromEntries(new URL(back).searchParams))).toBe(true)
    await expect
      .poll(() => notifications.find((one) => one.out_trade_no === outTradeNo)?.trade_status, { timeout: 15_000 })
      .toBe('TRADE_SUCCESS')
  })

  it('cancels a paid order by refunding it', async () => {
    const order = { outTradeNo: 'DEMO_CANCEL', totalAmount: '2.00', subject: 'tea', authCode: await paymentCode(1) }
    expect(await exec('alipay.trade.pay', order)).toMatchObject(DONE)
    expect(await exec('alipay.trade.cancel', { outTradeNo: 'DEMO_CANCEL' })).toMatchObject({
      ...DONE,
      action: 'refund',
    })
  })

  it('transfers from the merchant to a user and finds the transfer again', async () => {
    const sale = { outTradeNo: 'DEMO_SALE', totalAmount: '10.00', subject: 'tea', authCode: await paymentCode(3) }
    expect(await exec('alipay.trade.pay', sale)).toMatchObject(DONE)
    const transfer = {
      outBizNo: 'DEMO_TRANSFER',
      transAmount: '1.50',
      productCode: 'TRANS_ACCOUNT_NO_PWD',
      bizScene: 'DIRECT_TRANSFER',
      orderTitle: 'thanks',
      payeeInfo: { identity: demo.customers[2]?.userNumber, identityType: 'ALIPAY_USER_ID' },
    }
    expect(await exec('alipay.fund.trans.uni.transfer', transfer)).toMatchObject({ ...DONE, status: 'SUCCESS' })
    expect(await exec('alipay.fund.trans.uni.transfer', { ...transfer, transAmount: '1.60' })).toMatchObject({
      subCode: 'REP_INCONSISTENT',
    })
    const asked = { outBizNo: 'DEMO_TRANSFER', productCode: 'TRANS_ACCOUNT_NO_PWD', bizScene: 'DIRECT_TRANSFER' }
    expect(await exec('alipay.fund.trans.common.query', asked)).toMatchObject({
      ...DONE,
      status: 'SUCCESS',
      transAmount: '1.50',
    })
  })
})

describe('over v3, every answer signed and the signature checked by the client', () => {
  it('runs a trade from payment to refund', async () => {
    const order = {
      out_trade_no: 'DEMO3_PAY',
      total_amount: '5.00',
      subject: 'tea',
      scene: 'bar_code',
      auth_code: await paymentCode(4),
    }
    expect(await v3('/v3/alipay/trade/pay', order)).toMatchObject({ total_amount: '5.00' })
    const which = { out_trade_no: 'DEMO3_PAY' }
    expect(await v3('/v3/alipay/trade/query', which)).toMatchObject({ trade_status: 'TRADE_SUCCESS' })
    const refund = { ...which, refund_amount: '5.00', out_request_no: 'R1' }
    expect(await v3('/v3/alipay/trade/refund', refund)).toMatchObject({
      refund_fee: '5.00',
      fund_change: 'Y',
    })
    const asked = { ...which, out_request_no: 'R1' }
    expect(await v3('/v3/alipay/trade/fastpay/refund/query', asked)).toMatchObject({
      refund_status: 'REFUND_SUCCESS',
    })
  })

  it('precreates, creates, closes and cancels', async () => {
    const order = { total_amount: '1.00', subject: 'tea' }
    expect(await v3('/v3/alipay/trade/precreate', { ...order, out_trade_no: 'DEMO3_CODE' })).toHaveProperty('qr_code')
    const made = { ...order, out_trade_no: 'DEMO3_CREATE', buyer_id: demo.customers[1]?.userNumber }
    expect(await v3('/v3/alipay/trade/create', made)).toHaveProperty('trade_no')
    expect(await v3('/v3/alipay/trade/close', { out_trade_no: 'DEMO3_CREATE' })).toHaveProperty('trade_no')
    expect(await v3('/v3/alipay/trade/cancel', { out_trade_no: 'DEMO3_NONE' })).toMatchObject({
      retry_flag: 'N',
    })
  })

  it('transfers and finds the transfer again', async () => {
    const sale = { out_trade_no: 'DEMO3_SALE', total_amount: '10.00', subject: 'tea', auth_code: await paymentCode(6) }
    expect(await v3('/v3/alipay/trade/pay', sale)).toHaveProperty('trade_no')
    const transfer = {
      out_biz_no: 'DEMO3_TRANSFER',
      trans_amount: '0.10',
      product_code: 'TRANS_ACCOUNT_NO_PWD',
      biz_scene: 'DIRECT_TRANSFER',
      payee_info: { identity: demo.customers[2]?.userNumber, identity_type: 'ALIPAY_USER_ID' },
    }
    expect(await v3('/v3/alipay/fund/trans/uni/transfer', transfer)).toMatchObject({ status: 'SUCCESS' })
    const asked = { out_biz_no: 'DEMO3_TRANSFER', product_code: 'TRANS_ACCOUNT_NO_PWD', biz_scene: 'DIRECT_TRANSFER' }
    expect(await v3Get('/v3/alipay/fund/trans/common/query', asked)).toMatchObject({ trans_amount: '0.10' })
  })

  it('tells an error by its code', async () => {
    const asked = v3('/v3/alipay/trade/query', { out_trade_no: 'NONE' })
    await expect(asked).rejects.toMatchObject({ code: 'ACQ.TRADE_NOT_EXIST' })
  })
})
