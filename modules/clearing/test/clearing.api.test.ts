import { SCOPES } from '@huitong/contract'
import { type Authenticator, createHttp, createLog, type HttpApp } from '@huitong/http'
import type { IsoMessage } from '@huitong/iso20022'
import { CNY } from '@huitong/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addClearingRoutes, settleEndedWindow } from '../src/index.ts'
import { BANK_A, BANK_B, BANK_C, type ClearingWorld, HUB, startClearingWorld } from './clearing-world.ts'

let world: ClearingWorld
let http: HttpApp
let url: string
let keys = 0

/** `Bearer staff scope scope`, or another kind of caller. */
const bearer: Authenticator = async ({ headers }) => {
  const [, kind, ...scopes] = (headers.authorization ?? '').split(' ')
  if (kind === undefined) return undefined
  if (kind !== 'staff' && kind !== 'customer' && kind !== 'merchant') return 'invalid'
  return { kind, id: `${kind}:1`, scopes: new Set(SCOPES.filter((scope) => scopes.includes(scope))) }
}

beforeAll(async () => {
  world = await startClearingWorld(11)
  http = await createHttp({ log: createLog({ level: 'silent' }), authenticate: [bearer], approvals: 'unwatched' })
  const { db, committer, clearing, books, clock } = world
  addClearingRoutes(http, { db, committer, clearing, books, clock })
  const { port } = await http.listen({ host: '127.0.0.1', port: 0 })
  url = `http://127.0.0.1:${port}`
})

afterAll(async () => {
  await http.drain(1000)
  expect(await world.untied()).toEqual([])
  await world.stop()
})

const ALL = `staff ${SCOPES.join(' ')}`

interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>> & { readonly items?: readonly Readonly<Record<string, unknown>>[] }
}

