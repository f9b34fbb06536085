import { publicId } from '@huitong/kernel'
import { findCustomer } from '@huitong/party'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expireDueMoneyRequests, releaseDueTransfers } from '../src/index.ts'
import { type Answer, type PaymentsHttp, startPaymentsHttp } from './payments-http.ts'
import { MINUTE, type PaymentsWorld, startPaymentsWorld } from './payments-world.ts'

let world: PaymentsWorld
let api: PaymentsHttp
let alice: number
let bob: number
let carol: number

beforeAll(async () => {
  world = await startPaymentsWorld(31)
  api = await startPaymentsHttp(world)
  alice = await world.customer(100_000n)
  bob = await world.customer(50_000n)
  carol = await world.customer(1_000n)
})

afterAll(async () => {
  expect(await world.imbalance()).toEqual([0n, 0n])
  await api.http.drain()
  await world.committer.stop()
})

const yuan = (value: string) => ({ currency: 'CNY', value })
const as = (id: number) => `customer ${id}`
const cust = (id: number) => publicId('cust', id)
const named = (id: number) => ({ customer: cust(id) })
const told = ({ status, body }: Answer) => [status, String(body.type).split(':').at(-1)]
// Batches are some microseconds ahead of a clock that stands still, so whatever is waited for is waited for a minute longer.
const HOUR = 60 * MINUTE

function delay(payer: number, payee: object, value: string, number: string, change: object = {}) {
  const body = { transferNumber: number, payee, amount: yuan(value), delay: '2h', ...change }
  return api.call(as(payer), 'POST', '/v1/delayed-transfers', body)
}

const jobs = () => ({ ...world, db: world.institution.db })
const spendable = async (id: number) => Number(await world.walletOf(id))

describe('whom a name means', () => {
  it('is told by a masked name, by phone, user number, id and static code', async () => {
    const row = await world.institution.db.read((tx) => findCustomer(tx, bob))
    const code = await api.call(as(bob), 'POST', '/v1/static-codes', {})
    for (const payee of [
      named(bob),
      { userNumber: row?.userNumber },
      { phone: '13800000002' },
      { staticCode: code.body.reference },
    ]) {
      const answer = await api.call(as(alice), 'POST', '/v1/payees/resolve', { payee })
      expect(answer).toMatchObject({ status: 200, body: { customer: cust(bob), name: 'C****** 2' } })
    }
  })

  it.each([
    ['nobody by phone', { phone: '13899999999' }, 404],
    ['nobody by id', { customer: 'cust_00000000300r' }, 404],
    ['two names at once', { phone: '13800000002', userNumber: '2088000000000001' }, 400],
    ['no name', {}, 400],
    ['no phone number', { phone: 'hello' }, 400],
    ['a code that is none', { staticCode: "'; drop table x" }, 404],
  ])('is refused for %s', async (_, payee, status) => {
    expect((await api.call(as(alice), 'POST', '/v1/payees/resolve', { payee })).status).toBe(status)
  })

  it('is told a few times a minute only', async () => {
    const curious = as(await world.customer(0n))
    const answers: number[] = []
    for (let count = 0; count < 32; count += 1) {
      answers.push((await api.call(curious, 'POST', '/v1/payees/resolve', { payee: { phone: '13899999999' } })).status)
    }
    expect([answers.filter((status) => status === 404).length, answers.at(-1)]).toEqual([30, 429])
    world.clock.advance(MINUTE)
    expect((await api.call(curious, 'POST', '/v1/payees/resolve', { payee: named(bob) })).status).toBe(200)
  })
})

