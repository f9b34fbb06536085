import { execFile } from 'node:child_process'
import { createPublicKey } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CommandKind } from '@huitong/committer'
import type { Caller } from '@huitong/contract'
import { createHttp, createLog, type HttpApp } from '@huitong/http'
import { CNY, type CurrencyCode, currencyCode, ok, publicId, seededChance } from '@huitong/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stateLiabilities, stateLiabilitiesOfDay } from '../src/liabilities.ts'
import { registerLiabilityRoutes } from '../src/liability-routes.ts'
import { verifyLiabilities } from '../src/liability-statement.ts'
import { type LedgerWorld, move, startLedgerWorld } from './ledger-world.ts'
import { institutionKey } from './verify-history.ts'

const SCRIPT = join(import.meta.dirname, '../../../docs/examples/check-liability.mjs')
const PUBLIC_KEY = institutionKey.publicKey.export({ type: 'spki', format: 'pem' }).toString()
/** More than one piece of a tree has, so that proofs climb through two of them. */
const OWNERS = 1500

let world: LedgerWorld
let http: HttpApp
let folder: string
let url: string
let bank: number
const wallets: number[] = []

interface Opening {
  readonly owner: number
  readonly currency: CurrencyCode
}

function openWallet(): CommandKind<Opening, number> {
  return {
    name: 'test.open-wallet',
    need: () => undefined,
    decide: ({ owner, currency }) => {
      const request = { slot: owner % 1024, subject: '2001', currency, owner: `customer:${owner}` } as const
      const opened = world.books.openAccount({ ...request, floorMinor: null })
      return opened.ok ? ok(opened.value.id) : opened
    },
    form: JSON.stringify,
    encode: String,
    decode: Number,
  }
}

async function open(owner: number, currency: CurrencyCode = CNY): Promise<number> {
  const outcome = await world.committer.submit({ kind: openWallet(), input: { owner, currency } })
  if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome))
  return outcome.answer
}

async function pay(debit: number, credit: number, minor: bigint): Promise<void> {
  const input = { legs: [move(debit, credit, minor)], raw: false }
  const outcome = await world.committer.submit({ kind: world.commands.post, input })
  if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome))
}

const options = () => ({ db: world.institution.db, key: institutionKey.privateKey, chance: seededChance(7) })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huitong-liability-'))
  world = await startLedgerWorld()
  bank = await world.open('1002')
  wallets.push(...(await Promise.all(Array.from({ length: OWNERS }, (_, owner) => open(owner)))))
  await Promise.all(wallets.map((wallet, owner) => pay(bank, wallet, BigInt(owner + 1))))
  // One owes the institution: that must not make less of what the others are owed.
  await pay(wallets[3] ?? 0, bank, 1000n)
  http = await createHttp({
    log: createLog({ level: 'silent' }),
    authenticate: [
      async ({ headers }) => {
        const [, kind = '', id = '', ...scopes] = (headers.authorization ?? '').split(' ')
        if (kind === '') return undefined
        const caller: Caller = {
          kind: kind === 'staff' ? 'staff' : 'customer',
          id: `${kind}:${id}`,
          scopes: new Set(scopes.includes('read') ? ['ledger:read', 'ledger:operate'] : []),
          ...(kind === 'customer' ? { customerId: Number(id) } : {}),
        }
        return caller
      },
    ],
  })
  registerLiabilityRoutes(http, { db: world.institution.db, state: () => stateLiabilities(options()) })
  url = `http://127.0.0.1:${(await http.listen({ host: '127.0.0.1', port: 0 })).port}`
  await stateLiabilities(options())
}, 300_000)

afterAll(async () => {
  await http.drain(1000)
  await world.committer.stop()
  await rm(folder, { recursive: true, force: true })
})

async function ask(path: string, as: string, method = 'GET'): Promise<{ status: number; text: string }> {
  const response = await fetch(`${url}${path}`, { method, headers: { authorization: `Bearer ${as}` } })
  return { status: response.status, text: await response.text() }
}

async function proofOf(owner: number): Promise<string> {
  const answer = await ask(
    `/v1/ledger/accounts/${publicId('acct', wallets[owner] ?? 0)}/liability-proof`,
    `customer ${owner}`,
  )
  expect(answer.status).toBe(200)
  return answer.text
}

let files = 0

async function check(proof: string): Promise<{ readonly code: number; readonly said: string }> {
  files += 1
  const [proofFile, keyFile] = [join(folder, `${files}.json`), join(folder, 'key.pem')]
  await writeFile(proofFile, proof)
  await writeFile(keyFile, PUBLIC_KEY)
  return await new Promise((resolve) => {
    const child = execFile(process.execPath, [SCRIPT, proofFile, keyFile], (_error, stdout) => {
      resolve({ code: child.exitCode ?? -1, said: stdout })
    })
  })
}

