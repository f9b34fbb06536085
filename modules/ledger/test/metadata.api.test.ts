import { publicId } from '@huitong/kernel'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyLedger } from '../src/verify.ts'
import { type ApiAnswer, itemsOf, type LedgerApi, startLedgerApi, transfersOf } from './ledger-api-world.ts'

let api: LedgerApi
let bank: string
let shop: string
let keys = 0

beforeAll(async () => {
  api = await startLedgerApi()
  bank = await api.open('1002')
  shop = await api.open('2003')
})

afterAll(() => api.stop())

function leg(amount: string, metadata?: object) {
  const sides = { type: 'transfer', debit: bank, credit: shop, amount, currency: 'CNY' }
  return metadata === undefined ? sides : { ...sides, metadata }
}

function set(path: string, metadata: unknown, key?: string): Promise<ApiAnswer> {
  keys += 1
  return api.call('POST', `/v1/ledger/${path}/metadata`, { key: key ?? `metadata ${keys}`, body: { metadata } })
}

async function search(query: string): Promise<readonly (readonly [string, string])[]> {
  const hits: (readonly [string, string])[] = []
  for (let cursor = ''; ; ) {
    const answer = await api.get(`/v1/ledger/metadata?limit=3&${query}${cursor}`)
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    for (const item of itemsOf(answer)) {
      const { id, value }: { id: string; value: string } = JSON.parse(JSON.stringify(item))
      hits.push([id, value])
    }
    if (answer.body.nextCursor === null) return hits
    cursor = `&cursor=${String(answer.body.nextCursor)}`
  }
}

describe('metadata of an account', () => {
  it('is set, changed and taken away, and its history tells so', async () => {
    const account = await api.open('2003')
    expect((await api.get(`/v1/ledger/accounts/${account}/metadata`)).body).toEqual({ metadata: {} })
    expect(await set(`accounts/${account}`, { branch: 'Hangzhou', desk: '7' })).toMatchObject({ status: 200 })
    expect((await set(`accounts/${account}`, { desk: null, branch: '杭州', 'file.no': '0' })).body).toEqual({
      metadata: { branch: '杭州', 'file.no': '0' },
    })
    expect((await api.get(`/v1/ledger/accounts/${account}/metadata`)).body).toEqual({
      metadata: { branch: '杭州', 'file.no': '0' },
    })
    const first = await api.get(`/v1/ledger/accounts/${account}/metadata/history?limit=1`)
    const rest = await api.get(
      `/v1/ledger/accounts/${account}/metadata/history?limit=1&cursor=${String(first.body.nextCursor)}`,
    )
    expect([...itemsOf(first), ...itemsOf(rest)]).toMatchObject([
      { changes: { branch: '杭州', desk: null, 'file.no': '0' } },
      { changes: { branch: 'Hangzhou', desk: '7' } },
    ])
    expect(rest.body.nextCursor).toBeNull()
  })

  it('that changes nothing is no change', async () => {
    const account = await api.open('2003')
    await set(`accounts/${account}`, { a: '1' })
    await set(`accounts/${account}`, { a: '1', b: null })
    expect(itemsOf(await api.get(`/v1/ledger/accounts/${account}/metadata/history`))).toHaveLength(1)
  })

  it('has 20 keys at most, counted after the change', async () => {
    const account = await api.open('2003')
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`k${index}`, 'x']))
    expect((await set(`accounts/${account}`, many)).status).toBe(200)
    expect(await set(`accounts/${account}`, { more: 'x' })).toMatchObject({
      body: { code: 'metadata_too_many_keys' },
    })
    expect((await set(`accounts/${account}`, { more: 'x', k0: null })).status).toBe(200)
  })

  it('of one that is not there is 404', async () => {
    const unknown = publicId('acct', 999_999 * 1024)
    expect(await set(`accounts/${unknown}`, { a: '1' })).toMatchObject({
      status: 404,
      body: { code: 'account_unknown' },
    })
    expect((await api.get(`/v1/ledger/accounts/${unknown}/metadata`)).status).toBe(404)
    expect((await api.get(`/v1/ledger/accounts/${unknown}/metadata/history`)).status).toBe(404)
  })

  it('under one key is set once; another change under it is a conflict', async () => {
    const account = await api.open('2003')
    const first = await set(`accounts/${account}`, { a: '1' }, 'once')
    expect((await set(`accounts/${account}`, { a: '1' }, 'once')).body).toEqual(first.body)
    expect(await set(`accounts/${account}`, { a: '2' }, 'once')).toMatchObject({ status: 409 })
  })
})

