import { createServer, type Server } from 'node:http'
import { readEmvMerchantCode } from '@huitong/formats'
import { verifyLedger } from '@huitong/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askPartners, PAYMENT_TIES } from '../src/index.ts'
import { agree, type Platform, platform, yuan } from './partner-world.ts'
import { answerOf } from './payments-world.ts'

/* A shop of one wallet platform gives back to a customer of another what he paid by its code. */

let yunhe: Platform
let lijiang: Platform
let payer: number
let shop: number
let code: string

beforeAll(async () => {
  yunhe = await platform('yunhe', 61)
  lijiang = await platform('lijiang', 62)
  await agree(yunhe, lijiang, lijiang.url, '100000.00')
  await agree(lijiang, yunhe, yunhe.url, '100000.00')
  payer = await yunhe.world.customer(1_000_000n)
  shop = await lijiang.world.merchant(6000)
  await lijiang.world.customer(1_000_000n)
  const made = await lijiang.api.call(`merchant ${shop}`, 'POST', '/v1/static-codes', {})
  code = String(made.body.emv)
})

afterAll(async () => {
  for (const { api, world } of [yunhe, lijiang]) {
    expect(await world.imbalance()).toEqual([0n, 0n])
    expect((await verifyLedger(world.institution.db, { ties: PAYMENT_TIES })).findings).toEqual([])
    await api.http.drain()
    await world.committer.stop()
  }
})

/** Pays the shop; the receipt over there, which is what the payer's side knows as its number. */
async function paid(value: string, who = payer): Promise<string> {
  const sent = await yunhe.api.call(`customer ${who}`, 'POST', '/v1/partner-payments', {
    ...{ code, amount: yuan(value), payeeName: 'Tea house' },
  })
  expect(sent.body.state).toBe('paid')
  return String(sent.body.theirNumber)
}

function refund(receipt: string, refundNumber: string, value: string, as = `merchant ${shop}`, key?: string) {
  const body = { refundNumber, amount: yuan(value), reason: 'cold tea' }
  return lijiang.api.call(as, 'POST', `/v1/partner-receipts/${receipt}/refunds`, body, key)
}

const receiptOf = async (receipt: string) =>
  (await lijiang.api.call(`merchant ${shop}`, 'GET', `/v1/partner-receipts/${receipt}`)).body

/** What the two sides say that the shop's platform owes for refunds, and the payer's wallet and the shop's account. */
async function money() {
  await Promise.all([yunhe.world.committer.flush(), lijiang.world.committer.flush()])
  const theirs = (await lijiang.api.call('staff', 'GET', '/v1/partners/yunhe')).body
  const ours = (await yunhe.api.call('staff', 'GET', '/v1/partners/lijiang')).body
  const [wallet, has] = [await yunhe.world.walletOf(payer), await lijiang.world.merchantHas(shop)]
  return { owed: [theirs.owed, ours.owing], wallet: Number(wallet), shop: Number(has) }
}

const jobs = ({ world, api }: Platform) => ({ ...world, db: world.institution.db, partners: api.partners })

async function nowhere(): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((request) => request.socket.destroy())
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return { server, url: `http://127.0.0.1:${Object(server.address()).port}` }
}

