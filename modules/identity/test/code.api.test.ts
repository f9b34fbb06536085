import { testDatabase } from '@huitong/testing'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Subject } from '../src/index.ts'
import { softwareAuthenticator } from './authenticator.ts'
import { codeAt } from './code-app.ts'
import { type IdentityWorld, SECOND, startIdentityWorld } from './identity-world.ts'

let world: IdentityWorld
let nextCustomer = 7000

beforeAll(async () => {
  world = await startIdentityWorld()
})

// Failures are counted by the minute, and each code is good once; each test starts in a fresh minute.
beforeEach(() => world.clock.advance(120 * SECOND))

function newCustomer(): Subject {
  nextCustomer += 1
  world.customers.add(nextCustomer)
  return { kind: 'customer', id: nextCustomer }
}

async function byLink(subject: Subject): Promise<string> {
  const { token } = await world.identity.issueSignInLink(subject)
  const started = await call('POST', '/v1/sessions', undefined, { token })
  expect(started.status).toBe(201)
  return started.body.sessionToken
}

async function call(method: 'GET' | 'POST' | 'DELETE', url: string, token?: string, body?: unknown) {
  const answer = await world.http.inject({
    ...{ method, url },
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  })
  return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() }
}

const now = (secret: string) => codeAt(secret, world.clock.now())
const nextStep = () => world.clock.advance(30 * SECOND)
const stepUp = (token: string, code: string) => call('POST', '/v1/me/step-up/code', token, { code })
const session = async (token: string) => (await call('GET', '/v1/me', token)).body.session

async function withCodes(subject = newCustomer()) {
  const token = await byLink(subject)
  const { secret } = (await call('POST', '/v1/me/one-time-codes', token)).body
  const confirmed = await call('POST', '/v1/me/one-time-codes/confirm', token, { code: now(secret) })
  expect(confirmed.status).toBe(200)
  const recovery: string[] = confirmed.body.recoveryCodes
  nextStep()
  return { subject, token, secret: String(secret), recovery }
}

