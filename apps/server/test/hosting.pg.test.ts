import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createBankQueries } from '@huitong/bank'
import { createLog } from '@huitong/http'
import { verifyLedger } from '@huitong/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BUSINESS_TIES } from '../src/business-ties.ts'
import { openIdentity } from '../src/identity.ts'
import { readConfig } from '../src/options.ts'
import { type RunningServer, startServer } from '../src/start.ts'

/** The demo world with all its institutions in this process, whose messages go over HTTP on this machine. */
const CLI = join(import.meta.dirname, '../../cli/src/main.ts')
const HUB = ['--institution', 'central_clearing'] as const
let data: string
let server: RunningServer

async function start(env: Readonly<Record<string, string>> = {}, port = 0): Promise<RunningServer> {
  const config = readConfig(['--data', data, '--port', String(port)], env)
  if (!config.ok || config.value === 'help') throw new Error('the options are right')
  return await startServer(config.value, createLog({ level: 'silent' }), new AbortController().signal)
}

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'huitong-hosting-'))
  server = await start()
})

afterAll(async () => {
  await server?.stop()
  await rm(data, { recursive: true, force: true })
})

async function cli(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...args, '--data', data])
  return stdout
}

function hosted(schema: string) {
  const found = server.institutions.find(({ spec }) => spec.schema === schema)?.hosted
  if (found === undefined) throw new Error(`${schema} is not up`)
  return found
}

function bankOf(schema: string) {
  const { institution } = hosted(schema)
  const { bank } = institution.own
  if (bank === undefined) throw new Error(`${schema} is no bank`)
  return { ...institution, bank, queries: createBankQueries(institution.db) }
}

async function accountNumber(schema: string): Promise<string> {
  const rows = await bankOf(schema).db.read(
    (tx) => tx.sql<{ number: string }[]>`select number from bank_accounts order by account_id`,
  )
  return rows[0]?.number ?? ''
}

/** Posted on an account of the bank's books by its subject, in fen. */
async function posted(schema: string, subject: string): Promise<bigint> {
  const { db, committer } = hosted(schema).institution
  await committer.flush()
  const [row] = await db.read(
    (tx) => tx.sql<{ minor: string }[]>`
      select coalesce(sum(b.credits_posted - b.debits_posted), 0)::text as minor
      from ledger_accounts a join ledger_balances b on b.account_id = a.id where a.subject = ${subject}`,
  )
  return BigInt(row?.minor ?? '0')
}

function record(value: unknown): { readonly reference: string } {
  if (typeof value === 'object' && value !== null && 'reference' in value) return { reference: String(value.reference) }
  throw new Error(`no payment: ${JSON.stringify(value)}`)
}

