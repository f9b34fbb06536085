import type { IncomingHttpHeaders } from 'node:http'
import { type Caller, SCOPES } from '@huitong/contract'
import { createHttp, createLog, type HttpApp } from '@huitong/http'
import { publicId } from '@huitong/kernel'
import { findCustomer } from '@huitong/party'
import { createCodeQueries } from '@huitong/payments'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { addFamilyPageRoutes } from '../src/family-page-routes.ts'
import { addFamilyRoutes } from '../src/index.ts'
import { type FamilyWorld, startFamilyWorld } from './family-world.ts'

let world: FamilyWorld
let http: HttpApp
let keys = 0
/** By phone, as a search would find them. */
const phones = new Map<string, number>()

beforeAll(async () => {
  world = await startFamilyWorld(12)
  const { committer, family, queries, clock, institution } = world
  http = await createHttp({ log: createLog({ level: 'silent' }), authenticate: [byHeader] })
  const find = (id: number | undefined) =>
    institution.db.read(async (tx) => (id === undefined ? undefined : await findCustomer(tx, id)))
  const search = {
    findByUserNumber: () => find(undefined),
    findByPhone: (phone: string) => find(phones.get(phone.slice(-11))),
  }
  const parts = { committer, family, queries, search, codes: createCodeQueries(institution.db), clock }
  addFamilyRoutes(http, parts)
  addFamilyPageRoutes(http, parts)
})

afterAll(async () => {
  expect(await world.findings()).toEqual([])
  await http.drain()
  await world.stop()
})

/** `customer 7`, `proved 7` who proved who it is just now, or `staff`. */
async function byHeader({ headers }: { readonly headers: IncomingHttpHeaders }) {
  const [, kind, id] = /^(customer|proved|staff)(?: (\d+))?$/.exec(headers.authorization ?? '') ?? []
  const scopes = new Set(SCOPES)
  if (kind === 'staff') return { kind, id: 'staff:1', scopes } satisfies Caller
  if (kind === undefined) return undefined
  const customer = { kind: 'customer', id: `customer:${id}`, scopes, customerId: Number(id) } as const
  return kind === 'proved' ? { ...customer, strongUntil: Number.MAX_SAFE_INTEGER } : customer
}

async function call(as: string, method: 'GET' | 'POST' | 'PUT', url: string, body?: object, key?: string) {
  keys += 1
  const headers = { authorization: as, 'idempotency-key': key ?? `key-${keys}` }
  const answer = await http.inject({ method, url, headers, ...(body === undefined ? {} : { payload: body }) })
  return { status: answer.statusCode, body: answer.json() }
}

async function form(as: string, url: string, fields: Readonly<Record<string, string>> = {}) {
  const headers = { authorization: as, 'content-type': 'application/x-www-form-urlencoded' }
  const answer = await http.inject({ method: 'POST', url, headers, payload: new URLSearchParams(fields).toString() })
  return { status: answer.statusCode, to: answer.headers.location, text: answer.body }
}

const yuan = (value: string) => ({ currency: 'CNY', value })
const bounds = { single: yuan('50.00'), day: yuan('80.00'), month: yuan('200.00') }

async function two() {
  const [owner, member] = [await world.customer(100_000n), await world.customer(0n)]
  const relative = { customer: publicId('cust', member) }
  return { owner, member, invitation: { relative, relation: 'child', bounds } }
}

it('a link is offered, accepted, paid with, bounded, paused and ended', async () => {
  const { owner, member, invitation } = await two()
  const url = '/v1/me/family/invitations'
  expect((await call(`customer ${owner}`, 'POST', url, invitation)).body.code).toBe('step_up_required')
  const made = await call(`proved ${owner}`, 'POST', url, invitation, 'once')
  expect(made).toMatchObject({ status: 201, body: { state: 'invited', bounds: { single: '50.00', month: '200.00' } } })
  expect((await call(`proved ${owner}`, 'POST', url, invitation, 'once')).body).toEqual(made.body)
  const link = `/v1/me/family/${made.body.id}`
  expect((await call(`customer ${member}`, 'POST', `${link}/accept`)).body.code).toBe('step_up_required')
  expect((await call(`proved ${owner}`, 'POST', `${link}/accept`)).body.code).toBe('family_not_allowed')
  expect((await call(`proved ${member}`, 'POST', `${link}/accept`)).body.state).toBe('active')
  const { links } = (await call(`customer ${member}`, 'GET', '/v1/me/family')).body
  expect(links).toMatchObject([{ id: made.body.id, state: 'active', ownerName: expect.stringContaining('*') }])

  const [shown] = await world.queries.links(member, true)
  const trade = await world.order(member, 4_000n)
  await world.pay(trade, member, [{ tender: 'family', instrument: shown?.link.id ?? 0 }])
  const uses = await call(`customer ${owner}`, 'GET', `${link}/payments`)
  expect(uses.body.items).toMatchObject([{ amount: '40.00', returned: '0.00' }])

  const narrower = { bounds: { month: yuan('100.00'), single: yuan('10.00'), day: yuan('10.00') } }
  expect((await call(`customer ${owner}`, 'PUT', `${link}/bounds`, narrower)).body.bounds.single).toBe('10.00')
  expect((await call(`customer ${owner}`, 'PUT', `${link}/bounds`, { bounds })).body.code).toBe('step_up_required')
  expect((await call(`proved ${owner}`, 'PUT', `${link}/bounds`, { bounds })).status).toBe(200)
  expect((await call(`customer ${owner}`, 'POST', `${link}/pause`)).body.state).toBe('paused')
  expect((await call(`customer ${owner}`, 'POST', `${link}/resume`)).body.code).toBe('step_up_required')
  expect((await call(`customer ${member}`, 'POST', `${link}/end`)).body).toMatchObject({ ending: 'by_member' })
  expect((await call(`customer ${owner}`, 'GET', '/v1/me/family')).body.links).toEqual([])
  expect((await call(`customer ${owner}`, 'GET', '/v1/me/family?ended=true')).body.links).toHaveLength(1)
})

