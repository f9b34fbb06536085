import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { huitongHere, launchUntil, startHuitong } from './cli.ts'

// Every command that shows or changes one thing of the ledger, against a server that really runs.
let root: string
let data: string
let server: { stop(): Promise<void> }
let cash: string
let bank: string
let capital: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'huitong-cli-objects-'))
  data = join(root, 'data')
  server = await startHuitong(data)
  cash = await opened('1002')
  bank = await opened('1002')
  capital = await opened('4001')
  await done('post', '--debit', cash, '--credit', capital, '--amount', '1000.00')
}, 300_000)

afterAll(async () => {
  await server.stop()
  await rm(root, { recursive: true, force: true })
}, 240_000)

function ledger(...args: readonly string[]) {
  return huitongHere('ledger', ...args, '--data', data)
}

interface Answer {
  readonly [field: string]: unknown
  readonly transfers: readonly string[]
}

/** Runs it with --json to a good end and gives what it says. */
async function done(...args: readonly string[]): Promise<Answer> {
  const ended = await ledger(...args, '--json')
  expect([args.slice(0, 2), ended.code, ended.stderr]).toEqual([args.slice(0, 2), 0, ''])
  const answer: Answer = JSON.parse(ended.stdout)
  return answer
}

async function opened(subject: string, currency = 'CNY'): Promise<string> {
  return String((await done('open', '--subject', subject, '--currency', currency)).id)
}

async function refused(code: number, text: string, ...args: readonly string[]): Promise<void> {
  const ended = await ledger(...args)
  expect([args, ended.code, ended.stdout]).toEqual([args, code, ''])
  expect(ended.stderr).toContain(text)
  expect(ended.stderr).not.toContain('    at ')
}

const sides = (amount: string) => ['--debit', bank, '--credit', cash, '--amount', amount]

describe('scheduled postings', () => {
  test('are asked for, listed, cancelled, and posted when they are due', async () => {
    const { id } = await done('scheduled', 'create', '--due', '2199-01-01T00:00:00Z', ...sides('3.00'))
    expect(await done('scheduled', 'show', String(id))).toMatchObject({
      id,
      state: 'waiting',
      legs: [{ amount: '3.00' }],
    })
    expect((await ledger('scheduled', 'cancel', String(id))).stdout).toBe(`Cancelled: ${String(id)}\n`)
    await refused(4, 'scheduled_ended', 'scheduled', 'cancel', String(id))
    await refused(4, 'due_in_the_past', 'scheduled', 'create', '--due', '2020-01-01T00:00:00Z', ...sides('3.00'))
    await refused(2, 'is not a state', 'scheduled', 'list', '--state', 'soon')
    const soon = await done('scheduled', 'create', '--due', new Date(Date.now() + 500).toISOString(), ...sides('4.00'))
    await expect
      .poll(() => done('scheduled', 'show', String(soon.id)), { timeout: 30_000, interval: 300 })
      .toMatchObject({ state: 'posted' })
    const cancelled: unknown = await done('scheduled', 'list', '--state', 'cancelled')
    expect(cancelled).toMatchObject([{ id, state: 'cancelled' }])
    await done('post', '--debit', cash, '--credit', bank, '--amount', '4.00')
  })
})

describe('a statement of a bank', () => {
  test('is held against an account, and what differs is shown and settled by two', async () => {
    const theirs = await opened('1002')
    await done('post', '--debit', theirs, '--credit', capital, '--amount', '12.34')
    const file = join(root, 'statement.csv')
    const day = String((await done('head')).accountingDay)
    await writeFile(file, `day,amount,reference,text\n${day},12.34,,\n${day},0.50,FEE-7,interest\n`)
    const reconcile = async (...args: readonly string[]) => huitongHere('reconcile', ...args, '--data', data)
    const first = await reconcile('file', file, '--account', theirs, '--json')
    expect([first.stderr, first.code]).toEqual(['', 0])
    const statement: Readonly<Record<string, unknown>> = JSON.parse(first.stdout)
    expect(statement).toMatchObject({ lines: 2, matched: 1, differing: 1 })
    expect(JSON.parse((await reconcile('file', file, '--account', theirs, '--json')).stdout).id).toBe(statement.id)
    expect((await reconcile('statement', String(statement.id))).stdout).toMatch(/^rules\.amount +1$/m)
    const [difference] = JSON.parse((await reconcile('differences', '--state', 'open', '--json')).stdout)
    expect(difference).toMatchObject({ kind: 'missing_in_ledger', amount: '0.50', reference: 'FEE-7', line: 3 })
    const booked = await reconcile('book', difference.id, '--against', capital, '--note', 'interest')
    expect(booked.stdout).toMatch(/^Proposed: appr_/)
    await writeFile(file, 'day,amount,reference\nsoon,1.00,x\n')
    expect((await reconcile('file', file, '--account', theirs)).stderr).toContain('statement.csv:2: day')
    expect((await reconcile('file', join(root, 'none'), '--account', theirs)).code).toBe(2)
  })
})

