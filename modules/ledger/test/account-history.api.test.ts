import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ApiAnswer, itemsOf, type LedgerApi, startLedgerApi, transfersOf } from './ledger-api-world.ts'

let api: LedgerApi
let bank: string
let shop: string
let wallet: string
/** The batch of each posting, in order. */
const batches: number[] = []

function leg(debit: string, credit: string, amount: string, more: object = {}) {
  return { type: 'transfer', debit, credit, amount, currency: 'CNY', ...more }
}

async function post(...legs: readonly unknown[]): Promise<readonly string[]> {
  const answer = await api.post(legs)
  const ids = transfersOf(answer)
  batches.push(Number(answer.body.batch))
  return ids
}

/** 1.00, 2.00, … 150.00 into the wallet, each in a batch of its own; every tenth is a payment that leaves again. */
beforeAll(async () => {
  api = await startLedgerApi()
  bank = await api.open('1002')
  shop = await api.open('2003')
  wallet = await api.open('2003', '0')
  for (let n = 1; n <= 150; n += 1) {
    await post(
      n % 10 === 0
        ? leg(wallet, shop, `${n / 10}.00`, { code: 'payment' })
        : leg(bank, wallet, `${n}.00`, { code: 'top_up' }),
    )
  }
}, 240_000)

afterAll(() => api.stop())

/** The wallet's balance after the first n postings, in yuan. */
function balanceAfter(n: number): number {
  let balance = 0
  for (let i = 1; i <= n; i += 1) balance += i % 10 === 0 ? -i / 10 : i
  return balance
}

const get = (rest: string): Promise<ApiAnswer> => api.get(`/v1/ledger/accounts/${wallet}${rest}`)

interface Line {
  readonly sequence: number
  readonly balance: string
  readonly transfer: { readonly amount: string; readonly batch: number; readonly at: string; readonly code: string }
}

function linesOf(answer: ApiAnswer): readonly Line[] {
  return itemsOf(answer).map((item) => JSON.parse(JSON.stringify(item)))
}

/** All entries of a query, page by page. */
async function all(query: string, limit = 7): Promise<readonly Line[]> {
  const lines: Line[] = []
  for (let cursor = ''; ; ) {
    const answer = await get(`/entries?limit=${limit}&${query}${cursor}`)
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    lines.push(...linesOf(answer))
    if (answer.body.nextCursor === null) return lines
    cursor = `&cursor=${String(answer.body.nextCursor)}`
  }
}

const sequences = (lines: readonly Line[]) => lines.map((line) => line.sequence)
const upTo = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index)

describe('an account as of a batch', () => {
  it.each([1, 10, 63, 64, 65, 127, 128, 129, 150])('has the balance after posting %d', async (n) => {
    const { body } = await get(`?as_of_batch=${batches[n - 1]}`)
    expect(body).toMatchObject({
      balance: `${balanceAfter(n)}.00`,
      entries: n,
      asOf: { batch: batches[n - 1], accountingDay: '2026-11-22', final: true },
    })
    expect(body).not.toHaveProperty('available')
    expect(body).not.toHaveProperty('state')
  })

  it('counts what holds promised then', async () => {
    const account = await api.open('2003', '0')
    await post(leg(bank, account, '9.00'))
    const [hold] = await post(leg(account, shop, '4.00', { type: 'hold' }))
    const promised = batches.at(-1)
    await post({ type: 'capture', hold, amount: '3.00', currency: 'CNY' })
    const of = async (batch: number | undefined) =>
      (await api.get(`/v1/ledger/accounts/${account}?as_of_batch=${batch}`)).body
    expect(await of(promised)).toMatchObject({ balance: '9.00', debitsPending: '4.00', debitsPosted: '0.00' })
    expect(await of(batches.at(-1))).toMatchObject({ balance: '6.00', debitsPending: '0.00', debitsPosted: '3.00' })
  })

  it('is told as of a time, too: the last batch that is not after it', async () => {
    const [line] = linesOf(await get(`/entries?order=oldest&limit=1&from_batch=${batches[99]}`))
    const at = line?.transfer.at ?? ''
    expect((await get(`?as_of=${at}`)).body).toMatchObject({ entries: 100, asOf: { at, final: true } })
    expect((await get('?as_of=2099-01-01T00:00:00Z')).body).toMatchObject({ entries: 150, asOf: { final: false } })
    expect((await get('?as_of_day=2026-11-22')).body).toMatchObject({ entries: 150, asOf: { final: false } })
  })

  it('is not there before it was opened', async () => {
    for (const query of ['as_of_batch=0', 'as_of_batch=2', 'as_of=2001-01-01T00:00:00Z', 'as_of_day=2020-01-01']) {
      expect((await get(`?${query}`)).status, query).toBe(404)
    }
    const list = await api.get('/v1/ledger/accounts?as_of_batch=2')
    expect(list.body).toMatchObject({ items: [{ id: bank, balance: '0.00' }, { id: shop }], nextCursor: null })
  })

  it('comes in a list with all others of that time', async () => {
    const list = await api.get(`/v1/ledger/accounts?subject=2003&as_of_batch=${batches[29]}&limit=2`)
    expect(list.body).toMatchObject({
      items: [
        { id: shop, balance: '6.00', entries: 3 },
        { id: wallet, balance: `${balanceAfter(30)}.00` },
      ],
      nextCursor: null,
    })
  })

  it.each([
    ['as_of_batch=999999999', 'as_of_batch', 'known_batch'],
    ['as_of_batch=-1', 'as_of_batch', 'minimum'],
    ['as_of_batch=1&as_of_day=2026-11-22', 'as_of', 'one_of'],
    ['as_of=yesterday', 'as_of', 'pattern'],
    ['as_of=2026-02-30T00:00:00Z', 'as_of', 'malformed_time'],
    ['as_of_day=2026-02-30', 'as_of_day', 'malformed_date'],
  ])('asked for with %s is refused', async (query, field, rule) => {
    expect(await get(`?${query}`)).toMatchObject({ status: 400, body: { errors: [{ field, rule }] } })
  })
})

