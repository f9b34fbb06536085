import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHttp, createLog, type HttpApp } from '@huitong/http'
import { CNY, publicId } from '@huitong/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HistoryFollower } from '../src/history-follower.ts'
import { extendHistory, readHistoryTree } from '../src/history-store.ts'
import { registerProofRoutes } from '../src/proof-routes.ts'
import { signHead } from '../src/signed-head.ts'
import { verifyLedger } from '../src/verify.ts'
import { testCallers } from './ledger-api-world.ts'
import { move, startLedgerWorld } from './ledger-world.ts'
import { type History, institutionKey, writeHistory } from './verify-history.ts'

const SCRIPT = join(import.meta.dirname, '../../../docs/examples/check-proof.mjs')
const PUBLIC_KEY = institutionKey.publicKey.export({ type: 'spki', format: 'pem' }).toString()

let history: History
let http: HttpApp
let folder: string
let url: string
/** A transfer in the middle of a batch of many, and the very first and last ones. */
let transfers: { readonly id: number; readonly position: number; readonly effectiveOn: string | null }[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huitong-proof-'))
  history = await writeHistory()
  // One that takes another back, so that its form has more fields.
  const { books, committer } = history.world
  const leg = { debit: history.alice, credit: history.bob, amountMinor: 2n, currency: CNY, code: 'adjustment' } as const
  const outcome = await committer.submit({
    kind: {
      name: 'test.dated',
      need: () => {
        for (const id of [history.alice, history.bob]) books.needAccount(id)
      },
      decide: () => books.transfer({ ...leg, reference: null, effectiveOn: '2026-11-22' }),
      form: () => '',
      encode: () => '',
      decode: () => undefined,
    },
    input: undefined,
    // Of this batch something is remembered, which its hash covers as well.
    idempotency: { caller: 'test', key: 'dated' },
  })
  if (outcome.status !== 'done') throw new Error(`not posted: ${JSON.stringify(outcome)}`)
  // More batches than one kept part of the history tree has.
  for (let count = 0; count < 300; count += 1) await history.post(move(history.alice, history.bob, 1n))
  await extendHistory((await history.world.institution.dedicated()).sql)
  const { db, schema } = history.world.institution
  const follower = new HistoryFollower()
  http = await createHttp({ log: createLog({ level: 'silent' }), authenticate: [testCallers] })
  registerProofRoutes(http, {
    db,
    publicKey: PUBLIC_KEY,
    signedHead: async () => {
      const statement = await db.read((tx) => follower.statement(tx, schema))
      return statement === undefined ? undefined : signHead(institutionKey.privateKey, statement)
    },
  })
  url = `http://127.0.0.1:${(await http.listen({ host: '127.0.0.1', port: 0 })).port}`
  transfers = [
    ...(await history.owner<{ id: bigint; position: number; effectiveOn: string | null }[]>`
      select id, position, effective_on as "effectiveOn" from ledger_transfers order by batch, position`),
  ].map((row) => ({ ...row, id: Number(row.id) }))
}, 300_000)

afterAll(async () => {
  await http.drain(1000)
  await history.world.committer.stop()
  await rm(folder, { recursive: true, force: true })
})

interface Answer {
  readonly status: number
  readonly text: string
}