describe('accounts', () => {
  test('are shown as they are, and as they were', async () => {
    const account = await done('account', cash)
    expect(account).toMatchObject({ id: cash, subject: '1002', state: 'open', balance: '1000.00' })
    const { batch } = await done('post', ...sides('10.00'))
    expect(await done('account', cash)).toMatchObject({ balance: '990.00' })
    expect(await done('account', cash, '--as-of-batch', String(Number(batch) - 1))).toMatchObject({
      balance: '1000.00',
    })
    expect(await done('account', cash, '--as-of-day', '2099-01-01')).toMatchObject({ balance: '990.00' })
    expect(await done('account', cash, '--as-of', '2099-01-01T00:00:00Z')).toMatchObject({ balance: '990.00' })
    const shown = await ledger('account', cash)
    expect(shown.stdout).toMatch(/^balance {2,}990\.00$/m)
    expect(shown.stdout).toMatch(/^freezes\.amount {2,}0\.00$/m)
  })

  test('are frozen, opened and closed by state', async () => {
    const spare = await opened('1002')
    await done('state', spare, 'frozen')
    expect(await done('account', spare)).toMatchObject({ state: 'frozen' })
    await done('state', spare, 'open')
    await done('state', spare, 'closed')
    await refused(4, 'account_closed', 'post', '--debit', spare, '--credit', cash, '--amount', '1.00')
  })

  test('show their freezes; a deduction is only proposed', async () => {
    const seized = await opened('1002')
    const freeze = await done('freeze', seized, '--cause', 'judicial', '--reference', 'court 7')
    const freezes: unknown = await done('freezes', seized)
    expect(freezes).toMatchObject([{ id: freeze.id, cause: 'judicial', remaining: null, state: 'active' }])
    const taken = await ledger('deduct', String(freeze.id), '--to', cash, '--amount', '1.00')
    expect([taken.code, taken.stdout]).toEqual([0, expect.stringMatching(/^Proposed as appr_\w+: /)])
    await done('lift', String(freeze.id))
    const ended: unknown = await done('freezes', seized)
    expect(ended).toMatchObject([{ id: freeze.id, state: 'lifted' }])
  })

  test('are posted to in sums when that was set, which waits in their buffer', async () => {
    const cost = await opened('6001')
    await done('posting-policy', cost, 'summarised')
    await done('post', '--debit', cost, '--credit', bank, '--amount', '0.50')
    await done('post', '--debit', cost, '--credit', bank, '--amount', '0.25')
    expect(await done('buffer', cost)).toEqual({ policy: 'summarised', debits: '0.75', credits: '0.00', postings: 2 })
    await done('posting-policy', cost, 'immediate')
  })

  test('carry metadata that has a history', async () => {
    await done('set-metadata', bank, 'branch=Hangzhou', 'colour=red')
    await done('set-metadata', bank, 'branch=Suzhou', '--remove', 'colour')
    expect(await done('metadata', bank)).toEqual({ branch: 'Suzhou' })
    const history: unknown = await done('metadata', bank, '--history')
    expect(history).toMatchObject([
      { changes: { branch: 'Suzhou', colour: null } },
      { changes: { branch: 'Hangzhou', colour: 'red' } },
    ])
    const { transfers } = await done('post', ...sides('1.00'))
    await refused(2, 'never taken away', 'set-metadata', transfers[0] ?? '', '--remove', 'branch')
  })
})

