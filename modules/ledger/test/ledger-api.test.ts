import { encodeCursor } from '@huitong/contract'
import { parsePublicId, publicId } from '@huitong/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { itemsOf, type LedgerApi, startLedgerApi, transfersOf } from './ledger-api-world.ts'
import { promise } from './ledger-world.ts'

let api: LedgerApi
let bank: string
let alice: string
let bob: string

beforeAll(async () => {
  api = await startLedgerApi()
  bank = await api.open('1002')
  alice = await api.open('2003', '0')
  bob = await api.open('2003', '0.00')
  transfersOf(await api.post([{ ...leg(bank, alice, '100.00'), code: 'opening' }]))
})

afterAll(() => api.stop())

function leg(debit: string, credit: string, amount: string) {
  return { type: 'transfer', debit, credit, amount, currency: 'CNY' }
}

const UNKNOWN_ACCOUNT = publicId('acct', 999_999 * 1024)
const UNKNOWN_TRANSFER = publicId('tran', 999_999 * 1024)

describe('an account', () => {
  it('is opened and shown', async () => {
    const id = await api.open('1002', '-50.5')
    expect(await api.get(`/v1/ledger/accounts/${id}`)).toMatchObject({
      status: 200,
      body: {
        ...{ id, subject: '1002', subjectName: 'Own deposits at banks', currency: 'CNY', owner: null },
        ...{ floor: '-50.50', state: 'open', balance: '0.00', available: '50.50', entries: 0 },
        ...{ debitsPosted: '0.00', creditsPosted: '0.00', debitsPending: '0.00', creditsPending: '0.00' },
      },
    })
  })

  it('without a floor has no end of what is available', async () => {
    const { body } = await api.get(`/v1/ledger/accounts/${bank}`)
    expect(body).toMatchObject({ floor: null, available: null, balance: '100.00' })
  })

  it('is opened once under one key; another request under it is a conflict', async () => {
    const open = (body: unknown) => api.call('POST', '/v1/ledger/accounts', { key: 'open once', body })
    const first = await open({ subject: '6001', currency: 'CNY' })
    const again = await open({ currency: 'CNY', subject: '6001', floor: null })
    const other = await open({ subject: '6001', currency: 'JPY' })
    expect([first.status, again.status, other.status]).toEqual([201, 201, 409])
    expect(again.body).toEqual(first.body)
    expect([first, again].map((answer) => answer.headers.get('idempotent-replayed'))).toEqual([null, 'true'])
    expect(other.body).toMatchObject({ code: 'idempotency_key_reused' })
    expect(itemsOf(await api.get('/v1/ledger/accounts?subject=6001'))).toHaveLength(1)
  })

  const bad: readonly (readonly [unknown, string, string])[] = [
    [{ currency: 'CNY' }, 'subject', 'required'],
    [{ subject: '1002' }, 'currency', 'required'],
    [{ subject: '9999', currency: 'CNY' }, 'subject', 'known_subject'],
    [{ subject: 'toString', currency: 'CNY' }, 'subject', 'known_subject'],
    [{ subject: 1002, currency: 'CNY' }, 'subject', 'type'],
    [{ subject: '1002', currency: 'ZZZ' }, 'currency', 'iso_4217'],
    [{ subject: '1002', currency: 'cny' }, 'currency', 'pattern'],
    [{ subject: '1002', currency: 'CNY', floor: '1.234' }, 'floor', 'too_many_decimals'],
    [{ subject: '1002', currency: 'CNY', floor: '1e3' }, 'floor', 'choice'],
    [{ subject: '1002', currency: 'CNY', floor: 5 }, 'floor', 'choice'],
    [{ subject: '1002', currency: 'CNY', floor: '-92233720368547758.08' }, 'floor', 'too_large'],
    [{ subject: '1002', currency: 'CNY', owner: 'customer:1' }, 'owner', 'unknown_field'],
    [{ subject: '1002', currency: 'CNY', slot: 3 }, 'slot', 'unknown_field'],
  ]
  it.each(bad)('%j is not opened: %s %s', async (body, field, rule) => {
    const answer = await api.call('POST', '/v1/ledger/accounts', { key: 'bad account', body })
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ field, rule }] } })
  })

  it.each(['2001', '2002'])('of %s belongs to customers or merchants and is not opened by hand', async (subject) => {
    const body = { subject, currency: 'CNY' }
    const answer = await api.call('POST', '/v1/ledger/accounts', { key: `by hand ${subject}`, body })
    expect(answer).toMatchObject({ status: 422, body: { code: 'account_needs_approval' } })
  })

  it('needs a key to be opened', async () => {
    const body = { subject: '1002', currency: 'CNY' }
    const answer = await api.call('POST', '/v1/ledger/accounts', { body })
    expect(answer).toMatchObject({ status: 400, body: { code: 'idempotency_key_required' } })
  })

  it.each(['', '/entries'])('that is not there is 404, and so is what is no id of an account%s', async (rest) => {
    for (const id of [UNKNOWN_ACCOUNT, 'acct_x', '1024', UNKNOWN_TRANSFER, bank.toUpperCase(), '%27or%201=1--']) {
      const answer = await api.get(`/v1/ledger/accounts/${id}${rest}`)
      expect([answer.status, answer.body.code], id).toEqual([404, 'not_found'])
    }
  })
})

