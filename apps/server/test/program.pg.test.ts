import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Program } from './program.ts'

// One program is started for most of this, as its users do: in a process of its own, with PostgreSQL of its own.
let root: string
let data: string
let program: Program
let url: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'huitong-program-'))
  data = join(root, 'data')
  program = new Program(['--data', data, '--port', '0'])
  url = await program.ready()
}, 300_000)

afterAll(async () => {
  await program.signal('SIGTERM')
  await rm(root, { recursive: true, force: true })
}, 240_000)

async function json(path: string): Promise<unknown> {
  const value: unknown = JSON.parse(await readFile(path, 'utf8'))
  return value
}

async function operator(): Promise<{ authorization: string }> {
  const file = await json(join(data, 'server.json'))
  return {
    authorization: `Bearer ${typeof file === 'object' && file !== null && 'token' in file ? String(file.token) : ''}`,
  }
}

describe('a started server', () => {
  test('says where it is, and how each role signs in', async () => {
    expect(program.output.split('\n')[0]).toBe(`Huitong is ready at ${url}`)
    const links = [...program.output.matchAll(/http:\S+\/signin\/\S+/g)].map((match) => match[0])
    expect(links).toHaveLength(2)
    for (const link of links) expect((await fetch(link)).status).toBe(200)
    expect(program.output).toMatch(/Demo world {5}yes: /)
  })

  test('tells programs in demo.json what they need, with balances that add up to the reserve', async () => {
    const demo = await json(join(data, 'demo.json'))
    expect(demo).toMatchObject({
      baseUrl: url,
      gateway: {
        url: `${url}/gateway.do`,
        v3Endpoint: url,
        appId: expect.stringMatching(/^2021\d{12}$/),
        appPrivateKeyFile: expect.stringContaining(data),
        platformPublicKeyFile: expect.stringContaining(data),
      },
    })
    const text = JSON.stringify(demo)
    const balances = [...text.matchAll(/"balance":"(\d+)\.(\d\d)"/g)].map((match) => BigInt(`${match[1]}${match[2]}`))
    expect(balances).toHaveLength(8)
    const answer = await fetch(`${url}/v1/ledger/accounts?subject=1001`, { headers: await operator() })
    const sum = balances.reduce((total, balance) => total + balance, 0n).toString()
    expect(await answer.text()).toContain(`"balance":"${sum.slice(0, -2)}.${sum.slice(-2)}"`)
  })

  test('keeps its keys and its token from other users of the machine', async () => {
    for (const name of await readdir(join(data, 'keys'))) {
      expect((await stat(join(data, 'keys', name))).mode & 0o777, name).toBe(0o600)
    }
    expect((await stat(join(data, 'server.json'))).mode & 0o777).toBe(0o600)
    expect((await stat(data)).mode & 0o077).toBe(0)
  })

  test('answers on its home page, which loads nothing', async () => {
    const answer = await fetch(url)
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await answer.text()).toContain('Yunhe Pay')
  })

  test('lets the operator in with the token of server.json, and nobody with another', async () => {
    const address = `${url}/v1/ledger/accounts`
    expect((await fetch(address, { headers: await operator() })).status).toBe(200)
    expect((await fetch(address)).status).toBe(401)
    const authorization = `${(await operator()).authorization.slice(0, -1)}!`
    expect((await fetch(address, { headers: { authorization } })).status).toBe(401)
  })

  test('takes a browser from the link to a paid order by cookie, and no other site’s page along', async () => {
    const link = /Customer[^\n]*\n\s*(http:\S+\/signin\/\S+)/.exec(program.output)?.[1] ?? ''
    const origin = { origin: url }
    const body = new URLSearchParams({ token: link.split('/').at(-1) ?? '' })
    const signedIn = await fetch(`${url}/signin`, { method: 'POST', headers: origin, body, redirect: 'manual' })
    const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    expect([signedIn.status, cookie.startsWith('huitong-session=hs_')]).toEqual([303, true])
    for (const path of ['/v1/me', '/v1/payments', '/', '/healthz', '/docs/', '/nowhere']) {
      const { status } = await fetch(`${url}${path}`, { headers: { cookie: `theme=%zz; ${cookie}` } })
      expect([path, status]).toEqual([path, path === '/nowhere' ? 404 : 200])
    }

    const keyFile = /"apiKeyFile": "([^"]+)"/.exec(await readFile(join(data, 'demo.json'), 'utf8'))?.[1] ?? ''
    const order = await fetch(`${url}/v1/order-codes`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${(await readFile(keyFile, 'utf8')).trim()}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ orderNumber: 'browser-1', subject: '绿茶', amount: { currency: 'CNY', value: '8.88' } }),
    })
    const address = /"url":"([^"]+)"/.exec(await order.text())?.[1] ?? ''
    expect(address.startsWith(`${url}/q/`)).toBe(true)
    const press = (step: string, headers: Record<string, string>) =>
      fetch(`${address}/${step}`, { method: 'POST', headers: { cookie, ...headers }, redirect: 'manual' })
    expect((await press('scan', { origin: 'https://shop.example' })).status).toBe(403)
    expect((await press('scan', { origin: 'null', 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect([(await press('scan', origin)).status, (await press('confirm', origin)).status]).toEqual([303, 303])
    expect(await (await fetch(address, { headers: { cookie } })).text()).toContain('role="status"')
  })

  test('makes payment codes and moves the clock of the demo', async () => {
    const customer = /"id": "(cust_\w+)"/.exec(await readFile(join(data, 'demo.json'), 'utf8'))?.[1]
    const headers = { ...(await operator()), 'content-type': 'application/json' }
    const code = await fetch(`${url}/v1/customers/${customer}/payment-codes`, { method: 'POST', headers, body: '{}' })
    expect(await code.json()).toMatchObject({ code: expect.stringMatching(/^(2[5-9]|30)\d{16}$/) })
    const moved = await fetch(`${url}/v1/demo/clock/advance`, { method: 'POST', headers, body: '{"seconds":86400}' })
    expect(moved.status).toBe(200)
  })
})