describe('holds', () => {
  test('are made, listed, increased, extended, captured in parts and given back', async () => {
    const { transfers } = await done('hold', 'create', ...sides('20.00'), '--expires', '2099-01-01T00:00:00Z')
    const [hold = ''] = transfers
    await done('hold', 'increase', hold, '5.00')
    await done('hold', 'extend', hold, '2099-06-01T00:00:00Z')
    await done('hold', 'capture', hold, '7.00', '--keep-rest')
    const expected = {
      id: hold,
      state: 'pending',
      amount: '25.00',
      remaining: '18.00',
      expiresAt: '2099-06-01T00:00:00.000000Z',
    }
    expect(await done('hold', 'show', hold)).toMatchObject(expected)
    const list: unknown = await done('hold', 'list', bank)
    expect(list).toMatchObject([expected])
    expect((await ledger('hold', 'list', bank)).stdout).toContain(hold)
    await done('hold', 'void', hold)
    expect(await done('hold', 'show', hold)).toMatchObject({ state: 'voided', remaining: '0.00' })
    const none: unknown = await done('hold', 'list', bank)
    expect(none).toEqual([])
    await refused(4, 'hold_already_voided', 'hold', 'void', hold)
  })

  test('say what was wrong with a command', async () => {
    await refused(2, 'is not the id of a transfer', 'hold', 'show', bank)
    await refused(4, 'There is no hold', 'hold', 'show', 'tran_00000000300r')
    await refused(4, 'There is no account', 'hold', 'list', 'acct_00000000300r')
    await refused(2, "missing required argument 'hold'", 'hold', 'void')
    await refused(2, 'required option', 'hold', 'create', '--debit', bank)
    await refused(4, 'expiresAt', 'hold', 'create', ...sides('1.00'), '--expires', 'tomorrow')
  })
})

describe('entries, corrections and transfers', () => {
  test('of any number of lines', async () => {
    const lines = ['--debit', `${bank}=2.00`, '--debit', `${cash}=3.00`, '--credit', `${capital}=5.00:CNY`]
    const posted = await done('entry', 'post', ...lines, '--key', 'entry-1')
    expect(await done('entry', 'post', ...lines, '--key', 'entry-1')).toEqual(posted)
    const entry = await done('entry', 'show', String(posted.entry))
    expect(entry.lines).toMatchObject([
      { side: 'debit', account: bank, amount: '2.00' },
      { side: 'debit', account: cash, amount: '3.00' },
      { side: 'credit', account: capital, amount: '5.00' },
    ])
    const shown = await ledger('entry', 'show', String(posted.entry))
    expect(shown.stdout).toMatch(/\nlines\nside +account +amount +currency/)
    await refused(2, 'is not of the form', 'entry', 'post', '--debit', bank, '--credit', `${cash}=1.00`)
    await refused(4, 'entry_not_balanced', 'entry', 'post', '--debit', `${bank}=1.00`, '--credit', `${cash}=2.00`)
  })

  test('what was wrong is put right as one entry', async () => {
    const { transfers } = await done('post', ...sides('4.00'))
    const [wrong = ''] = transfers
    expect(await done('transfer', wrong)).toMatchObject({ id: wrong, kind: 'posted', amount: '4.00', debit: bank })
    const corrected = await done('correct', wrong, ...sides('40.00'))
    expect(corrected.transfers).toHaveLength(2)
    expect(await done('reversal', wrong)).toEqual({ transfer: wrong, amount: '4.00', reversed: '4.00', left: '0.00' })
    await refused(4, 'There is no transfer', 'transfer', 'tran_00000000300r')
  })

  test('on customers’ accounts are only proposed', async () => {
    const wallets: unknown = await done('accounts', '--subject', '2001', '--limit', '1')
    const [wallet] = Array.isArray(wallets) ? wallets : []
    const ended = await ledger('post', '--debit', cash, '--credit', wallet.id, '--amount', '1.00', '--any-account')
    expect([ended.code, ended.stdout]).toEqual([0, expect.stringMatching(/^Proposed as appr_/)])
  })
})