describe('a delayed transfer', () => {
  it('holds the money, is sent when its time is over, and shows as a transfer', async () => {
    const before = [await spendable(alice), await spendable(bob)] as const
    const made = await delay(alice, named(bob), '30.00', 'D-1', { title: 'Rent' })
    expect(made).toMatchObject({ status: 201, body: { state: 'held', amount: '30.00', transfer: null } })
    expect([before[0] - (await spendable(alice)), (await spendable(bob)) - before[1]]).toEqual([30, 0])
    world.clock.advance(2 * HOUR - MINUTE)
    expect(await releaseDueTransfers(jobs())).toBe(0)
    world.clock.advance(2 * MINUTE)
    expect(await releaseDueTransfers(jobs())).toBe(1)
    expect((await spendable(bob)) - before[1]).toBe(30)
    const sent = await api.call(as(bob), 'GET', `/v1/delayed-transfers/${String(made.body.id)}`)
    expect(sent.body.state).toBe('sent')
    const transfer = await api.call(as(bob), 'GET', `/v1/transfers/${String(sent.body.transfer)}`)
    expect(transfer).toMatchObject({ status: 200, body: { amount: '30.00', title: 'Rent', payee: cust(bob) } })
  })

  it('is recalled by its payer in time, and by nobody else or later', async () => {
    const before = await spendable(alice)
    const made = await delay(alice, named(bob), '12.00', 'D-2', { delay: '24h' })
    const url = `/v1/delayed-transfers/${String(made.body.id)}`
    for (const other of [bob, carol]) {
      expect(told(await api.call(as(other), 'POST', `${url}/recall`))).toEqual([404, 'not_found'])
    }
    expect((await api.call(as(carol), 'GET', url)).status).toBe(404)
    expect(await api.call(as(alice), 'POST', `${url}/recall`)).toMatchObject({
      status: 200,
      body: { state: 'recalled' },
    })
    expect(await spendable(alice)).toBe(before)
    expect(told(await api.call(as(alice), 'POST', `${url}/recall`))).toEqual([409, 'delayed_transfer_over'])
    const late = await delay(alice, named(bob), '12.00', 'D-3')
    world.clock.advance(2 * HOUR + MINUTE)
    const recall = `/v1/delayed-transfers/${String(late.body.id)}/recall`
    expect(told(await api.call(as(alice), 'POST', recall))).toEqual([409, 'delayed_transfer_over'])
    expect(await releaseDueTransfers(jobs())).toBe(1)
  })

  it('recalled and sent at once ends once', async () => {
    const before = (await spendable(alice)) + (await spendable(bob))
    const ids: string[] = []
    for (let index = 0; index < 6; index += 1) {
      ids.push(String((await delay(alice, named(bob), '1.00', `D-R${index}`)).body.id))
    }
    world.clock.advance(2 * HOUR + MINUTE)
    const recalls = ids.map((id) => api.call(as(alice), 'POST', `/v1/delayed-transfers/${id}/recall`))
    const [first, second] = [releaseDueTransfers(jobs()), releaseDueTransfers(jobs())]
    await Promise.all([...recalls, first, second])
    expect((await spendable(alice)) + (await spendable(bob))).toBeCloseTo(before)
    const states = await Promise.all(ids.map((id) => api.call(as(alice), 'GET', `/v1/delayed-transfers/${id}`)))
    expect(new Set(states.map(({ body }) => body.state))).toEqual(new Set(['sent']))
  })

  it('comes back when its payee cannot receive it any more', async () => {
    const dave = await world.customer(0n)
    const before = await spendable(alice)
    const made = await delay(alice, named(dave), '5.00', 'D-4')
    const kind = world.party.commands.setCustomerStatus
    await world.committer.submit({ kind, input: { customerId: dave, status: 'frozen' } })
    world.clock.advance(2 * HOUR + MINUTE)
    expect(await releaseDueTransfers(jobs())).toBe(1)
    const ended = await api.call(as(alice), 'GET', `/v1/delayed-transfers/${String(made.body.id)}`)
    expect([ended.body.state, await spendable(alice)]).toEqual(['returned', before])
  })

  it('is one transfer per number, however often it is asked for', async () => {
    const first = await delay(alice, named(bob), '2.00', 'D-5')
    expect(await delay(alice, named(bob), '2.00', 'D-5')).toMatchObject({ status: 200, body: { id: first.body.id } })
    expect(told(await delay(alice, named(bob), '2.01', 'D-5'))).toEqual([409, 'transfer_inconsistent'])
    expect((await delay(bob, named(alice), '2.00', 'D-5')).status).toBe(201)
  })

  it.each<[string, () => Promise<Answer>, readonly [number, string]]>([
    ['of more than there is', () => delay(carol, named(bob), '10.01', 'X-1'), [409, 'payer_without_funds']],
    ['of too little', () => delay(alice, named(bob), '0.09', 'X-2'), [422, 'amount_out_of_range']],
    ['to oneself', () => delay(alice, named(alice), '1.00', 'X-3'), [422, 'payer_is_payee']],
    ['to nobody', () => delay(alice, { phone: '13899999999' }, '1.00', 'X-4'), [404, 'payee_not_found']],
    ['for another time', () => delay(alice, named(bob), '1.00', 'X-5', { delay: '3h' }), [400, 'invalid_request']],
    ['with a number of ours', () => delay(alice, named(bob), '1.00', 'delayed:1'), [400, 'invalid_request']],
  ])('is refused %s', async (_, ask, expected) => {
    const before = await spendable(alice)
    expect(told(await ask())).toEqual(expected)
    expect(await spendable(alice)).toBe(before)
  })

  it('is listed for both sides', async () => {
    const list = await api.call(as(bob), 'GET', '/v1/delayed-transfers?limit=100')
    const numbers = Object(list.body).items.map((one: { transferNumber: string }) => one.transferNumber)
    expect(numbers).toEqual(expect.arrayContaining(['D-1', 'D-5']))
    expect(Object((await api.call(as(carol), 'GET', '/v1/delayed-transfers')).body).items).toEqual([])
  })
})

