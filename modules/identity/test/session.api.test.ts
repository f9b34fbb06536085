import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Subject } from '../src/index.ts'
import { type IdentityWorld, SECOND, startIdentityWorld } from './identity-world.ts'

let world: IdentityWorld
let operator: Subject
const HOUR = 3600 * SECOND
const CUSTOMER = { kind: 'customer', id: 1024 } as const

beforeAll(async () => {
  world = await startIdentityWorld()
  operator = { kind: 'staff', id: (await world.identity.ensureFirstOperator('Operator')).id }
})

beforeEach(() => world.clock.advance(120 * SECOND))

async function sessionToken(subject: Subject): Promise<string> {
  const { token } = await world.identity.issueSignInLink(subject)
  const started = await world.identity.signIn(token, '192.0.2.1')
  if (!started.ok) throw new Error(started.error)
  return started.value.token
}

async function call(method: 'GET' | 'POST' | 'DELETE', url: string, headers: Record<string, string>) {
  const answer = await world.http.inject({ method, url, headers: { host: 'localhost:8080', ...headers } })
  return { status: answer.statusCode, headers: answer.headers, body: answer.body === '' ? undefined : answer.json() }
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const cookie = (token: string) => ({ cookie: `huitong-session=${token}` })

async function postForm(token: string, headers: Record<string, string> = {}) {
  return world.http.inject({
    method: 'POST',
    url: '/signin',
    headers: { host: 'localhost:8080', 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: new URLSearchParams({ token }).toString(),
  })
}

describe('the sign-in page', () => {
  test('opens without using up the link, and its form does', async () => {
    const { token } = await world.identity.issueSignInLink(operator)
    for (let visit = 0; visit < 3; visit += 1) {
      const page = await world.http.inject({ method: 'GET', url: `/signin/${token}` })
      expect(page.statusCode).toBe(200)
      expect(page.body).toContain(`value="${token}"`)
      expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'same-origin' })
      expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    }
    const answer = await postForm(token, { origin: 'http://localhost:8080' })
    expect(answer.statusCode).toBe(303)
    expect(answer.headers.location).toBe('/')
    const set = String(answer.headers['set-cookie'])
    expect(set).toMatch(/^huitong-session=hs_[A-Za-z0-9_-]{43}; /)
    expect(set).toContain('HttpOnly')
    expect(set).toContain('SameSite=Lax')
    const value = /^huitong-session=([^;]+)/.exec(set)?.[1] ?? ''
    expect((await call('GET', '/v1/me', cookie(value))).body).toMatchObject({ kind: 'staff', name: 'Operator' })
    expect((await postForm(token)).statusCode).toBe(410)
  })

  test('shows what stands in the address as text', async () => {
    const page = await world.http.inject({
      method: 'GET',
      url: `/signin/${encodeURIComponent('"><script>x</script>')}`,
    })
    expect(page.body).not.toContain('<script>')
  })

  test('does not let another site sign somebody in', async () => {
    const { token } = await world.identity.issueSignInLink(CUSTOMER)
    const refused = await postForm(token, { origin: 'https://evil.example' })
    expect(refused.statusCode).toBe(403)
    expect(refused.headers['set-cookie']).toBeUndefined()
    expect((await postForm(token, { origin: 'https://pay.example' })).statusCode).toBe(303)
  })

  test('can be reached with an ended session in the browser', async () => {
    const token = await sessionToken(CUSTOMER)
    await world.identity.endSessions(CUSTOMER)
    const { token: link } = await world.identity.issueSignInLink(CUSTOMER)
    expect((await postForm(link, cookie(token))).statusCode).toBe(303)
  })
})