describe('sets and exchange', () => {
  test('a set counts its members', async () => {
    const set = String((await done('set', 'create', 'Branches')).id)
    const below = String((await done('set', 'create', 'Suzhou', '--parent', set)).id)
    await done('set', 'add', below, cash)
    const members: unknown = await done('set', 'members', set)
    expect(members).toEqual([{ account: cash }])
    expect(await done('set', 'show', set)).toMatchObject({
      name: 'Branches',
      balances: [{ members: 1, currency: 'CNY' }],
    })
    await done('set', 'remove', below, cash)
    const none: unknown = await done('set', 'members', set)
    expect(none).toEqual([])
    await refused(4, 'There is no set', 'set', 'members', 'aset_00000000300r')
  })

  test('currencies are exchanged through positions, which are revalued', async () => {
    for (const subject of ['3002', '5101', '5102', '6101']) await opened(subject)
    await opened('3002', 'USD')
    const yuan = await opened('2003')
    const dollars = await opened('2003', 'USD')
    const words = ['--sell', yuan, '--sell-currency', 'CNY', '--buy', dollars, '--buy-currency', 'USD', '--base', 'USD']
    const rate = ['--mid-rate', '7.2', '--spread-bps', '50']
    const exchanged = await done('fx', 'exchange', ...words, '--buy-amount', '10.00', ...rate)
    expect(exchanged).toMatchObject({ bought: '10.00', sold: '72.36', appliedRate: '7.236' })
    const positions: unknown = await done('fx', 'positions')
    expect(positions).toMatchObject([
      { currency: 'CNY', position: '72.36' },
      { currency: 'USD', position: '-10.00' },
    ])
    expect(await done('fx', 'revalue', '--base', 'CNY', '--rate', 'USD=7.1')).toMatchObject({ gain: '1.36' })
    await refused(4, 'one of appliedRate', 'fx', 'exchange', ...words, '--buy-amount', '1.00', '--mid-rate', '7.2')
    await refused(2, 'CURRENCY=RATE', 'fx', 'revalue', '--base', 'CNY', '--rate', 'USD')
  })
})

describe('the journal', () => {
  test('has an end, years and checkpoints', async () => {
    const head = await done('head')
    expect(head).toMatchObject({ hash: expect.stringMatching(/^[0-9a-f]{64}$/) })
    const years: unknown = await done('years')
    expect(years).toEqual([])
    expect(await done('checkpoint')).toEqual({ state: 'current', last: null, fault: null })
    expect((await ledger('checkpoint')).stdout).toMatch(/^state +current$/m)
  })

  test('tells what happened, and goes on as it happens', async () => {
    const told = async (...args: readonly string[]) => {
      const ended = await ledger('events', ...args, '--json')
      expect([ended.code, ended.stderr]).toEqual([0, ''])
      return ended.stdout
        .split('\n')
        .slice(0, -1)
        .map((line): { id: string; type: string; data: { transfer?: string } } => JSON.parse(line))
    }
    const first = await done('post', ...sides('1.00'))
    const posted = await told('--type', 'transfer.*', '--account', bank, '--limit', '1000')
    expect(posted.at(-1)).toMatchObject({ type: 'transfer.posted', data: { transfer: first.transfers[0] } })
    const place = posted.at(-1)?.id ?? ''
    const follow = ['ledger', 'events', '--follow', '--after', place, '--json', '--data', data]
    const following = launchUntil('"amount":"2.00"', follow)
    await done('post', ...sides('2.00'))
    await (await following).signal('SIGTERM')
    expect(await told('--after', place, '--type', 'transfer.posted')).toMatchObject([{ data: { amount: '2.00' } }])
    expect((await ledger('events', '--limit', '1')).stdout).toMatch(/^\d+-\d+ {2}\S+Z {2}chart\.adopted {2}kind=/)
    await refused(4, 'types', 'events', '--type', 'transfer.lost')
    await refused(4, 'after', 'events', '--after', '999999-0')
  })

  test('a change needs a running server, and says so', async () => {
    const ended = await huitongHere('ledger', 'open', '--subject', '1002', '--data', join(root, 'none'))
    expect([ended.code, ended.stderr]).toEqual([3, expect.stringContaining('No server runs on')])
  })
})
