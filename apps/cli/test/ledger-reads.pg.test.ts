import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { huitong, startHuitong } from './cli.ts'

let root: string
let data: string
let server: { stop(): Promise<void> } | undefined
let wallet: string
let keys = 0

// Each command is a process of its own; a busy machine takes seconds for one.
vi.setConfig({ testTimeout: 180_000 })

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'huitong-cli-reads-'))
  data = join(root, 'data')
  server = await startHuitong(data)
  const listed = await ledger('accounts', '--subject', '2001', '--limit', '1', '--json')
  wallet = JSON.parse(listed.stdout)[0].id
}, 120_000)

afterAll(async () => {
  await server?.stop()
  await rm(root, { recursive: true, force: true })
}, 60_000)

function ledger(...args: readonly string[]) {
  return huitong('ledger', ...args, '--data', data)
}

/** Asks the running server as its operator, for what the command line only reads. */
async function post(path: string, body: object): Promise<{ readonly id?: string }> {
  const { url, token } = JSON.parse(await readFile(join(data, 'server.json'), 'utf8'))
  keys += 1
  const answer = await fetch(`${url}/v1/ledger/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': `k-${keys}` },
    body: JSON.stringify(body),
  })
  expect([answer.status, path]).toEqual([expect.toSatisfy((status) => status === 200 || status === 201), path])
  const { id }: { id?: string } = Object(await answer.json())
  return id === undefined ? {} : { id }
}

describe('ledger statement as a file', () => {
  const period = ['--from', '2020-01-01', '--to', '2099-12-31']

  test.each([
    ['csv', /^line,accounting_day,/, /,top_up,.*\r\ninterim,2099-12-31,/],
    ['camt053', /<Nm>Yunhe Pay<\/Nm>/, /<Cd>ITBD<\/Cd>/],
    ['pdf', /^%PDF-1/, /%%EOF\s*$/],
  ])('is written as %s, once and never over a file that is there', async (format, start, end) => {
    const out = join(root, `statement.${format}`)
    const args = ['statement', wallet, ...period, '--format', format, '--out', out]
    const written = await ledger(...args)
    expect([written.code, written.stderr]).toEqual([0, ''])
    expect(written.stdout).toContain(`${out}: `)
    expect(written.stdout).toContain('the period is not closed yet')
    const content = await readFile(out, 'latin1')
    expect(content).toMatch(start)
    expect(content).toMatch(end)
    const again = await ledger(...args)
    expect([again.code, again.stdout]).toEqual([4, ''])
    expect(await readFile(out, 'latin1')).toBe(content)
  })

  test('says as JSON how many entries it has', async () => {
    const out = join(root, 'statement.json.csv')
    const written = await ledger('statement', wallet, ...period, '--format', 'csv', '--out', out, '--json')
    const { file, entries, final } = JSON.parse(written.stdout)
    expect([file, final]).toEqual([out, false])
    const lines = (await readFile(out, 'utf8')).trimEnd().split('\r\n')
    // The names of the columns, the opening and the closing balance are no entries.
    expect(lines).toHaveLength(entries + 3)
    expect(entries).toBeGreaterThan(0)
  })

  const nowhere = ['--format', 'csv', '--out', '/nowhere/at/all.csv']
  const mistakes: [string, number, string[]][] = [
    ['without a file', 2, ['--format', 'csv']],
    ['in an unknown format', 2, [...period, '--format', 'mt940', '--out', 'x']],
    ['of a day that is none', 2, ['--from', '2026-02-30', '--to', '2026-03-01', ...nowhere]],
    ['of a period that ends before it begins', 4, ['--from', '2026-02-02', '--to', '2026-02-01', ...nowhere]],
    ['into a folder that is not there', 4, [...period, ...nowhere]],
  ]
  test.each(mistakes)('%s ends with %i and a sentence', async (_, code, args) => {
    const ended = await ledger('statement', wallet, ...args)
    expect([ended.code, ended.stdout]).toEqual([code, ''])
    expect(ended.stderr).toMatch(/\w/)
    expect(ended.stderr).not.toContain('    at ')
  })

  test('of an account that is not there is refused', async () => {
    const ended = await ledger('statement', 'acct_000000000000', ...period, ...nowhere)
    expect([ended.code, ended.stderr]).toEqual([4, 'There is no account acct_000000000000.\n'])
  })
})

describe('ledger metadata and ledger find', () => {
  test('show what hangs on an account, and find it by key, value and prefix', async () => {
    expect((await ledger('metadata', wallet)).stdout).toBe('Nothing hangs on it.\n')
    await post(`accounts/${wallet}/metadata`, { metadata: { branch: '杭州 3', desk: '7' } })
    const shown = await ledger('metadata', wallet, '--json')
    expect([shown.code, JSON.parse(shown.stdout)]).toEqual([0, { branch: '杭州 3', desk: '7' }])
    expect((await ledger('metadata', wallet)).stdout).toContain('杭州 3')
    const hit = [{ id: wallet, value: '杭州 3' }]
    const found = async (...how: readonly string[]) => {
      const ended = await ledger('find', 'branch', '--of', 'account', '--json', ...how)
      expect([ended.code, ended.stderr]).toEqual([0, ''])
      return JSON.parse(ended.stdout)
    }
    expect(await found()).toEqual(hit)
    expect(await found('--value', '杭州 3')).toEqual(hit)
    expect(await found('--prefix', '杭')).toEqual(hit)
    expect(await found('--value', '杭')).toEqual([])
    expect((await ledger('find', 'branch', '--of', 'account')).stdout).toContain(wallet)
    expect(JSON.parse((await ledger('find', 'branch', '--json')).stdout)).toEqual([])
  })

  test('of a transfer, too', async () => {
    const lines = JSON.parse((await ledger('statement', wallet, '--json')).stdout)
    const [{ transfer }] = lines.entries
    await post(`transfers/${transfer}/metadata`, { metadata: { order: 'A-1' } })
    expect(JSON.parse((await ledger('metadata', transfer, '--json')).stdout)).toEqual({ order: 'A-1' })
    expect((await ledger('find', 'order', '--value', 'A-1')).stdout).toContain(transfer)
  })

  test.each([
    [2, ['metadata', 'nonsense']],
    [4, ['metadata', 'acct_000000000000']],
    [4, ['metadata', 'tran_000000000000']],
    [2, ['find', 'no key!']],
    [2, ['find', 'order', '--value', 'a', '--prefix', 'a']],
    [2, ['find', 'order', '--of', 'hold']],
    [2, ['find']],
  ])('end with %i when asked %j', async (code, args) => {
    const ended = await ledger(...args)
    expect([ended.code, ended.stdout]).toEqual([code, ''])
    expect(ended.stderr).toMatch(/\w/)
    expect(ended.stderr).not.toContain('    at ')
  })
})

describe('ledger sets', () => {
  test('shows each set with what its members have together, those above included', async () => {
    expect(JSON.parse((await ledger('sets', '--json')).stdout)).toEqual([])
    const { id: top } = await post('sets', { name: 'China' })
    const { id: city } = await post('sets', { name: 'Hangzhou', parent: top })
    await post(`sets/${city}/members`, { account: wallet })
    const [account] = JSON.parse((await ledger('accounts', '--subject', '2001', '--limit', '1', '--json')).stdout)
    const sums = { members: 1, currency: 'CNY', credit: account.balance }
    expect(JSON.parse((await ledger('sets', '--json')).stdout)).toEqual([
      { id: top, name: 'China', below: null, ...sums },
      { id: city, name: 'Hangzhou', below: top, ...sums },
    ])
    const table = (await ledger('sets')).stdout
    expect(table).toContain('Hangzhou')
    expect(table).toContain(account.balance)
    expect((await ledger('sets', '--limit', '1')).stdout).toContain('More than 1')
  })
})