describe('what must not start', () => {
  test('a second server on the same data folder', async () => {
    const ended = await new Program(['--data', data, '--port', '0']).ended()
    expect(ended.code).toBe(10)
    expect(ended.stderr).toMatch(/^The data folder \S+ is in use by process \d+; [^\n]+\n$/)
  })

  test('one on a used port, which leaves nothing half done', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const ended = await new Program(['--data', join(root, 'other'), '--port', String(port)]).ended()
    await new Promise((resolve) => taken.close(resolve))
    expect([ended.code, ended.stderr]).toEqual([
      ...[1, `Port ${port} on 127.0.0.1 is used by another program; choose another with --port.\n`],
    ])
    expect(await readdir(join(root, 'other'))).not.toContain('postgres')
  })

  test('one on a folder that it may not make', async () => {
    const ended = await new Program(['--data', '/sys/huitong', '--port', '0']).ended()
    expect([ended.code, ended.stderr]).toEqual([
      12,
      'The data folder /sys/huitong may not be read or written by this user.\n',
    ])
  })

  test('a demo world that is to be one no more', async () => {
    await program.signal('SIGTERM')
    const ended = await new Program(['--data', data, '--port', '0', '--no-demo']).ended()
    program = new Program(['--data', data, '--port', '0'])
    url = await program.ready()
    expect(ended.code).toBe(2)
    expect(ended.stderr).toMatch(/^This database began as a demo world and stays one; [^\n]+\n$/)
  }, 240_000)

  test('one without its PostgreSQL, or with options that it does not know', async () => {
    const lost = await new Program(['--data', join(root, 'none'), '--port', '0'], {
      DATABASE_URL: 'postgres://nobody:secret@127.0.0.1:1/none',
    }).ended()
    expect([lost.code, lost.stderr.split('\n').length]).toEqual([14, 2])
    expect(lost.stderr).not.toContain('secret')
    const wrong = await new Program(['--prot', '80']).ended()
    expect([wrong.code, wrong.stderr.includes('Usage:')]).toEqual([2, true])
  })
})

describe('the end and the next start', () => {
  test('a stopped server says nothing more and leaves with 0; the next one has the same world', async () => {
    const before = await readFile(join(data, 'demo.json'), 'utf8')
    const ended = await program.signal('SIGTERM')
    expect([ended.code, ended.stderr]).toEqual([0, ''])
    expect(await readdir(data)).not.toContain('server.json')
    program = new Program(['--data', data, '--port', '0'])
    const again = await program.ready()
    expect((await readFile(join(data, 'demo.json'), 'utf8')).replaceAll(again, url)).toBe(before)
  }, 240_000)

  test('a killed server is followed by one that has the same world', async () => {
    const before = await readFile(join(data, 'demo.json'), 'utf8')
    const address = /"baseUrl": "([^"]+)"/.exec(before)?.[1] ?? ''
    await program.signal('SIGKILL')
    program = new Program(['--data', data, '--port', '0'])
    const again = await program.ready()
    expect((await readFile(join(data, 'demo.json'), 'utf8')).replaceAll(again, address)).toBe(before)
  }, 240_000)
})