it('nobody else sees a link, and staff see and end it', async () => {
  const { owner, member, invitation } = await two()
  const stranger = await world.customer(0n)
  const { id } = (await call(`proved ${owner}`, 'POST', '/v1/me/family/invitations', invitation)).body
  for (const [method, path] of [
    ['GET', 'payments'],
    ['POST', 'end'],
    ['POST', 'pause'],
  ] as const) {
    expect((await call(`proved ${stranger}`, method, `/v1/me/family/${id}/${path}`)).status, path).toBe(404)
  }
  expect((await call(`proved ${stranger}`, 'PUT', `/v1/me/family/${id}/bounds`, { bounds })).status).toBe(404)
  const all = await call('staff', 'GET', `/v1/customers/${publicId('cust', member)}/family`)
  expect(all.body.links).toMatchObject([{ id }])
  expect((await call('staff', 'POST', `/v1/family-links/${id}/end`)).body.ending).toBe('by_staff')
})

it.each([
  [{}, 400],
  [{ relation: 'boss' }, 400],
  [{ relative: {} }, 400],
  [{ relative: { customer: 'cust_0000000zzzzz' } }, 404],
  [{ relative: { phone: '13999999999' } }, 404],
  [{ relative: { phone: 'one' } }, 400],
  [{ bounds: { month: yuan('0.00') } }, 400],
  [{ bounds: { month: yuan('-1.00') } }, 400],
  [{ bounds: { month: yuan('1.001') } }, 400],
  [{ bounds: { month: yuan('50000.01') } }, 422],
  [{ bounds: { month: yuan('1.00'), day: yuan('2.00') } }, 422],
])('an invitation with %j is answered %d', async (changes, status) => {
  const { owner, invitation } = await two()
  const body = Object.keys(changes).length === 0 ? {} : { ...invitation, ...changes }
  expect((await call(`proved ${owner}`, 'POST', '/v1/me/family/invitations', body)).status).toBe(status)
})

it('the page does the same with forms', async () => {
  const [owner, member] = [await world.customer(0n), await world.customer(0n)]
  phones.set('13812345678', member)
  const invitation = { phone: '13812345678', relation: 'spouse', month: '300', day: '', single: '' }
  expect(await form('nobody', '/me/family/invite', invitation)).toMatchObject({
    status: 303,
    to: '/signin?next=%2Fme%2Ffamily',
  })
  expect(await form(`customer ${owner}`, '/me/family/invite', invitation)).toMatchObject({
    ...{ status: 303, to: '/me/prove?next=%2Fme%2Ffamily' },
  })
  for (const [field, text, status] of [
    ['phone', 'x', 400],
    ['phone', '13900000000', 404],
    ['month', '', 400],
    ['month', '-3', 400],
    ['day', '400', 422],
    ['relation', 'boss', 400],
  ] as const) {
    const answer = await form(`proved ${owner}`, '/me/family/invite', { ...invitation, [field]: text })
    expect([answer.status, answer.text.includes('role="alert"')], `${field} ${text}`).toEqual([status, true])
  }
  expect(await form(`proved ${owner}`, '/me/family/invite', invitation)).toMatchObject({
    status: 303,
    to: '/me/family',
  })
  const page = await http.inject({ url: '/me/family', headers: { authorization: `customer ${member}` } })
  const action = /action="(\/me\/family\/faml_\w+)\/accept"/.exec(page.body)?.[1]
  expect(page.body).toContain('300.00')
  expect((await form(`proved ${member}`, `${action}/accept`)).to).toBe('/me/family')
  expect((await form(`customer ${owner}`, `${action}/pause`)).to).toBe('/me/family')
  expect((await form(`customer ${member}`, `${action}/pause`)).status).toBe(409)
  expect((await form(`customer ${member}`, '/me/family/nonsense/end')).status).toBe(404)
  expect((await form(`customer ${member}`, `${action}/end`)).to).toBe('/me/family')
  const after = await http.inject({ url: '/me/family', headers: { authorization: `customer ${owner}` } })
  expect(after.body).not.toContain('faml_')
})