describe('what is owed', () => {
  it('is stated with the sum of all that is owed, whoever owes something himself', async () => {
    const { items } = JSON.parse((await ask('/v1/ledger/liabilities', 'customer 1')).text)
    const total = (OWNERS * (OWNERS + 1)) / 2 - 4
    expect(items).toMatchObject([{ currency: 'CNY', count: OWNERS, totalMinor: String(total) }])
  })

  it('is proved to each owner by a script that shares no code with the product', async () => {
    expect((await readFile(SCRIPT, 'utf8')).split('\n').length).toBeLessThanOrEqual(100)
    for (const owner of [0, 3, 777, OWNERS - 1]) {
      const { code, said } = await check(await proofOf(owner))
      const minor = owner === 3 ? 0 : owner + 1
      expect([code, said]).toEqual([0, expect.stringContaining(`Proved: ${minor} of `)])
    }
  })

  it('is not proved by anything that was changed', async () => {
    const genuine = JSON.parse(await proofOf(777))
    const digit = (text: string, at: number) =>
      `${text.slice(0, at)}${text[at] === '1' ? '2' : '1'}${text.slice(at + 1)}`
    const changes: [string, (copy: typeof genuine) => void][] = [
      ['balance', (copy) => (copy.balanceMinor = '779')],
      ['balance below zero', (copy) => (copy.balanceMinor = '-778')],
      ['salt', (copy) => (copy.salt = digit(copy.salt, 5))],
      ['account', (copy) => (copy.account = digit(copy.account, 14))],
      ['position', (copy) => (copy.position ^= 1)],
      ['path cut short', (copy) => copy.path.pop()],
      ['path made longer', (copy) => copy.path.push(copy.path[0])],
    ]
    for (const index of genuine.path.keys()) {
      changes.push([`hash ${index}`, (copy) => (copy.path[index].hash = digit(copy.path[index].hash, 5))])
      changes.push([`sum ${index}`, (copy) => (copy.path[index].sum = String(BigInt(copy.path[index].sum) + 1n))])
      changes.push([`sum ${index} below zero`, (copy) => (copy.path[index].sum = '-1')])
    }
    for (const name of [
      'institution',
      'batchHash',
      'at',
      'accountingDay',
      'currency',
      'totalMinor',
      'root',
      'signature',
    ]) {
      changes.push([`statement ${name}`, (copy) => (copy.statement[name] = digit(copy.statement[name], 2))])
    }
    for (const name of ['batch', 'count']) changes.push([`statement ${name}`, (copy) => (copy.statement[name] += 1)])
    const believed: string[] = []
    for (const [what, change] of changes) {
      const copy = structuredClone(genuine)
      change(copy)
      const { code, said } = await check(JSON.stringify(copy))
      if (code !== 1 || !said.startsWith('NOT PROVED: ')) believed.push(`${what}: ${said}`)
    }
    expect(believed).toEqual([])
  }, 300_000)

  it('is shown to the owner of an account and to staff, and to nobody else', async () => {
    const path = `/v1/ledger/accounts/${publicId('acct', wallets[5] ?? 0)}/liability-proof`
    expect((await ask(path, 'customer 5')).status).toBe(200)
    expect((await ask(path, 'customer 6')).status).toBe(404)
    expect((await ask(path, 'staff 1')).status).toBe(404)
    expect((await ask(path, 'staff 1 read')).status).toBe(200)
    expect((await ask(`/v1/ledger/accounts/${publicId('acct', bank)}/liability-proof`, 'staff 1 read')).status).toBe(
      404,
    )
    expect((await ask('/v1/ledger/accounts/nonsense/liability-proof', 'customer 5')).status).toBe(404)
    expect((await ask('/v1/ledger/liabilities', 'customer 5', 'POST')).status).toBe(403)
  })

  it('is as of one batch in every currency, also while balances are not written back', async () => {
    const yen = currencyCode('JPY')
    if (!yen.ok) throw new Error('JPY is a currency')
    await open(9000, yen.value)
    await pay(bank, wallets[0] ?? 0, 50n)
    const { items } = JSON.parse((await ask('/v1/ledger/liabilities', 'staff 1 read', 'POST')).text)
    expect(items).toMatchObject([{ currency: 'CNY' }, { currency: 'JPY', count: 1, totalMinor: '0' }])
    expect(items[0].batch).toBe(items[1].batch)
    expect(JSON.parse(await proofOf(0)).balanceMinor).toBe('51')
    // Written back, so that no batch comes by itself between the two.
    await world.committer.flush()
    const once = JSON.parse((await ask('/v1/ledger/liabilities', 'staff 1 read', 'POST')).text)
    const again = JSON.parse((await ask('/v1/ledger/liabilities', 'staff 1 read', 'POST')).text)
    expect(again.items).toEqual(once.items)
  })

  it('is stated once for a day', async () => {
    const day = world.committer.status().accountingDay
    expect(await stateLiabilitiesOfDay(options(), day)).toBeUndefined()
    await world.committer.submit({ kind: world.commands.closeDay, input: { next: '2027-01-01' } })
    await pay(bank, wallets[0] ?? 0, 1n)
    const [statement] = (await stateLiabilitiesOfDay(options(), '2027-01-01')) ?? []
    expect(statement?.accountingDay).toBe('2027-01-01')
    if (statement !== undefined) expect(verifyLiabilities(createPublicKey(PUBLIC_KEY), statement)).toBe(true)
    expect(await stateLiabilitiesOfDay(options(), '2027-01-01')).toBeUndefined()
  })
})