describe('a refund to a customer of another platform', () => {
  it('gives back a part, then the rest, with the fee in proportion, and both books agree', async () => {
    const receipt = await paid('100.00')
    const before = await money()
    const first = await refund(receipt, 'R-1', '30.00')
    expect(first).toMatchObject({
      status: 201,
      body: { state: 'paid', amount: '30.00', feeReturned: '0.18', theirNumber: expect.stringMatching(/^prfr_/) },
    })
    const part = await money()
    expect([part.wallet - before.wallet, before.shop - part.shop]).toEqual([30, expect.closeTo(29.82)])
    expect(part.owed[0]).toBe(part.owed[1])
    expect(await refund(receipt, 'R-2', '70.00')).toMatchObject({
      status: 201,
      body: { state: 'paid', feeReturned: '0.42' },
    })
    expect(await receiptOf(receipt)).toMatchObject({
      amount: '100.00',
      refunded: '100.00',
      fee: '0.60',
      feeReturned: '0.60',
    })
    expect((await money()).wallet - before.wallet).toBe(100)
    const listed = await lijiang.api.call(`merchant ${shop}`, 'GET', `/v1/partner-receipts/${receipt}/refunds`)
    expect(listed.body.items).toMatchObject([{ refundNumber: 'R-1' }, { refundNumber: 'R-2', reason: 'cold tea' }])
    const more = await refund(receipt, 'R-3', '0.01')
    expect([more.status, String(more.body.type).split(':').at(-1)]).toEqual([409, 'refund_exceeds_rest'])
  })

  it('asked for again is the same refund, by two at once as well, and never another amount', async () => {
    const receipt = await paid('10.00')
    const before = await money()
    const answers = await Promise.all(Array.from({ length: 10 }, () => refund(receipt, 'SAME', '4.00')))
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    const other = await refund(receipt, 'SAME', '4.01')
    expect([other.status, String(other.body.type).split(':').at(-1)]).toEqual([409, 'refund_inconsistent'])
    expect((await money()).wallet - before.wallet).toBeCloseTo(4)
  })

  it('of two that are more than was paid gives one', async () => {
    const receipt = await paid('10.00')
    const both = await Promise.all([refund(receipt, 'A', '6.00'), refund(receipt, 'B', '6.00')])
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409])
    expect(await receiptOf(receipt)).toMatchObject({ refunded: '6.00' })
  })

  it('is made by whoever was paid, of his own receipts', async () => {
    const receipt = await paid('5.00')
    const stranger = await lijiang.world.merchant(0)
    expect((await refund(receipt, 'X', '1.00', `merchant ${stranger}`)).status).toBe(404)
    expect((await lijiang.api.call(`merchant ${stranger}`, 'GET', `/v1/partner-receipts/${receipt}`)).status).toBe(404)
    expect((await refund(receipt, 'X', '1.00', 'staff')).status).toBe(403)
    const listed = await lijiang.api.call(`merchant ${shop}`, 'GET', '/v1/partner-receipts?limit=1')
    expect(listed.body.items).toMatchObject([{ id: receipt, institution: 'yunhe', amount: '5.00' }])
  })

  it('by a person gives back out of the wallet', async () => {
    const friend = await lijiang.world.customer(0n)
    const made = await lijiang.api.call(`customer ${friend}`, 'POST', '/v1/static-codes', {})
    const resolved = await yunhe.api.call(`customer ${payer}`, 'POST', '/v1/codes/resolve', {
      code: String(made.body.emv),
    })
    const sent = await yunhe.api.call(`customer ${payer}`, 'POST', '/v1/partner-payments', {
      ...{ code: String(made.body.emv), amount: yuan('3.00'), payeeName: String(resolved.body.payeeName) },
    })
    const given = await refund(String(sent.body.theirNumber), 'F-1', '3.00', `customer ${friend}`)
    expect(given).toMatchObject({ status: 201, body: { state: 'paid', feeReturned: '0.00' } })
    expect(await lijiang.world.walletOf(friend)).toBe('0.00')
  })

  it.each([
    ['0.00', 400],
    ['-1.00', 400],
    ['1.001', 400],
    ['99999999999999.00', 400],
    ['5.01', 409],
  ])('of %s is refused with %i', async (value, status) => {
    expect((await refund(await paid('5.00'), 'BAD', value)).status).toBe(status)
  })
})

