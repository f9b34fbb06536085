import { testDatabase } from '@huitong/testing'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Subject } from '../src/index.ts'
import { type SoftwareAuthenticator, softwareAuthenticator } from './authenticator.ts'
import { type IdentityWorld, SECOND, startIdentityWorld } from './identity-world.ts'

let world: IdentityWorld
let nextCustomer = 5000

beforeAll(async () => {
  world = await startIdentityWorld()
})

// Failures are counted by the minute; each test starts in a fresh one.
beforeEach(() => world.clock.advance(120 * SECOND))

function newCustomer(): Subject {
  nextCustomer += 1
  world.customers.add(nextCustomer)
  return { kind: 'customer', id: nextCustomer }
}

async function byLink(subject: Subject): Promise<string> {
  const { token } = await world.identity.issueSignInLink(subject)
  const started = await world.identity.signIn(token, '192.0.2.1')
  if (!started.ok) throw new Error(started.error)
  return started.value.token
}

async function call(method: 'GET' | 'POST' | 'DELETE', url: string, token?: string, body?: unknown) {
  const answer = await world.http.inject({
    ...{ method, url },
    headers: {
      host: 'pay.example',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  })
  return { status: answer.statusCode, headers: answer.headers, body: answer.body === '' ? undefined : answer.json() }
}

async function register(token: string, key: SoftwareAuthenticator, name = 'Phone') {
  const options = await call('POST', '/v1/me/passkeys/options', token)
  if (options.status !== 200) return options
  return call('POST', '/v1/me/passkeys', token, { name, answer: key.create(options.body) })
}

async function options() {
  return (await call('POST', '/v1/passkeys/options')).body
}

async function enter(answer: unknown) {
  return call('POST', '/v1/passkeys/sign-in', undefined, { answer })
}

async function withPasskey(counts = true) {
  const subject = newCustomer()
  const token = await byLink(subject)
  const key = softwareAuthenticator(counts)
  const added = await register(token, key)
  expect(added.status).toBe(201)
  return { subject, token, key, id: String(added.body.id) }
}

describe('a passkey', () => {
  test('is added in a session that began with a link, and signs its owner in from then on', async () => {
    const { subject, key } = await withPasskey()
    const entered = await enter(key.get(await options()))
    expect(entered.status).toBe(201)
    const me = await call('GET', '/v1/me', entered.body.sessionToken)
    expect(me.body).toMatchObject({
      id: `customer:${subject.id}`,
      session: { method: 'passkey', strength: 'contract' },
    })
    const list = await call('GET', '/v1/me/passkeys', entered.body.sessionToken)
    expect(list.body.items).toMatchObject([{ name: 'Phone', state: 'active', synced: false }])
    expect(list.body.items[0].lastUsedAt).not.toBeNull()
  })

  test('is for staff too', async () => {
    const member = await world.identity.addStaff({ name: 'Keyholder', roles: ['auditor'] })
    const key = softwareAuthenticator()
    expect((await register(await byLink({ kind: 'staff', id: member.id }), key)).status).toBe(201)
    const entered = await enter(key.get(await options()))
    expect((await call('GET', '/v1/me', entered.body.sessionToken)).body).toMatchObject({ name: 'Keyholder' })
    await world.identity.changeStaff(member.id, 'leave')
    expect((await enter(key.get(await options()))).body.code).toBe('subject_not_active')
  })

  test('gives pages a cookie and no token', async () => {
    const { key } = await withPasskey()
    const answer = key.get(await options())
    const entered = await call('POST', '/v1/passkeys/sign-in', undefined, { answer, cookie: true })
    expect(entered.body.sessionToken).toBeNull()
    expect(String(entered.headers['set-cookie'])).toMatch(/^huitong-session=hs_[A-Za-z0-9_-]{43}; .*HttpOnly/)
  })

  test('says whose it is by a handle that names nobody', async () => {
    const { subject, token, key } = await withPasskey()
    await call('POST', '/v1/me/step-up/passkey', token, {
      answer: key.get((await call('POST', '/v1/me/step-up/options', token)).body),
    })
    const creation = await call('POST', '/v1/me/passkeys/options', token)
    const handle = Buffer.from(creation.body.user.id, 'base64url')
    expect(handle).toHaveLength(32)
    expect(handle.toString('latin1')).not.toContain(String(subject.id))
    expect(creation.body.excludeCredentials).toMatchObject([{ id: key.id }])
    expect((await enter(key.get(await options(), { userHandle: creation.body.user.id }))).status).toBe(201)
    expect((await enter(key.get(await options(), { userHandle: 'AAAA' }))).body.code).toBe('passkey_invalid')
  })

  test('that was removed signs nobody in', async () => {
    const { key, id } = await withPasskey()
    const entered = await enter(key.get(await options()))
    expect((await call('DELETE', `/v1/me/passkeys/${id}`, entered.body.sessionToken)).status).toBe(204)
    expect((await enter(key.get(await options()))).body.code).toBe('passkey_unknown')
    expect((await call('DELETE', `/v1/me/passkeys/${id}`, entered.body.sessionToken)).status).toBe(404)
  })

  test('of somebody else cannot be removed, nor registered again', async () => {
    const { key, id } = await withPasskey()
    const other = await byLink(newCustomer())
    expect((await call('DELETE', `/v1/me/passkeys/${id}`, other)).status).toBe(404)
    expect((await register(other, key)).body.code).toBe('passkey_registered_before')
  })
})

describe('a challenge', () => {
  test('is good once, whatever came of it', async () => {
    const { key } = await withPasskey()
    const asked = await options()
    expect((await enter(key.get(asked, { userVerified: false }))).body.code).toBe('passkey_invalid')
    expect((await enter(key.get(asked))).body.code).toBe('challenge_invalid')
  })

  test('of many answers at once lets one in', async () => {
    const { key } = await withPasskey(false)
    const asked = await options()
    const answers = await Promise.all(Array.from({ length: 6 }, () => enter(key.get(asked))))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
  })

  test('is good for five minutes', async () => {
    const { key } = await withPasskey()
    const [early, late] = [await options(), await options()]
    world.clock.advance(300 * SECOND - 1)
    expect((await enter(key.get(early))).status).toBe(201)
    world.clock.advance(1)
    expect((await enter(key.get(late))).body.code).toBe('challenge_invalid')
  })

  test('is for what it was asked for, and for the session that asked', async () => {
    const { key, token } = await withPasskey()
    const stepUp = (await call('POST', '/v1/me/step-up/options', token)).body
    expect((await enter(key.get(stepUp))).body.code).toBe('challenge_invalid')
    const mine = newCustomer()
    const [first, second] = [await byLink(mine), await byLink(mine)]
    const asked = (await call('POST', '/v1/me/passkeys/options', first)).body
    const answer = softwareAuthenticator().create(asked)
    expect((await call('POST', '/v1/me/passkeys', second, { name: 'Key', answer })).body.code).toBe('challenge_invalid')
  })
})

describe('an answer proves nothing', () => {
  test.each([
    ['made for a page of another site', { origin: 'https://evil.example' }],
    ['made for another domain', { rpId: 'evil.example' }],
    ['whose owner was not verified', { userVerified: false }],
    ['of the other ceremony', { type: 'webauthn.create' }],
  ])('%s', async (_, changes) => {
    const { key } = await withPasskey()
    expect((await enter(key.get(await options(), changes))).body.code).toBe('passkey_invalid')
  })

  test('signed by another key', async () => {
    const { key } = await withPasskey()
    const forged = softwareAuthenticator().get(await options())
    expect((await enter({ ...forged, id: key.id, rawId: key.id })).body.code).toBe('passkey_invalid')
  })

  test('of a registration without its owner verified', async () => {
    const token = await byLink(newCustomer())
    const asked = (await call('POST', '/v1/me/passkeys/options', token)).body
    const answer = softwareAuthenticator().create(asked, { userVerified: false })
    expect((await call('POST', '/v1/me/passkeys', token, { name: 'Key', answer })).body.code).toBe('passkey_invalid')
  })

  test('that is nonsense', async () => {
    const { key } = await withPasskey()
    const good = key.get(await options())
    const response = { ...good.response, clientDataJSON: 'AAAA' }
    expect((await enter({ ...good, response })).body.code).toBe('passkey_invalid')
    expect((await enter({ ...good, id: '!' })).status).toBe(400)
    expect((await enter({ ...good, id: 'AAAA', rawId: 'AAAA' })).body.code).toBe('passkey_unknown')
  })
})

describe('a counter', () => {
  test('that runs back suspends the passkey for good', async () => {
    const { key } = await withPasskey()
    expect((await enter(key.get(await options(), { counter: 9 }))).status).toBe(201)
    expect((await enter(key.get(await options(), { counter: 9 }))).body.code).toBe('passkey_cloned')
    expect((await enter(key.get(await options(), { counter: 10 }))).body.code).toBe('passkey_suspended')
    const rows = await testDatabase().owner.unsafe(
      `select event from ${world.institution.schema}.identity_audit where event = 'passkey_suspended'`,
    )
    expect(rows).toHaveLength(1)
  })

  test('that was never used stays at nothing', async () => {
    const { key } = await withPasskey(false)
    expect((await enter(key.get(await options()))).status).toBe(201)
    expect((await enter(key.get(await options()))).status).toBe(201)
  })
})

describe('more proof in the middle of a session', () => {
  test('is needed to add or remove a passkey once there is one, and counts for a quarter of an hour', async () => {
    const { token, key, id } = await withPasskey()
    expect((await register(token, softwareAuthenticator())).body.code).toBe('stronger_sign_in_required')
    expect((await call('DELETE', `/v1/me/passkeys/${id}`, token)).body.code).toBe('stronger_sign_in_required')
    const asked = (await call('POST', '/v1/me/step-up/options', token)).body
    expect(asked.allowCredentials).toMatchObject([{ id: key.id }])
    expect((await call('POST', '/v1/me/step-up/passkey', token, { answer: key.get(asked) })).status).toBe(204)
    expect((await call('GET', '/v1/me', token)).body.session.strength).toBe('contract')
    expect((await register(token, softwareAuthenticator())).status).toBe(201)
    world.clock.advance(901 * SECOND)
    expect((await call('GET', '/v1/me', token)).body.session.strength).toBe('one_factor')
    expect((await register(token, softwareAuthenticator())).body.code).toBe('stronger_sign_in_required')
  })

  test('is not given by a passkey of somebody else', async () => {
    const mine = await withPasskey()
    const theirs = await withPasskey()
    const asked = (await call('POST', '/v1/me/step-up/options', mine.token)).body
    const answer = theirs.key.get(asked)
    expect((await call('POST', '/v1/me/step-up/passkey', mine.token, { answer })).body.code).toBe('passkey_unknown')
    expect((await call('GET', '/v1/me', mine.token)).body.session.strength).toBe('one_factor')
  })

  test('needs a passkey', async () => {
    const token = await byLink(newCustomer())
    expect((await call('POST', '/v1/me/step-up/options', token)).body.code).toBe('passkey_unknown')
  })

  test('lets nobody have more than ten passkeys', async () => {
    const { key } = await withPasskey()
    const token = (await enter(key.get(await options()))).body.sessionToken
    for (let index = 1; index < 10; index += 1) {
      expect((await register(token, softwareAuthenticator())).status).toBe(201)
    }
    expect((await register(token, softwareAuthenticator())).body.code).toBe('passkeys_too_many')
  })
})

describe('the pages', () => {
  async function page(url: string, headers: Record<string, string> = {}, method: 'GET' | 'POST' = 'GET') {
    return world.http.inject({ method, url, headers: { host: 'pay.example', ...headers } })
  }

  test('run one script of ours and nothing that stands in them', async () => {
    const signIn = await page('/signin')
    expect(signIn.headers['content-security-policy']).toContain("script-src 'self'; connect-src 'self'")
    expect(signIn.body).not.toMatch(/<script(?! type="module" src="\/signin\/passkeys\.js"><\/script>)/)
    const script = await page('/signin/passkeys.js')
    expect(script.headers['content-type']).toContain('text/javascript')
    expect(() => new Function(`return async () => { ${script.body} }`)).not.toThrow()
  })

  test('lead to the domain that passkeys are for', async () => {
    expect((await page('/signin?next=%2Fq%2Fabc')).body).toContain('data-next="/q/abc"')
    for (const next of [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      'javascript:alert(1)',
      '/q" x="',
    ]) {
      expect((await page(`/signin?next=${encodeURIComponent(next)}`)).body).toContain('data-next="/me"')
    }
    const elsewhere = await page('/signin', { host: '127.0.0.1:8080' })
    expect(elsewhere.body).toContain('href="https://pay.example/signin?next=%2Fme"')
    expect(elsewhere.body).not.toContain('<script')
  })

  test('show what is ours, and end it, without scripts', async () => {
    expect((await page('/me')).headers.location).toBe('/signin')
    const { key } = await withPasskey()
    const entered = await enter(key.get(await options()))
    const cookie = `huitong-session=${entered.body.sessionToken}`
    const shown = await page('/me', { cookie })
    expect(shown.statusCode).toBe(200)
    expect(shown.body).toContain('Phone')
    const [remove] = /\/me\/passkeys\/pkey_\w+\/remove/.exec(shown.body) ?? ['']
    const [end] = /\/me\/sessions\/sess_\w+\/end/.exec(shown.body) ?? ['']
    expect((await page(remove, { cookie, origin: 'https://evil.example' }, 'POST')).statusCode).toBe(403)
    for (const action of [remove, end]) {
      expect((await page(action, { cookie, origin: 'https://pay.example' }, 'POST')).headers.location).toBe('/me')
    }
    const after = await page('/me', { cookie })
    expect(after.body).not.toContain('Phone')
    expect(after.body).not.toContain('/end"')
    expect((await page('/me/sign-out', { cookie, origin: 'https://pay.example' }, 'POST')).statusCode).toBe(303)
    expect((await page('/me', { cookie })).statusCode).toBe(303)
  })
})
