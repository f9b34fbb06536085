import { expect, test } from 'vitest'
import { isOwnOrigin } from './own-origin.ts'

const host = 'pay.example:8443'

test.each([
  [{ host, origin: 'https://pay.example:8443' }, true],
  [{ host: 'PAY.example:8443', origin: 'https://pay.example:8443' }, true],
  [{ host, origin: 'https://front.example' }, true],
  [{ host, origin: 'https://pay.example' }, false],
  [{ host, origin: 'https://pay.example:8443.evil.example' }, false],
  [{ host, origin: 'https://evil.example' }, false],
  [{ host, origin: 'null' }, false],
  [{ host, origin: 'null', 'sec-fetch-site': 'same-origin' }, true],
  [{ host, origin: 'null', 'sec-fetch-site': 'cross-site' }, false],
  [{ host, origin: 'null', 'sec-fetch-site': 'none' }, false],
  [{ host, origin: '' }, false],
  [{ origin: 'https://pay.example:8443' }, false],
  [{ host, origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' }, false],
  [{ host, origin: 'http://pay.example:8443', 'sec-fetch-site': 'cross-site' }, false],
  [{ host, origin: 'https://pay.example:8443', 'sec-fetch-site': 'same-origin' }, true],
  [{ host, origin: 'https://front.example', 'sec-fetch-site': 'same-site' }, true],
  [{ host, 'sec-fetch-site': 'same-origin' }, true],
  [{ host, 'sec-fetch-site': 'none' }, true],
  [{ host, 'sec-fetch-site': 'same-site' }, false],
  [{ host, 'sec-fetch-site': 'cross-site' }, false],
  [{ host }, false],
])('%j comes from a page of ours: %s', (headers, expected) => {
  expect(isOwnOrigin({ headers }, ['https://front.example'])).toBe(expected)
})

test.each([
  ['https', 'https://pay.example:8443', true],
  ['https', 'http://pay.example:8443', false],
  // Where a proxy ends TLS without our knowing, pages say https and the request looks plain.
  ['http', 'https://pay.example:8443', true],
  ['http', 'http://pay.example:8443', true],
])('over %s a page at %s is ours: %s', (protocol, origin, expected) => {
  expect(isOwnOrigin({ headers: { host, origin }, protocol }, [])).toBe(expected)
})
