import { testDatabase } from '@huitong/testing'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type IdentityWorld, SECOND, startIdentityWorld } from './identity-world.ts'

let world: IdentityWorld
const CUSTOMER = { kind: 'customer', id: 1024 } as const
const HERE = '192.0.2.1'

beforeAll(async () => {
  world = await startIdentityWorld()
})

// Failures are counted by the minute; each test starts in a fresh one.
beforeEach(() => world.clock.advance(120 * SECOND))

async function dump(table: string): Promise<string> {
  const rows = await testDatabase().owner.unsafe(
    `select to_jsonb(t)::text as row from ${world.institution.schema}.${table} t`,
  )
  return rows.map((row) => String(row.row)).join('\n')
}

describe('sign-in links', () => {
  test('work once', async () => {
    const { token } = await world.identity.issueSignInLink(CUSTOMER)
    const first = await world.identity.signIn(token, HERE)
    expect(first).toMatchObject({ ok: true, value: { subject: CUSTOMER } })
    expect(await world.identity.signIn(token, HERE)).toEqual({ ok: false, error: 'link_used' })
  })

  test('are used by one of many who try at once', async () => {
    // The first rounds open the connections; from then on the tries really meet in the database.
    for (let round = 0; round < 6; round += 1) {
      const { token } = await world.identity.issueSignInLink(CUSTOMER)
      const tries = Array.from({ length: 12 }, (_, index) => world.identity.signIn(token, `192.0.${round}.${index}`))
      const results = await Promise.all(tries)
      expect(results.filter((result) => result.ok)).toHaveLength(1)
      expect(results.filter((result) => !result.ok && result.error === 'link_used')).toHaveLength(11)
    }
  })

  test('are used by more people at once than there are connections', async () => {
    const { id } = await world.identity.addStaff({ name: '赵明', roles: ['support'] })
    const issued = Array.from({ length: 48 }, () => world.identity.issueSignInLink({ kind: 'staff', id }))
    const links = await Promise.all(issued)
    const results = await Promise.all(links.map(({ token }) => world.identity.signIn(token, HERE)))
    expect(results.filter((result) => result.ok)).toHaveLength(48)
  })

  test('work for a quarter of an hour and not a microsecond longer', async () => {
    const [early, late] = [
      await world.identity.issueSignInLink(CUSTOMER),
      await world.identity.issueSignInLink(CUSTOMER),
    ]
    world.clock.set(early.expiresAt - 1)
    expect((await world.identity.signIn(early.token, HERE)).ok).toBe(true)
    world.clock.set(late.expiresAt)
    expect(await world.identity.signIn(late.token, HERE)).toEqual({ ok: false, error: 'link_expired' })
  })

  test('that were never issued, or are no tokens at all, are unknown', async () => {
    for (const token of [`hl_${'A'.repeat(43)}`, '', 'hl_', 'x'.repeat(10_000), '\u0000']) {
      expect(await world.identity.signIn(token, HERE)).toEqual({ ok: false, error: 'link_unknown' })
    }
  })

  test('of a customer who may not sign in are refused, and good again when the customer may', async () => {
    const { token } = await world.identity.issueSignInLink({ kind: 'customer', id: 4096 })
    expect(await world.identity.signIn(token, HERE)).toEqual({ ok: false, error: 'subject_not_active' })
    world.customers.add(4096)
    expect((await world.identity.signIn(token, HERE)).ok).toBe(true)
  })

  test('cannot be guessed at by one address for long, while others come in', async () => {
    const { token } = await world.identity.issueSignInLink(CUSTOMER)
    for (let attempt = 0; attempt < 20; attempt += 1) await world.identity.signIn('guess', '203.0.113.7')
    expect(await world.identity.signIn(token, '203.0.113.7')).toEqual({ ok: false, error: 'too_many_attempts' })
    expect((await world.identity.signIn(token, HERE)).ok).toBe(true)
    world.clock.advance(61 * SECOND)
    const other = await world.identity.issueSignInLink(CUSTOMER)
    expect((await world.identity.signIn(other.token, '203.0.113.7')).ok).toBe(true)
  })

  test('and sessions leave no token in the database', async () => {
    const { token } = await world.identity.issueSignInLink(CUSTOMER)
    const started = await world.identity.signIn(token, HERE)
    if (!started.ok) throw new Error(started.error)
    const text = (await Promise.all(['identity_sign_in_links', 'identity_sessions', 'identity_audit'].map(dump))).join(
      '\n',
    )
    expect(text).not.toContain(token.slice(3))
    expect(text).not.toContain(started.value.token.slice(3))
  })

  test('and their use are on record with the address', async () => {
    const { token } = await world.identity.issueSignInLink({ kind: 'customer', id: 2048 })
    await world.identity.signIn(token, '198.51.100.9')
    await world.identity.signIn(token, '198.51.100.10')
    const rows = (await dump('identity_audit')).split('\n').map((row) => JSON.parse(row))
    expect(rows.filter((row) => row.subject_id === 2048).map((row) => row.event)).toEqual([
      ...['link_issued', 'device_added', 'signed_in'],
    ])
    expect(rows.find((row) => row.address === '198.51.100.10')).toMatchObject({ event: 'sign_in_refused' })
  })
})

describe('staff', () => {
  test('begin with one founding operator, however many programs start at once', async () => {
    const founders = await Promise.all(
      Array.from({ length: 6 }, (_, index) => world.another().ensureFirstOperator(`Operator ${index}`)),
    )
    expect(new Set(founders.map((founder) => founder.id)).size).toBe(1)
    expect(founders[0]?.roles).toEqual(['operator'])
  })

  test('who left cannot come in, not by an old link either', async () => {
    const member = await world.identity.addStaff({ name: 'Leaver', roles: ['support'] })
    const { token } = await world.identity.issueSignInLink({ kind: 'staff', id: member.id })
    expect(await world.identity.changeStaff(member.id, 'leave')).toMatchObject({ ok: true, value: { status: 'left' } })
    expect(await world.identity.changeStaff(member.id, 'reinstate')).toEqual({ ok: false, error: 'staff_left' })
    expect(await world.identity.signIn(token, HERE)).toEqual({ ok: false, error: 'subject_not_active' })
    expect(await world.identity.issueOperatorToken(member.id)).toEqual({ ok: false, error: 'subject_not_active' })
  })
})