async function ask(
  method: 'GET' | 'POST',
  path: string,
  body?: object,
  more: { as?: string | null; key?: string } = {},
) {
  keys += 1
  const { as = ALL, key = `clearing ${keys}` } = more
  const answer = await fetch(`${url}/v1/clearing/${path}`, {
    method,
    headers: {
      ...(as === null ? {} : { authorization: `Bearer ${as}` }),
      ...(method === 'POST' ? { 'content-type': 'application/json', 'idempotency-key': key } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const parsed: Answer['body'] = JSON.parse(await answer.text())
  return { status: answer.status, body: parsed }
}

const get = (path: string) => ask('GET', path)
const post = (path: string, body: object = {}, key?: string) =>
  ask('POST', path, body, key === undefined ? {} : { key })

/** A transfer that its payee's bank takes; its UETR. */
async function pay(from: string, to: string, minor: bigint, channel?: 'RTNS'): Promise<string> {
  const message = world.transfer({
    ...{ debtorAgent: from, creditorAgent: to, amount: { minor, currency: CNY } },
    ...(channel === undefined ? {} : { channel }),
  })
  const uetr = message.value.transfers[0]?.uetr ?? ''
  if ((await world.receive(from, message)) === 'forwarded') {
    const answer = world.answer(uetr, 'ACTC')
    await world.receive(to, { ...answer, value: { ...answer.value, from: to } } as IsoMessage)
  }
  return uetr
}

describe('participants over HTTP', () => {
  it('are admitted, paid in for, given a cap, and shown', async () => {
    for (const [member, name] of [
      [BANK_A, 'Taihu Bank'],
      [BANK_B, 'Lanshan Bank'],
    ] as const) {
      expect(await post('participants', { member, name })).toMatchObject({
        status: 201,
        body: { member, status: 'active' },
      })
    }
    expect((await post(`participants/${BANK_A}/fund`, { amount: '1000.00' })).status).toBe(200)
    expect((await post(`participants/${BANK_B}/fund`, { amount: '500.00' })).status).toBe(200)
    expect((await post(`participants/${BANK_A}/cap`, { amount: '300.00' })).status).toBe(200)
    expect((await get(`participants/${BANK_A}`)).body).toMatchObject({
      ...{
        member: BANK_A,
        name: 'Taihu Bank',
        posted: '1000.00',
        available: '700.00',
        cap: '300.00',
        reserved: '0.00',
      },
    })
    expect((await post(`participants/${BANK_A}/withdraw`, { amount: '100.00' })).status).toBe(200)
    expect((await get('participants')).body.items).toMatchObject([{ posted: '900.00' }, { posted: '500.00' }])
  })

  it.each([
    ['participants', { member: BANK_A, name: 'Again' }, 409, 'participant_exists'],
    ['participants', { member: HUB, name: 'Ourselves' }, 422, 'member_malformed'],
    ['participants', { member: '12', name: 'Short' }, 400, 'invalid_request'],
    ['participants', { member: BANK_C }, 400, 'invalid_request'],
    [`participants/${BANK_C}/fund`, { amount: '1.00' }, 404, 'participant_not_found'],
    [`participants/${BANK_A}/fund`, { amount: '0.00' }, 400, 'invalid_request'],
    [`participants/${BANK_A}/fund`, { amount: '-1.00' }, 400, 'invalid_request'],
    [`participants/${BANK_A}/fund`, { amount: '99999999999999999999.00' }, 400, 'invalid_request'],
    [`participants/${BANK_A}/withdraw`, { amount: '600.01' }, 409, 'participant_without_funds'],
    [`participants/${BANK_A}/cap`, { amount: '900.01' }, 409, 'participant_without_funds'],
    [`participants/${BANK_A}/cap`, { amount: '1.001' }, 400, 'invalid_request'],
    [`participants/${BANK_C}/suspend`, {}, 404, 'participant_not_found'],
  ])('are refused: %s %j', async (path, body, status, code) => {
    const answer = await post(path, body)
    expect([answer.status, answer.body.code]).toEqual([status, code])
  })

  it('are paid in for once under a key, also by two at once', async () => {
    const fund = (amount: string) => post(`participants/${BANK_B}/fund`, { amount }, 'one key')
    expect((await Promise.all([fund('7.00'), fund('7.00')])).map(({ status }) => status)).toEqual([200, 200])
    expect((await fund('8.00')).status).toBe(409)
    expect((await get(`participants/${BANK_B}`)).body).toMatchObject({ posted: '507.00' })
  })

  it('are suspended by one and let on again', async () => {
    expect((await post(`participants/${BANK_B}/suspend`)).body).toMatchObject({ status: 'suspended' })
    const uetr = await pay(BANK_A, BANK_B, 100n)
    expect((await get(`payments/${uetr}`)).status).toBe(404)
    expect((await post(`participants/${BANK_B}/resume`)).body).toMatchObject({ status: 'active' })
  })
})

describe('payments and windows over HTTP', () => {
  it('are shown with how they ended, and settle in a window that staff end', async () => {
    const gross = await pay(BANK_A, BANK_B, 10_000n)
    const net = await pay(BANK_A, BANK_B, 5_000n, 'RTNS')
    const back = await pay(BANK_B, BANK_A, 4_000n, 'RTNS')
    expect((await get(`payments/${gross}`)).body).toMatchObject({
      ...{ reference: gross, kind: 'transfer', payer: BANK_A, payee: BANK_B, amount: '100.00', mode: 'gross' },
      ...{ state: 'settled', window: null, returned: '0.00', endedAt: expect.any(String) },
    })
    expect((await get(`payments/${net}`)).body).toMatchObject({ mode: 'net', state: 'settled', window: 1 })
    expect((await get('payments?mode=net')).body.items).toHaveLength(2)
    expect((await get(`payments?payer=${BANK_B}&state=settled`)).body.items).toMatchObject([{ reference: back }])
    const first = await get('payments?limit=1')
    const rest = await get(`payments?limit=200&cursor=${String(first.body.nextCursor)}`)
    expect([first, rest].flatMap(({ body }) => body.items ?? []).map(({ reference }) => reference)).toEqual([
      back,
      net,
      gross,
    ])
    expect((await get('windows/1')).body).toMatchObject({
      ...{ window: 1, state: 'open', payments: 2, gross: '90.00', settledAt: null },
      positions: [
        { member: BANK_A, sent: '50.00', received: '40.00', net: '-10.00' },
        { member: BANK_B, sent: '40.00', received: '50.00', net: '10.00' },
      ],
    })
    const settled = await Promise.all([post('windows/1/settle', {}, 'end'), post('windows/1/settle', {}, 'end')])
    const body = { window: 1, payments: 2, gross: '90.00', net: '10.00' }
    expect(settled).toMatchObject([
      { status: 200, body },
      { status: 200, body },
    ])
    const again = await post('windows/1/settle')
    expect([again.status, again.body.code]).toEqual([409, 'window_not_open'])
    expect((await get('windows')).body.items).toMatchObject([
      { window: 2, state: 'open', payments: 0 },
      { window: 1, state: 'settled', net: '10.00', entry: expect.stringMatching(/^tran_/) },
    ])
    expect((await get(`participants/${BANK_A}`)).body).toMatchObject({ posted: '790.00', cap: '300.00' })
  })

  it('settle by themselves on the half hour, once, and not while nothing counts', async () => {
    const end = () => settleEndedWindow(world)
    world.clock.advance(3600_000_000)
    expect(await end()).toBe(false)
    await pay(BANK_A, BANK_B, 1_000n, 'RTNS')
    // It was opened before the last half hour ended: what counts in it waits no longer.
    expect([await end(), await end()]).toEqual([true, false])
    await pay(BANK_A, BANK_B, 2_000n, 'RTNS')
    expect(await end()).toBe(false)
    world.clock.advance(1800_000_000)
    const both = await Promise.all([end(), end()])
    expect(both.filter((settled) => settled)).toHaveLength(1)
    expect((await get('windows?limit=2')).body.items).toMatchObject([
      { state: 'open' },
      { state: 'settled', net: '20.00' },
    ])
  })

  it('are reported by day, as JSON and as CSV', async () => {
    const { day, lines } = (await get('reports/day')).body
    expect(lines).toMatchObject([
      { member: BANK_A, mode: 'gross', sent: 1, sentAmount: '100.00', received: 0, rejected: 0 },
      { member: BANK_A, mode: 'net', sent: 3, sentAmount: '80.00', received: 1, receivedAmount: '40.00' },
      { member: BANK_B, mode: 'gross', sent: 0, received: 1, receivedAmount: '100.00' },
      { member: BANK_B, mode: 'net', sent: 1, sentAmount: '40.00', received: 3, receivedAmount: '80.00' },
    ])
    const csv = await fetch(`${url}/v1/clearing/reports/day.csv?day=${String(day)}`, {
      headers: { authorization: `Bearer ${ALL}` },
    })
    expect(csv.headers.get('content-type')).toContain('text/csv')
    const rows = (await csv.text()).trimEnd().split('\r\n')
    expect(rows).toHaveLength(5)
    expect(rows[1]).toBe(`${String(day)},${BANK_A},gross,1,100.00,0,0.00,0`)
    expect((await get('reports/day?day=2020-01-01')).body.lines).toEqual([])
    for (const query of ['day=tomorrow', 'month=1']) {
      const answer = await fetch(`${url}/v1/clearing/reports/day.csv?${query}`, {
        headers: { authorization: `Bearer ${ALL}` },
      })
      expect(answer.status).toBe(400)
    }
  })

  it.each([
    ['payments/nothing', 404],
    ['windows/99', 404],
    ['windows/0', 400],
    ['participants/990900000000', 404],
    ['payments?cursor=eA', 400],
    ['payments?state=gone', 400],
    ['windows?cursor=eA', 400],
  ])('of %s there is no answer (%i)', async (path, status) => {
    expect((await get(path)).status).toBe(status)
  })
})

describe('verification', () => {
  it('finds what was changed by hand in participants, payments, windows and positions', async () => {
    const message = world.transfer({
      debtorAgent: BANK_A,
      creditorAgent: BANK_B,
      amount: { minor: 500n, currency: CNY },
    })
    const net = world.transfer({
      ...message.value.transfers[0],
      uetr: world.uetr(),
      endToEndId: 'E-net',
      channel: 'RTNS',
    })
    for (const one of [message, net]) expect(await world.receive(BANK_A, one)).toBe('forwarded')
    expect(await world.untied()).toEqual([])
    const changes = [
      ['clearing_participants', `set cap_minor = cap_minor + 1 where member = '${BANK_A}'`, 'clearing.caps'],
      [
        'clearing_participants',
        `set reserved_minor = reserved_minor + 1 where member = '${BANK_A}'`,
        'clearing.reservations',
      ],
      [
        'clearing_payments',
        "set amount_minor = amount_minor + 1 where state = 'forwarded' and mode = 'gross'",
        'clearing.gross-payments',
      ],
      ['clearing_payments', 'set amount_minor = amount_minor + 1 where window_number = 1', 'clearing.windows'],
      ['clearing_positions', 'set sent_minor = sent_minor + 1 where window_number = 1', 'clearing.windows'],
      ['clearing_windows', 'set gross_minor = gross_minor + 1 where number = 1', 'clearing.windows'],
      ['clearing_windows', 'set net_minor = net_minor + 1 where number = 1', 'clearing.settlements'],
    ] as const
    for (const [table, change, tie] of changes) {
      await world.asOwner(`create table kept as select * from ${table}; update ${table} ${change}`)
      expect([change, (await world.untied()).some((line) => line.startsWith(tie))]).toEqual([change, true])
      await world.asOwner(`delete from ${table}; insert into ${table} select * from kept; drop table kept`)
    }
    for (const one of [message, net]) {
      const uetr = one.value.transfers[0]?.uetr ?? ''
      const answer = world.answer(uetr, 'ACTC')
      await world.receive(BANK_B, { ...answer, value: { ...answer.value, from: BANK_B } } as IsoMessage)
    }
  })
})

describe('who may', () => {
  it.each([
    [null, 401],
    ['customer clearing:read', 403],
    ['merchant clearing:read', 403],
    ['staff', 403],
    ['staff links:read', 403],
    ['staff clearing:read', 200],
  ])('read as %s: %i', async (as, status) => {
    for (const path of ['participants', 'payments', 'windows', 'reports/day', 'reports/day.csv']) {
      const answer = await fetch(`${url}/v1/clearing/${path}`, {
        headers: as === null ? {} : { authorization: `Bearer ${as}` },
      })
      expect([path, answer.status]).toEqual([path, status])
    }
  })

  it('change something: staff who operate, and two of them where money or rights are given', async () => {
    expect((await ask('POST', 'windows/9/settle', {}, { as: 'staff clearing:read' })).status).toBe(403)
    const changing = http.routes.filter(
      ({ method, url: path }) => method === 'POST' && path.startsWith('/v1/clearing/'),
    )
    expect(changing.filter(({ access }) => access.fourEyes !== true).map(({ url: path }) => path)).toEqual([
      ...['/v1/clearing/participants/:member/suspend', '/v1/clearing/windows/:window/settle'],
    ])
  })
})
