import { CNY, parsePublicId } from '@huitong/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LEDGER_REFUSALS } from '../src/ledger-refusals.ts'
import { verifyLedger } from '../src/verify.ts'
import { type LedgerApi, startLedgerApi, transfersOf } from './ledger-api-world.ts'

let api: LedgerApi
let income: string
let expense: string
let transit: string
let floored: string
let day = 22
let keys = 0

beforeAll(async () => {
  api = await startLedgerApi()
  income = await api.open('5001')
  expense = await api.open('6001')
  transit = await api.open('2003')
  floored = await api.open('2003', '0.00')
})
afterAll(() => api.stop())

const idOf = (text: string) => {
  const id = parsePublicId('acct', text)
  if (!id.ok) throw new Error(text)
  return id.value
}
const setPolicy = (account: string, policy: string) => {
  keys += 1
  return api.call('POST', `/v1/ledger/accounts/${account}/posting-policy`, { key: `policy ${keys}`, body: { policy } })
}
const move = (debit: string, credit: string, amount: string) =>
  api.post([{ type: 'transfer', debit, credit, amount, currency: 'CNY' }])
const balance = async (account: string) => (await api.get(`/v1/ledger/accounts/${account}`)).body.balance
const buffer = async (account: string) => (await api.get(`/v1/ledger/accounts/${account}/buffer`)).body
const findings = async () => (await verifyLedger(api.world.institution.db)).findings
const closeDay = () => {
  day += 1
  const { committer, commands } = api.world
  return committer.submit({ kind: commands.closeDay, input: { next: `2026-11-${day}` } })
}

