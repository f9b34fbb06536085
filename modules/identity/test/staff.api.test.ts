import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Role } from '../src/index.ts'
import { softwareAuthenticator } from './authenticator.ts'
import { type IdentityWorld, SECOND, startIdentityWorld } from './identity-world.ts'

let world: IdentityWorld
let first: string
let second: string

beforeAll(async () => {
  world = await startIdentityWorld()
})

beforeEach(async () => {
  world.clock.advance(120 * SECOND)
  first = (await member('administrator')).token
  second = (await member('administrator')).token
})

async function entered(id: number): Promise<string> {
  const { token } = await world.identity.issueSignInLink({ kind: 'staff', id })
  const started = await world.identity.signIn(token, '192.0.2.1')
  if (!started.ok) throw new Error(started.error)
  return started.value.token
}

async function member(role: Role) {
  const added = await world.identity.addStaff({ name: role, roles: [role] })
  return {
    id: (await list()).find(({ caller }) => caller === `staff:${added.id}`)?.id ?? '',
    number: added.id,
    token: await entered(added.id),
  }
}

async function list(): Promise<readonly { id: string; caller: string; status: string; roles: string[] }[]> {
  const founder = await world.identity.ensureFirstOperator('Founder')
  const token = await world.identity.issueOperatorToken(founder.id)
  if (!token.ok) throw new Error(token.error)
  return (await call('GET', '/v1/staff?limit=100', token.value.token)).body.items
}

async function call(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  token: string,
  body?: unknown,
  key?: string,
) {
  const answer = await world.http.inject({
    ...{ method, url },
    headers: {
      ...{ authorization: `Bearer ${token}`, 'idempotency-key': key ?? randomUUID() },
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  })
  return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() }
}

async function agreed(method: 'POST' | 'PUT', url: string, body?: unknown) {
  const proposed = await call(method, url, first, body)
  expect(proposed.status).toBe(202)
  return call('POST', `/v1/approvals/${proposed.body.id}/approve`, second)
}

describe('hiring', () => {
  test('takes two people, and the link that comes with it brings the new one in', async () => {
    const hired = await agreed('POST', '/v1/staff', { name: '王芳', roles: ['support'] })
    expect(hired.body).toMatchObject({ status: 201, answer: { member: { name: '王芳', roles: ['support'] } } })
    const { url } = hired.body.answer.link
    expect(url).toMatch(/^https:\/\/pay\.example\/signin\/hl_/)
    const token = url.split('/').at(-1)
    const started = await world.identity.signIn(token, '192.0.2.9')
    if (!started.ok) throw new Error(started.error)
    const me = (await call('GET', '/v1/me', started.value.token)).body
    expect(me.scopes).toContain('identity:recover')
    expect(me.scopes).not.toContain('staff:write')
  })

  test('adds one person however often it is approved at once', async () => {
    const { id } = (await call('POST', '/v1/staff', first, { name: 'Once', roles: ['auditor'] })).body
    await Promise.all(Array.from({ length: 4 }, () => call('POST', `/v1/approvals/${id}/approve`, second)))
    const before = await list()
    expect(before.filter(({ roles }) => roles.length === 0)).toHaveLength(0)
    const names = (await call('GET', '/v1/staff?limit=100', first)).body.items.filter(
      ({ name }: { name: string }) => name === 'Once',
    )
    expect(names).toHaveLength(1)
  })

  test.each([
    [{ name: '', roles: ['support'] }],
    [{ name: 'A', roles: [] }],
    [{ name: 'A', roles: ['king'] }],
    [{ name: 'A', roles: ['support', 'support'] }],
    [{ name: 'A\u202e', roles: ['support'] }],
    [{ roles: ['support'] }],
  ])('is refused before anybody is asked: %j', async (body) => {
    expect((await call('POST', '/v1/staff', first, body)).status).toBe(400)
  })

  test('by one person ends when there are two who manage staff', async () => {
    const refused = await call('POST', '/v1/staff/bootstrap', first, { name: 'B', roles: ['administrator'] })
    expect(refused.body.code).toBe('bootstrap_over')
  })

  test('by one person works in a new institution, once for each request', async () => {
    const fresh = await startIdentityWorld()
    const founder = await fresh.identity.ensureFirstOperator('Founder')
    const issued = await fresh.identity.issueOperatorToken(founder.id)
    if (!issued.ok) throw new Error(issued.error)
    const ask = (key: string) =>
      fresh.http.inject({
        ...{ method: 'POST', url: '/v1/staff/bootstrap' },
        headers: {
          ...{ authorization: `Bearer ${issued.value.token}`, 'idempotency-key': key },
          'content-type': 'application/json',
        },
        payload: JSON.stringify({ name: 'Admin', roles: ['administrator'] }),
      })
    const answers = await Promise.all(['k', 'k', 'k'].map(ask))
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([201, 201, 201])
    expect(new Set(answers.map((answer) => answer.json().member.id)).size).toBe(1)
    expect((await ask('other')).json().code).toBe('bootstrap_over')
  })
})

