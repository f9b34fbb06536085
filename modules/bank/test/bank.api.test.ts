import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { factorsOf } from '../src/index.ts'
import { ALL_STAFF, type BankWorld, startBankWorld, THEM } from './bank-world.ts'

let world: BankWorld
let zhang: { id: string; number: string; customer: string }
let wang: { id: string; number: string; customer: string }
const PEOPLE = {
  zhang: { legalName: '张伟', documentNumber: '110101199003070011', phone: '13900000001' },
  wang: { legalName: '王芳', documentNumber: '110101199003070028', phone: '13900000002' },
}

async function opened(who: keyof typeof PEOPLE) {
  const body = { ...PEOPLE[who], displayName: PEOPLE[who].legalName, singleMax: '50000.00', dayMax: '80000.00' }
  const answer = await world.post('bank/accounts', body)
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  const { id, number, customer } = answer.body
  return { id: String(id), number: String(number), customer: String(customer) }
}

const asOf = (who: { customer: string }) => `customer ${who.customer} bank:read bank:write`

beforeAll(async () => {
  world = await startBankWorld()
  zhang = await opened('zhang')
  wang = await opened('wang')
  expect((await world.post(`bank/accounts/${zhang.id}/deposits`, { amount: '100000.00' })).status).toBe(201)
  expect((await world.post('bank/settlement/funds', { amount: '60000.00' })).body).toEqual({ available: '60000.00' })
})

afterAll(async () => {
  expect(await world.findings()).toEqual([])
  await world.stop()
})

const transfer = (amount: string, more: object = {}) => ({
  ...{ account: zhang.id, amount, payeeBank: THEM, payeeAccount: '6218000000000000029', payeeName: '苏晚晴' },
  ...more,
})

describe('current accounts over HTTP', () => {
  it('are opened, shown and listed; numbers stand in no address', async () => {
    expect((await world.get(`bank/accounts/${zhang.id}`)).body).toMatchObject({
      ...{ id: zhang.id, number: expect.stringMatching(/^6217\d{13}$/), customer: zhang.customer, state: 'open' },
      ...{
        balance: '100000.00',
        available: '100000.00',
        singleMax: '50000.00',
        dayMax: '80000.00',
        spentToday: '0.00',
      },
    })
    const first = await world.get('bank/accounts?limit=1')
    const next = await world.get(`bank/accounts?limit=1&cursor=${String(first.body.nextCursor)}`)
    expect([first, next].map(({ body }) => body.items?.[0]?.id)).toEqual([zhang.id, wang.id])
    expect((await world.get(`bank/accounts?customer=${wang.customer}`)).body.items).toMatchObject([{ id: wang.id }])
    const second = { ...PEOPLE.wang, customer: wang.customer, singleMax: '1.00', dayMax: '1.00' }
    expect((await world.post('bank/accounts', second)).body).toMatchObject({ customer: wang.customer })
  })

  it.each([
    [{ displayName: undefined }, 400, 'customer'],
    [{ customer: 'cust_000000003000' }, 400, 'customer'],
    [{ displayName: undefined, customer: 'cust_0000zzzzz000' }, 404, ''],
    [{ phone: 'abc' }, 400, 'phone'],
    [{ singleMax: '-1.00' }, 400, 'singleMax'],
    [{ dayMax: '1.001' }, 400, 'dayMax'],
    [{ documentNumber: '' }, 400, 'documentNumber'],
  ])('are not opened with %j', async (change, status, field) => {
    const body = {
      ...PEOPLE.zhang,
      displayName: '又一个',
      singleMax: '1.00',
      dayMax: '1.00',
      phone: '13900000099',
      ...change,
    }
    const answer = await world.post('bank/accounts', body)
    expect(answer.status).toBe(status)
    expect(JSON.stringify(answer.body)).toContain(field)
  })

  it('are frozen by one, opened again by two, and closed when nothing is left', async () => {
    const spare = await world.post('bank/accounts', {
      ...PEOPLE.wang,
      customer: wang.customer,
      singleMax: '1.00',
      dayMax: '1.00',
    })
    const path = `bank/accounts/${String(spare.body.id)}`
    for (const [change, state] of [
      ['freeze', 'frozen'],
      ['thaw', 'open'],
      ['close', 'closed'],
    ] as const) {
      expect((await world.post(`${path}/${change}`)).status).toBe(200)
      expect((await world.get(path)).body.state).toBe(state)
    }
    const full = await world.post(`bank/accounts/${zhang.id}/close`)
    expect([full.status, full.body.code]).toEqual([409, 'account_not_empty'])
    expect((await world.post('bank/accounts/acct_0000zzzzz00r/freeze')).status).toBe(404)
    const ones = world.http.routes.filter(({ url, access }) => url.startsWith('/v1/bank/') && access.fourEyes !== true)
    expect(ones.filter(({ method }) => method === 'POST').map(({ url }) => url)).toEqual([
      ...['/v1/bank/accounts', '/v1/bank/accounts/:id/freeze', '/v1/bank/accounts/:id/close'],
      ...['/v1/bank/payments/:reference/cancellation', '/v1/bank/agreements/:id/end', '/v1/bank/faults'],
      '/v1/bank/demo-phones/codes',
    ])
  })
})