async function get(path: string, as = 'staff ledger:read'): Promise<Answer> {
  const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${as}` } })
  return { status: response.status, text: await response.text() }
}

let files = 0

/** What a third party sees: the words of the script, and how it ends. */
async function check(proof: string, publicKey = PUBLIC_KEY): Promise<{ readonly code: number; readonly said: string }> {
  files += 1
  const [proofFile, keyFile] = [join(folder, `${files}.json`), join(folder, `${files}.pem`)]
  await writeFile(proofFile, proof)
  await writeFile(keyFile, publicKey)
  return await new Promise((resolve) => {
    const child = execFile(process.execPath, [SCRIPT, proofFile, keyFile], (_error, stdout) => {
      resolve({ code: child.exitCode ?? -1, said: stdout })
    })
  })
}

async function proofOf(index: number): Promise<string> {
  const transfer = transfers.at(index)
  const answer = await get(`/v1/ledger/transfers/${publicId('tran', transfer?.id ?? 0)}/proof`)
  expect(answer.status).toBe(200)
  return answer.text
}

describe('the proof of a transfer', () => {
  it('is believed by a third party who has a script of a hundred lines and the public key', async () => {
    expect((await readFile(SCRIPT, 'utf8')).split('\n').length).toBeLessThanOrEqual(100)
    const crowded = transfers.findIndex((one) => one.position === 17)
    const dated = transfers.findIndex((one) => one.effectiveOn !== null)
    for (const index of [0, crowded, dated, -1]) {
      const { code, said } = await check(await proofOf(index))
      expect([code, said]).toEqual([0, expect.stringMatching(/^Proved: tran_\w+ moved \d+ minor units in batch \d+/)])
    }
  })

  it('is as short as the number of batches has binary digits', async () => {
    const proof = JSON.parse(await proofOf(0))
    expect(proof.head.number).toBeGreaterThan(300)
    expect(proof.historyPath.length).toBeLessThanOrEqual(9)
  })

  it('is not believed when any part of it was changed', async () => {
    const proof = await proofOf(transfers.findIndex((one) => one.position === 17))
    const genuine = JSON.parse(proof)
    const digit = (text: string, at: number) =>
      `${text.slice(0, at)}${text[at] === '1' ? '2' : '1'}${text.slice(at + 1)}`
    const changes: [string, (copy: typeof genuine) => void][] = []
    // Each field of the leaf: form, kind, code, and one byte in the low half of each number.
    for (let byte = 0; byte < genuine.leaf.length / 2; byte += byte < 4 ? 1 : 7) {
      changes.push([`byte ${byte} of the leaf`, (copy) => (copy.leaf = digit(copy.leaf, byte * 2 + 1))])
    }
    for (const name of ['path', 'historyPath']) {
      for (const index of genuine[name].keys()) {
        changes.push([`${name} ${index}`, (copy) => (copy[name][index] = digit(copy[name][index], 9))])
      }
      changes.push([`${name} cut short`, (copy) => copy[name].pop()])
      changes.push([`${name} made longer`, (copy) => copy[name].push('00'.repeat(32))])
    }
    for (const name of ['root', 'hash', 'previousHash', 'at', 'accountingDay']) {
      changes.push([`batch ${name}`, (copy) => (copy.batch[name] = digit(copy.batch[name], 3))])
    }
    for (const name of ['number', 'count', 'lastCounter'])
      changes.push([`batch ${name}`, (copy) => (copy.batch[name] += 1)])
    for (const name of ['hash', 'history_root', 'at', 'accounting_day', 'institution', 'signature']) {
      changes.push([`head ${name}`, (copy) => (copy.head[name] = digit(copy.head[name], 3))])
    }
    changes.push(['head number', (copy) => (copy.head.number += 1)])
    changes.push(['position', (copy) => (copy.position += 1)])
    changes.push(['amount', (copy) => (copy.transfer.amountMinor += '0')])
    changes.push(['kind', (copy) => (copy.transfer.kind = 'held')])
    changes.push(['code', (copy) => (copy.transfer.code += 1)])
    for (const name of ['id', 'debit', 'credit']) {
      changes.push([`transfer ${name}`, (copy) => (copy.transfer[name] = digit(copy.transfer[name], 14))])
    }
    const believed: string[] = []
    for (const [what, change] of changes) {
      const copy = structuredClone(genuine)
      change(copy)
      const { code, said } = await check(JSON.stringify(copy))
      if (code !== 1 || !said.startsWith('NOT PROVED: ')) believed.push(`${what}: ${said}`)
    }
    expect(believed).toEqual([])
    const stranger = (await import('node:crypto')).generateKeyPairSync('ed25519').publicKey
    expect((await check(proof, stranger.export({ type: 'spki', format: 'pem' }).toString())).said).toContain(
      'signature',
    )
  }, 300_000)

  it('is not believed when what is remembered of its batch is said to be something else', async () => {
    const genuine = JSON.parse(await proofOf(transfers.findIndex((one) => one.effectiveOn !== null)))
    const { outcomes, ...rest } = genuine.batch
    expect(outcomes).toMatch(/^[0-9a-f]{64}$/)
    for (const batch of [rest, { ...rest, outcomes: 'aa'.repeat(32) }]) {
      const { said } = await check(JSON.stringify({ ...genuine, batch }))
      expect(said).toMatch(/^NOT PROVED: the batch is not what its hash says/)
    }
  })

  it('is refused to those who may not read the ledger, and of what is not there', async () => {
    const id = publicId('tran', transfers[0]?.id ?? 0)
    expect((await get(`/v1/ledger/transfers/${id}/proof`, 'customer ledger:read')).status).toBe(403)
    expect((await get(`/v1/ledger/transfers/${id}/proof`, 'staff')).status).toBe(403)
    expect((await get('/v1/ledger/transfers/nonsense/proof')).status).toBe(404)
    expect((await get(`/v1/ledger/transfers/${publicId('tran', 9_000_000_000)}/proof`)).status).toBe(404)
    // An account has an id of the same counter, but is no transfer.
    expect((await get(`/v1/ledger/transfers/${publicId('tran', history.alice)}/proof`)).status).toBe(404)
  })

  it('goes up to a head that anybody may fetch', async () => {
    const { head, publicKey } = JSON.parse((await get('/v1/ledger/signed-head', 'customer')).text)
    expect([head.version, head.institution]).toEqual([2, history.world.institution.schema])
    expect(publicKey).toBe(PUBLIC_KEY)
  })
})

describe('the kept parts of the history tree', () => {
  it('are made of the batches, and a changed one is found', async () => {
    const { db } = history.world.institution
    const kept = await history.owner`select level, index from ledger_history_nodes`
    expect(kept).toMatchObject([{ level: 8, index: 0n }])
    const tree = await db.read((tx) => readHistoryTree(tx.sql, 270))
    expect(tree.size).toBe(270)
    expect((await verifyLedger(db)).findings).toEqual([])
    await history.owner`update ledger_history_nodes set hash = sha256('x')`
    expect((await verifyLedger(db)).findings).toMatchObject([{ code: 'history_differs', batch: 256 }])
  })

  it('are not there before the first batch', async () => {
    const world = await startLedgerWorld()
    const { db, schema } = world.institution
    expect(await db.read((tx) => new HistoryFollower().statement(tx, schema))).toBeUndefined()
    await world.committer.stop()
  })
})