describe('the entries of an account', () => {
  it.each([1, 7, 64, 200])('come in both directions, in pages of %d', async (limit) => {
    expect(sequences(await all('order=oldest', limit))).toEqual(upTo(1, 150))
    expect(sequences(await all('order=newest', limit))).toEqual(upTo(1, 150).reverse())
  })

  it('between two batches are those of these batches and of those between', async () => {
    const query = `from_batch=${batches[9]}&to_batch=${batches[70]}`
    const oldest = await all(`order=oldest&${query}`)
    expect(sequences(oldest)).toEqual(upTo(10, 71))
    expect(oldest.map((line) => line.balance)).toEqual(upTo(10, 71).map((n) => `${balanceAfter(n)}.00`))
    expect(sequences(await all(query))).toEqual(upTo(10, 71).reverse())
  })

  it('between two times begin with the first and end before the second', async () => {
    const lines = await all('order=oldest')
    const [from, to] = [lines[19]?.transfer.at, lines[40]?.transfer.at]
    expect(sequences(await all(`order=oldest&from=${from}&to=${to}`))).toEqual(upTo(20, 40))
    expect(sequences(await all(`from_day=2026-11-22&to_day=2026-11-22`, 200))).toHaveLength(150)
    expect(await all('to_day=2026-11-21')).toEqual([])
    expect(await all('from_day=2026-11-23')).toEqual([])
    expect(await all(`from_batch=${batches[20]}&to_batch=${batches[10]}`)).toEqual([])
  })

  it.each([
    ['code=payment', (n: number) => n % 10 === 0],
    ['side=debit', (n: number) => n % 10 === 0],
    ['side=credit&min_amount=100', (n: number) => n >= 100 && n % 10 !== 0],
    ['min_amount=5&max_amount=7.00', (n: number) => [5, 6, 7, 50, 60, 70].includes(n)],
    ['kind=held', () => false],
    ['code=payment&max_amount=2.00&kind=posted', (n: number) => n === 10 || n === 20],
  ])('filtered by %s are those and no others', async (query, wanted) => {
    expect(sequences(await all(`order=oldest&${query}`, 3))).toEqual(upTo(1, 150).filter(wanted))
  })

  it('filtered by the account on the other side', async () => {
    expect(sequences(await all(`order=oldest&counterparty=${shop}`))).toEqual(upTo(1, 15).map((n) => n * 10))
  })

  it.each([
    ['order=sideways', 'order', 'choice'],
    ['min_amount=1.234', 'min_amount', 'too_many_decimals'],
    ['kind=made_up', 'kind', 'known_kind'],
    ['code=toString', 'code', 'known_code'],
    ['counterparty=acct_000000000001', 'counterparty', 'malformed_id'],
    ['reference=x', 'reference', 'malformed_id'],
    ['to_batch=999999999', 'to_batch', 'known_batch'],
    ['from=2026-11-22T00:00:00Z&from_batch=1', 'from', 'one_of'],
  ])('asked for with %s are refused', async (query, field, rule) => {
    expect(await get(`/entries?${query}`)).toMatchObject({ status: 400, body: { errors: [{ field, rule }] } })
  })
})
