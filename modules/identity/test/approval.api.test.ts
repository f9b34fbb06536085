import { reply } from '@huitong/http'
import Type from 'typebox'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { Role } from '../src/index.ts'
import { type IdentityWorld, SECOND, startIdentityWorld } from './identity-world.ts'

let world: IdentityWorld
let proposer: string
let approver: string
let keys = 0
/** What the route that takes four eyes was asked to do: caller, key and amount. */
const done: [string, string, number][] = []
let failing = false

beforeAll(async () => {
  world = await startIdentityWorld()
  world.http.route({
    method: 'POST',
    url: '/v1/things/:id/changes',
    access: { callers: ['staff'], scope: 'rules:write', fourEyes: true },
    summary: 'Something that takes four eyes',
    tags: ['Test'],
    idempotent: true,
    schema: {
      params: Type.Object({ id: Type.String({ maxLength: 10 }) }),
      body: Type.Object({ amount: Type.Integer() }),
      response: { 201: Type.Object({ done: Type.Integer() }) },
    },
    handler: async ({ caller, body, idempotencyKey }) => {
      if (failing) throw new Error('the database went away')
      done.push([caller.id, idempotencyKey, body.amount])
      return reply({ done: body.amount }, { status: 201 })
    },
  })
})

beforeEach(async () => {
  proposer = await member('operator')
  approver = await member('operator')
  done.length = 0
  failing = false
})

async function member(role: Role): Promise<string> {
  const { id } = await world.identity.addStaff({ name: role, roles: [role] })
  const { token } = await world.identity.issueSignInLink({ kind: 'staff', id })
  const started = await world.identity.signIn(token, '192.0.2.1')
  if (!started.ok) throw new Error(started.error)
  return started.value.token
}

async function call(method: 'GET' | 'POST', url: string, token: string, body?: unknown, key?: string) {
  const answer = await world.http.inject({
    ...{ method, url },
    headers: {
      authorization: `Bearer ${token}`,
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  })
  return { status: answer.statusCode, body: answer.json() }
}

async function propose(amount: unknown, key?: string) {
  keys += 1
  return call('POST', '/v1/things/one/changes', proposer, { amount }, key ?? `key ${keys}`)
}

test('a request becomes a proposal, and is done when another approves', async () => {
  const proposed = await propose(7)
  expect(proposed).toMatchObject({ status: 202, body: { state: 'open', params: { id: 'one' }, body: { amount: 7 } } })
  expect(done).toEqual([])
  const { id } = proposed.body
  const approved = await call('POST', `/v1/approvals/${id}/approve`, approver)
  expect(approved).toEqual({ status: 200, body: { status: 201, answer: { done: 7 } } })
  expect(done).toEqual([[expect.stringMatching(/^staff:\d+$/), `approval:${id}`, 7]])
  expect((await call('POST', `/v1/approvals/${id}/approve`, approver)).body.code).toBe('proposal_approved')
  expect(done).toHaveLength(1)
  const [shown] = (await call('GET', '/v1/approvals', proposer)).body.items
  expect(shown).toMatchObject({ id, state: 'approved', status: 201, decidedBy: done[0]?.[0] })
})

test('nobody approves their own, and nobody without the scope decides or sees', async () => {
  const { id } = (await propose(1)).body
  expect((await call('POST', `/v1/approvals/${id}/approve`, proposer)).body.code).toBe('proposer_cannot_approve')
  const support = await member('support')
  for (const verb of ['approve', 'reject']) {
    expect((await call('POST', `/v1/approvals/${id}/${verb}`, support)).body.code).toBe('scope_missing')
  }
  expect((await call('GET', '/v1/approvals', support)).body.items).toEqual([])
  expect(done).toEqual([])
})

test('a rejected or old proposal is not done', async () => {
  const rejected = (await propose(1)).body.id
  expect((await call('POST', `/v1/approvals/${rejected}/reject`, proposer)).body.state).toBe('rejected')
  expect((await call('POST', `/v1/approvals/${rejected}/approve`, approver)).body.code).toBe('proposal_rejected')
  const old = (await propose(2)).body.id
  world.clock.advance(72 * 3600 * SECOND)
  const later = await member('operator')
  expect((await call('POST', `/v1/approvals/${old}/approve`, later)).body.code).toBe('proposal_expired')
  expect((await call('GET', '/v1/approvals', later)).body.items[0].state).toBe('expired')
  expect(done).toEqual([])
})

test('of many approvals at once one is made, and the request keeps its key', async () => {
  const { id } = (await propose(3)).body
  const approvers = await Promise.all(Array.from({ length: 5 }, () => member('operator')))
  await Promise.all(approvers.map((token) => call('POST', `/v1/approvals/${id}/approve`, token)))
  expect(done.length).toBeGreaterThan(0)
  // Those that met it half done finish it as the first approver, under the one key: a handler remembers that.
  expect(new Set(done.map(([caller, key]) => `${caller} ${key}`)).size).toBe(1)
})

test('one that could not be done is done when it is approved again', async () => {
  const { id } = (await propose(4)).body
  failing = true
  expect((await call('POST', `/v1/approvals/${id}/approve`, approver)).status).toBe(500)
  failing = false
  expect((await call('POST', `/v1/approvals/${id}/approve`, approver)).body).toMatchObject({ status: 201 })
  expect(done).toHaveLength(1)
})

test('a bad request is refused before anybody is asked, and a key stands for one proposal', async () => {
  expect((await propose('many')).status).toBe(400)
  const first = await propose(5, 'mine')
  expect((await propose(5, 'mine')).body.id).toBe(first.body.id)
  expect((await propose(6, 'mine')).body.code).toBe('idempotency_conflict')
  expect((await call('POST', '/v1/approvals/appr_00000000300r/approve', approver)).status).toBe(404)
})
