import { execFileSync } from 'node:child_process'
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { huitong, startHuitong } from './cli.ts'

let root: string
let data: string
let server: { stop(): Promise<void> } | undefined

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'huitong-cli-'))
  data = join(root, 'data')
  server = await startHuitong(data)
}, 300_000)

afterAll(async () => {
  await server?.stop()
  await rm(root, { recursive: true, force: true })
}, 240_000)

async function customerId(): Promise<string> {
  return /"id": "(cust_\w+)"/.exec(await readFile(join(data, 'demo.json'), 'utf8'))?.[1] ?? ''
}

/** The accounts of a chart subject, as the command prints them. */
async function accounts(folder: string, subject: string): Promise<{ id: string; balance: string }[]> {
  const ended = await huitong('ledger', 'accounts', '--data', folder, '--subject', subject, '--json')
  expect([ended.code, ended.stderr]).toEqual([0, ''])
  const found: { id: string; balance: string }[] = JSON.parse(ended.stdout)
  return found
}

/** An account of the institution's own that the demo does not have. */
async function openCapital(): Promise<string> {
  const { url, token } = JSON.parse(await readFile(join(data, 'server.json'), 'utf8'))
  const answer = await fetch(`${url}/v1/ledger/accounts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': 'capital' },
    body: JSON.stringify({ subject: '4001', currency: 'CNY' }),
  })
  return Object(await answer.json()).id
}

describe('beside a running server', () => {
  test('a payment code is all that is printed', async () => {
    const ended = await huitong('demo', 'payment-code', '--customer', await customerId(), '--data', data)
    expect([ended.code, ended.stderr]).toEqual([0, ''])
    expect(ended.stdout).toMatch(/^(2[5-9]|30)\d{16}\n$/)
  })

  test('the customer may be named as people do', async () => {
    const [, name = '', userNumber = ''] =
      /"name": "([^"]+)",\s*"balance": "[^"]*",\s*"userNumber": "(\d+)"/.exec(
        await readFile(join(data, 'demo.json'), 'utf8'),
      ) ?? []
    for (const customer of [name, userNumber]) {
      const ended = await huitong('demo', 'payment-code', '--customer', customer, '--data', data)
      expect([ended.code, ended.stderr]).toEqual([0, ''])
      expect(ended.stdout).toMatch(/^\d{18}\n$/)
    }
    const unknown = await huitong('demo', 'payment-code', '--customer', 'Nobody', '--data', data)
    expect([unknown.code, unknown.stdout, unknown.stderr.includes(name)]).toEqual([4, '', true])
  })

  test('a customer who does not exist gets none, in a sentence', async () => {
    const ended = await huitong('demo', 'payment-code', '--customer', 'cust_00000000300r', '--data', data)
    expect([ended.code, ended.stdout]).toEqual([4, ''])
    expect(ended.stderr).not.toContain('    at ')
  })

  test('accounts and statements are shown as tables', async () => {
    const list = await huitong('ledger', 'accounts', '--data', data)
    expect(list.stdout).toContain('Customer reserve')
    const [reserve] = await accounts(data, '1001')
    const entries = await huitong('ledger', 'statement', reserve?.id ?? '', '--data', data, '--limit', '3')
    expect(entries.stdout).toContain('top_up')
    expect(entries.stdout).toContain('More than 3')
  })

  test('a posting on a customer’s account is refused, and says under which key it was tried', async () => {
    const [reserve] = await accounts(data, '1001')
    const [wallet] = await accounts(data, '2001')
    const args = ['--debit', reserve?.id ?? '', '--credit', wallet?.id ?? '', '--amount', '1.00', '--data', data]
    const ended = await huitong('ledger', 'post', ...args, '--key', 'k-1')
    expect(ended.code).toBe(4)
    expect(ended.stderr).toContain('Idempotency-Key: k-1')
    expect(ended.stderr).toContain('account_needs_approval')
  })

  test('a transfer between own accounts is taken back in parts, but not a customer’s', {
    timeout: 180_000,
  }, async () => {
    const [reserve] = await accounts(data, '1001')
    const sides = ['--debit', reserve?.id ?? '', '--credit', await openCapital(), '--data', data]
    const posted = await huitong('ledger', 'post', ...sides, '--amount', '5.00', '--json')
    expect([posted.code, posted.stderr]).toEqual([0, ''])
    const [transfer] = JSON.parse(posted.stdout).transfers
    const part = await huitong('ledger', 'reverse', transfer, '--amount', '2.00', '--key', 'r-1', '--data', data)
    expect([part.code, part.stderr]).toEqual([0, 'Idempotency-Key: r-1\n'])
    const tooMuch = await huitong('ledger', 'reverse', transfer, '--amount', '3.01', '--data', data)
    expect([tooMuch.code, tooMuch.stderr.includes('exceeds_unreversed')]).toEqual([4, true])
    expect((await huitong('ledger', 'reverse', transfer, '--data', data)).code).toBe(0)
    expect((await huitong('ledger', 'reverse', transfer, '--entry', '--amount', '1', '--data', data)).code).toBe(2)
    const [wallet] = await accounts(data, '2001')
    const lines = await huitong('ledger', 'statement', wallet?.id ?? '', '--data', data, '--json')
    const refused = await huitong('ledger', 'reverse', JSON.parse(lines.stdout).entries[0].transfer, '--data', data)
    expect([refused.code, refused.stderr.includes('account_needs_approval')]).toEqual([4, true])
  })

  test('a template is published, tried and run', { timeout: 180_000 }, async () => {
    const [reserve] = await accounts(data, '1001')
    const file = join(root, 'template.json')
    const side = (side: string, parameter: string) => ({
      side,
      account: { parameter },
      currency: 'CNY',
      amount: 'amount',
    })
    const parameters = {
      amount: { type: 'amount', currency: 'CNY' },
      to: { type: 'account' },
      from: { type: 'account' },
    }
    await writeFile(file, JSON.stringify({ parameters, lines: [side('debit', 'to'), side('credit', 'from')] }))
    const put = await huitong('ledger', 'template', 'put', 'capital', file, '--data', data)
    expect([put.code, put.stdout]).toEqual([0, 'Published capital, version 1; balance proved.\n'])
    const run = [
      'ledger',
      'template',
      'run',
      'capital',
      `to=${reserve?.id}`,
      `from=${await openCapital()}`,
      '--data',
      data,
    ]
    const dry = await huitong(...run, 'amount=7.00', '--dry-run')
    expect([dry.code, dry.stdout.includes('7.00'), dry.stdout.includes('Nothing was posted')]).toEqual([0, true, true])
    expect((await huitong(...run, 'amount=0.00', '--dry-run')).code).toBe(4)
    expect((await huitong(...run, 'amount', '--dry-run')).code).toBe(2)
    const done = await huitong(...run, 'amount=7.00', '--key', 't-1')
    expect([done.code, done.stderr]).toEqual([0, 'Idempotency-Key: t-1\n'])
    expect((await huitong('ledger', 'template', 'list', '--data', data)).stdout).toContain('capital')
    expect((await huitong('ledger', 'template', 'show', 'capital', '--data', data)).stdout).toContain('"amount"')
    expect((await huitong('ledger', 'template', 'show', 'nothing', '--data', data)).code).toBe(4)
  })

  test('a wallet is frozen and the freeze is lifted', { timeout: 180_000 }, async () => {
    const [wallet] = await accounts(data, '2001')
    const options = ['--cause', 'risk', '--reference', 'case 17', '--data', data, '--json']
    const placed = await huitong('ledger', 'freeze', wallet?.id ?? '', ...options)
    expect([placed.code, placed.stderr]).toEqual([0, ''])
    const lifted = await huitong('ledger', 'lift', JSON.parse(placed.stdout).id, '--data', data, '--key', 'l-1')
    expect([lifted.code, lifted.stderr]).toEqual([0, 'Idempotency-Key: l-1\n'])
  })

  test('bounds of an account are set, and a closed account is opened again', { timeout: 180_000 }, async () => {
    const account = await openCapital()
    const run = (...args: readonly string[]) =>
      huitong('ledger', ...args, '--data', data, '--key', `b-${args.join(' ')}`)
    const limit = await run('credit-limit', account, '500.00')
    expect([limit.code, limit.stdout]).toEqual([0, `Changed: ${account}\n`])
    expect((await run('ceiling', account, '1000.00')).code).toBe(0)
    expect((await run('ceiling', account)).code).toBe(0)
    expect((await run('floor', account)).code).toBe(0)
    expect((await run('floor', account, '5000.00')).code).toBe(4)
    const open = await run('reopen', account, '--reason', 'late_money')
    expect([open.code, open.stderr.includes('account_not_closed')]).toEqual([4, true])
    expect((await run('reopen', account, '--reason', 'because')).code).toBe(2)
  })

  test('a day is closed, tied and made final, and reports show it', { timeout: 180_000 }, async () => {
    const run = async (...args: readonly string[]) => huitong('ledger', ...args, '--data', data)
    const closed = await run('close-day', '--key', 'day-1')
    expect([closed.code, closed.stderr]).toEqual([0, 'Idempotency-Key: day-1\n'])
    const next = /it is (\d{4}-\d\d-\d\d) now/.exec(closed.stdout)?.[1] ?? ''
    expect((await run('close-day', '--key', 'day-1')).stdout).toBe(closed.stdout)
    const [day] = JSON.parse((await run('days', '--json')).stdout)
    expect(day).toMatchObject({ nextDay: next, closedBy: 'staff:1' })
    expect((await run('days', '--limit', '1')).stdout).toContain(day.day)
    const tie = await run('tie')
    expect([tie.code, tie.stdout]).toEqual([0, expect.stringContaining('Accounts add up to their subjects')])
    expect(JSON.parse((await run('tie', '--json')).stdout)).toMatchObject({ tied: true, differences: [] })
    // The server's own job ties the day.
    await expect
      .poll(async () => (await run('finalize-days', day.day)).code, { timeout: 120_000, interval: 500 })
      .toBe(0)
    expect((await run('finalize-days', day.day)).stderr).toContain('day_already_final')
    const year = await run('close-year', '2200')
    expect([year.code, year.stderr]).toEqual([4, expect.stringContaining('year_not_final')])
    expect((await run('close-year', '26')).code).toBe(2)

    const trial = await run('trial-balance', '--closing', 'before')
    expect([trial.code, trial.stdout]).toEqual([0, expect.stringContaining('2001 Customer wallets')])
    expect(trial.stdout).toContain('Balanced.')
    const sheet = JSON.parse((await run('balance-sheet', '--from', day.day, '--to', next, '--json')).stdout)
    expect(sheet).toMatchObject({ from: day.day, to: next, basis: 'booking', reports: [{ balanced: true }] })
    const income = await run('income-statement', '--basis', 'value', '--csv')
    expect(income.stdout).toMatch(/^currency,subject,name,/)
    expect((await run('trial-balance', '--from', next, '--to', day.day)).code).toBe(2)
    expect((await run('trial-balance', '--basis', 'soon')).code).toBe(2)
  })

  test('the clock of the demo moves', async () => {
    const ended = await huitong('demo', 'advance', '2d', '--data', data)
    expect(ended.code).toBe(0)
    expect(ended.stdout).toMatch(/^The demo's clock says \d{4}-/)
  })

  test('the ledger is found sound', async () => {
    const ended = await huitong('ledger', 'verify', '--data', data)
    expect([ended.code, ended.stderr]).toEqual([0, ''])
    expect(ended.stdout).toMatch(/Sound: nothing was found\.\n$/)
    expect(ended.stdout).toMatch(/[1-9]\d* signed heads were checked/)
  })

  test('a checkpoint is written, begun at, and not believed once it was changed', async () => {
    // The server writes one, too, as the demo's days have closed: it must not put back what is changed here.
    await expect
      .poll(async () => JSON.parse((await huitong('ledger', 'checkpoint', '--data', data, '--json')).stdout).state, {
        ...{ timeout: 60_000, interval: 500 },
      })
      .toBe('current')
    const none = await huitong('ledger', 'verify', '--data', data, '--institution', 'yunhe_pay', '--from', 'start')
    expect(none.stdout).not.toContain('checkpoint')
    const written = await huitong('ledger', 'verify', '--data', data, '--from', 'start', '--checkpoint')
    expect([written.code, written.stderr]).toEqual([0, ''])
    const [, batch = ''] = /A checkpoint of batch (\d+) was written/.exec(written.stdout) ?? []
    const begun = await huitong('ledger', 'verify', '--data', data, '--json')
    expect(JSON.parse(begun.stdout)).toMatchObject({ sound: true, after: Number(batch) })
    const folder = join(data, 'checkpoints')
    // Without those that the server wrote when days closed: verification would begin at one of them instead.
    for (const name of await readdir(folder)) {
      if (/\.checkpoint(\.json)?$/.test(name) && !name.startsWith(`yunhe_pay-${batch}.`)) await rm(join(folder, name))
    }
    const file = join(folder, `yunhe_pay-${batch}.checkpoint`)
    const text = await readFile(file, 'utf8')
    await writeFile(
      file,
      text.replace(/(?<=\["transfers",)\d/, (digit) => (digit === '9' ? '8' : '9')),
    )
    const required = await huitong('ledger', 'verify', '--data', data, '--from', 'checkpoint')
    expect([required.code, required.stdout]).toEqual([4, ''])
    expect(required.stderr).toContain('its file is not the one that was signed')
    const instead = await huitong('ledger', 'verify', '--data', data)
    expect(instead.code).toBe(5)
    expect(instead.stdout).toContain('1 × checkpoint_refused')
    await writeFile(file, text)
    const unhashed = await huitong('ledger', 'verify', '--data', data, '--from', '2', '--checkpoint')
    expect([unhashed.code, unhashed.stdout]).toEqual([2, ''])
  }, 180_000)
})

test('a transfer is proved to one who has only the public key', async () => {
  const [reserve] = await accounts(data, '1001')
  const statement = await huitong('ledger', 'statement', reserve?.id ?? '', '--data', data, '--limit', '1', '--json')
  const [entry] = JSON.parse(statement.stdout).entries
  const proved = await huitong('ledger', 'proof', entry.transfer, '--data', data)
  expect([proved.code, proved.stderr]).toEqual([0, ''])
  const file = join(root, 'proof.json')
  await writeFile(file, proved.stdout)
  const script = join(import.meta.dirname, '../../../docs/examples/check-proof.mjs')
  const key = join(data, 'keys', 'yunhe_pay.head.public.pem')
  const said = execFileSync(process.execPath, [script, file, key]).toString()
  expect(said).toContain(`Proved: ${entry.transfer} moved`)
  const none = await huitong('ledger', 'proof', 'tran_nonsense', '--data', data)
  expect([none.code, none.stdout]).toEqual([2, ''])
})

describe('asking the running server for what cannot be', () => {
  test.each([
    ['a key that is no text', ['--key', '\u8336']],
    ['a key of two lines', ['--key', 'a\nb']],
    ['no key at all', ['--key', '']],
  ])('with %s posts nothing', async (_, more) => {
    const args = ['--debit', 'acct_1', '--credit', 'acct_2', '--amount', '1.00', '--data', data]
    const ended = await huitong('ledger', 'post', ...args, ...more)
    expect([ended.code, ended.stdout]).toEqual([2, ''])
    expect(ended.stderr).toContain('printable ASCII')
    expect(ended.stderr).not.toContain('No server runs')
  })

  test('verify names the file that is no key, and the batch that is not there', async () => {
    const noKey = await huitong('ledger', 'verify', '--data', data, '--public-key', join(data, 'demo.json'))
    expect([noKey.code, noKey.stdout]).toEqual([2, ''])
    expect(noKey.stderr).toContain('demo.json holds no Ed25519 public key.')
    const beyond = await huitong('ledger', 'verify', '--data', data, '--from', '999999999')
    expect([beyond.code, beyond.stdout]).toEqual([2, ''])
    expect(beyond.stderr).toContain('beyond the last batch')
    expect((await huitong('ledger', 'verify', '--data', data, '--from', '2')).code).toBe(0)
  })

  test.each(['', 'backup', 'postgres/backup'])('a backup into %j of the data folder is refused', async (below) => {
    const before = await readdir(data)
    const ended = await huitong('backup', below === '' ? '' : join(data, below), '--data', data)
    expect([ended.code, ended.stdout]).toEqual([4, ''])
    expect(ended.stderr).not.toContain('    at ')
    expect(await readdir(data)).toEqual(before)
  })
})

describe('mistakes of the user', () => {
  const cases: [string[], number][] = [
    [['nonsense'], 2],
    [['ledger', 'post'], 2],
    [['ledger', 'statement', 'acct_nonsense'], 2],
    [['demo', 'advance', '10x'], 2],
    [['demo', 'advance', '10d', '--data', '/nowhere'], 3],
    [['ledger', 'accounts', '--data', '/nowhere'], 2],
    [['restore', '/nowhere', '--data', '/nowhere/else'], 4],
    [['restore', '/nowhere', '--to', 'yesterday'], 2],
    [['restore', '', '--data', '/nowhere/else'], 4],
    [['ledger', 'accounts', '--data', ''], 2],
    [['ledger', 'verify', '--heads', ''], 2],
    [['ledger', 'verify', '--public-key', ''], 2],
  ]
  test.each(cases)('%j ends with %i and a sentence', async (args, code) => {
    const ended = await huitong(...args)
    expect([ended.code, ended.stdout]).toEqual([code, ''])
    expect(ended.stderr).toMatch(/\w/)
    expect(ended.stderr).not.toContain('    at ')
  })
})

describe('without a running server', () => {
  test('a backup is restored to the same sound ledger, its keys with it', async () => {
    const before = await accounts(data, '2001')
    const taken = await huitong('backup', join(root, 'backup'), '--data', data)
    expect([taken.code, taken.stderr]).toEqual([0, ''])
    await server?.stop()
    server = undefined

    const restored = join(root, 'restored')
    const laid = await huitong('restore', join(root, 'backup'), '--data', restored)
    expect([laid.code, laid.stderr]).toEqual([0, ''])
    expect(await accounts(restored, '2001')).toEqual(before)
    const verified = await huitong('ledger', 'verify', '--data', restored, '--json')
    expect([verified.code, JSON.parse(verified.stdout).sound]).toEqual([0, true])
    const key = 'keys/yunhe_pay.master.key'
    expect(await readFile(join(restored, key), 'utf8')).toBe(await readFile(join(data, key), 'utf8'))
  }, 300_000)

  test('accounts are shown, and a forged signed head is found', async () => {
    expect((await accounts(data, '2001')).length).toBeGreaterThan(7)
    const heads = join(data, 'heads', 'yunhe_pay.jsonl')
    const last = (await readFile(heads, 'utf8')).trimEnd().split('\n').at(-1) ?? ''
    await appendFile(
      heads,
      `${last.replace(/"hash":"./, (start) => start.slice(0, -1) + (start.endsWith('0') ? '1' : '0'))}\n`,
    )
    const ended = await huitong('ledger', 'verify', '--data', data)
    expect(ended.code).toBe(5)
    expect(ended.stdout).toContain('NOT SOUND')
  }, 240_000)
})