describe('a refund whose answer nobody knows', () => {
  it('keeps the money held, is asked about, and is paid once', async () => {
    const receipt = await paid('20.00')
    const before = await money()
    const away = await nowhere()
    await agree(lijiang, yunhe, away.url, '100000.00')
    expect((await refund(receipt, 'LOST', '8.00')).body.state).toBe('sending')
    expect((await receiptOf(receipt)).refunded).toBe('8.00')
    expect(before.shop - (await money()).shop).toBeCloseTo(7.95)
    expect(await askPartners(jobs(lijiang))).toBe(0)
    expect((await verifyLedger(lijiang.world.institution.db, { ties: PAYMENT_TIES })).findings).toEqual([])
    away.server.close()
    await agree(lijiang, yunhe, yunhe.url, '100000.00')
    lijiang.world.clock.advance(3_600_000_000)
    // The wall clock lets a partner who was silent rest for a moment.
    await expect.poll(() => askPartners(jobs(lijiang)), { timeout: 20_000, interval: 200 }).toBe(1)
    const again = await Promise.all([askPartners(jobs(lijiang)), refund(receipt, 'LOST', '8.00')])
    expect(again[1].body).toMatchObject({ state: 'paid', amount: '8.00' })
    expect((await money()).wallet - before.wallet).toBeCloseTo(8)
  })

  it('that arrived and whose answer was lost is found by asking, and not paid a second time', async () => {
    const receipt = await paid('20.00')
    const before = await money()
    // Passes requests on and loses every answer.
    const lossy = createServer((request) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => {
        const headers = Object.fromEntries(
          Object.entries(request.headers).flatMap(([name, value]) =>
            typeof value === 'string' && !['host', 'connection', 'content-length'].includes(name)
              ? [[name, value]]
              : [],
          ),
        )
        void fetch(`${yunhe.url}${request.url}`, { method: 'POST', headers, body: Buffer.concat(parts) }).finally(() =>
          request.socket.destroy(),
        )
      })
    })
    await new Promise<void>((done) => lossy.listen(0, '127.0.0.1', done))
    await agree(lijiang, yunhe, `http://127.0.0.1:${Object(lossy.address()).port}`, '100000.00')
    expect((await refund(receipt, 'GONE', '9.00')).body.state).toBe('sending')
    lossy.close()
    await agree(lijiang, yunhe, yunhe.url, '100000.00')
    lijiang.world.clock.advance(3_600_000_000)
    await expect.poll(() => askPartners(jobs(lijiang)), { timeout: 20_000, interval: 200 }).toBe(1)
    expect((await refund(receipt, 'GONE', '9.00')).body.state).toBe('paid')
    expect((await money()).wallet - before.wallet).toBeCloseTo(9)
    const { owed } = await money()
    expect(owed[0]).toBe(owed[1])
  })

  it('that the other side refuses gives the money back', async () => {
    const receipt = await paid('20.00')
    const before = await money()
    // Nothing may be owed to the payer's side beyond what it owes, and that was paid.
    const { owed, owing } = (await yunhe.api.call('staff', 'GET', '/v1/partners/lijiang')).body
    const net = { settlementNumber: 'ALL-1', direction: 'netted', amount: yuan(String(owing)) }
    const rest = (Number(owed) - Number(owing)).toFixed(2)
    const paidOut = { settlementNumber: 'ALL-2', direction: 'paid', amount: yuan(rest) }
    for (const body of [net, paidOut]) {
      expect((await yunhe.api.call('staff', 'POST', '/v1/partners/lijiang/settlements', body)).status).toBe(201)
    }
    await agree(yunhe, lijiang, lijiang.url, '0.01')
    const refused = await refund(receipt, 'NO', '5.00')
    expect(refused.body).toMatchObject({ state: 'refused', refusal: 'partner_limit_exceeded' })
    const after = await money()
    expect([after.wallet, after.shop]).toEqual([before.wallet, before.shop])
    expect(await receiptOf(receipt)).toMatchObject({ refunded: '0.00', feeReturned: '0.00' })
    await agree(yunhe, lijiang, lijiang.url, '100000.00')
    expect((await refund(receipt, 'YES', '5.00')).body.state).toBe('paid')
    const received = [
      { ...net, settlementNumber: 'ALL-3' },
      { ...paidOut, settlementNumber: 'ALL-4', direction: 'received' },
    ]
    for (const body of received) {
      expect((await lijiang.api.call('staff', 'POST', '/v1/partners/yunhe/settlements', body)).status).toBe(201)
    }
  })

  it('to a wallet that was closed meanwhile gives the money back', async () => {
    const leaver = await yunhe.world.customer(1000n)
    const receipt = await paid('10.00', leaver)
    const { committer, payments } = yunhe.world
    answerOf(await committer.submit({ kind: payments.closeWallet, input: { customer: leaver, payTo: null } }))
    const before = await money()
    expect((await refund(receipt, 'LEFT', '10.00')).body).toMatchObject({ state: 'refused', refusal: 'payee_blocked' })
    expect(await money()).toEqual(before)
    expect(await receiptOf(receipt)).toMatchObject({ refunded: '0.00', feeReturned: '0.00' })
  })

  it('of a payment that the other side has no number for gives the money back', async () => {
    const read = readEmvMerchantCode(code)
    const reference = read.ok ? (read.value.accounts[0]?.fields?.get('02') ?? '') : ''
    const { committer, payments } = lijiang.world
    const madeUp = { partner: 'yunhe', paymentNumber: 'MADE-UP', reference, amountMinor: 300n, payeeName: 'Tea house' }
    answerOf(await committer.submit({ kind: payments.acceptPartnerPayment, input: madeUp }))
    const listed = await lijiang.api.call(`merchant ${shop}`, 'GET', '/v1/partner-receipts?limit=1')
    const [newest]: readonly { readonly id: string }[] = Object(listed.body.items)
    const before = await money()
    const refused = await refund(String(newest?.id), 'MADE-UP', '3.00')
    expect(refused.body).toMatchObject({ state: 'refused', refusal: 'trade_not_found' })
    expect(await money()).toEqual(before)
  })
})