/** A session of the bank's customer in the demo world. */
async function customerToken(schema: string): Promise<string> {
  const { institution, url } = hosted(schema)
  const identity = openIdentity(institution, { demo: true, origin: undefined, cookieSuffix: '', baseUrl: () => url })
  const [row] = await institution.db.read(
    (tx) => tx.sql<{ id: bigint }[]>`select customer_id as id from bank_accounts order by account_id`,
  )
  const { token } = await identity.issueSignInLink({ kind: 'customer', id: Number(row?.id) })
  const answer = await fetch(`${url}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  })
  const body: unknown = await answer.json()
  if (typeof body !== 'object' || body === null || !('sessionToken' in body)) throw new Error(JSON.stringify(body))
  return String(body.sessionToken)
}

async function pay(amountMinor: bigint, mode: 'gross' | 'net', key: string): Promise<string> {
  const { bank, committer, chance } = bankOf('taihu_bank')
  const outcome = await committer.submit({
    kind: bank.send,
    input: {
      ...{ account: await accountNumber('taihu_bank'), customer: null, amountMinor, mode, uetr: chance.uuid() },
      ...{ payeeBank: '990200000028', payeeAccount: await accountNumber('lanshan_bank'), payeeName: '苏晚晴' },
      remittance: null,
    },
    idempotency: { caller: 'test', key },
  })
  if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome))
  return outcome.answer.reference
}

async function settled(reference: string): Promise<void> {
  await expect
    .poll(
      async () => {
        const rows = await bankOf('taihu_bank').db.read(
          (tx) => tx.sql<{ state: string }[]>`select state from bank_payments where reference = ${reference}`,
        )
        return rows[0]?.state
      },
      { timeout: 60_000, interval: 50 },
    )
    .toBe('settled')
}

function pathsOf(described: unknown): readonly string[] {
  const paths = typeof described === 'object' && described !== null && 'paths' in described ? described.paths : {}
  return Object.keys(paths ?? {})
}

/** The payee's bank hears of it after the payer's. */
async function postedBecomes(schema: string, subject: string, minor: bigint): Promise<void> {
  await expect.poll(() => posted(schema, subject), { timeout: 60_000, interval: 50 }).toBe(minor)
}

describe('a program with several institutions', () => {
  it('looks at each address like that institution alone', async () => {
    expect(server.institutions.map(({ spec, hosted: up }) => [spec.schema, up !== undefined])).toEqual([
      ['yunhe_pay', true],
      ['taihu_bank', true],
      ['lanshan_bank', true],
      ['central_clearing', true],
    ])
    const paths = new Map<string, readonly string[]>()
    for (const { spec, hosted: up } of server.institutions) {
      const home = await (await fetch(`${up?.url}/`)).text()
      expect(home).toContain(spec.name)
      expect((await fetch(`${up?.url}/readyz`)).status).toBe(200)
      const described: unknown = await (await fetch(`${up?.url}/openapi.json`)).json()
      paths.set(spec.schema, pathsOf(described))
    }
    expect(paths.get('yunhe_pay')).toContain('/v1/customers/{id}')
    expect(paths.get('yunhe_pay')).toContain('/v1/me/cards')
    expect(paths.get('yunhe_pay')).not.toContain('/v1/bank/accounts')
    expect(paths.get('taihu_bank')).toContain('/v1/bank/accounts')
    expect(paths.get('taihu_bank')).not.toContain('/v1/me/cards')
    expect(paths.get('taihu_bank')).not.toContain('/v1/customers/{id}')
  })

  it('lets the operator of one in nowhere else', async () => {
    const [a, b] = [hosted('taihu_bank'), hosted('lanshan_bank')]
    const asked = async (url: string, token: string) =>
      (await fetch(`${url}/v1/peers`, { headers: { authorization: `Bearer ${token}` } })).status
    expect(await asked(a.url, a.token)).toBe(200)
    expect(await asked(b.url, a.token)).toBe(401)
  })

  it('keeps whoever signs in at one signed in at the others', async () => {
    const names = []
    for (const schema of ['yunhe_pay', 'taihu_bank', 'lanshan_bank']) {
      const { url, signInLinks } = hosted(schema)
      const body = new URLSearchParams({ token: signInLinks[0]?.url.split('/').at(-1) ?? '' })
      const headers = { origin: url }
      const signedIn = await fetch(`${url}/signin`, { method: 'POST', headers, body, redirect: 'manual' })
      expect(signedIn.status).toBe(303)
      names.push(signedIn.headers.getSetCookie()[0]?.split('=')[0])
    }
    expect(names).toEqual(['huitong-session', 'huitong-session-taihu_bank', 'huitong-session-lanshan_bank'])
  })

  it('changes a peer only when a second member of staff says so too', async () => {
    const { url, token } = hosted('taihu_bank')
    const asked = await fetch(`${url}/v1/peers/990900000095`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': 'elsewhere' },
      body: JSON.stringify({ name: 'Somebody', url: 'https://elsewhere.example', state: 'active' }),
    })
    expect(asked.status).toBe(202)
    const shown = await fetch(`${url}/v1/peers/990900000095`, { headers: { authorization: `Bearer ${token}` } })
    expect(await shown.json()).toMatchObject({ name: 'Central Clearing', url: hosted('central_clearing').url })
  })

  it('is asked about one of them on the command line', async () => {
    const lines = await cli('peers', 'list', '--institution', 'central_clearing', '--json')
    expect(JSON.parse(lines)).toMatchObject([
      ...[{ name: 'Taihu Bank' }, { name: 'Lanshan Bank' }, { name: 'Yunhe Pay' }],
    ])
    await expect(cli('peers', 'list', '--institution', 'nobody')).rejects.toThrow(/does not host nobody/)
  })

  it('carries a payment from bank to bank over the clearing house', async () => {
    const before = await posted('lanshan_bank', '2101')
    await settled(await pay(128_50n, 'net', 'net'))
    await postedBecomes('lanshan_bank', '2101', before + 128_50n)
    // What the banks owe each other stands with the clearing house until its window settles.
    const [open] = JSON.parse(await cli('clearing', 'windows', ...HUB, '--json'))
    // The window may have ended by the clock meanwhile; then nothing is owed any more.
    if (open.payments === 1) {
      expect(await posted('taihu_bank', '2003')).toBe(128_50n)
      expect(await posted('lanshan_bank', '2003')).toBe(-128_50n)
      expect(await cli('clearing', 'settle', String(open.window), ...HUB)).toContain(
        '1 payments of 128.50 CNY moved 128.50 CNY',
      )
    }
    for (const bank of ['taihu_bank', 'lanshan_bank']) await postedBecomes(bank, '2003', 0n)
    expect((await verifyLedger(hosted('central_clearing').institution.db, { ties: BUSINESS_TIES })).findings).toEqual(
      [],
    )
  })

  it('is the clearing house of its participants on the command line', async () => {
    expect(JSON.parse(await cli('clearing', 'participants', ...HUB, '--json'))).toMatchObject([
      { member: '990100000011', name: 'Taihu Bank', status: 'active', cap: '500000.00' },
      { member: '990200000028', name: 'Lanshan Bank' },
      { member: '990700000071', name: 'Yunhe Pay', status: 'active' },
    ])
    const [payment] = JSON.parse(await cli('clearing', 'payments', ...HUB, '--state', 'settled', '--json'))
    expect(payment).toMatchObject({ payer: '990100000011', amount: '128.50', mode: 'net', state: 'settled' })
    expect(await cli('clearing', 'payment', payment.reference, ...HUB)).toMatch(/^amount +128\.50$/m)
    expect(await cli('clearing', 'report', ...HUB)).toContain('128.50')
    expect(await cli('clearing', 'fund', '990100000011', '5.00', ...HUB)).toMatch(/^Proposed: appr_/)
    expect(await cli('clearing', 'suspend', '990200000028', ...HUB)).toBe('990200000028 is suspended.\n')
    expect(await cli('clearing', 'resume', '990200000028', ...HUB)).toMatch(/^Proposed: appr_/)
    const { institution } = hosted('central_clearing')
    const { clearing } = institution.own
    if (clearing === undefined) throw new Error('it is the clearing house')
    const input = { member: '990200000028', status: 'active' } as const
    expect((await institution.committer.submit({ kind: clearing.setStatus, input })).status).toBe('done')
    await expect(cli('clearing', 'participants', '--institution', 'taihu_bank')).rejects.toThrow(/not_found/)
  })

  it('is a bank of its customers over HTTP and on the command line', async () => {
    const bank = ['--institution', 'taihu_bank'] as const
    const [account] = JSON.parse(await cli('bank', 'accounts', ...bank, '--json'))
    expect(account).toMatchObject({ number: await accountNumber('taihu_bank'), state: 'open', singleMax: '100000.00' })
    const [payment] = JSON.parse(await cli('bank', 'payments', ...bank, '--state', 'settled', '--json'))
    expect(payment).toMatchObject({ way: 'out', account: account.id, amount: '128.50', mode: 'net' })
    expect(await cli('bank', 'payment', payment.reference, ...bank)).toMatch(/^state +settled$/m)
    const { url } = hosted('taihu_bank')
    const token = await customerToken('taihu_bank')
    const own = await fetch(`${url}/v1/me/bank/accounts`, { headers: { authorization: `Bearer ${token}` } })
    expect(await own.json()).toMatchObject({ items: [{ id: account.id, number: account.number }] })
    const before = await posted('lanshan_bank', '2101')
    const sent = await fetch(`${url}/v1/me/bank/payments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': 'tea' },
      body: JSON.stringify({
        ...{ account: account.id, amount: '20.00', payeeBank: '990200000028', payeeName: '苏晚晴', remittance: '茶' },
        payeeAccount: await accountNumber('lanshan_bank'),
      }),
    })
    expect(sent.status).toBe(201)
    await settled(record(await sent.json()).reference)
    await postedBecomes('lanshan_bank', '2101', before + 20_00n)
    expect(await cli('bank', 'agreements', account.id, ...bank)).toBe('\n')
    expect(await cli('bank', 'deposit', account.id, '5.00', ...bank)).toMatch(/^Proposed: appr_/)
    expect((await verifyLedger(hosted('taihu_bank').institution.db, { ties: BUSINESS_TIES })).findings).toEqual([])
  })

  it('keeps everything, messages on their way included, when it stops and starts again', async () => {
    const before = await posted('lanshan_bank', '2101')
    const reference = await pay(10_00n, 'net', 'before the stop')
    await server.stop()
    server = await start()
    await settled(reference)
    await postedBecomes('lanshan_bank', '2101', before + 10_00n)
    expect(await pay(10_00n, 'net', 'before the stop')).toBe(reference)
  })

  it('goes on without one that cannot start, and says which', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const file = join(data, 'other.json')
    const regulator = { schema: 'supervision', name: 'Supervision', kind: 'regulator' }
    await writeFile(
      file,
      JSON.stringify([
        { schema: 'yunhe_pay', name: 'Yunhe Pay', kind: 'wallet_platform' },
        { ...regulator, port },
        { ...regulator, schema: 'qiantang_fund', name: 'Qiantang Fund', kind: 'fund_manager' },
      ]),
    )
    await server.stop()
    server = await start({ HUITONG_INSTITUTIONS: file })
    taken.close()
    expect(server.institutions.map(({ spec, hosted: up }) => [spec.schema, up !== undefined])).toEqual([
      ['yunhe_pay', true],
      ['supervision', false],
      ['qiantang_fund', true],
    ])
    expect(server.institutions[1]).toMatchObject({ fault: expect.stringMatching(/EADDRINUSE/) })
    expect((await fetch(`${hosted('qiantang_fund').url}/readyz`)).status).toBe(200)
    const health: unknown = await (await fetch(`${server.url}/health`)).json()
    expect(health).toMatchObject({
      institutions: [
        { institution: 'yunhe_pay', state: 'running', url: server.url },
        { institution: 'supervision', state: 'not_started', url: null },
        { institution: 'qiantang_fund', state: 'running' },
      ],
    })
  })
})
