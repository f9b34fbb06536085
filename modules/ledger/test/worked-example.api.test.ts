import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { verifyLedger } from '../src/verify.ts'
import { type LedgerApi, startLedgerApi } from './ledger-api-world.ts'

/*
 * The blocks of docs/concepts/ledger.md that begin with ```http are requests, each with its answer after an arrow. They are sent in order to
 * one ledger. A `$name` in an answer gives the name that value the first time, and must be that value from then on.
 */
const page = readFileSync(new URL('../../../docs/concepts/ledger.md', import.meta.url), 'utf8')

interface Exchange {
  readonly method: string
  readonly path: string
  readonly body: string
  readonly status: number
  readonly answer: string
}

const exchanges: readonly Exchange[] = [...page.matchAll(/^```http\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
  block
    .trim()
    .split(/\n\n/)
    .map((text) => {
      const parts = /^(GET|POST) (\S+)\s*([\s\S]*?)\n→ (\d{3}) ([\s\S]+)$/.exec(text)
      if (parts === null) throw new Error(`not a request with its answer:\n${text}`)
      const [, method = '', path = '', body = '', status, answer = ''] = parts
      return { method, path, body, status: Number(status), answer }
    }),
)

let api: LedgerApi

beforeAll(async () => {
  api = await startLedgerApi()
})

afterAll(() => api.stop())

it('the worked example of the documentation comes out as it says', async () => {
  const names = new Map<string, string>()
  const filled = (text: string) => text.replaceAll(/\$[a-z]+/g, (name) => names.get(name) ?? name)

  /** What the answer is to contain, with names that are new taken from the answer. */
  function expected(told: unknown, found: unknown): unknown {
    if (typeof told === 'string' && told.startsWith('$')) {
      if (!names.has(told)) names.set(told, String(found))
      return names.get(told)
    }
    if (Array.isArray(told))
      return told.map((one, index) => expected(one, Array.isArray(found) ? found[index] : undefined))
    if (typeof told !== 'object' || told === null) return told
    const fields = typeof found === 'object' && found !== null ? Object.fromEntries(Object.entries(found)) : {}
    return Object.fromEntries(Object.entries(told).map(([name, value]) => [name, expected(value, fields[name])]))
  }

  expect(exchanges.length).toBeGreaterThan(15)
  for (const [index, { method, path, body, status, answer }] of exchanges.entries()) {
    const request = body === '' ? {} : { key: `step ${index}`, body: JSON.parse(filled(body)) }
    const got = await api.call(method, filled(path), request)
    expect([path, got.status, got.status === status ? '' : got.body]).toEqual([path, status, ''])
    const wanted = expected(JSON.parse(answer), got.body)
    expect(got.body).toMatchObject(typeof wanted === 'object' && wanted !== null ? wanted : {})
  }
  expect((await verifyLedger(api.world.institution.db)).findings).toEqual([])
})