describe('credit transfers over HTTP', () => {
  it('are sent by a customer from his account, and settle when the clearing house says so', async () => {
    const as = asOf(zhang)
    const sent = await world.post('me/bank/payments', transfer('128.50', { remittance: '房租' }), { as, key: 'rent' })
    expect(sent).toMatchObject({ status: 201, body: { state: 'sent', reason: null } })
    const reference = String(sent.body.reference)
    expect(
      (await world.post('me/bank/payments', transfer('128.50', { remittance: '房租' }), { as, key: 'rent' })).body,
    ).toEqual(sent.body)
    const other = await world.post('me/bank/payments', transfer('128.51', { remittance: '房租' }), { as, key: 'rent' })
    expect([other.status, other.body.code]).toEqual([409, 'idempotency_key_reused'])
    expect((await world.get('me/bank/accounts', as)).body.items).toMatchObject([
      { balance: '100000.00', available: '99871.50', spentToday: '128.50' },
    ])
    expect(await world.says(reference, 'ACSC')).toBe('settled')
    expect((await world.get(`me/bank/payments/${reference}`, as)).body).toMatchObject({
      ...{ reference, kind: 'transfer', way: 'out', account: zhang.id, peerBank: THEM, amount: '128.50', mode: 'net' },
      ...{ state: 'settled', remittance: '房租', peerName: '苏晚晴' },
    })
    expect((await world.get(`me/bank/accounts/${zhang.id}/payments?state=settled`, as)).body.items).toMatchObject([
      { reference },
    ])
  })

  it('are rejected with the reason of the other bank, and the money is free again', async () => {
    const sent = await world.post('me/bank/payments', transfer('10.00'), { as: asOf(zhang) })
    expect(await world.says(String(sent.body.reference), 'RJCT', 'AC04')).toBe('rejected')
    expect((await world.get(`bank/payments/${String(sent.body.reference)}`)).body).toMatchObject({
      state: 'rejected',
      reason: 'AC04',
    })
    expect((await world.get(`bank/accounts/${zhang.id}`)).body).toMatchObject({ available: '99871.50' })
  })

  it('look like none to somebody else', async () => {
    const as = asOf(wang)
    const [mine] = (await world.get('bank/payments?limit=1')).body.items ?? []
    expect((await world.get(`me/bank/payments/${String(mine?.reference)}`, as)).status).toBe(404)
    expect((await world.get(`me/bank/accounts/${zhang.id}/payments`, as)).status).toBe(404)
    expect((await world.post('me/bank/payments', transfer('1.00'), { as })).status).toBe(404)
  })

  it.each([
    [{ amount: '0.00' }, 400, 'invalid_request'],
    [{ amount: '-5.00' }, 400, 'invalid_request'],
    [{ amount: '99999999999999999999.00' }, 400, 'invalid_request'],
    [{ amount: '50000.01' }, 409, 'account_single_limit'],
    [{ payeeBank: '990100000011' }, 422, 'payee_at_this_bank'],
    [{ payeeBank: 'nowhere' }, 400, 'invalid_request'],
    [{ payeeAccount: '12' }, 400, 'invalid_request'],
    [{ payeeName: '' }, 400, 'invalid_request'],
    [{ account: 'acct_0000zzzzz00r' }, 404, 'not_found'],
    [{ mode: 'fast' }, 400, 'invalid_request'],
  ])('are refused with %j', async (change, status, code) => {
    const answer = await world.post('me/bank/payments', { ...transfer('1.00'), ...change }, { as: asOf(zhang) })
    expect([answer.status, answer.body.code]).toEqual([status, code])
  })

  it('are bounded by the day and by the money, two at once as well', async () => {
    const as = asOf(zhang)
    const both = await Promise.all([1, 2].map(() => world.post('me/bank/payments', transfer('45000.00'), { as })))
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409])
    const poor = await world.post('me/bank/payments', { ...transfer('1.00'), account: wang.id }, { as: asOf(wang) })
    expect([poor.status, poor.body.code]).toEqual([409, 'account_without_funds'])
    for (const { body } of both)
      if (body.reference !== undefined) await world.says(String(body.reference), 'RJCT', 'AM04')
  })

  it('are sent for a customer by staff, two of them', async () => {
    const sent = await world.post('bank/payments', transfer('3.00', { mode: 'gross' }))
    expect(sent).toMatchObject({ status: 201, body: { state: 'sent' } })
    await world.says(String(sent.body.reference), 'ACSC')
    expect((await world.get(`bank/payments?account=${zhang.id}&state=settled`)).body.items).toHaveLength(2)
  })
})