describe('rights', () => {
  test('are given by two and seen at the next request', async () => {
    const clerk = await member('support')
    expect((await call('GET', '/v1/audit', clerk.token)).status).toBe(403)
    const set = await agreed('PUT', `/v1/staff/${clerk.id}/roles`, { roles: ['support', 'auditor'] })
    expect(set.body.answer.roles).toEqual(['support', 'auditor'])
    expect((await call('GET', '/v1/audit', clerk.token)).status).toBe(200)
  })

  test.each(['accountant', 'support', 'auditor'] as const)('of a member in %s reach nobody', async (role) => {
    const { token, id } = await member(role)
    for (const [method, url, body] of [
      ['POST', '/v1/staff', { name: 'A', roles: ['operator'] }],
      ['POST', '/v1/staff/bootstrap', { name: 'A', roles: ['operator'] }],
      ['PUT', `/v1/staff/${id}/roles`, { roles: ['operator'] }],
      ['POST', `/v1/staff/${id}/sign-in-links`, undefined],
      ['POST', `/v1/staff/${id}/proofs/reset`, undefined],
      ['POST', `/v1/staff/${id}/suspend`, undefined],
      ['POST', `/v1/staff/${id}/sessions/end`, undefined],
    ] as const) {
      expect((await call(method, url, token, body)).body.code).toBe('scope_missing')
    }
  })
})

describe('somebody who is suspended', () => {
  test('is out at once and comes in again only when two say so', async () => {
    const clerk = await member('support')
    expect((await call('POST', `/v1/staff/${clerk.id}/suspend`, first)).body.status).toBe('suspended')
    expect((await call('GET', '/v1/me', clerk.token)).status).toBe(401)
    const { token } = await world.identity.issueSignInLink({ kind: 'staff', id: clerk.number })
    expect(await world.identity.signIn(token, '192.0.2.1')).toEqual({ ok: false, error: 'subject_not_active' })
    expect((await agreed('POST', `/v1/staff/${clerk.id}/reinstate`)).body.answer.status).toBe('active')
    expect(await entered(clerk.number)).toMatch(/^hs_/)
    expect((await call('POST', `/v1/staff/${clerk.id}/leave`, first)).body.status).toBe('left')
    expect((await call('POST', `/v1/staff/${clerk.id}/suspend`, first)).body.code).toBe('staff_left')
  })

  test('is never the last who manages staff, also when two suspend each other at once', async () => {
    const fresh = await startIdentityWorld()
    const founder = await fresh.identity.ensureFirstOperator('Founder')
    const [a, b] = await Promise.all(
      ['A', 'B'].map((name) => fresh.identity.addStaff({ name, roles: ['administrator'] })),
    )
    await fresh.identity.setRoles(founder.id, ['auditor'])
    const results = await Promise.all([a, b].map((one) => fresh.identity.changeStaff(one?.id ?? 0, 'suspend')))
    expect(results.map((one) => (one.ok ? 'done' : one.error)).sort()).toEqual(['done', 'last_manager'])
  })
})

describe('sessions of staff', () => {
  test('are listed and ended by those who manage staff', async () => {
    const clerk = await member('support')
    const other = await entered(clerk.number)
    const { items } = (await call('GET', `/v1/staff/${clerk.id}/sessions`, first)).body
    expect(items).toHaveLength(2)
    expect((await call('DELETE', `/v1/staff/${clerk.id}/sessions/${items[0].id}`, first)).status).toBe(204)
    expect((await call('GET', '/v1/me', other)).status).toBe(401)
    expect((await call('DELETE', `/v1/staff/${clerk.id}/sessions/${items[0].id}`, first)).status).toBe(404)
    expect((await call('POST', `/v1/staff/${clerk.id}/sessions/end`, first)).body.ended).toBe(1)
    expect((await call('GET', '/v1/me', clerk.token)).status).toBe(401)
  })

  test('end after half an hour unused', async () => {
    const clerk = await member('support')
    world.clock.advance(29 * 60 * SECOND)
    expect((await call('GET', '/v1/me', clerk.token)).status).toBe(200)
    world.clock.advance(30 * 60 * SECOND)
    expect((await call('GET', '/v1/me', clerk.token)).status).toBe(401)
  })
})

