import { describe, expect, test } from 'vitest'
import { createLog, rawReply } from '../src/index.ts'
import { STAFF, testApp } from './test-app.ts'

describe('answers', () => {
  test('an address that is not there is 404, a method that is not there 405 with those that are', async () => {
    const http = await testApp()
    const lost = await http.inject('/v1/nothing')
    expect([lost.statusCode, lost.json().code]).toEqual([404, 'not_found'])
    const wrong = await http.inject({ method: 'PATCH', url: '/v1/things/1' })
    expect([wrong.statusCode, wrong.json().code, wrong.headers.allow]).toEqual([
      405,
      'method_not_allowed',
      'DELETE, POST',
    ])
  })

  test('a failure that nobody foresaw is 500 and says nothing about itself', async () => {
    const lines: string[] = []
    const log = createLog({ destination: { write: (line) => lines.push(line) } })
    const http = await testApp({ log })
    const answer = await http.inject('/v1/broken')
    expect([answer.statusCode, answer.json().code]).toEqual([500, 'internal_error'])
    expect(answer.body).not.toContain('hunter2')
    expect(lines.join('')).toContain(answer.json().instance.split(':').at(-1))
  })

  test('every answer carries the id of its request: the given one when it is sane, else a new one', async () => {
    const http = await testApp()
    const given = await http.inject({ url: '/healthz', headers: { 'huitong-request-id': 'order-77.retry:2' } })
    expect(given.headers['huitong-request-id']).toBe('order-77.retry:2')
    for (const bad of ['x', 'a b c d e f g h', 'a'.repeat(65), '"quoted-id"']) {
      const made = await http.inject({ url: '/v1/nothing', headers: { 'huitong-request-id': bad } })
      expect(made.headers['huitong-request-id']).toMatch(/^[0-9a-f-]{36}$/)
    }
  })

  test('every answer forbids browsers to guess, frame and keep it', async () => {
    const http = await testApp()
    for (const url of ['/healthz', '/v1/nothing', '/v1/things/%zz', '/v1/broken']) {
      const { headers } = await http.inject(url)
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'cache-control': 'no-store',
      })
    }
  })

  test('a raw route sees the bytes and the target as they came', async () => {
    const http = await testApp()
    http.rawRoute({
      ...{ method: ['POST'], url: '/gateway', access: { callers: ['anonymous'] }, summary: 'Echo' },
      handler: ({ rawBody, rawTarget }) =>
        rawReply(`${rawTarget}|${rawBody.toString('hex')}`, { status: 202, contentType: 'text/plain' }),
    })
    const payload = Buffer.from([0x61, 0xff, 0x00])
    const answer = await http.inject({
      ...{ method: 'POST', url: '/gateway?b=%E6%B1%87&a', payload },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect([answer.statusCode, answer.body]).toEqual([202, '/gateway?b=%E6%B1%87&a|61ff00'])
  })

  test('readiness follows the program', async () => {
    let ready = true
    const http = await testApp({ ready: () => ready })
    expect((await http.inject('/readyz')).statusCode).toBe(200)
    ready = false
    expect((await http.inject('/readyz')).statusCode).toBe(503)
  })
})

describe('the log', () => {
  test('cuts out what is secret, and names the route instead of the address', async () => {
    const lines: string[] = []
    const log = createLog({ destination: { write: (line) => lines.push(line) } })
    const http = await testApp({ log })
    log.info(
      { headers: { Authorization: 'Bearer abc', cookie: 'session=abc' }, rows: [{ biz_content: 'abc' }], sign: 'abc' },
      'x',
    )
    await http.inject({ method: 'POST', url: '/v1/things/secret-abc?cursor=abc', headers: STAFF })
    const text = lines.join('')
    expect(text).not.toContain('abc')
    expect(text).toContain('/v1/things/:id')
  })
})

describe('the end', () => {
  test('lets a request under way finish and takes no other', async () => {
    let entered: () => void = () => undefined
    let leave: () => void = () => undefined
    const inside = new Promise<void>((resolve) => {
      entered = resolve
    })
    const gate = new Promise<void>((resolve) => {
      leave = resolve
    })
    const http = await testApp()
    http.rawRoute({
      ...{ method: 'GET', url: '/slow', access: { callers: ['anonymous'] }, summary: 'Waits' },
      handler: async () => {
        entered()
        await gate
        return rawReply('finished', { contentType: 'text/plain' })
      },
    })
    const { port } = await http.listen({ host: '127.0.0.1', port: 0 })
    const slow = fetch(`http://127.0.0.1:${port}/slow`)
    await inside
    const drained = http.drain()
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow()
    leave()
    expect(await (await slow).text()).toBe('finished')
    await drained
  })
})
