import { describe, expect, test } from 'vitest'
import { STAFF, testApp } from './test-app.ts'

const http = await testApp()

interface Case {
  readonly what: string
  readonly url?: string
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly body?: string | Buffer
  readonly answer: readonly [status: number, code: string, ...fields: string[]]
}

const good = '{"name":"a"}'
const cases: readonly Case[] = [
  { what: 'no body', body: '', answer: [400, 'body_missing'] },
  { what: 'no JSON', body: '{"name"', answer: [400, 'malformed_json'] },
  { what: 'a key twice', body: '{"name":"a","name":"b"}', answer: [400, 'malformed_json'] },
  { what: 'bytes that are no UTF-8', body: Buffer.from([0x22, 0xff, 0x22]), answer: [400, 'malformed_json'] },
  { what: 'nested beyond reason', body: `${'['.repeat(64)}${']'.repeat(64)}`, answer: [400, 'malformed_json'] },
  { what: 'a list', body: '[]', answer: [400, 'invalid_request', ' type'] },
  { what: 'a missing field', body: '{}', answer: [400, 'invalid_request', 'name required'] },
  { what: 'an unknown field', body: '{"name":"a","nmae":"b"}', answer: [400, 'invalid_request', 'nmae unknown_field'] },
  {
    what: 'an unknown field further in',
    body: '{"name":"a","parts":[{"code":"x","kode":1}]}',
    answer: [400, 'invalid_request', 'parts[0].kode unknown_field'],
  },
  {
    what: '__proto__',
    body: '{"name":"a","__proto__":{}}',
    answer: [400, 'invalid_request', '__proto__ unknown_field'],
  },
  { what: 'a number for text', body: '{"name":8}', answer: [400, 'invalid_request', 'name type'] },
  { what: 'text for a number', body: '{"name":"a","size":"8"}', answer: [400, 'invalid_request', 'size type'] },
  {
    what: 'none of the choices',
    body: '{"name":"a","colour":"green"}',
    answer: [400, 'invalid_request', 'colour choice'],
  },
  {
    what: 'a number too large',
    body: '{"name":"a","size":9007199254740993}',
    answer: [400, 'invalid_request', 'size exact_number'],
  },
  { what: 'U+0000', body: '{"name":"a\\u0000"}', answer: [400, 'invalid_request', 'name storable_text'] },
  {
    what: 'half a surrogate pair',
    body: '{"parts":[{"code":"\\ud800"}]}',
    answer: [400, 'invalid_request', 'parts[0].code storable_text'],
  },
  { what: 'a turned writing direction', body: '{"name":"a\u202eb"}', answer: [400, 'invalid_request', 'name pattern'] },
  { what: 'a line separator in a name', body: '{"name":"a\u2028b"}', answer: [400, 'invalid_request', 'name pattern'] },
  { what: 'a line break in a name', body: '{"name":"a\\nb"}', answer: [400, 'invalid_request', 'name pattern'] },
  { what: 'another content type', headers: { 'content-type': 'text/plain' }, answer: [415, 'unsupported_media_type'] },
  {
    what: 'another charset',
    headers: { 'content-type': 'application/json; charset=gbk' },
    answer: [415, 'unsupported_media_type'],
  },
  { what: 'too large a body', body: `{"name":"${'a'.repeat(1024 * 1024)}"}`, answer: [413, 'body_too_large'] },
  {
    what: 'no whole number in the query',
    url: '/v1/things/1?limit=ten',
    answer: [400, 'invalid_request', 'limit type'],
  },
  {
    what: 'a limit beyond the largest',
    url: '/v1/things/1?limit=1000',
    answer: [400, 'invalid_request', 'limit maximum'],
  },
  { what: 'a parameter twice', url: '/v1/things/1?limit=1&limit=2', answer: [400, 'invalid_request', 'limit type'] },
  { what: 'an unknown parameter', url: '/v1/things/1?page=2', answer: [400, 'invalid_request', 'page unknown_field'] },
  {
    what: 'a broken escape in the query',
    url: '/v1/things/1?limit=%zz',
    answer: [400, 'invalid_request', 'limit url_encoding'],
  },
  {
    what: 'U+0000 in the query',
    url: '/v1/things/1?cursor=%00',
    answer: [400, 'invalid_request', 'cursor storable_text'],
  },
  { what: 'a broken escape in the path', url: '/v1/things/%zz', answer: [400, 'malformed_url'] },
  { what: 'U+0000 in the path', url: '/v1/things/%00', answer: [400, 'invalid_request', 'id storable_text'] },
  { what: 'a path without end', url: `/v1/things/${'x'.repeat(300)}`, answer: [414, 'url_too_long'] },
  { what: 'an address without end', url: `/v1/things/1?cursor=${'x'.repeat(9000)}`, answer: [414, 'url_too_long'] },
  {
    what: 'two Idempotency-Keys',
    headers: { 'idempotency-key': ['k', 'l'] },
    answer: [400, 'invalid_request', 'Idempotency-Key single'],
  },
  {
    what: 'the same Idempotency-Key twice',
    headers: { 'idempotency-key': ['k', 'k'] },
    answer: [400, 'invalid_request', 'Idempotency-Key single'],
  },
  {
    what: 'two Authorizations',
    headers: { authorization: [STAFF.authorization, 'Bearer customer'] },
    answer: [400, 'invalid_request', 'Authorization single'],
  },
  { what: 'two Hosts', headers: { host: ['a', 'b'] }, answer: [400, 'invalid_request', 'Host single'] },
  {
    what: 'an empty Idempotency-Key',
    headers: { 'idempotency-key': '' },
    answer: [400, 'invalid_request', 'Idempotency-Key printable_ascii'],
  },
  {
    what: 'a long Idempotency-Key',
    headers: { 'idempotency-key': 'k'.repeat(256) },
    answer: [400, 'invalid_request', 'Idempotency-Key printable_ascii'],
  },
]