describe('a summarised account', () => {
  it('may only be an own income or expense account without a floor', async () => {
    const wallet = await api.openWallet()
    for (const account of [wallet, transit, floored, await api.open('1002'), await api.open('5001', '0.00')]) {
      expect(await setPolicy(account, 'summarised')).toMatchObject({
        status: 422,
        body: { code: 'policy_not_allowed' },
      })
    }
    expect((await setPolicy(income, 'weekly')).status).toBe(400)
    expect((await setPolicy(income, 'summarised')).body).toMatchObject({ policy: 'summarised' })
    expect(Object.keys(LEDGER_REFUSALS)).toContain('policy_not_allowed')
  })

  it('keeps what is accepted in the journal and posts it as one transfer when the day closes', async () => {
    const before = await api.transfers()
    const ids = new Set<string>()
    for (const amount of ['1.00', '2.50', '0.01'])
      for (const id of transfersOf(await move(transit, income, amount))) ids.add(id)
    expect(ids.size).toBe(3)
    expect(await api.transfers()).toBe(before)
    // What the account shows is the least that it has.
    expect([await balance(income), await balance(transit)]).toEqual(['0.00', '0.00'])
    expect(await buffer(income)).toEqual({ policy: 'summarised', debits: '0.00', credits: '3.51', postings: 3 })
    expect(await findings()).toEqual([])
    const [first = ''] = ids
    const waiting = { id: first, kind: 'buffered', state: 'waiting', amount: '1.00', debit: transit, credit: income }
    expect((await api.get(`/v1/ledger/transfers/${first}`)).body).toMatchObject(waiting)
    expect((await closeDay()).status).toBe('done')
    expect((await api.get(`/v1/ledger/transfers/${first}`)).body).toMatchObject({ ...waiting, state: 'summarised' })
    expect(await api.transfers()).toBe(before + 1)
    expect([await balance(income), await balance(transit)]).toEqual(['3.51', '-3.51'])
    expect(await buffer(income)).toMatchObject({ credits: '0.00', postings: 0 })
    expect(await findings()).toEqual([])
    expect((await closeDay()).status).toBe('done')
    expect(await api.transfers()).toBe(before + 1)
  })

  it('has what a floor or a customer is concerned with posted at once', async () => {
    await move(transit, floored, '5.00')
    await move(floored, income, '1.00')
    expect([await balance(floored), await balance(income)]).toEqual(['4.00', '4.51'])
    expect(await move(floored, income, '5.00')).toMatchObject({ status: 422, body: { code: 'insufficient_funds' } })
    expect(await move(transit, income, '0')).toMatchObject({ status: 400 })
    expect((await buffer(income)).postings).toBe(0)
  })

  it('is whole again as soon as its policy, its state or its floor changes', async () => {
    await setPolicy(expense, 'summarised')
    const [seven = ''] = transfersOf(await move(expense, transit, '7.00'))
    expect(await buffer(expense)).toMatchObject({ debits: '7.00', postings: 1 })
    const stateOf = async (id: string) => (await api.get(`/v1/ledger/transfers/${id}`)).body.state
    expect(await stateOf(seven)).toBe('waiting')
    expect((await setPolicy(expense, 'immediate')).status).toBe(200)
    expect(await balance(expense)).toBe('7.00')
    expect(await stateOf(seven)).toBe('summarised')
    await move(expense, transit, '1.00')
    expect(await balance(expense)).toBe('8.00')
    const [two = ''] = transfersOf(await move(transit, income, '2.00'))
    const { committer, commands } = api.world
    const closing = await committer.submit({
      kind: commands.setState,
      input: { account: idOf(income), state: 'closed' },
    })
    expect(closing).toMatchObject({ status: 'refused', refusal: { code: 'account_not_empty' } })
    expect(await buffer(income)).toMatchObject({ postings: 1 })
    expect(await stateOf(two)).toBe('waiting')
    await committer.submit({ kind: commands.setFloor, input: { account: idOf(income), floorMinor: 0n } })
    expect(await balance(income)).toBe('6.51')
    expect(await stateOf(two)).toBe('summarised')
    await committer.submit({ kind: commands.setFloor, input: { account: idOf(income), floorMinor: null } })
    expect(await findings()).toEqual([])
  })

  it('loses nothing with the committer that it was told to', async () => {
    await move(transit, income, '0.40')
    await move(transit, income, '0.60')
    const { institution } = api.world
    const { sql: owner } = await institution.dedicated({})
    const [row] = await owner<{ amount_minor: bigint; count: bigint }[]>`
      select amount_minor, count from ledger_buffers where count > 0`
    expect(row).toEqual({ ...row, amount_minor: 100n, count: 2n })
  })

  it('is found out when a buffered posting or its sum is changed by hand', async () => {
    const { sql: owner } = await api.world.institution.dedicated({})
    const codes = async () => [...(await verifyLedger(api.world.institution.db)).counts.keys()]
    await owner`update ledger_buffers set amount_minor = amount_minor + 1 where count > 0`
    expect(await codes()).toEqual(['buffer_differs'])
    await owner`update ledger_buffers set amount_minor = amount_minor - 1 where count > 0`
    await owner`update ledger_buffered set amount_minor = amount_minor + 1 where amount_minor = 250`
    expect((await codes()).toSorted()).toEqual(['batch_root_wrong', 'summary_differs'])
    await owner`update ledger_buffered set amount_minor = amount_minor - 1 where amount_minor = 251`
    expect(await codes()).toEqual([])
  })

  it('buffers many postings of one batch, as streams of rows do', async () => {
    const { committer, commands } = api.world
    const leg = { type: 'transfer', debit: idOf(transit), credit: idOf(income), amountMinor: 3n } as const
    const input = {
      legs: [{ ...leg, currency: CNY, code: 'adjustment', reference: null, expiresAt: null }],
      raw: true,
    } as const
    const before = (await buffer(income)).postings
    await Promise.all(Array.from({ length: 500 }, () => committer.submit({ kind: commands.post, input })))
    expect((await buffer(income)).postings).toBe(Number(before) + 500)
    expect(await findings()).toEqual([])
    await closeDay()
    expect(await findings()).toEqual([])
  })
})