describe('what comes in, goes back, or has to be looked at', () => {
  it('is booked, returned in part, and never more than came', async () => {
    const uetr = await world.incoming(wang.number, '王芳', 8_000n)
    await world.says(uetr, 'ACSC')
    expect((await world.get(`bank/accounts/${wang.id}`)).body.balance).toBe('80.00')
    const back = (amount: string) => world.post(`bank/payments/${uetr}/returns`, { amount, reason: 'AC04' })
    expect(await back('30.00')).toMatchObject({ status: 201, body: { state: 'sent' } })
    const more = await back('50.01')
    expect([more.status, more.body.code]).toEqual([409, 'more_than_paid'])
    expect((await world.post(`bank/payments/${uetr}/reversals`, { amount: '1.00', reason: 'AC04' })).body.code).toBe(
      'not_a_settled_transfer',
    )
    expect((await world.get(`bank/payments/${uetr}`)).body).toMatchObject({ way: 'in', returned: '30.00' })
    expect((await world.post('bank/payments/nothing/returns', { amount: '1.00', reason: 'AC04' })).status).toBe(404)
    expect((await world.post(`bank/payments/${uetr}/returns`, { amount: '1.00', reason: 'because' })).status).toBe(400)
  })

  it('waits in suspense for an account that was frozen meanwhile, until staff book it', async () => {
    const uetr = await world.incoming(wang.number, '王芳', 700n)
    await world.post(`bank/accounts/${wang.id}/freeze`)
    await world.says(uetr, 'ACSC')
    expect((await world.get('bank/payments?attention=true')).body.items).toMatchObject([
      { reference: uetr, inSuspense: true },
    ])
    expect(await world.findings()).toEqual([])
    const early = await world.post(`bank/payments/${uetr}/clear-suspense`)
    expect([early.status, early.body.code]).toEqual([409, 'account_blocked'])
    await world.post(`bank/accounts/${wang.id}/thaw`)
    expect((await world.post(`bank/payments/${uetr}/clear-suspense`)).status).toBe(200)
    const again = await world.post(`bank/payments/${uetr}/clear-suspense`)
    expect([again.status, again.body.code]).toEqual([409, 'not_in_suspense'])
    expect((await world.get('bank/payments?attention=true')).body.items).toEqual([])
  })

  it('is asked back by the other bank, and by ours', async () => {
    const uetr = await world.incoming(wang.number, '王芳', 900n)
    await world.says(uetr, 'ACSC')
    await world.cancellationOf(uetr, 900n)
    expect((await world.get('bank/payments?attention=true')).body.items).toMatchObject([
      { reference: uetr, cancellation: 'pending' },
    ])
    const answer = (body: object) => world.post(`bank/payments/${uetr}/cancellation-answer`, body)
    expect((await answer({ accept: false, reason: 'CUST' })).status).toBe(200)
    expect((await answer({ accept: true })).body.code).toBe('cancellation_not_asked')
    const [ours] = (await world.get(`bank/payments?account=${zhang.id}&state=settled`)).body.items ?? []
    const path = `bank/payments/${String(ours?.reference)}/cancellation`
    expect((await world.post(path, { reason: 'DUPL' })).status).toBe(200)
    expect((await world.post(path, { reason: 'DUPL' })).body.code).toBe('cancellation_open')
  })
})