async function ask(asker: number, payer: number, value: string, change: object = {}): Promise<string> {
  const body = { payer: named(payer), amount: yuan(value), ...change }
  const made = await api.call(as(asker), 'POST', '/v1/money-requests', body)
  expect(made.status).toBe(201)
  return `/v1/money-requests/${String(made.body.id)}`
}

describe('a request for money', () => {
  it('is paid once by whom it asks', async () => {
    const url = await ask(bob, alice, '7.00', { note: 'Lunch' })
    const before = await spendable(bob)
    const clicks = await Promise.all([1, 2, 3].map(() => api.call(as(alice), 'POST', `${url}/pay`)))
    expect(clicks.filter(({ status }) => status === 200)).toHaveLength(1)
    expect((await spendable(bob)) - before).toBeCloseTo(7)
    const paid = await api.call(as(bob), 'GET', url)
    expect(paid.body).toMatchObject({ state: 'paid', note: 'Lunch', transfer: expect.stringMatching(/^trsf_/) })
  })

  it.each<[string, number[], readonly [number, string]]>([
    ['the asker paying', [1, 0], [404, 'money_request_not_found']],
    ['a stranger paying', [2, 0], [404, 'money_request_not_found']],
    ['the asker declining', [1, 1], [404, 'money_request_not_found']],
    ['the asked cancelling', [0, 2], [404, 'money_request_not_found']],
  ])('refuses %s', async (_, [who = 0, what = 0], expected) => {
    const url = await ask(bob, alice, '1.00')
    const actor = [alice, bob, carol][who] ?? 0
    const action = ['pay', 'decline', 'cancel'][what]
    expect(told(await api.call(as(actor), 'POST', `${url}/${action}`))).toEqual(expected)
    expect((await api.call(as(bob), 'GET', url)).body.state).toBe('open')
  })

  it('ends by no, by being called off and by time', async () => {
    const urls = [
      await ask(bob, alice, '1.00'),
      await ask(bob, alice, '1.00'),
      await ask(bob, alice, '1.00', { days: 1 }),
    ]
    expect((await api.call(as(alice), 'POST', `${urls[0]}/decline`)).body.state).toBe('declined')
    expect((await api.call(as(bob), 'POST', `${urls[1]}/cancel`)).body.state).toBe('cancelled')
    world.clock.advance(24 * HOUR + MINUTE)
    expect(told(await api.call(as(alice), 'POST', `${urls[2]}/pay`))).toEqual([409, 'money_request_over'])
    expect(await expireDueMoneyRequests(jobs())).toBeGreaterThan(0)
    expect((await api.call(as(bob), 'GET', urls[2] ?? '')).body.state).toBe('expired')
    for (const url of urls) {
      expect(told(await api.call(as(alice), 'POST', `${url}/pay`))).toEqual([409, 'money_request_over'])
    }
  })

  it('stays open when there is too little money', async () => {
    const url = await ask(bob, carol, '10.01')
    expect(told(await api.call(as(carol), 'POST', `${url}/pay`))).toEqual([409, 'payer_without_funds'])
    expect((await api.call(as(carol), 'GET', url)).body.state).toBe('open')
    expect((await api.call(as(alice), 'GET', url)).status).toBe(404)
  })

  it.each([
    ['oneself', { payer: () => named(bob) }, 422],
    ['nobody', { payer: () => ({ phone: '13899999999' }) }, 404],
  ])('cannot be made to %s', async (_, { payer }, status) => {
    const answer = await api.call(as(bob), 'POST', '/v1/money-requests', { payer: payer(), amount: yuan('1.00') })
    expect(answer.status).toBe(status)
  })
})

async function split(total: string, shares: object[], title = 'Dinner'): Promise<Answer> {
  return api.call(as(alice), 'POST', '/v1/split-bills', { title, total: yuan(total), shares })
}