describe('metadata of a transfer', () => {
  it('comes with the posting, of every leg its own', async () => {
    const [first = '', second = ''] = transfersOf(
      await api.post([leg('1.00', { order: 'A;1,2' }), leg('2.00'), leg('3.00', { order: 'B' })]),
    )
    expect((await api.get(`/v1/ledger/transfers/${first}/metadata`)).body).toEqual({ metadata: { order: 'A;1,2' } })
    expect((await api.get(`/v1/ledger/transfers/${second}/metadata`)).body).toEqual({ metadata: {} })
  })

  it('is part of the request that a key stands for', async () => {
    expect((await api.post([leg('1.00', { order: 'A' })], 'with metadata')).status).toBe(201)
    expect((await api.post([leg('1.00', { order: 'A' })], 'with metadata')).status).toBe(201)
    for (const other of [leg('1.00', { order: 'B' }), leg('1.00')]) {
      expect(await api.post([other], 'with metadata')).toMatchObject({
        status: 409,
        body: { errors: [{ field: 'legs[0].metadata' }] },
      })
    }
  })

  it('is added to later, and what is there is never changed', async () => {
    const [id = ''] = transfersOf(await api.post([leg('1.00', { order: 'A' })]))
    expect((await set(`transfers/${id}`, { checked: 'yes', order: 'A' })).body).toEqual({
      metadata: { checked: 'yes', order: 'A' },
    })
    expect(await set(`transfers/${id}`, { order: 'B' })).toMatchObject({ body: { code: 'metadata_key_taken' } })
    expect(await set(`transfers/${id}`, { order: null })).toMatchObject({ status: 400 })
    expect((await api.get(`/v1/ledger/transfers/${id}/metadata`)).body).toEqual({
      metadata: { checked: 'yes', order: 'A' },
    })
  })

  it('of one that is not there is 404, also under the id of an account', async () => {
    for (const unknown of [publicId('tran', 999_999 * 1024), publicId('tran', 1024)]) {
      expect(await set(`transfers/${unknown}`, { a: '1' })).toMatchObject({
        status: 404,
        body: { code: 'transfer_unknown' },
      })
    }
  })
})

describe('metadata that is refused', () => {
  const bad: readonly (readonly [unknown, string, string])[] = [
    [{}, 'metadata', 'empty'],
    [{ Order: 'x' }, 'metadata.Order', 'malformed_key'],
    [{ '': 'x' }, 'metadata.', 'malformed_key'],
    [{ __proto__x: 'x' }, 'metadata.__proto__x', 'malformed_key'],
    [{ ['k'.repeat(41)]: 'x' }, `metadata.${'k'.repeat(41)}`, 'malformed_key'],
    [{ a: '' }, 'metadata.a', 'minLength'],
    [{ a: 1 }, 'metadata.a', 'type'],
    [{ a: 'x'.repeat(257) }, 'metadata.a', 'malformed_value'],
    [{ a: 'two\nlines' }, 'metadata.a', 'malformed_value'],
    [{ a: '\u202e' }, 'metadata.a', 'malformed_value'],
    [Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`k${n}`, 'x'])), 'metadata', 'maxProperties'],
    ['text', 'metadata', 'type'],
  ]
  it.each(bad)('%j: %s %s', async (metadata, field, rule) => {
    const answer = await set(`accounts/${shop}`, metadata)
    expect(answer.status, JSON.stringify(answer.body)).toBe(400)
    expect(JSON.stringify(answer.body.errors), rule).toContain(`"field":"${field}"`)
    expect((await api.post([leg('1.00', Object(metadata))])).status).toBe(400)
  })

  it.each(['{"metadata":{"a":"\\u0000"}}', '{"metadata":{"a":"\\ud800"}}', '{"metadata":{"\\ud800":"a"}}'])(
    'what no database can store: %s',
    async (text) => {
      const answer = await api.call('POST', `/v1/ledger/accounts/${shop}/metadata`, { key: 'unstorable', text })
      expect(answer.status).toBe(400)
    },
  )

  it('takes a value as long as may be, of any characters', async () => {
    const value = '𠮷'.repeat(256)
    expect((await set(`accounts/${shop}`, { long: value })).status).toBe(200)
    const other = await api.open('2003')
    await set(`accounts/${other}`, { long: value })
    const first = await api.get('/v1/ledger/metadata?object=account&key=long&limit=1')
    const rest = await api.get(`/v1/ledger/metadata?object=account&key=long&cursor=${String(first.body.nextCursor)}`)
    expect([...itemsOf(first), ...itemsOf(rest)]).toMatchObject([{ id: shop }, { id: other }])
  })
})

