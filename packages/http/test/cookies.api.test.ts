import { ANONYMOUS } from '@huitong/contract'
import { expect, test } from 'vitest'
import { setCookie } from '../src/index.ts'
import { testApp } from './test-app.ts'

const seen: (string | undefined)[] = []
const http = await testApp({
  authenticate: [
    async ({ cookies }) => {
      seen.push(cookies.session)
      return ANONYMOUS
    },
  ],
})

test.each([
  ['session=abc', 'abc'],
  ['theme=dark; session=a%20b', 'a b'],
  ['session=%zz', '%zz'],
  ['session', undefined],
  ['; ;=;session=', ''],
  ['', undefined],
])('the header %j is read on every kind of route', async (cookie, value) => {
  seen.length = 0
  const answers = []
  for (const url of ['/v1/open', '/healthz', '/openapi.json', '/nowhere']) {
    answers.push((await http.inject({ url, headers: { cookie } })).statusCode)
  }
  expect(answers).toEqual([200, 200, 200, 404])
  expect(seen).toEqual([value])
})

test('a cookie that is set cannot be read by scripts', () => {
  expect(setCookie('session', 'a b', { maxAgeSeconds: 60, secure: true })).toBe(
    'session=a%20b; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax',
  )
})
