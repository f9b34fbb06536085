import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyLedger } from '../src/verify.ts'
import { type ApiAnswer, itemsOf, type LedgerApi, startLedgerApi, transfersOf } from './ledger-api-world.ts'

let api: LedgerApi
let bank: string
let keys = 0

beforeAll(async () => {
  api = await startLedgerApi()
  bank = await api.open('1002')
})

afterAll(() => api.stop())

function leg(debit: string, credit: string, amount: string, more: object = {}) {
  return { type: 'transfer', debit, credit, amount, currency: 'CNY', ...more }
}

function send(path: string, body: unknown): Promise<ApiAnswer> {
  keys += 1
  return api.call('POST', `/v1/ledger/sets${path}`, { key: `sets ${keys}`, body })
}

async function make(name: string, parent?: string): Promise<string> {
  const answer = await send('', parent === undefined ? { name } : { name, parent })
  expect(answer.status, JSON.stringify(answer.body)).toBe(201)
  return String(answer.body.id)
}

const add = (set: string, account: string) => send(`/${set}/members`, { account })
const remove = (set: string, account: string) => send(`/${set}/removals`, { account })

async function balances(set: string, query = ''): Promise<unknown> {
  return (await api.get(`/v1/ledger/sets/${set}${query}`)).body.balances
}

describe('a set of accounts', () => {
  it('has what its members have together, from the moment they come until they go', async () => {
    const set = await make('Shops 商户')
    const [one, two] = [await api.open('2003', '0'), await api.open('2003', '0')]
    transfersOf(await api.post([leg(bank, one, '10.00')]))
    expect(await balances(set)).toEqual([])
    expect((await add(set, one)).status).toBe(200)
    expect((await add(set, two)).status).toBe(200)
    expect(await balances(set)).toMatchObject([
      { currency: 'CNY', members: 2, credit: '10.00', creditsPosted: '10.00' },
    ])
    transfersOf(
      await api.post([leg(one, two, '4.00'), leg(bank, two, '1.00'), leg(two, bank, '2.00', { type: 'hold' })]),
    )
    expect(await balances(set)).toMatchObject([
      { members: 2, credit: '11.00', debitsPosted: '4.00', creditsPosted: '15.00', debitsPending: '2.00' },
    ])
    expect((await remove(set, one)).status).toBe(200)
    expect(await balances(set)).toMatchObject([{ members: 1, credit: '5.00', debitsPosted: '0.00' }])
    transfersOf(await api.post([leg(bank, one, '100.00')]))
    expect(await balances(set)).toMatchObject([{ members: 1, credit: '5.00' }])
  })

  it('counts in all sets above it, and in every currency by itself', async () => {
    const top = await make('All')
    const middle = await make('East', top)
    const bottom = await make('Hangzhou', middle)
    const [yuan, dollars] = [await api.open('2003', '0'), await api.open('2003', '0', 'USD')]
    const vault = await api.open('1002', undefined, 'USD')
    await add(bottom, yuan)
    await add(middle, dollars)
    transfersOf(await api.post([leg(bank, yuan, '3.00'), { ...leg(vault, dollars, '7.00'), currency: 'USD' }]))
    expect(await balances(bottom)).toMatchObject([{ currency: 'CNY', credit: '3.00', members: 1 }])
    for (const set of [middle, top]) {
      expect(await balances(set)).toMatchObject([
        { currency: 'CNY', credit: '3.00', members: 1 },
        { currency: 'USD', credit: '7.00', members: 1 },
      ])
    }
    expect(itemsOf(await api.get(`/v1/ledger/sets/${top}/members?limit=1`))).toEqual([{ id: yuan }])
    expect(itemsOf(await api.get(`/v1/ledger/sets/${top}/members`))).toEqual([{ id: yuan }, { id: dollars }])
  })

  it('counts no account twice: a tree takes it once, two trees each', async () => {
    const top = await make('Tree')
    const below = await make('Branch', top)
    const other = await make('Other tree')
    const account = await api.open('2003', '0')
    await add(below, account)
    for (const set of [below, top]) {
      expect(await add(set, account)).toMatchObject({ body: { code: 'set_counts_account' } })
    }
    expect((await add(other, account)).status).toBe(200)
    transfersOf(await api.post([leg(bank, account, '1.00')]))
    for (const set of [top, below, other]) expect(await balances(set)).toMatchObject([{ members: 1, credit: '1.00' }])
    expect(await remove(top, account)).toMatchObject({ body: { code: 'set_lacks_account' } })
  })

  it('cannot be below itself, below one that is not there, or more than eight deep', async () => {
    expect(await send('', { name: 'x', parent: 'aset_000000000001' })).toMatchObject({ status: 400 })
    let parent = await make('1')
    for (let depth = 2; depth <= 8; depth += 1) parent = await make(String(depth), parent)
    expect(await send('', { name: '9', parent })).toMatchObject({ body: { code: 'set_too_deep' } })
  })

  it('that is not there, and a member that is not, are 404', async () => {
    const set = await make('Empty')
    const unknown = set.replace(/^aset/, 'acct')
    expect(await add(set, unknown)).toMatchObject({ status: 404, body: { code: 'account_unknown' } })
    for (const path of ['', '/members']) {
      expect((await api.get(`/v1/ledger/sets/${bank.replace('acct', 'aset')}${path}`)).status).toBe(404)
      expect((await api.get(`/v1/ledger/sets/x${path}`)).status).toBe(404)
    }
    expect(await add(bank.replace('acct', 'aset'), bank)).toMatchObject({ status: 404, body: { code: 'set_unknown' } })
  })

  it('stands in the list', async () => {
    const all = itemsOf(await api.get('/v1/ledger/sets'))
    expect(all.length).toBeGreaterThan(4)
    const first = await api.get('/v1/ledger/sets?limit=2')
    const rest = await api.get(`/v1/ledger/sets?cursor=${String(first.body.nextCursor)}`)
    expect([...itemsOf(first), ...itemsOf(rest)]).toEqual(all)
  })
})