describe('one-time codes', () => {
  test('count once a code of the app was given', async () => {
    const token = await byLink(newCustomer())
    const begun = await call('POST', '/v1/me/one-time-codes', token)
    expect(begun.status).toBe(201)
    expect(begun.body.uri).toContain('issuer=Yunhe')
    const path = '/v1/me/one-time-codes/confirm'
    expect((await call('POST', path, token, { code: '000000' })).body.code).toBe('code_invalid')
    expect((await stepUp(token, now(begun.body.secret))).body.code).toBe('codes_not_set_up')
    const confirmed = await call('POST', path, token, { code: now(begun.body.secret) })
    expect(new Set(confirmed.body.recoveryCodes).size).toBe(10)
    expect((await call('GET', '/v1/me/one-time-codes', token)).body).toMatchObject({
      ...{ pending: false, recoveryCodesLeft: 10 },
    })
    expect((await call('POST', path, token, { code: now(begun.body.secret) })).body.code).toBe('codes_not_set_up')
  })

  test('are asked for after a link, before anything else may be done', async () => {
    const { subject, secret } = await withCodes()
    const token = await byLink(subject)
    expect(await session(token)).toMatchObject({ awaitsProof: true, strength: 'one_factor', strongUntil: null })
    for (const [method, url] of [
      ['GET', '/v1/sessions'],
      ['POST', '/v1/me/passkeys/options'],
      ['POST', '/v1/me/one-time-codes'],
      ['DELETE', '/v1/me/one-time-codes'],
    ] as const) {
      expect((await call(method, url, token)).body.code).toBe('further_proof_required')
    }
    expect((await stepUp(token, now(secret))).status).toBe(204)
    expect(await session(token)).toMatchObject({ awaitsProof: false, strength: 'two_factors' })
    expect((await call('GET', '/v1/sessions', token)).status).toBe(200)
    world.clock.advance(16 * 60 * SECOND)
    expect(await session(token)).toMatchObject({ strength: 'two_factors', strongUntil: null })
  })

  test('end what another link began before they were set up', async () => {
    const subject = newCustomer()
    const earlier = await byLink(subject)
    await withCodes(subject)
    expect((await call('GET', '/v1/sessions', earlier)).body.code).toBe('further_proof_required')
  })

  test('raise a session for a quarter of an hour, which can be asked for', async () => {
    const { token, secret } = await withCodes()
    world.clock.advance(16 * 60 * SECOND)
    expect((await session(token)).strongUntil).toBeNull()
    expect((await stepUp(token, now(secret))).status).toBe(204)
    const { strongUntil } = await session(token)
    expect(Date.parse(strongUntil) * 1000).toBe(world.clock.now() + 15 * 60 * SECOND)
  })

  test('are good once, also when they come many times at once', async () => {
    const { token, secret } = await withCodes()
    const code = now(secret)
    const tries = await Promise.all(Array.from({ length: 4 }, () => stepUp(token, code)))
    expect(tries.map(({ status }) => status).sort()).toEqual([204, 409, 409, 409])
    // An earlier one, within the window, is used up with it.
    expect((await stepUp(token, codeAt(secret, world.clock.now() - 30 * SECOND))).status).toBe(409)
    nextStep()
    expect((await stepUp(token, now(secret))).status).toBe(204)
  })

  test('cannot be guessed: after five false ones there is a wait that doubles, from wherever they come', async () => {
    const { token, secret } = await withCodes()
    const wrong = () => (now(secret) === '123456' ? '654321' : '123456')
    const tries = await Promise.all(Array.from({ length: 8 }, () => stepUp(token, wrong())))
    const codes = tries.map(({ body }) => body.code).sort()
    expect(codes.filter((code) => code === 'code_invalid')).toHaveLength(5)
    expect(codes.filter((code) => code === 'code_attempts_blocked')).toHaveLength(3)
    expect((await stepUp(token, now(secret))).body.code).toBe('code_attempts_blocked')
    world.clock.advance(60 * SECOND)
    expect((await stepUp(token, wrong())).body.code).toBe('code_invalid')
    world.clock.advance(60 * SECOND)
    expect((await stepUp(token, now(secret))).body.code).toBe('code_attempts_blocked')
    world.clock.advance(60 * SECOND)
    expect((await stepUp(token, now(secret))).status).toBe(204)
    // A right one begins the count anew.
    expect((await stepUp(token, wrong())).body.code).toBe('code_invalid')
    nextStep()
    expect((await stepUp(token, now(secret))).status).toBe(204)
  })

  test('have stand-ins on paper, each good once', async () => {
    const { subject, recovery } = await withCodes()
    const token = await byLink(subject)
    const [first = '', second = ''] = recovery
    const tries = await Promise.all([stepUp(token, first.toUpperCase()), stepUp(token, first.replace('-', ' '))])
    expect(tries.map(({ status }) => status).sort()).toEqual([204, 409])
    expect((await call('GET', '/v1/me/one-time-codes', token)).body.recoveryCodesLeft).toBe(9)
    const renewed = await call('POST', '/v1/me/one-time-codes/recovery-codes', token)
    expect((await stepUp(token, second)).body.code).toBe('code_invalid')
    expect((await stepUp(token, renewed.body.recoveryCodes[0])).status).toBe(204)
  })

  test("are nobody else's", async () => {
    const mine = await withCodes()
    const other = await withCodes()
    expect((await stepUp(mine.token, now(other.secret))).body.code).toBe('code_invalid')
    expect((await stepUp(mine.token, other.recovery[0] ?? '')).body.code).toBe('code_invalid')
  })

  test('are moved or given up only with a further proof', async () => {
    const { token, secret } = await withCodes()
    world.clock.advance(16 * 60 * SECOND)
    expect((await call('DELETE', '/v1/me/one-time-codes', token)).body.code).toBe('stronger_sign_in_required')
    expect((await call('POST', '/v1/me/one-time-codes', token)).body.code).toBe('stronger_sign_in_required')
    await stepUp(token, now(secret))
    const moved = (await call('POST', '/v1/me/one-time-codes', token)).body.secret
    nextStep()
    // Until the new app has given a code the old one counts.
    expect((await stepUp(token, now(secret))).status).toBe(204)
    nextStep()
    await call('POST', '/v1/me/one-time-codes/confirm', token, { code: now(moved) })
    nextStep()
    expect((await stepUp(token, now(secret))).body.code).toBe('code_invalid')
    expect((await stepUp(token, now(moved))).status).toBe(204)
    expect((await call('DELETE', '/v1/me/one-time-codes', token)).status).toBe(204)
    expect((await stepUp(token, now(moved))).body.code).toBe('codes_not_set_up')
  })

  test('are asked of staff too, and a passkey of theirs is as good', async () => {
    const member = await world.identity.addStaff({ name: 'Coder', roles: ['operator'] })
    const subject = { kind: 'staff', id: member.id } as const
    const { secret, token: first } = await withCodes(subject)
    const key = softwareAuthenticator()
    const options = (await call('POST', '/v1/me/passkeys/options', first)).body
    expect((await call('POST', '/v1/me/passkeys', first, { name: 'Key', answer: key.create(options) })).status).toBe(
      201,
    )
    const token = await byLink(subject)
    expect((await call('GET', '/v1/audit', token)).body.code).toBe('further_proof_required')
    expect((await call('GET', '/v1/approvals', token)).body.code).toBe('further_proof_required')
    const asked = (await call('POST', '/v1/me/step-up/options', token)).body
    expect((await call('POST', '/v1/me/step-up/passkey', token, { answer: key.get(asked) })).status).toBe(204)
    expect((await call('GET', '/v1/audit', token)).status).toBe(200)
    // The weaker proof that comes after takes nothing away from the better one.
    expect((await stepUp(token, now(secret))).status).toBe(204)
    expect(await session(token)).toMatchObject({ strength: 'contract' })
  })

  test('are stored so that a dump shows neither secret nor recovery code', async () => {
    const { secret, recovery } = await withCodes()
    const tables = ['identity_code_secrets', 'identity_recovery_codes']
    const rows = await Promise.all(
      tables.map((table) => testDatabase().owner.unsafe(`select t::text from ${world.institution.schema}.${table} t`)),
    )
    const text = JSON.stringify(rows)
    expect(rows[1]?.length).toBeGreaterThan(9)
    for (const hidden of [secret, ...recovery, ...recovery.map((code) => code.replace('-', ''))]) {
      expect(text).not.toContain(hidden)
    }
  })

  test.each([
    [{}, 400],
    [{ code: 7 }, 400],
    [{ code: '' }, 400],
    [{ code: 'x'.repeat(41) }, 400],
    [{ code: '\u0000' }, 400],
    [{ code: 'not a code' }, 422],
    [{ code: '１２３４５６' }, 422],
  ])('that are malformed are refused: %j', async (body, status) => {
    const { token } = await withCodes()
    expect((await call('POST', '/v1/me/step-up/code', token, body)).status).toBe(status)
  })
})