async function sharesOf(
  who: number,
  bill: unknown,
): Promise<{ id: string; payer: string; amount: string; state: string }[]> {
  return Object((await api.call(as(who), 'GET', `/v1/split-bills/${String(bill)}`)).body).shares
}

describe('a split bill', () => {
  it('asks each for a part, and is settled when all have paid', async () => {
    const bill = await split('10.00', [{ payer: named(bob) }, { payer: named(carol) }])
    expect(bill).toMatchObject({ status: 201, body: { ownShare: '3.34', openShares: 2, state: 'open' } })
    const shares = await sharesOf(alice, bill.body.id)
    expect(shares.map((share) => [share.payer, share.amount])).toEqual([
      [cust(bob), '3.33'],
      [cust(carol), '3.33'],
    ])
    expect((await sharesOf(carol, bill.body.id)).map((share) => share.payer)).toEqual([cust(carol)])
    for (const [index, payer] of [bob, carol].entries()) {
      const paid = await api.call(as(payer), 'POST', `/v1/money-requests/${shares[index]?.id}/pay`)
      expect(paid.status).toBe(200)
    }
    const after = await api.call(as(alice), 'GET', `/v1/split-bills/${String(bill.body.id)}`)
    expect(after.body.bill).toMatchObject({ state: 'settled', openShares: 0, unpaidShares: 0 })
  })

  it('is closed by its owner: what was paid stays, what is open is called off', async () => {
    const bill = await split('9.00', [{ payer: named(bob) }, { payer: named(carol), amount: yuan('1.00') }])
    const url = `/v1/split-bills/${String(bill.body.id)}`
    const shares = await sharesOf(alice, bill.body.id)
    await api.call(as(carol), 'POST', `/v1/money-requests/${shares[1]?.id}/pay`)
    for (const other of [bob, carol]) {
      expect(told(await api.call(as(other), 'POST', `${url}/close`))).toEqual([404, 'split_bill_not_found'])
    }
    expect((await api.call(as(alice), 'POST', `${url}/close`)).body).toMatchObject({ state: 'closed', unpaidShares: 1 })
    expect((await sharesOf(alice, bill.body.id)).map(({ state }) => state)).toEqual(['cancelled', 'paid'])
    expect(told(await api.call(as(bob), 'POST', `/v1/money-requests/${shares[0]?.id}/pay`))).toEqual([
      409,
      'money_request_over',
    ])
    expect(told(await api.call(as(alice), 'POST', `${url}/close`))).toEqual([409, 'split_bill_over'])
  })

  it('reminds once a day those who have not paid', async () => {
    const bill = await split('9.00', [{ payer: named(bob) }, { payer: named(carol) }])
    const url = `/v1/split-bills/${String(bill.body.id)}/remind`
    expect((await api.call(as(alice), 'POST', url)).status).toBe(200)
    expect(told(await api.call(as(alice), 'POST', url))).toEqual([409, 'reminded_lately'])
    world.clock.advance(24 * HOUR + MINUTE)
    expect((await api.call(as(alice), 'POST', url)).status).toBe(200)
    const [row] = await world.institution.db.read(
      (tx) => tx.sql<{ count: string }[]>`
        select count(*)::text as count from committer_outbox where topic = 'money-request.reminded'`,
    )
    expect(row?.count).toBe('4')
  })

  it('is over when its last share ends by time', async () => {
    const bill = await split('9.00', [{ payer: named(bob) }])
    world.clock.advance(7 * 24 * HOUR + MINUTE)
    await expireDueMoneyRequests(jobs())
    const after = await api.call(as(alice), 'GET', `/v1/split-bills/${String(bill.body.id)}`)
    expect(after.body.bill).toMatchObject({ state: 'closed', unpaidShares: 1 })
  })

  it.each<[string, () => object[], number]>([
    ['more than the bill', () => [{ payer: named(bob), amount: yuan('10.01') }], 422],
    ['the owner', () => [{ payer: named(alice) }], 422],
    ['one person twice', () => [{ payer: named(bob) }, { payer: named(bob) }], 400],
    ['nobody', () => [], 400],
    ['a stranger', () => [{ payer: { phone: '13899999999' } }], 404],
    ['fifty-one persons', () => Array.from({ length: 51 }, () => ({ payer: named(bob) })), 400],
  ])('cannot ask %s', async (_, shares, status) => {
    expect((await split('10.00', shares())).status).toBe(status)
  })
})