/** What happens to the accounts and sets of a run; the oracle knows who is in which set and what he has. */
const step = fc.record({
  type: fc.constantFrom('move' as const, 'move' as const, 'move' as const, 'add' as const, 'remove' as const),
  account: fc.nat({ max: 4 }),
  other: fc.nat({ max: 4 }),
  set: fc.nat({ max: 3 }),
  amount: fc.integer({ min: 1, max: 99 }),
})

describe('sets over any history', () => {
  it('have what their members have, at every moment and as of every moment', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), async (steps) => {
        const accounts = await Promise.all(Array.from({ length: 5 }, () => api.open('2003')))
        const top = await make('top')
        const left = await make('left', top)
        const sets = [top, left, await make('right', top), await make('apart')]
        const ancestors = [[0], [1, 0], [2, 0], [3]]
        const net = accounts.map(() => 0)
        const within = accounts.map(() => new Set<number>())
        const moments: { readonly batch: number; readonly expected: readonly string[] }[] = []
        for (const { type, account, other, set, amount } of steps) {
          const [from = '', to = ''] = [accounts[account], accounts[other === account ? (other + 1) % 5 : other]]
          const member = within[account] ?? new Set()
          let answer: ApiAnswer
          if (type === 'move') {
            answer = await api.post([leg(from, to, `0.${String(amount).padStart(2, '0')}`)])
            net[account] = (net[account] ?? 0) - amount
            const receiver = accounts.indexOf(to)
            net[receiver] = (net[receiver] ?? 0) + amount
          } else if (type === 'add') {
            answer = await add(sets[set] ?? '', from)
            const taken = [...member].some((one) => (one === 3) === (set === 3))
            expect(answer.status === 200).toBe(!taken)
            if (!taken) member.add(set)
          } else {
            answer = await remove(sets[set] ?? '', from)
            expect(answer.status === 200).toBe(member.delete(set))
          }
          const expected = sets.map((_, index) => {
            const sum = accounts.reduce(
              (total, _account, place) =>
                [...(within[place] ?? [])].some((one) => ancestors[one]?.includes(index))
                  ? total + (net[place] ?? 0)
                  : total,
              0,
            )
            return (sum / 100).toFixed(2).replace('-0.00', '0.00')
          })
          const credits = await Promise.all(sets.map(async (one) => creditOf(await balances(one))))
          expect(credits).toEqual(expected)
          const head = await api.get('/v1/ledger/head')
          moments.push({ batch: Number(head.body.batch), expected })
        }
        for (const { batch, expected } of moments.filter((_, index) => index % 5 === 0)) {
          const then = await Promise.all(
            sets.map(async (one) => creditOf(await balances(one, `?as_of_batch=${batch}`))),
          )
          expect(then, `batch ${batch}`).toEqual(expected)
        }
      }),
      { numRuns: 5 },
    )
    expect((await verifyLedger(api.world.institution.db)).findings).toEqual([])
  })
})

function creditOf(found: unknown): string {
  const list: readonly { readonly credit: string }[] = JSON.parse(JSON.stringify(found))
  return list[0]?.credit ?? '0.00'
}

describe('verification of sets', () => {
  it('finds a sum, a member, a place and a note that were changed by hand', async () => {
    const set = await make('Verified')
    const account = await api.open('2003', '0')
    await add(set, account)
    transfersOf(await api.post([leg(bank, account, '5.00')]))
    const db = api.world.institution.db
    const whats = async () => (await verifyLedger(db)).findings.map(({ code, what }) => `${code} ${what}`)
    expect(await whats()).toEqual([])
    const owner = (await api.world.institution.dedicated({})).sql
    const last = owner.unsafe('select max(id) as id from ledger_sets')
    const id = String((await last)[0]?.id)
    for (const [change, back, finding] of [
      [
        'update ledger_set_balances set members = members + 1',
        'update ledger_set_balances set members = members - 1',
        'balance',
      ],
      ['update ledger_set_members set to_batch = 999999', 'update ledger_set_members set to_batch = null', 'member'],
    ] as const) {
      await owner.unsafe(`${change} where set_id = ${id}`)
      expect([...new Set(await whats())]).toEqual([`set_differs ${finding}`])
      await owner.unsafe(`${back} where set_id = ${id}`)
    }
    await owner.unsafe(`update ledger_sets set name = 'x' where id = ${id}`)
    expect([...new Set(await whats())]).toEqual(['set_differs set'])
    await owner.unsafe(`update ledger_sets set name = 'Verified' where id = ${id}`)
    await owner.unsafe(`update ledger_accounts set set_ids = null where set_ids = '${id}'`)
    expect([...new Set(await whats())]).toEqual(['set_differs account'])
  }, 300_000)
})