describe('a refund while both sides close their accounting day', () => {
  it('goes through, before or after', async () => {
    const receipt = await paid('9.00')
    const before = await money()
    const close = ({ world }: Platform) =>
      world.committer.submit({ kind: world.ledger.closeDay, input: { next: '2026-11-23' } })
    const [first, here, there, second] = await Promise.all([
      refund(receipt, 'DAY-1', '4.50'),
      close(yunhe),
      close(lijiang),
      refund(receipt, 'DAY-2', '4.50'),
    ])
    expect([here.status, there.status]).toEqual(['done', 'done'])
    expect([first.body.state, second.body.state]).toEqual(['paid', 'paid'])
    const after = await money()
    expect(after.wallet - before.wallet).toBeCloseTo(9)
    expect(after.owed[0]).toBe(after.owed[1])
  })
})

describe('what both owe each other', () => {
  it('is taken off both positions by number, and no more than the smaller', async () => {
    await refund(await paid('50.00'), 'NET', '20.00')
    const before = await money()
    const url = '/v1/partners/yunhe/settlements'
    const net = (value: string) => ({
      settlementNumber: `N-${Number(value)}`,
      direction: 'netted',
      amount: yuan(value),
    })
    const done = await lijiang.api.call('staff', 'POST', url, net('10.00'))
    expect(done.status).toBe(201)
    expect((await lijiang.api.call('staff', 'POST', url, net('10.00'))).body.changed).toBe(false)
    const other = await yunhe.api.call('staff', 'POST', '/v1/partners/lijiang/settlements', net('10.00'))
    expect(other.status).toBe(201)
    const after = await money()
    expect(Number(before.owed[0]) - Number(after.owed[0])).toBeCloseTo(10)
    expect(after.owed[0]).toBe(after.owed[1])
    expect((await lijiang.api.call('staff', 'POST', url, net('99999.00'))).status).toBe(409)
  })
})