describe('somebody who lost every proof', () => {
  test('of staff is let in again by two', async () => {
    const clerk = await member('support')
    const key = softwareAuthenticator()
    const options = (await call('POST', '/v1/me/passkeys/options', clerk.token)).body
    await call('POST', '/v1/me/passkeys', clerk.token, { name: 'Key', answer: key.create(options) })
    expect((await call('GET', '/v1/sessions', await entered(clerk.number))).body.code).toBe('further_proof_required')
    expect((await agreed('POST', `/v1/staff/${clerk.id}/proofs/reset`)).body.status).toBe(201)
    expect((await call('GET', '/v1/me', clerk.token)).status).toBe(401)
    expect((await call('GET', '/v1/sessions', await entered(clerk.number))).status).toBe(200)
  })

  let customers = 20_000
  async function customer() {
    customers += 1
    world.customers.add(customers)
    const subject = { kind: 'customer', id: customers } as const
    const come = async () => {
      const { token } = await world.identity.issueSignInLink(subject)
      const started = await world.identity.signIn(token, '192.0.2.1')
      if (!started.ok) throw new Error(started.error)
      return started.value.token
    }
    const token = await come()
    const me = (await call('GET', '/v1/me', token)).body.customer
    return { subject, id: String(me), token, come }
  }
  const HELP = 'Documents looked at: case 77'

  async function helpers() {
    return [(await member('support')).token, (await member('support')).token] as const
  }

  async function asked(id: string) {
    const [one, two] = await helpers()
    const proposed = await call('POST', `/v1/customers/${id}/sign-in-resets`, one, { reason: HELP })
    expect(proposed.status).toBe(202)
    expect((await call('POST', `/v1/approvals/${proposed.body.id}/approve`, two)).body.status).toBe(201)
  }

  test('of customers waits three days, in which it is seen, and then a link brings them in', async () => {
    const { id, token, subject, come } = await customer()
    const key = softwareAuthenticator()
    const options = (await call('POST', '/v1/me/passkeys/options', token)).body
    await call('POST', '/v1/me/passkeys', token, { name: 'Key', answer: key.create(options) })
    await world.guard.stop(subject.id, 'devi_x')
    await asked(id)
    expect((await call('GET', '/v1/me/sign-in-reset', token)).body.reset).toMatchObject({ state: 'open', reason: HELP })
    const [helper] = await helpers()
    const finish = () => call('POST', `/v1/customers/${id}/sign-in-reset/finish`, helper)
    expect((await finish()).body.code).toBe('reset_too_early')
    world.clock.advance(72 * 3600 * SECOND)
    const [later] = await helpers()
    const answers = await Promise.all(
      Array.from({ length: 3 }, () => call('POST', `/v1/customers/${id}/sign-in-reset/finish`, later)),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409])
    expect(world.stopped.has(subject.id)).toBe(false)
    const fresh = await come()
    expect((await call('GET', '/v1/me/passkeys', fresh)).body.items).toEqual([])
  })

  test('of customers is not, when the customer objects, from whatever session', async () => {
    const { id, token } = await customer()
    await asked(id)
    const page = await world.http.inject({
      ...{ method: 'GET', url: '/me' },
      headers: { cookie: `huitong-session=${token}`, host: 'pay.example' },
    })
    expect(page.body).toContain('It was not me')
    expect((await call('POST', '/v1/me/sign-in-reset/object', token)).body.state).toBe('objected')
    expect((await call('POST', '/v1/me/sign-in-reset/object', token)).body.state).toBe('objected')
    world.clock.advance(80 * 3600 * SECOND)
    const [later] = await helpers()
    expect((await call('POST', `/v1/customers/${id}/sign-in-reset/finish`, later)).body.code).toBe('reset_objected')
  })

  test('is asked of nobody who is not there, and by nobody alone', async () => {
    const [helper, other] = await helpers()
    const url = '/v1/customers/cust_00000000300r/sign-in-resets'
    const proposed = await call('POST', url, helper, { reason: HELP })
    const approved = await call('POST', `/v1/approvals/${proposed.body.id}/approve`, other)
    expect(approved.body).toMatchObject({ code: 'not_found' })
    const { id, token } = await customer()
    expect((await call('POST', `/v1/customers/${id}/sign-in-reset/finish`, helper)).body.code).toBe('reset_unknown')
    expect((await call('POST', `/v1/customers/${id}/sign-in-resets`, token, { reason: HELP })).status).toBe(403)
    expect((await call('POST', '/v1/me/sign-in-reset/object', token)).body.code).toBe('reset_unknown')
    const accountant = (await member('accountant')).token
    expect((await call('POST', `/v1/customers/${id}/sign-in-links`, accountant)).body.code).toBe('scope_missing')
  })
})
