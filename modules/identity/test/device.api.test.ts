import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Subject } from '../src/index.ts'
import { softwareAuthenticator } from './authenticator.ts'
import { codeAt } from './code-app.ts'
import { type IdentityWorld, SECOND, startIdentityWorld } from './identity-world.ts'

let world: IdentityWorld
let nextCustomer = 9000
const DAY = 24 * 3600 * SECOND

beforeAll(async () => {
  world = await startIdentityWorld()
})

beforeEach(() => world.clock.advance(120 * SECOND))

function newCustomer(): Subject {
  nextCustomer += 1
  world.customers.add(nextCustomer)
  return { kind: 'customer', id: nextCustomer }
}

async function call(method: 'GET' | 'POST' | 'DELETE' | 'PATCH', url: string, token?: string, body?: unknown) {
  const answer = await world.http.inject({
    ...{ method, url, remoteAddress: '203.0.113.7' },
    headers: {
      'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  })
  return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() }
}

async function enter(subject: Subject, deviceToken?: string) {
  const { token } = await world.identity.issueSignInLink(subject)
  return call('POST', '/v1/sessions', undefined, { token, ...(deviceToken === undefined ? {} : { deviceToken }) })
}

async function entered(subject: Subject, deviceToken?: string) {
  const { status, body } = await enter(subject, deviceToken)
  expect(status).toBe(201)
  const { device } = (await call('GET', '/v1/me', body.sessionToken)).body.session
  return { token: String(body.sessionToken), deviceToken: String(body.deviceToken), id: String(device) }
}

async function addPasskey(token: string) {
  const key = softwareAuthenticator()
  const options = (await call('POST', '/v1/me/passkeys/options', token)).body
  const answer = key.create(options)
  expect((await call('POST', '/v1/me/passkeys', token, { name: 'Key', answer })).status).toBe(201)
  return key
}

async function stepUp(token: string, key: ReturnType<typeof softwareAuthenticator>) {
  const options = await call('POST', '/v1/me/step-up/options', token)
  if (options.status !== 200) return options
  return call('POST', '/v1/me/step-up/passkey', token, { answer: key.get(options.body) })
}

const devices = async (token: string) => (await call('GET', '/v1/me/devices', token)).body
const lost = (token: string, id: string, body: object = {}) => call('POST', `/v1/me/devices/${id}/lost`, token, body)

async function caller(token: string) {
  const found = await world.identity.authenticator()({
    ...{ method: 'GET', rawTarget: '/', protocol: 'http', cookies: {}, rawBody: Buffer.alloc(0), ip: '203.0.113.7' },
    headers: { authorization: `Bearer ${token}` },
  })
  if (found === undefined || found === 'invalid') throw new Error('the token holds')
  return found
}

describe('a device', () => {
  test('is known again by its token, and tells its name and roughly where it is', async () => {
    const subject = newCustomer()
    const first = await entered(subject)
    world.clock.advance(DAY)
    const again = await entered(subject, first.deviceToken)
    expect([again.id, again.deviceToken]).toEqual([first.id, first.deviceToken])
    expect((await devices(again.token)).items).toEqual([
      expect.objectContaining({ name: 'Safari · iPhone', place: '203.0.*.*', state: 'known', current: true }),
    ])
    const renamed = await call('PATCH', `/v1/me/devices/${first.id}`, again.token, { name: '我的手机' })
    expect(renamed.status).toBe(204)
    expect((await devices(again.token)).items[0].name).toBe('我的手机')
  })

  test.each(['hd_x', `hd_${'A'.repeat(43)}`, 'no token', 'hs_'])(
    'is not known by a token of its own making: %j',
    async (token) => {
      const made = await entered(newCustomer(), token)
      expect(made.deviceToken).not.toBe(token)
      expect(made.deviceToken).toMatch(/^hd_[A-Za-z0-9_-]{43}$/)
    },
  )

  test('of two people is one for each, under one token', async () => {
    const [mine, yours] = [newCustomer(), newCustomer()]
    const first = await entered(mine)
    const second = await entered(yours, first.deviceToken)
    expect(second.deviceToken).toBe(first.deviceToken)
    expect(second.id).not.toBe(first.id)
    expect((await lost(second.token, first.id)).body.code).toBe('device_unknown')
    expect((await call('DELETE', `/v1/me/devices/${first.id}`, second.token)).status).toBe(404)
  })

  test('is new to those who judge payments for a day, unless it is the first', async () => {
    const subject = newCustomer()
    const first = await entered(subject)
    expect((await caller(first.token)).device).toMatchObject({ isNew: false })
    const second = await entered(subject)
    expect((await caller(second.token)).device).toMatchObject({ isNew: true })
    world.clock.advance(DAY)
    expect((await caller(second.token)).device).toMatchObject({ isNew: false })
  })

  test('that was removed has no session and begins anew', async () => {
    const subject = newCustomer()
    const [gone, kept] = [await entered(subject), await entered(subject)]
    expect((await call('DELETE', `/v1/me/devices/${gone.id}`, kept.token)).status).toBe(204)
    expect((await call('GET', '/v1/me', gone.token)).status).toBe(401)
    expect((await call('DELETE', `/v1/me/devices/${gone.id}`, kept.token)).status).toBe(404)
    const back = await entered(subject, gone.deviceToken)
    expect(back.id).not.toBe(gone.id)
    expect(back.deviceToken).not.toBe(gone.deviceToken)
  })

  test('is kept by browsers in a cookie that scripts cannot read', async () => {
    const { token } = await world.identity.issueSignInLink(newCustomer())
    const answer = await world.http.inject({
      ...{ method: 'POST', url: '/signin' },
      headers: { 'content-type': 'application/x-www-form-urlencoded', host: 'pay.example' },
      payload: new URLSearchParams({ token }).toString(),
    })
    const cookies = [answer.headers['set-cookie']].flat().map(String)
    expect(cookies[1]).toMatch(/^huitong-device=hd_[A-Za-z0-9_-]{43}; .*HttpOnly/)
  })
})

describe('a lost device', () => {
  test('has no session, comes in no more, and its owner pays nothing until an older proof', async () => {
    const subject = newCustomer()
    const [home, phone] = [await entered(subject), await entered(subject)]
    const key = await addPasskey(home.token)
    world.clock.advance(SECOND)
    expect((await lost(home.token, phone.id)).status).toBe(204)
    expect(world.stopped.get(subject.id)).toBe(phone.id)
    expect((await call('GET', '/v1/me', phone.token)).status).toBe(401)
    expect((await enter(subject, phone.deviceToken)).body.code).toBe('device_lost')
    expect(await devices(home.token)).toMatchObject({ payingStopped: true, items: [{ state: 'lost' }, {}] })

    expect((await call('POST', '/v1/me/paying/allow', home.token)).body.code).toBe('step_up_required')
    expect((await stepUp(home.token, key)).status).toBe(204)
    expect((await call('POST', '/v1/me/paying/allow', home.token)).status).toBe(204)
    expect(world.stopped.has(subject.id)).toBe(false)
    expect((await call('POST', '/v1/me/paying/allow', home.token)).body.code).toBe('paying_not_stopped')
  })

  test('takes its passkeys and codes with it, and what is set up after the loss proves too little', async () => {
    const subject = newCustomer()
    const [home, phone] = [await entered(subject), await entered(subject)]
    const key = await addPasskey(phone.token)
    await stepUp(phone.token, key)
    const { secret } = (await call('POST', '/v1/me/one-time-codes', phone.token)).body
    const code = () => codeAt(secret, world.clock.now())
    expect((await call('POST', '/v1/me/one-time-codes/confirm', phone.token, { code: code() })).status).toBe(200)
    // Codes are owed now; the alarm is raised without them.
    expect((await call('GET', '/v1/sessions', home.token)).body.code).toBe('further_proof_required')
    expect((await lost(home.token, phone.id, { codesToo: true })).status).toBe(204)
    const later = await entered(subject)
    expect((await stepUp(later.token, key)).body.code).toBe('passkey_unknown')
    expect((await call('POST', '/v1/me/step-up/code', later.token, { code: code() })).body.code).toBe(
      'codes_not_set_up',
    )

    world.clock.advance(SECOND)
    const thiefs = await addPasskey(later.token)
    expect((await stepUp(later.token, thiefs)).status).toBe(204)
    expect((await call('POST', '/v1/me/paying/allow', later.token)).body.code).toBe('older_proof_required')
    expect(world.stopped.has(subject.id)).toBe(true)
  })

  test('that was found is removed, and may come in again', async () => {
    const subject = newCustomer()
    const [home, phone] = [await entered(subject), await entered(subject)]
    await lost(home.token, phone.id)
    expect((await call('DELETE', `/v1/me/devices/${phone.id}`, home.token)).status).toBe(204)
    expect((await enter(subject, phone.deviceToken)).status).toBe(201)
  })

  test('is reported many times at once with one end', async () => {
    const subject = newCustomer()
    const [home, phone] = [await entered(subject), await entered(subject)]
    const reports = await Promise.all(Array.from({ length: 6 }, () => lost(home.token, phone.id)))
    expect(new Set(reports.map(({ status }) => status))).toEqual(new Set([204]))
    expect((await devices(home.token)).items.filter((one: { state: string }) => one.state === 'lost')).toHaveLength(1)
  })

  test('may be the very one that says so', async () => {
    const subject = newCustomer()
    const only = await entered(subject)
    expect((await lost(only.token, only.id)).status).toBe(204)
    expect((await call('GET', '/v1/me', only.token)).status).toBe(401)
  })

  test('of staff ends its sessions, and nothing is paid by staff anyway', async () => {
    const member = await world.identity.addStaff({ name: 'Loser', roles: ['support'] })
    const subject = { kind: 'staff', id: member.id } as const
    const [home, phone] = [await entered(subject), await entered(subject)]
    expect((await lost(home.token, phone.id)).status).toBe(204)
    expect((await call('GET', '/v1/me', phone.token)).status).toBe(401)
    expect((await call('POST', '/v1/me/paying/allow', home.token)).status).toBe(403)
  })

  test.each([
    ['POST', '/v1/me/devices/devi_00000000300r/lost', {}, 404],
    ['POST', '/v1/me/devices/nonsense/lost', {}, 400],
    ['POST', '/v1/me/devices/devi_00000000300r/lost', { codesToo: 'yes' }, 400],
    ['PATCH', '/v1/me/devices/devi_00000000300r', { name: '' }, 400],
    ['PATCH', '/v1/me/devices/devi_00000000300r', { name: 'a\u202eb' }, 400],
    ['PATCH', '/v1/me/devices/devi_00000000300r', { name: 'x'.repeat(65) }, 400],
    ['PATCH', '/v1/me/devices/devi_00000000300r', { name: 'Mine' }, 404],
  ] as const)('is named rightly: %s %s %j', async (method, url, body, status) => {
    const { token } = await entered(newCustomer())
    expect((await call(method, url, token, body)).status).toBe(status)
  })
})

describe('the page of devices', () => {
  test('shows them and reports one lost, without a script', async () => {
    const subject = newCustomer()
    const [home, phone] = [await entered(subject), await entered(subject)]
    const headers = { host: 'pay.example', origin: 'https://pay.example', cookie: `huitong-session=${home.token}` }
    const shown = await world.http.inject({ method: 'GET', url: '/me/devices', headers })
    expect(shown.body).toContain('this one')
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const url = `/me/devices/${phone.id}/lost`
    const done = await world.http.inject({
      method: 'POST',
      url,
      headers: { ...headers, ...form },
      payload: 'codes=yes',
    })
    expect([done.statusCode, done.headers.location]).toEqual([303, '/me/devices'])
    const after = await world.http.inject({ method: 'GET', url: '/me/devices', headers })
    expect(after.body).toContain('Nothing can be paid')
    const allow = { method: 'POST', url: '/me/paying/allow', headers: { ...headers, ...form }, payload: '' } as const
    expect((await world.http.inject(allow)).headers.location).toBe('/me/prove?next=/me/devices')
  })
})