describe('the list of accounts', () => {
  it('comes in pages, each account once, by id', async () => {
    const ids: unknown[] = []
    let cursor = ''
    let pages = 0
    do {
      const answer: Awaited<ReturnType<LedgerApi['get']>> = await api.get(`/v1/ledger/accounts?limit=2${cursor}`)
      ids.push(...itemsOf(answer).map(idOf))
      pages += 1
      cursor = answer.body.nextCursor === null ? '' : `&cursor=${String(answer.body.nextCursor)}`
    } while (cursor !== '')
    const all = itemsOf(await api.get('/v1/ledger/accounts')).map(idOf)
    expect(ids).toEqual(all)
    expect(ids).toEqual(ids.toSorted())
    expect(pages).toBe(Math.ceil(all.length / 2))
  })

  it('is narrowed by subject and by owner', async () => {
    const wallet = await api.openWallet()
    const of = async (query: string) => itemsOf(await api.get(`/v1/ledger/accounts?${query}`)).map(idOf)
    expect(await of('subject=2003')).toEqual([alice, bob])
    expect(await of('owner=customer:7')).toEqual([wallet])
    expect(await of('owner=customer:7&subject=2003')).toEqual([])
    expect(await of('subject=nothing')).toEqual([])
  })

  const bad = [
    ['limit=0', 'limit', 'minimum'],
    ['limit=201', 'limit', 'maximum'],
    ['limit=x', 'limit', 'type'],
    ['limit=1.5', 'limit', 'type'],
    ['cursor=x', 'cursor', 'malformed_cursor'],
    [`cursor=${encodeCursor('entries', [1])}`, 'cursor', 'malformed_cursor'],
    [`cursor=${encodeCursor('accounts', ['1'])}`, 'cursor', 'malformed_cursor'],
    ['name=alice', 'name', 'unknown_field'],
  ] as const
  it.each(bad)('asked for with %s is refused: %s %s', async (query, field, rule) => {
    const answer = await api.get(`/v1/ledger/accounts?${query}`)
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ field, rule }] } })
  })
})

describe('a statement', () => {
  it('comes in pages, newest entry first, with running balances', async () => {
    const account = await api.open('2003', '0')
    for (const amount of ['1.00', '2.00', '3.00']) transfersOf(await api.post([leg(bank, account, amount)]))
    transfersOf(await api.post([leg(account, bank, '0.50'), leg(account, bank, '0.25')]))
    const first = await api.get(`/v1/ledger/accounts/${account}/entries?limit=3`)
    const rest = await api.get(`/v1/ledger/accounts/${account}/entries?limit=3&cursor=${String(first.body.nextCursor)}`)
    expect([...itemsOf(first), ...itemsOf(rest)]).toMatchObject([
      { sequence: 5, side: 'debit', balance: '5.25', otherAccount: bank, transfer: { amount: '0.25', kind: 'posted' } },
      { sequence: 4, side: 'debit', balance: '5.50' },
      { sequence: 3, side: 'credit', balance: '6.00' },
      { sequence: 2, side: 'credit', balance: '3.00' },
      { sequence: 1, side: 'credit', balance: '1.00', transfer: { debit: bank, credit: account, currency: 'CNY' } },
    ])
    expect(rest.body.nextCursor).toBeNull()
  })

  it('of an account without entries is an empty page', async () => {
    const answer = await api.get(`/v1/ledger/accounts/${await api.open('2003')}/entries`)
    expect(answer).toMatchObject({ status: 200, body: { items: [], nextCursor: null } })
  })

  it('takes no cursor of another list, and shows nothing at one that was made up', async () => {
    const other = await api.get(`/v1/ledger/accounts/${alice}/entries?cursor=${encodeCursor('accounts', [1])}`)
    expect(other).toMatchObject({ status: 400, body: { errors: [{ field: 'cursor', rule: 'malformed_cursor' }] } })
    for (const place of [0, -1, 65_536, Number.MAX_SAFE_INTEGER]) {
      const made = await api.get(`/v1/ledger/accounts/${alice}/entries?cursor=${encodeCursor('entries', [place])}`)
      expect(made).toMatchObject({ status: 200, body: { items: [], nextCursor: null } })
    }
  })

  it('is never empty for an account that has entries, also while more are being posted', async () => {
    const account = await api.open('2003', '0')
    transfersOf(await api.post([leg(bank, account, '1.00')]))
    let posting = true
    const poster = (async () => {
      while (posting) await Promise.all(Array.from({ length: 4 }, () => api.post([leg(bank, account, '0.01')])))
    })()
    const counts: number[] = []
    for (let n = 0; n < 40; n += 1) {
      counts.push(itemsOf(await api.get(`/v1/ledger/accounts/${account}/entries?limit=5`)).length)
    }
    posting = false
    await poster
    expect(counts.filter((count) => count === 0)).toHaveLength(0)
  })
})

