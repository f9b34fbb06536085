import { generateKeyPairSync } from 'node:crypto'
import type { Caller, Scope } from '@huitong/contract'
import { createHttp, createLog, type HttpApp } from '@huitong/http'
import { publicId } from '@huitong/kernel'
import { drawPaymentCode, findCustomer, PAYMENT_CODE_LIFE } from '@huitong/party'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addPaymentsRoutes, createCodeQueries, createPartnerClient, createTenderQueries } from '../src/index.ts'
import { answerOf, type PaymentsWorld, startPaymentsWorld } from './payments-world.ts'

const SCOPES: readonly Scope[] = ['payments:read', 'payments:write', 'party:read', 'party:write', 'demo:operate']

let world: PaymentsWorld
let http: HttpApp
let buyer: number
let merchant: number
const callers = new Map<string, Caller>()
let keys = 0

beforeAll(async () => {
  world = await startPaymentsWorld(4)
  const { committer, payments, queries, vault, chance } = world
  http = await createHttp({
    log: createLog({ level: 'silent' }),
    authenticate: [async ({ headers }) => callers.get(headers.authorization ?? '') ?? undefined],
    approvals: 'unwatched',
  })
  const search = {
    findByPhone: async () => undefined,
    findByUserNumber: async (userNumber: string) => {
      const found = await world.institution.db.read((tx) => findCustomer(tx, buyer))
      return found?.userNumber === userNumber ? found : undefined
    },
  }
  addPaymentsRoutes(http, {
    committer,
    payments,
    queries,
    tenders: createTenderQueries(world.institution.db, []),
    vault,
    chance,
    search,
    orderCodeUrl: (token) => `https://pay.example/${token}`,
    staticCodeUrl: (reference) => `https://pay.example/c/${reference}`,
    issuer: { institution: 'yunhe', country: 'CN', city: 'HANGZHOU' },
    codes: createCodeQueries(world.institution.db),
    clock: world.clock,
    db: world.institution.db,
    partners: createPartnerClient({
      db: world.institution.db,
      institution: 'yunhe',
      privateKey: generateKeyPairSync('ed25519').privateKey,
      wallClock: world.clock,
    }),
  })
  buyer = await world.customer(100_000n)
  merchant = await world.merchant(6000)
  callers.set('staff', { kind: 'staff', id: 'staff:1', scopes: new Set(SCOPES) })
  signIn('buyer', { kind: 'customer', customerId: buyer })
  signIn('shop', { kind: 'merchant', merchantId: merchant })
  signIn('other-buyer', { kind: 'customer', customerId: await world.customer(500n) })
  signIn('other-shop', { kind: 'merchant', merchantId: await world.merchant(0) })
})

afterAll(async () => {
  expect(await world.imbalance()).toEqual([0n, 0n])
  await http.drain()
  await world.committer.stop()
})

function signIn(name: string, caller: Pick<Caller, 'kind' | 'customerId' | 'merchantId'>): void {
  callers.set(name, { ...caller, id: name, scopes: new Set(SCOPES) })
}