describe('debit agreements over HTTP', () => {
  it('are shown to their owner, who ends them', async () => {
    const id = await world.agreement(zhang.number, factorsOf(world.vault, PEOPLE.zhang))
    const as = asOf(zhang)
    expect((await world.get('me/bank/agreements', as)).body.items).toMatchObject([
      { id, account: zhang.id, platform: '990700000071', state: 'active', singleMax: '10.00', dayMax: '15.00' },
    ])
    expect((await world.get('me/bank/agreements', asOf(wang))).body.items).toEqual([])
    expect((await world.post(`me/bank/agreements/${id}/end`, {}, { as: asOf(wang) })).status).toBe(404)
    expect((await world.post(`me/bank/agreements/${id}/end`, {}, { as })).body).toEqual({ id, state: 'ended' })
    expect((await world.get(`bank/agreements?account=${zhang.id}`)).body.items).toMatchObject([{ id, state: 'ended' }])
  })

  it('are ended by the bank, once more without effect, and nothing is taken by them any more', async () => {
    const id = await world.agreement(wang.number, factorsOf(world.vault, PEOPLE.wang))
    const reader = 'staff bank:read'
    expect((await world.post(`bank/agreements/${id}/end`, {}, { as: reader })).status).toBe(403)
    for (let count = 0; count < 2; count += 1) {
      expect(await world.post(`bank/agreements/${id}/end`)).toMatchObject({ status: 200, body: { id, state: 'ended' } })
    }
    expect((await world.get('me/bank/agreements', asOf(wang))).body.items).toMatchObject([{ id, state: 'ended' }])
    expect((await world.order({ agreement: id })).result).toBe('rejected')
    for (const none of ['dagr_00000000zzzz', 'nothing', '-1']) {
      expect((await world.post(`bank/agreements/${none}/end`)).status).toBe(404)
    }
  })
})

describe('who may', () => {
  it.each([
    ['bank/accounts', null, 401],
    ['bank/accounts', 'merchant bank:read', 403],
    ['bank/accounts', 'staff', 403],
    ['bank/accounts', 'staff bank:read', 200],
    ['bank/payments', 'staff clearing:read', 403],
    ['me/bank/accounts', 'staff bank:read', 403],
    ['me/bank/accounts', null, 401],
  ])('read %s as %s: %i', async (path, as, status) => {
    expect((await world.ask('GET', path, undefined, { as })).status).toBe(status)
  })

  it('change something', async () => {
    const reader = 'staff bank:read'
    expect((await world.post(`bank/accounts/${zhang.id}/freeze`, {}, { as: reader })).status).toBe(403)
    expect((await world.post('bank/payments', transfer('1.00'), { as: reader })).status).toBe(403)
    expect((await world.post('bank/payments', transfer('1.00'), { as: asOf(zhang) })).status).toBe(403)
    expect((await world.post('bank/faults', { kind: 'down', times: 1 }, { as: 'staff bank:operate' })).status).toBe(403)
  })
})

describe('faults', () => {
  it('are ordered in demo mode, and there is no such route elsewhere', async () => {
    expect((await world.post('bank/faults', { kind: 'down', times: 1 })).body).toEqual({ kind: 'down', left: 1 })
    expect((await world.post('bank/faults', { kind: 'on fire', times: 1 })).status).toBe(400)
    const sent = await world.post('me/bank/payments', transfer('2.00'), { as: asOf(zhang) })
    expect(await world.says(String(sent.body.reference), 'ACSC')).toBe('down')
    expect(await world.says(String(sent.body.reference), 'ACSC')).toBe('settled')
    const real = await startBankWorld({ demo: false })
    expect((await real.post('bank/faults', { kind: 'down', times: 1 })).status).toBe(404)
    await real.stop()
  })
})

describe('verification', () => {
  it('finds what was changed by hand in payments', async () => {
    const sent = await world.post('me/bank/payments', transfer('4.00'), { as: asOf(zhang) })
    const incoming = await world.incoming(wang.number, '王芳', 100n)
    await world.post(`bank/accounts/${wang.id}/freeze`)
    await world.says(incoming, 'ACSC')
    expect(await world.findings()).toEqual([])
    const open = `where reference = '${String(sent.body.reference)}'`
    const changes = [
      [`set amount_minor = amount_minor + 1 ${open}`, 'bank.payments'],
      [`set hold_id = null ${open}`, 'bank.payments'],
      [`set amount_minor = amount_minor + 1 where in_suspense`, 'bank.suspense'],
      [`set in_suspense = false where in_suspense`, 'bank.suspense'],
      [`set returned_minor = returned_minor - 1 where returned_minor > 0`, 'bank.returns'],
    ] as const
    for (const [change, tie] of changes) {
      await world.asOwner(`create table kept as select * from bank_payments; update bank_payments ${change}`)
      const found = (await world.findings()).map(({ what }) => what?.split(' ')[0])
      expect([change, found.includes(tie)]).toEqual([change, true])
      await world.asOwner('delete from bank_payments; insert into bank_payments select * from kept; drop table kept')
    }
    await world.post(`bank/accounts/${wang.id}/thaw`)
    await world.post(`bank/payments/${incoming}/clear-suspense`)
    await world.says(String(sent.body.reference), 'ACSC')
    expect((await world.ask('GET', 'bank/accounts', undefined, { as: ALL_STAFF })).status).toBe(200)
  })
})
