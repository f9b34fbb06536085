import { invariant } from '@huitong/kernel'
import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { reply } from '../src/index.ts'
import { STAFF, testApp } from './test-app.ts'

const http = await testApp()
const key = { 'idempotency-key': 'k1', 'content-type': 'application/json' }

describe('who may call', () => {
  const cases = [
    ['nobody in particular', {}, 401, 'sign_in_required'],
    ['somebody with false credentials', { authorization: 'Bearer false' }, 401, 'credentials_invalid'],
    ['the wrong kind of caller', { authorization: 'Bearer customer ledger:post' }, 403, 'caller_kind_not_allowed'],
    ['staff without the scope', { authorization: 'Bearer staff ledger:read' }, 403, 'scope_missing'],
  ] as const
  test.each(cases)('%s is refused before the body is looked at', async (_who, headers, status, code) => {
    const answer = await http.inject({
      ...{ method: 'POST', url: '/v1/things/1', headers: { ...key, ...headers }, payload: 'no json' },
    })
    expect([answer.statusCode, answer.json().code]).toEqual([status, code])
    expect(answer.headers['www-authenticate']).toBe(status === 401 ? 'Bearer realm="huitong"' : undefined)
  })

  test('staff with the scope is let in', async () => {
    const answer = await http.inject({
      ...{ method: 'POST', url: '/v1/things/1', headers: { ...key, ...STAFF }, payload: { name: 'a' } },
    })
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toEqual({ id: '1', limit: 50, key: 'k1', thing: { name: 'a' } })
  })

  test('a route that is open to all knows those who show who they are, and takes false credentials for none', async () => {
    const kinds = []
    for (const headers of [{}, STAFF, { authorization: 'Bearer false' }]) {
      kinds.push((await http.inject({ url: '/v1/open', headers })).json().kind)
    }
    expect(kinds).toEqual(['anonymous', 'staff', 'anonymous'])
  })

  test('a page of another site may not write, whoever it rides on', async () => {
    const headers = { authorization: 'Bearer customer', 'sec-fetch-site': 'cross-site' }
    const answer = await http.inject({ method: 'DELETE', url: '/v1/things/1', headers })
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'cross_site_request'])
  })
})

describe('the routes', () => {
  test('each says who may call it', () => {
    for (const route of http.routes)
      expect(route.access.callers.length, `${route.method} ${route.url}`).toBeGreaterThan(0)
  })

  test('one that allows nobody cannot be registered', async () => {
    const fresh = await testApp()
    const add = (): void =>
      fresh.route({
        ...{ method: 'GET', url: '/v1/nobody', access: { callers: [] }, summary: 'x', tags: [] },
        schema: { response: { 200: Type.Object({}) } },
        handler: () => reply({}),
      })
    expect(add).toThrow('allows nobody')
  })

  test('each operation of the reference shows its access', async () => {
    const document: unknown = (await http.inject('/openapi.json')).json()
    const operations = operationsOf(document)
    const documented = http.routes.filter((route) => route.url.startsWith('/v1/') || route.url.endsWith('z'))
    expect(operations).toEqual(documented.map(({ method, url, access }) => [`${method} ${url}`, { ...access }]).sort())
  })
})

/** Pairs of `METHOD /path/:id` and what the reference says of access, sorted. */
function operationsOf(document: unknown): unknown[] {
  return Object.entries(member(document, 'paths'))
    .flatMap(([path, methods]) =>
      Object.entries(record(methods)).map(([method, operation]) => [
        `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
        record(operation)['x-huitong-access'],
      ]),
    )
    .sort()
}

function member(value: unknown, name: string): Record<string, unknown> {
  return record(record(value)[name])
}

function record(value: unknown): Record<string, unknown> {
  invariant(typeof value === 'object' && value !== null, 'an object')
  return Object.fromEntries(Object.entries(value))
}