describe('the state of an account', () => {
  const setState = (id: string, state: string, key: string) =>
    api.call('POST', `/v1/ledger/accounts/${id}/state`, { key, body: { state } })

  it('can be frozen and opened again', async () => {
    const account = await api.open('2003', '0')
    transfersOf(await api.post([leg(bank, account, '1.00')]))
    expect(await setState(account, 'frozen', 'freeze')).toMatchObject({ status: 200, body: { id: account } })
    expect((await api.get(`/v1/ledger/accounts/${account}`)).body.state).toBe('frozen')
    expect(await api.post([leg(account, bank, '1.00')])).toMatchObject({
      status: 422,
      body: { code: 'debit_account_frozen', errors: [{ field: 'legs[0]', rule: 'debit_account_frozen' }] },
    })
    expect((await setState(account, 'open', 'thaw')).status).toBe(200)
    transfersOf(await api.post([leg(account, bank, '1.00')]))
  })

  it('is closed when nothing is left, and then for ever', async () => {
    const account = await api.open('2003', '0')
    transfersOf(await api.post([leg(bank, account, '1.00')]))
    expect(await setState(account, 'closed', 'close 1')).toMatchObject({
      status: 422,
      body: { code: 'account_not_empty' },
    })
    transfersOf(await api.post([leg(account, bank, '1.00')]))
    expect((await setState(account, 'closed', 'close 2')).status).toBe(200)
    const reopened = await setState(account, 'open', 'close 3')
    expect(reopened).toMatchObject({ status: 422, body: { code: 'account_already_closed' } })
    expect(await api.post([leg(bank, account, '1.00')])).toMatchObject({ body: { code: 'credit_account_closed' } })
  })

  it('keeps its answer under its key, the refusal too', async () => {
    const account = await api.open('2003', '0')
    transfersOf(await api.post([leg(bank, account, '1.00')]))
    const first = await setState(account, 'closed', 'remembered')
    transfersOf(await api.post([leg(account, bank, '1.00')]))
    const again = await setState(account, 'closed', 'remembered')
    expect([again.status, again.body.code]).toEqual([422, 'account_not_empty'])
    expect([first, again].map((answer) => answer.headers.get('idempotent-replayed'))).toEqual([null, 'true'])
    expect((await setState(account, 'frozen', 'remembered')).status).toBe(409)
  })

  it('of an account that is not there is refused, and what is no state too', async () => {
    expect(await setState(UNKNOWN_ACCOUNT, 'frozen', 'nobody')).toMatchObject({ body: { code: 'account_unknown' } })
    expect((await setState('acct_x', 'frozen', 'nobody')).status).toBe(404)
    expect(await setState(alice, 'sleepy', 'sleepy')).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'state' }] },
    })
    const keyless = await api.call('POST', `/v1/ledger/accounts/${alice}/state`, { body: { state: 'open' } })
    expect(keyless).toMatchObject({ status: 400, body: { code: 'idempotency_key_required' } })
  })
})