describe('sessions', () => {
  test('tell who is signed in, by bearer and by cookie', async () => {
    const token = await sessionToken(CUSTOMER)
    for (const headers of [bearer(token), cookie(token)]) {
      const me = await call('GET', '/v1/me', headers)
      expect(me).toMatchObject({
        status: 200,
        body: { kind: 'customer', id: 'customer:1024', session: { current: true } },
      })
    }
  })

  test('that do not hold are refused', async () => {
    expect((await call('GET', '/v1/me', {})).body.code).toBe('sign_in_required')
    expect((await call('GET', '/v1/me', bearer(`hs_${'A'.repeat(43)}`))).body.code).toBe('credentials_invalid')
    expect((await call('GET', '/v1/me', cookie(`hs_${'B'.repeat(43)}`))).body.code).toBe('sign_in_required')
    const { token } = await world.identity.issueSignInLink(CUSTOMER)
    expect((await call('GET', '/v1/me', bearer(token))).status).toBe(401)
  })

  test('end by signing out, at once and for good', async () => {
    const token = await sessionToken(CUSTOMER)
    expect((await call('GET', '/v1/me', bearer(token))).status).toBe(200)
    const out = await call('POST', '/v1/sessions/sign-out', bearer(token))
    expect(out.status).toBe(204)
    expect(String(out.headers['set-cookie'])).toContain('Max-Age=0')
    expect((await call('GET', '/v1/me', bearer(token))).status).toBe(401)
  })

  test('end after half an hour unused, for staff, and live on while used', async () => {
    const [used, unused] = [await sessionToken(operator), await sessionToken(operator)]
    world.clock.advance(20 * 60 * SECOND)
    expect((await call('GET', '/v1/me', bearer(used))).status).toBe(200)
    world.clock.advance(20 * 60 * SECOND)
    expect((await call('GET', '/v1/me', bearer(used))).status).toBe(200)
    expect((await call('GET', '/v1/me', bearer(unused))).status).toBe(401)
  })

  test('end after twelve hours however busy they are, for staff', async () => {
    const token = await sessionToken(operator)
    for (let quarter = 0; quarter < 47; quarter += 1) {
      world.clock.advance(HOUR / 4)
      expect((await call('GET', '/v1/me', bearer(token))).status).toBe(200)
    }
    world.clock.advance(HOUR / 4)
    expect((await call('GET', '/v1/me', bearer(token))).status).toBe(401)
  })

  test('are listed and ended by their owner alone', async () => {
    await world.identity.endSessions(CUSTOMER)
    const [mine, second] = [await sessionToken(CUSTOMER), await sessionToken(CUSTOMER)]
    const theirs = await sessionToken({ kind: 'customer', id: 2048 })
    const own = await call('GET', '/v1/sessions', bearer(mine))
    expect(own.body.items).toHaveLength(2)
    expect(own.body.items.map((item: { current: boolean }) => item.current)).toEqual([false, true])
    const { id } = own.body.items[0]
    expect((await call('DELETE', `/v1/sessions/${id}`, bearer(theirs))).status).toBe(404)
    expect((await call('GET', '/v1/me', bearer(second))).status).toBe(200)
    expect((await call('DELETE', `/v1/sessions/${id}`, bearer(mine))).status).toBe(204)
    expect((await call('GET', '/v1/me', bearer(second))).status).toBe(401)
    expect((await call('DELETE', `/v1/sessions/${id}`, bearer(mine))).status).toBe(404)
  })

  test('end in other processes within a second', async () => {
    const token = await sessionToken(CUSTOMER)
    expect((await call('GET', '/v1/me', bearer(token))).status).toBe(200)
    expect(await world.another().endSessions(CUSTOMER)).toBeGreaterThan(0)
    world.clock.advance(SECOND + 1)
    expect((await call('GET', '/v1/me', bearer(token))).status).toBe(401)
  })

  test('stop when the customer may not sign in any more', async () => {
    world.customers.add(8192)
    const token = await sessionToken({ kind: 'customer', id: 8192 })
    world.customers.delete(8192)
    expect((await call('GET', '/v1/me', bearer(token))).status).toBe(401)
  })

  test('carry the scopes of the roles as they are now', async () => {
    const member = await world.identity.addStaff({ name: 'Auditor', roles: ['auditor'] })
    const token = await sessionToken({ kind: 'staff', id: member.id })
    const me = await call('GET', '/v1/me', bearer(token))
    expect(me.body.scopes).toEqual([
      'applications:read',
      'bank:read',
      'cases:read',
      'channels:read',
      'clearing:read',
      'identity:read',
      'ledger:read',
      'links:read',
      'party:read',
      'payments:read',
      'reconciliation:read',
      'reserve:read',
      'rules:read',
      'staff:read',
    ])
    await world.identity.changeStaff(member.id, 'leave')
    expect((await call('GET', '/v1/me', bearer(token))).status).toBe(401)
  })
})

describe('cookies', () => {
  test('let only pages of ours change something', async () => {
    const write = (headers: Record<string, string>) => call('POST', '/v1/sessions/sign-out', headers)
    const token = await sessionToken(CUSTOMER)
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://localhost:9090' },
      { 'sec-fetch-site': 'same-site' },
      {},
    ]) {
      expect((await write({ ...cookie(token), ...headers })).status, JSON.stringify(headers)).toBe(403)
    }
    expect((await call('GET', '/v1/me', bearer(token))).status).toBe(200)
    expect((await write({ ...cookie(token), origin: 'http://localhost:8080' })).status).toBe(204)
    const second = await sessionToken(CUSTOMER)
    expect((await write({ ...cookie(second), origin: 'https://pay.example' })).status).toBe(204)
  })
})

describe('operator tokens', () => {
  test('work as bearer for ten minutes', async () => {
    const issued = await world.identity.issueOperatorToken(operator.id)
    if (!issued.ok) throw new Error(issued.error)
    const me = await call('GET', '/v1/me', bearer(issued.value.token))
    expect(me.body).toMatchObject({ kind: 'staff', session: { method: 'operator' } })
    world.clock.advance(601 * SECOND)
    expect((await call('GET', '/v1/me', bearer(issued.value.token))).status).toBe(401)
  })
})

describe('guessing session tokens', () => {
  test('is stopped after a while, and known sessions go on', async () => {
    const token = await sessionToken(CUSTOMER)
    expect((await call('GET', '/v1/me', bearer(token))).status).toBe(200)
    const guess = (index: number) => call('GET', '/v1/me', bearer(`hs_${String(index).padStart(43, '0')}`))
    for (let index = 0; index < 200; index += 1) expect((await guess(index)).status).toBe(401)
    const refused = await guess(200)
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '60'])
    expect((await call('GET', '/v1/me', bearer(token))).status).toBe(200)
  })

  test('keeps nobody out who has a session and was not seen yet, not even in the middle of it', async () => {
    const [member, customer] = [await sessionToken(operator), await sessionToken(CUSTOMER)]
    const guess = (index: number) => call('GET', '/v1/me', bearer(`hs_${String(index).padStart(43, 'x')}`))
    const first = await Promise.all(Array.from({ length: 250 }, (_, index) => guess(index)))
    expect(first.filter(({ status }) => status === 401)).toHaveLength(200)
    const flood = Array.from({ length: 250 }, (_, index) => guess(1000 + index))
    expect((await call('GET', '/v1/me', bearer(member))).status).toBe(200)
    expect((await call('GET', '/v1/me', cookie(customer))).status).toBe(200)
    expect(new Set((await Promise.all(flood)).map(({ status }) => status))).toEqual(new Set([429]))
  })
})