describe('a search by metadata', () => {
  it('finds by key, value and prefix what a scan finds, in the order of value and id', async () => {
    const texts = fc.array(fc.constantFrom('a', 'b', 'ab', 'é', '汉', '𠮷', '\uffff', '%', '_', '\\'), {
      minLength: 1,
      maxLength: 4,
    })
    const values = fc.sample(
      texts.map((parts) => parts.join('')),
      { numRuns: 40, seed: 7 },
    )
    const posted: (readonly [string, string])[] = []
    for (const value of values) {
      const [id = ''] = transfersOf(await api.post([leg('1.00', { search: value })]))
      posted.push([id, value])
    }
    const bytes = (text: string) => Buffer.from(text)
    const sorted = posted.toSorted((a, b) => Buffer.compare(bytes(a[1]), bytes(b[1])) || (a[0] < b[0] ? -1 : 1))
    expect(await search('object=transfer&key=search')).toEqual(sorted)
    for (const text of new Set(values.flatMap((value) => [value, Array.from(value)[0] ?? '', `${value}z`]))) {
      const query = `object=transfer&key=search&${new URLSearchParams({ value: text })}`
      expect(await search(query)).toEqual(sorted.filter(([, value]) => value === text))
      const prefixed = `object=transfer&key=search&${new URLSearchParams({ prefix: text })}`
      expect(await search(prefixed), text).toEqual(sorted.filter(([, value]) => value.startsWith(text)))
    }
    expect(await search('object=account&key=search')).toEqual([])
  }, 240_000)

  it.each([
    ['object=account', 'key'],
    ['key=a', 'object'],
    ['object=hold&key=a', 'object'],
    ['object=account&key=A', 'key'],
    ['object=account&key=a&value=x&prefix=y', 'prefix'],
    ['object=account&key=a&cursor=x', 'cursor'],
  ])('asked with %s is refused', async (query, field) => {
    expect(await api.get(`/v1/ledger/metadata?${query}`)).toMatchObject({ status: 400, body: { errors: [{ field }] } })
  })
})

describe('verification', () => {
  const findings = async () => {
    const report = await verifyLedger(api.world.institution.db)
    return report.findings.map(({ code, what }) => [code, what])
  }

  it('finds nothing, and then every metadata row that was changed by hand', async () => {
    expect(await findings()).toEqual([])
    const owner = (await api.world.institution.dedicated({})).sql
    const account = await api.open('2003')
    await set(`accounts/${account}`, { tie: 'right' })
    const [id = ''] = transfersOf(await api.post([leg('1.00', { tie: 'right' })]))
    expect(await findings()).toEqual([])
    await owner`update ledger_metadata set value = 'wrong' where key = 'tie'`
    const changed = await findings()
    expect(changed.map(([code]) => code)).toEqual(['metadata_differs', 'metadata_differs'])
    await owner`update ledger_metadata set value = 'right' where key = 'tie'`
    const [row] = await owner<{ object_id: bigint }[]>`
      select object_id from ledger_metadata where key = 'tie' and object = 2`
    await owner`insert into ledger_metadata values (${row?.object_id ?? 0n}, 'invented', 'x', 2)`
    expect((await findings()).map(([code]) => code)).toEqual(['metadata_not_journaled'])
    await owner`delete from ledger_metadata where key = 'invented'`
    await owner`delete from ledger_metadata where key = 'tie' and object = 1`
    expect((await findings()).map(([code]) => code)).toEqual(['metadata_differs'])
    expect(id).not.toBe('')
  }, 240_000)
})