describe('a transfer and a hold', () => {
  it('are shown under their ids', async () => {
    const expiresAt = '2200-01-01T00:00:00.000001Z'
    const made = await api.post([leg(bank, alice, '5.00'), { ...leg(alice, bob, '4.00'), type: 'hold', expiresAt }])
    const [transfer = '', hold = ''] = transfersOf(made)
    expect(await api.get(`/v1/ledger/transfers/${transfer}`)).toMatchObject({
      status: 200,
      body: {
        ...{ id: transfer, kind: 'posted', code: 'adjustment', debit: bank, credit: alice, currency: 'CNY' },
        ...{ amount: '5.00', released: '0.00', hold: null, batch: made.body.batch, position: 0 },
      },
    })
    expect((await api.get(`/v1/ledger/transfers/${hold}`)).body).toMatchObject({ kind: 'held', hold, position: 1 })
    expect(await api.get(`/v1/ledger/holds/${hold}`)).toMatchObject({
      status: 200,
      body: { id: hold, state: 'pending', debit: alice, credit: bob, amount: '4.00', remaining: '4.00', expiresAt },
    })
    const capture = { type: 'capture', hold, amount: '1.50', currency: 'CNY', final: false }
    const [captured = ''] = transfersOf(await api.post([capture]))
    expect((await api.get(`/v1/ledger/transfers/${captured}`)).body).toMatchObject({
      ...{ kind: 'captured', amount: '1.50', released: '1.50', hold },
    })
    transfersOf(await api.post([{ type: 'void', hold }]))
    expect((await api.get(`/v1/ledger/holds/${hold}`)).body).toMatchObject({ state: 'voided', remaining: '0.00' })
  })

  it('that is pending is increased by a posting, and lasts longer by its own route', async () => {
    const held = { ...leg(bank, alice, '4.00'), type: 'hold', expiresAt: '2200-01-01T00:00:00Z' }
    const [hold = ''] = transfersOf(await api.post([held]))
    const [increase = ''] = transfersOf(await api.post([{ type: 'increase', hold, amount: '1.50', currency: 'CNY' }]))
    expect((await api.get(`/v1/ledger/transfers/${increase}`)).body).toMatchObject({
      ...{ kind: 'increased', amount: '1.50', released: '0.00', hold },
    })
    const extend = (id: string, expiresAt: string, key: string) =>
      api.call('POST', `/v1/ledger/holds/${id}/expiry`, { body: { expiresAt }, key })
    const later = '2200-01-02T00:00:00.000000Z'
    expect(await extend(hold, later, 'longer')).toMatchObject({ status: 200, body: { id: hold } })
    expect((await extend(hold, later, 'longer')).headers.get('idempotent-replayed')).toBe('true')
    expect(await extend(hold, later, 'again')).toMatchObject({ status: 422, body: { code: 'expiry_not_later' } })
    expect(await extend(hold, '2001-01-01T00:00:00Z', 'back')).toMatchObject({ body: { code: 'expiry_in_the_past' } })
    expect(await extend(hold, 'tomorrow', 'text')).toMatchObject({ status: 400 })
    expect(await extend(UNKNOWN_TRANSFER, later, 'none')).toMatchObject({ body: { code: 'hold_unknown' } })
    expect((await extend('tran_x', later, 'malformed')).status).toBe(404)
    expect(await api.get(`/v1/ledger/holds/${hold}`)).toMatchObject({
      body: { state: 'pending', amount: '5.50', remaining: '5.50', expiresAt: later },
    })
    const dollars = await api.post([{ type: 'increase', hold, amount: '1.50', currency: 'USD' }])
    expect(dollars.body).toMatchObject({ code: 'currency_mismatch' })
  })

  it('of a customer is neither increased nor lasts longer by staff alone', async () => {
    const { committer, commands } = api.world
    const wallet = parsePublicId('acct', await api.openWallet())
    const own = parsePublicId('acct', bank)
    if (!wallet.ok || !own.ok) throw new Error('both are ids')
    const expiresAt = 7_258_118_400_000_000
    const legs = [promise(own.value, wallet.value, 100n, expiresAt)]
    const placed = await committer.submit({ kind: commands.post, input: { legs, raw: false } })
    if (placed.status !== 'done') throw new Error(JSON.stringify(placed))
    const hold = publicId('tran', placed.answer.transfers[0] ?? 0)
    const increase = await api.post([{ type: 'increase', hold, amount: '1.50', currency: 'CNY' }])
    const body = { expiresAt: '2201-01-01T00:00:00Z' }
    const extended = await api.call('POST', `/v1/ledger/holds/${hold}/expiry`, { body, key: 'protected' })
    for (const answer of [increase, extended]) expect(answer.body).toMatchObject({ code: 'account_needs_approval' })
  })

  it('that are not there are 404, as is what is no id of theirs', async () => {
    for (const kind of ['transfers', 'holds']) {
      for (const id of [UNKNOWN_TRANSFER, 'tran_x', bank, '0']) {
        expect((await api.get(`/v1/ledger/${kind}/${id}`)).status, `${kind} ${id}`).toBe(404)
      }
    }
    const [transfer = ''] = transfersOf(await api.post([leg(bank, alice, '0.01')]))
    expect((await api.get(`/v1/ledger/holds/${transfer}`)).status).toBe(404)
  })
})

describe('the head', () => {
  it('tells the end of the journal', async () => {
    const { body } = await api.post([leg(bank, alice, '0.01')])
    const answer = await api.get('/v1/ledger/head')
    expect(answer).toMatchObject({ status: 200, body: { batch: body.batch, accountingDay: '2026-11-22' } })
    expect(answer.body.hash).toMatch(/^[0-9a-f]{64}$/)
    expect(answer.body.at).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/)
    expect(Number(answer.body.writtenBackThrough)).toBeLessThanOrEqual(Number(body.batch))
  })
})

function idOf(item: unknown): unknown {
  return typeof item === 'object' && item !== null && 'id' in item ? item.id : undefined
}
