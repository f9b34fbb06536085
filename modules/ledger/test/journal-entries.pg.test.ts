import { CNY, currencyCode, publicId } from '@huitong/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EntryLine } from '../src/journal-entry.ts'
import { findEntry } from '../src/journal-entry-read-store.ts'
import { LEDGER_REFUSALS } from '../src/ledger-refusals.ts'
import { verifyLedger } from '../src/verify.ts'
import { itemsOf, type LedgerApi, startLedgerApi } from './ledger-api-world.ts'
import { type LedgerWorld, startLedgerWorld } from './ledger-world.ts'

const USD = (() => {
  const code = currencyCode('USD')
  if (!code.ok) throw new Error('USD')
  return code.value
})()

function line(side: EntryLine['side'], account: number, amountMinor: bigint, currency = CNY): EntryLine {
  return { side, account, amountMinor, currency }
}

describe('an entry', () => {
  let world: LedgerWorld
  let bank: number
  let alice: number
  let bob: number
  let dollars: number
  let dollarBank: number

  beforeAll(async () => {
    world = await startLedgerWorld()
    bank = await world.open('1002')
    alice = await world.open('2003', 0n)
    bob = await world.open('2003', 0n)
    dollars = await world.open('2003', 0n, USD)
    dollarBank = await world.open('1002', null, USD)
  })
  afterAll(() => world.committer.stop())

  function post(lines: readonly EntryLine[], raw = true) {
    const input = { lines, code: 'adjustment', reference: null, raw } as const
    return world.committer.submit({ kind: world.commands.postEntry, input })
  }

  it('posts n:n lines in two currencies and reads them back as they were given', async () => {
    const lines = [
      line('debit', bank, 300n),
      line('credit', alice, 100n),
      line('credit', bob, 150n),
      line('credit', alice, 50n),
      line('debit', dollarBank, 7n, USD),
      line('credit', dollars, 7n, USD),
    ]
    const outcome = await post(lines)
    if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome))
    expect(outcome.answer.transfers).toHaveLength(4)
    expect(outcome.answer.entry).toBe(outcome.answer.transfers[0])
    for (const id of outcome.answer.transfers) {
      const entry = await world.institution.db.read((tx) => findEntry(tx, id))
      expect(entry).toMatchObject({ id: outcome.answer.entry, batch: outcome.answer.batch, lines, facts: {} })
      expect(entry?.transfers.map((transfer) => transfer.id)).toEqual(outcome.answer.transfers)
    }
    const report = await verifyLedger(world.institution.db)
    expect(report.findings).toEqual([])
  })

  it('changes nothing when one transfer of it is refused', async () => {
    const before = await world.institution.db.read(
      (tx) => tx.sql<{ count: bigint }[]>`select count(*) from ledger_transfers`,
    )
    const outcome = await post([
      line('debit', bank, 10n),
      line('credit', bob, 10n),
      line('debit', dollars, 8n, USD),
      line('credit', dollarBank, 8n, USD),
    ])
    expect(outcome).toMatchObject({ status: 'refused', refusal: { code: 'insufficient_funds', facts: { line: '2' } } })
    const after = await world.institution.db.read(
      (tx) => tx.sql<{ count: bigint }[]>`select count(*) from ledger_transfers`,
    )
    expect(after).toEqual(before)
  })

  it('is refused for the first reason of the list', async () => {
    const frozen = await world.open('2003', 0n)
    await world.committer.submit({ kind: world.commands.setState, input: { account: frozen, state: 'frozen' } })
    const unknown = 999 * 1024
    const d = (account: number, minor: bigint, of = CNY) => line('debit', account, minor, of)
    const c = (account: number, minor: bigint, of = CNY) => line('credit', account, minor, of)
    const cases: readonly (readonly [string, string | undefined, readonly EntryLine[]])[] = [
      ['amount_not_positive', '1', [d(bank, 1n), c(unknown, 0n), c(bank, 10n ** 20n)]],
      ['amount_too_large', '2', [d(bank, 1n), c(unknown, 1n), c(bank, 10n ** 20n)]],
      ['same_account', '2', [d(bank, 1n), c(unknown, 1n), c(bank, 1n)]],
      ['entry_not_balanced', undefined, [d(unknown, 1n), c(alice, 2n)]],
      ['debit_account_unknown', '1', [c(unknown, 1n), d(unknown + 1024, 1n)]],
      ['credit_account_unknown', '1', [d(dollarBank, 1n), c(unknown, 1n)]],
      ['currency_mismatch', '0', [d(dollarBank, 1n), c(frozen, 1n)]],
      ['credit_account_frozen', '1', [d(alice, 10_000n), c(frozen, 10_000n)]],
      ['insufficient_funds', '0', [d(alice, 10_000n), c(bob, 10_000n)]],
      ['insufficient_funds', '1', [c(bob, 10_000n), d(alice, 10_000n)]],
    ]
    const order = Object.keys(LEDGER_REFUSALS)
    expect(cases.map(([code]) => code)).toEqual(
      cases.map(([code]) => code).toSorted((a, b) => order.indexOf(a) - order.indexOf(b)),
    )
    for (const [code, at, lines] of cases) {
      const outcome = await post(lines)
      expect(outcome, code).toMatchObject({ status: 'refused', refusal: { code } })
      if (outcome.status === 'refused') expect(outcome.refusal.facts?.line, code).toBe(at)
    }
  })

  it('is found out when its lines, or the entry that a transfer names, are changed by hand', async () => {
    const lines = [line('debit', bank, 30n), line('credit', alice, 10n), line('credit', bob, 20n)]
    const outcome = await post(lines)
    if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome))
    const { entry, batch } = outcome.answer
    const { sql: owner } = await world.institution.dedicated({})
    const [event] = await owner<{ data: string }[]>`
      select data from ledger_events where batch = ${batch} and account_id = ${entry}`
    const data = event?.data ?? ''
    const codes = async () => [...(await verifyLedger(world.institution.db)).counts.keys()]
    await owner`update ledger_events set data = ${data.replace('"20"', '"21"')} where batch = ${batch}`
    expect(await codes()).toEqual(['journal_entry_differs', 'batch_root_wrong'])
    await owner`update ledger_events set data = ${data} where batch = ${batch}`
    await owner`update ledger_transfers set entry = null where batch = ${batch} and id = ${entry}`
    expect(await codes()).toEqual(['journal_entry_torn', 'batch_root_wrong'])
    await owner`update ledger_transfers set entry = ${entry} where batch = ${batch} and id = ${entry}`
    expect(await codes()).toEqual([])
  })
})