describe('bad input gets a problem answer that names the field and the rule', () => {
  test.each(cases)('$what', async ({ url, headers, body, answer: [status, code, ...fields] }) => {
    const answer = await http.inject({
      method: 'POST',
      url: url ?? '/v1/things/1',
      headers: { ...STAFF, 'content-type': 'application/json', 'idempotency-key': 'k', ...headers },
      payload: body ?? good,
    })
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    const problem = answer.json()
    const errors: { field: string; rule: string }[] = problem.errors ?? []
    expect([answer.statusCode, problem.code, ...errors.map(({ field, rule }) => `${field} ${rule}`)]).toEqual([
      status,
      code,
      ...fields,
    ])
    expect(problem).toMatchObject({ type: `urn:huitong:problem:${code}`, status })
  })

  test('a missing Idempotency-Key is named', async () => {
    const headers = { ...STAFF, 'content-type': 'application/json' }
    const answer = await http.inject({ method: 'POST', url: '/v1/things/1', headers, payload: good })
    expect([answer.statusCode, answer.json().code, answer.json().errors[0].field]).toEqual([
      ...[400, 'idempotency_key_required', 'Idempotency-Key'],
    ])
  })

  test('a GET with a body is refused', async () => {
    const answer = await http.inject({ method: 'GET', url: '/v1/open', payload: { x: 1 } })
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'body_not_allowed'])
    expect((await http.inject({ method: 'GET', url: '/v1/open', headers: { 'content-length': '0' } })).statusCode).toBe(
      200,
    )
  })

  test('a body where none belongs is refused', async () => {
    const answer = await http.inject({
      ...{ method: 'DELETE', url: '/v1/things/1', payload: { x: 1 } },
      headers: { authorization: 'Bearer customer' },
    })
    expect([answer.statusCode, answer.json().errors[0].field]).toEqual([400, 'x'])
  })
})