describe('the pages', () => {
  async function page(method: 'GET' | 'POST', url: string, token: string, form?: Record<string, string>) {
    const answer = await world.http.inject({
      ...{ method, url },
      headers: {
        ...{ host: 'pay.example', origin: 'https://pay.example', cookie: `huitong-session=${token}` },
        ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(form === undefined ? {} : { payload: new URLSearchParams(form).toString() }),
    })
    return { status: answer.statusCode, location: answer.headers.location, text: answer.body }
  }

  test('set codes up and ask for them, without a script', async () => {
    const subject = newCustomer()
    const token = await byLink(subject)
    expect((await page('POST', '/me/codes/begin', token, {})).location).toBe('/me/codes')
    const shown = (await page('GET', '/me/codes', token)).text
    expect(shown).toContain('<svg')
    const secret = /<dd>([A-Z2-7]{32})<\/dd>/.exec(shown)?.[1] ?? ''
    expect((await page('POST', '/me/codes/confirm', token, { code: '1' })).status).toBe(422)
    const codes = (await page('POST', '/me/codes/confirm', token, { code: now(secret) })).text
    expect(codes.match(/<code>[0-9a-z]{5}-[0-9a-z]{5}<\/code>/g)).toHaveLength(10)
    nextStep()
    const later = await byLink(subject)
    expect((await page('GET', '/me', later)).location).toBe('/me/prove')
    expect((await page('GET', '/me/codes', later)).location).toBe('/signin')
    expect((await page('POST', '/me/prove', later, { code: '1', next: '/me' })).status).toBe(422)
    const proved = await page('POST', '/me/prove', later, { code: now(secret), next: '/me/codes' })
    expect(proved.location).toBe('/me/codes')
    expect((await page('GET', '/me', later)).status).toBe(200)
  })

  test.each(['//evil.example', 'https://evil.example', '/\\evil.example', 'javascript:1', ''])(
    'lead nowhere else: %j',
    async (next) => {
      const { token, secret } = await withCodes()
      expect((await page('POST', '/me/prove', token, { code: now(secret), next })).location).toBe('/me')
    },
  )
})