describe('entries over HTTP', () => {
  let api: LedgerApi
  beforeAll(async () => {
    api = await startLedgerApi()
  })
  afterAll(() => api.stop())

  const lineBody = (side: string, account: string, amount: string, currency = 'CNY') => ({
    ...{ side, account, amount, currency },
  })

  it('are posted once under a key and read by the id of any of their transfers', async () => {
    const [bank, transit, capital] = [await api.open('1002'), await api.open('2003'), await api.open('4001')]
    const lines = [
      lineBody('debit', bank, '10.00'),
      lineBody('credit', transit, '4.00'),
      lineBody('credit', capital, '6.00'),
    ]
    const first = await api.call('POST', '/v1/ledger/entries', { key: 'entry 1', body: { lines } })
    expect(first.status).toBe(201)
    const again = await api.call('POST', '/v1/ledger/entries', { key: 'entry 1', body: { lines } })
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    const other = await api.call('POST', '/v1/ledger/entries', { key: 'entry 1', body: { lines, code: 'opening' } })
    expect(other).toMatchObject({ status: 409, body: { errors: [{ field: 'code' }] } })
    const transfers = first.body.transfers
    if (!Array.isArray(transfers)) throw new Error('no transfers')
    const read = await api.get(`/v1/ledger/entries/${transfers[1]}`)
    expect(read).toMatchObject({ status: 200, body: { id: first.body.entry, lines } })
    expect(itemsOf({ ...read, body: { items: read.body.transfers } })).toHaveLength(2)
  })

  it('tell what is wrong with a line', async () => {
    const bank = await api.open('1002')
    const wallet = await api.openWallet()
    const cases: readonly (readonly [readonly unknown[], number, string])[] = [
      [[lineBody('debit', bank, '1')], 400, 'lines'],
      [[lineBody('debit', bank, '1.001'), lineBody('credit', bank, '1')], 400, 'lines[0].amount'],
      [[lineBody('debit', 'acct_1', '1.00'), lineBody('credit', bank, '1')], 400, 'lines[0].account'],
      [[lineBody('debit', bank, '1.00'), lineBody('credit', bank, '1', 'XYZ')], 400, 'lines[1].currency'],
      [[lineBody('debit', bank, '1.00'), lineBody('credit', bank, '1')], 422, 'lines[1]'],
      [[lineBody('debit', bank, '1.00'), lineBody('credit', wallet, '1')], 422, 'lines[1]'],
    ]
    for (const [index, [lines, status, field]] of cases.entries()) {
      const answer = await api.call('POST', '/v1/ledger/entries', { key: `bad ${index}`, body: { lines } })
      expect(answer, field).toMatchObject({ status, body: { errors: [{ field }] } })
    }
  })

  it('are not found where there are none', async () => {
    const [bank, transit] = [await api.open('1002'), await api.open('2003')]
    const leg = { type: 'transfer', debit: bank, credit: transit, amount: '1.00', currency: 'CNY' }
    const posted = await api.post([leg])
    const id = Array.isArray(posted.body.transfers) ? String(posted.body.transfers[0]) : ''
    for (const unknown of [id, publicId('tran', 99_999 * 1024), 'nothing']) {
      expect((await api.get(`/v1/ledger/entries/${unknown}`)).status).toBe(404)
    }
  })
})