async function call(as: string, method: 'GET' | 'POST', url: string, body?: object, key?: string) {
  keys += 1
  const response = await http.inject({
    method,
    url,
    headers: {
      authorization: as,
      ...(method === 'POST' ? { 'idempotency-key': key ?? `key-${keys}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  })
  return { status: response.statusCode, headers: response.headers, body: response.json() }
}

async function freshCode(customerId: number): Promise<string> {
  const { digits, codeHash } = drawPaymentCode(world.vault, world.chance)
  const input = { customerId, codeHash, lifeMicros: PAYMENT_CODE_LIFE }
  answerOf(await world.committer.submit({ kind: world.party.commands.issuePaymentCode, input }))
  return digits
}

const cny = (value: string) => ({ currency: 'CNY', value })
const payment = (orderNumber: string, value: string) => ({ orderNumber, amount: cny(value), subject: 'Tea' })

describe('registering', () => {
  it('opens a customer with a wallet and a merchant, and tops the wallet up', async () => {
    const customer = await call('staff', 'POST', '/v1/customers', { displayName: 'Li', phone: '13900000001' }, 'c1')
    expect(customer.status).toBe(201)
    const again = await call('staff', 'POST', '/v1/customers', { displayName: 'Li', phone: '13900000001' }, 'c1')
    expect([again.status, again.body.id, again.headers['idempotent-replayed']]).toEqual([201, customer.body.id, 'true'])
    const taken = await call('staff', 'POST', '/v1/customers', { displayName: 'Wu', phone: '13900000001' })
    expect([taken.status, taken.body.code]).toEqual([409, 'phone_taken'])
    const shop = await call('staff', 'POST', '/v1/merchants', { name: 'Tea', feeRateMillionths: 6000 })
    expect([shop.status, shop.body.sellerNumber]).toEqual([201, expect.stringMatching(/^2088\d{12}$/)])
    const wallet = `/v1/wallets/${customer.body.id}`
    const topUp = await call('staff', 'POST', `${wallet}/top-ups`, { amount: cny('12.34') })
    expect([topUp.status, topUp.body.available]).toEqual([201, '12.34'])
    const read = await call('staff', 'GET', wallet)
    expect(read.body).toMatchObject({ balance: '12.34', available: '12.34', currency: 'CNY', state: 'open' })
  })
})

describe('a payment by code', () => {
  it('is made once, shown to both sides and refunded in parts', async () => {
    const paymentCode = await freshCode(buyer)
    const body = { ...payment('A-1', '100.00'), paymentCode }
    const made = await call('shop', 'POST', '/v1/payments', body, 'pay-1')
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({ state: 'paid', total: '100.00', fee: '0.60', orderNumber: 'A-1' })
    const again = await call('shop', 'POST', '/v1/payments', body, 'pay-1')
    expect([again.status, again.body.id, again.headers['idempotent-replayed']]).toEqual([201, made.body.id, 'true'])
    const otherBody = await call('shop', 'POST', '/v1/payments', { ...body, subject: 'Rice' }, 'pay-1')
    expect([otherBody.status, otherBody.body.code]).toEqual([409, 'idempotency_key_reused'])
    const otherKey = await call('shop', 'POST', '/v1/payments', body)
    expect([otherKey.status, otherKey.body.code]).toEqual([409, 'trade_already_paid'])
    const url = `/v1/payments/${made.body.id}`
    expect((await call('buyer', 'GET', url)).body.fee).toBeUndefined()
    expect((await call('shop', 'GET', url)).body).toEqual(made.body)

    const refund = { amount: cny('33.33'), refundNumber: 'R-1', reason: 'Broken' }
    const first = await call('shop', 'POST', `${url}/refunds`, refund)
    expect(first.status).toBe(201)
    expect(first.body).toMatchObject({
      refund: { amount: '33.33', feeReturned: '0.20' },
      payment: { refunded: '33.33' },
    })
    const repeated = await call('shop', 'POST', `${url}/refunds`, refund)
    expect([repeated.status, repeated.body.refund.id]).toEqual([200, first.body.refund.id])
    const over = await call('shop', 'POST', `${url}/refunds`, { amount: cny('66.68'), refundNumber: 'R-2' })
    expect([over.status, over.body.code, over.body.errors[0].field]).toEqual([
      409,
      'refund_exceeds_rest',
      'amount.value',
    ])
    const numberless = await call('shop', 'POST', `${url}/refunds`, { amount: cny('1.00') })
    expect([numberless.status, numberless.body.code]).toEqual([422, 'refund_number_missing'])
    const list = await call('buyer', 'GET', `${url}/refunds`)
    expect(list.body.items).toHaveLength(1)
    const cancelled = await call('shop', 'POST', `${url}/cancel`)
    expect(cancelled.body).toMatchObject({ state: 'closed', closingCause: 'cancelled', refunded: '100.00' })
  })

  it.each([
    ['-1.00', 'pattern'],
    ['0.00', 'zero'],
    ['1.234', 'too_many_decimals'],
    ['1e2', 'pattern'],
    ['100000000.01', 'too_large'],
    ['1.', 'pattern'],
    ['', 'pattern'],
    [' 1', 'pattern'],
  ])('over %j is refused for the field amount.value by the rule %s', async (value, rule) => {
    const paymentCode = await freshCode(buyer)
    const answer = await call('shop', 'POST', '/v1/payments', { ...payment('A-2', value), paymentCode })
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request'])
    expect(answer.body.errors).toContainEqual(expect.objectContaining({ field: 'amount.value', rule }))
  })

  it.each([
    ['an amount that is a number', { amount: { currency: 'CNY', value: 1 } }, 'amount.value'],
    ['another currency', { amount: { currency: 'USD', value: '1.00' } }, 'amount.currency'],
    ['an unknown currency', { amount: { currency: 'XXQ', value: '1.00' } }, 'amount.currency'],
    ['an order number with a space', { orderNumber: 'A 2' }, 'orderNumber'],
    ['a control character in the subject', { subject: 'Tea\u0007' }, 'subject'],
    ['a code that is none', { paymentCode: '12345' }, 'paymentCode'],
    ['both a code and a customer', { customer: publicId('cust', 1024) }, 'paymentCode'],
    ['a field that nobody knows', { total: '1' }, 'total'],
    ['a time that is none', { expiresAt: 'soon' }, 'expiresAt'],
  ])('with %s is refused and names the field', async (_, change, field) => {
    const body = { ...payment('A-3', '1.00'), paymentCode: await freshCode(buyer), ...change }
    const answer = await call('shop', 'POST', '/v1/payments', body)
    expect(answer.status).toBe(400)
    expect(answer.body.errors.map((error: { field: string }) => error.field)).toContain(field)
    expect(await world.queries.findTrade({ merchant, tradeNumber: null, orderNumber: 'A-3' })).toBeUndefined()
  })

  it('keeps HTML and SQL in a subject as text', async () => {
    const subject = "<b>Tea</b>'; drop table payments_trades; --"
    const body = { ...payment('A-4', '1.00'), subject, paymentCode: await freshCode(buyer) }
    expect((await call('shop', 'POST', '/v1/payments', body)).body.subject).toBe(subject)
  })
})

describe('a payment to be confirmed', () => {
  it('waits for its customer, who confirms it', async () => {
    const body = { ...payment('B-1', '5.00'), customer: publicId('cust', buyer) }
    const made = await call('shop', 'POST', '/v1/payments', body)
    expect([made.status, made.body.state]).toEqual([201, 'awaiting_payment'])
    expect((await call('shop', 'POST', '/v1/payments', body)).status).toBe(200)
    const confirm = `/v1/payments/${made.body.id}/confirm`
    expect((await call('other-buyer', 'POST', confirm)).status).toBe(404)
    const paid = await call('buyer', 'POST', confirm)
    expect([paid.status, paid.body.state]).toEqual([200, 'paid'])
    const close = await call('shop', 'POST', `/v1/payments/${made.body.id}/close`)
    expect([close.status, close.body.code]).toEqual([409, 'trade_already_paid'])
  })

  it('begins with an order code that its buyer scans', async () => {
    const made = await call('shop', 'POST', '/v1/order-codes', payment('B-2', '5.00'))
    expect([made.status, made.body.url]).toEqual([201, `https://pay.example/${made.body.token}`])
    const scan = `/v1/order-codes/${made.body.token}/scan`
    const scanned = await call('buyer', 'POST', scan)
    expect([scanned.status, scanned.body.state]).toEqual([201, 'awaiting_payment'])
    expect((await call('buyer', 'POST', scan)).status).toBe(200)
    expect((await call('other-buyer', 'POST', scan)).body.code).toBe('trade_of_another_buyer')
    expect((await call('buyer', 'POST', '/v1/order-codes/nothing/scan')).status).toBe(404)
  })
})

describe('an authorisation', () => {
  it('promises money that is charged in parts, given back, and called off', async () => {
    const request = { authorisationNumber: 'AUTH-1', amount: cny('50.00'), title: 'Deposit' }
    const body = { ...request, paymentCode: await freshCode(buyer) }
    const made = await call('shop', 'POST', '/v1/authorisations', body, 'auth-1')
    expect([made.status, made.body.state, made.body.rest]).toEqual([201, 'authorised', '50.00'])
    const again = { ...request, paymentCode: await freshCode(await world.customer(0n)) }
    expect((await call('shop', 'POST', '/v1/authorisations', again)).status).toBe(200)
    const other = await call('shop', 'POST', '/v1/authorisations', { ...again, amount: cny('51.00') })
    expect([other.status, other.body.code]).toEqual([409, 'authorisation_inconsistent'])
    const url = `/v1/authorisations/${made.body.id}`
    const capture = { orderNumber: 'AUTH-1-A', amount: cny('20.00'), subject: 'Room' }
    expect((await call('shop', 'POST', `${url}/captures`, capture)).body).toMatchObject({
      state: 'paid',
      total: '20.00',
    })
    const release = { requestNumber: 'U-1', amount: cny('10.00') }
    expect((await call('shop', 'POST', `${url}/releases`, release)).body.rest).toBe('20.00')
    const over = await call('shop', 'POST', `${url}/captures`, { ...capture, orderNumber: 'B', amount: cny('20.01') })
    expect([over.status, over.body.code]).toEqual([409, 'exceeds_authorisation'])
    const shown = await call('buyer', 'GET', url)
    expect(shown.body.operations.map((one: { kind: string }) => one.kind)).toEqual(['freeze', 'capture', 'release'])
    for (const [as, method, path, sent] of [
      ['other-shop', 'GET', url, undefined],
      ['other-buyer', 'GET', url, undefined],
      ['other-shop', 'POST', `${url}/captures`, capture],
      ['other-shop', 'POST', `${url}/releases`, release],
      ['other-shop', 'POST', `${url}/cancel`, undefined],
    ] as const) {
      expect([path, (await call(as, method, path, sent)).status]).toEqual([path, 404])
    }
    expect((await call('shop', 'POST', `${url}/cancel`)).body).toMatchObject({
      state: 'ended',
      endingCause: 'cancelled',
    })
    expect((await call('shop', 'POST', `${url}/releases`, { ...release, requestNumber: 'U-2' })).body.code).toBe(
      'authorisation_closed',
    )
  })

  it.each([
    ['a code that is none', { paymentCode: '12345' }, 400],
    ['an amount of nothing', { amount: cny('0.00') }, 400],
    ['a title of two lines', { title: 'a\nb' }, 400],
    ['an end in the past', { expiresAt: '2020-01-01T00:00:00Z' }, 422],
    ['an end in ten years', { expiresAt: '2036-01-01T00:00:00Z' }, 422],
  ])('with %s is refused', async (_, change, status) => {
    const request = { authorisationNumber: 'AUTH-BAD', amount: cny('5.00'), title: 'Deposit' }
    const body = { ...request, paymentCode: await freshCode(await world.customer(0n)), ...change }
    expect((await call('shop', 'POST', '/v1/authorisations', body)).status).toBe(status)
  })
})

describe('what belongs to somebody else', () => {
  it('looks the same as what does not exist', async () => {
    const made = await call('shop', 'POST', '/v1/payments', {
      ...payment('D-1', '1.00'),
      paymentCode: await freshCode(buyer),
    })
    const url = `/v1/payments/${made.body.id}`
    const nothing = `/v1/payments/${publicId('trade', 1024 * 999_999)}`
    const refund = { amount: cny('1.00') }
    for (const [as, method, path, body] of [
      ['other-shop', 'GET', '', undefined],
      ['other-buyer', 'GET', '', undefined],
      ['other-shop', 'GET', '/refunds', undefined],
      ['other-shop', 'POST', '/refunds', refund],
      ['other-shop', 'POST', '/close', undefined],
      ['other-shop', 'POST', '/cancel', undefined],
      ['other-buyer', 'POST', '/confirm', undefined],
    ] as const) {
      const theirs = await call(as, method, `${url}${path}`, body)
      const none = await call(as, method, `${nothing}${path}`, body)
      expect([as, path, theirs.status, theirs.body.code]).toEqual([as, path, 404, none.body.code])
    }
    expect((await call('shop', 'GET', '/v1/payments/trade_000')).status).toBe(404)
    expect((await call('other-buyer', 'GET', `/v1/wallets/${publicId('cust', buyer)}`)).status).toBe(404)
    expect((await call('other-shop', 'GET', `/v1/payments?merchant=${publicId('mrch', merchant)}`)).status).toBe(404)
    expect((await call('shop', 'GET', url)).body.refunded).toBe('0.00')
  })

  it('is not listed, and lists page without gaps', async () => {
    const listed: string[] = []
    let cursor = ''
    do {
      const page = await call('shop', 'GET', `/v1/payments?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)
      expect(page.status).toBe(200)
      listed.push(...page.body.items.map((item: { id: string }) => item.id))
      cursor = page.body.nextCursor ?? ''
    } while (cursor !== '')
    const all = await call('staff', 'GET', `/v1/payments?merchant=${publicId('mrch', merchant)}&limit=200`)
    expect(listed).toEqual(all.body.items.map((item: { id: string }) => item.id))
    expect(listed.length).toBeGreaterThan(3)
    expect((await call('other-shop', 'GET', '/v1/payments')).body.items).toEqual([])
    expect((await call('shop', 'GET', '/v1/payments?cursor=abc')).status).toBe(400)
  })
})

describe('a transfer', () => {
  it('goes to a customer by user number and is seen by its two sides', async () => {
    const payeeNumber = (await world.institution.db.read((tx) => findCustomer(tx, buyer)))?.userNumber
    const body = { transferNumber: 'T-1', payee: { userNumber: payeeNumber }, amount: cny('1.00'), title: 'Thanks' }
    const made = await call('other-buyer', 'POST', '/v1/transfers', body)
    expect([made.status, made.body.payee]).toEqual([201, publicId('cust', buyer)])
    expect((await call('other-buyer', 'POST', '/v1/transfers', body)).status).toBe(200)
    const differs = await call('other-buyer', 'POST', '/v1/transfers', { ...body, amount: cny('1.01') })
    expect([differs.status, differs.body.code]).toEqual([409, 'transfer_inconsistent'])
    const url = `/v1/transfers/${made.body.id}`
    expect((await call('buyer', 'GET', url)).status).toBe(200)
    expect((await call('shop', 'GET', url)).status).toBe(404)
    const tooSmall = await call('other-buyer', 'POST', '/v1/transfers', {
      ...body,
      transferNumber: 'T-2',
      amount: cny('0.09'),
    })
    expect([tooSmall.status, tooSmall.body.code]).toEqual([422, 'amount_out_of_range'])
    const nobody = { ...body, payee: { userNumber: '2088000000000000' } }
    expect((await call('other-buyer', 'POST', '/v1/transfers', nobody)).status).toBe(404)
    const two = { ...body, payee: { userNumber: payeeNumber, phone: '13800000001' } }
    expect((await call('other-buyer', 'POST', '/v1/transfers', two)).status).toBe(400)
  })
})
