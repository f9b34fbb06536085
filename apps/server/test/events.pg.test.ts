import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ServerProcess, startServerProcess } from '@huitong/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { record, text } from './answers.ts'

// A follower of the ledger's events while the server is killed again and again under load.
const KILLS = 3
let data: string
let server: ServerProcess

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'huitong-events-'))
  server = await start()
})

afterAll(async () => {
  await server.stop()
  await rm(data, { recursive: true, force: true })
})

function start(): Promise<ServerProcess> {
  return startServerProcess({ dataDir: data, port: 0, args: ['--no-demo'] })
}

/** Asks whatever server runs now; undefined when it went away meanwhile. */
async function ask(
  method: string,
  path: string,
  key = '',
  body?: unknown,
): Promise<Record<string, unknown> | undefined> {
  try {
    const { url, token } = record(JSON.parse(await readFile(join(data, 'server.json'), 'utf8')))
    const answer = await fetch(`${text(url)}${path}`, {
      method,
      headers: { authorization: `Bearer ${text(token)}`, 'content-type': 'application/json', 'idempotency-key': key },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const answered: unknown = await answer.json()
    return answer.ok ? record(answered) : undefined
  } catch {
    return undefined
  }
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    await sleep(50)
  }
}

function idsOf(page: Record<string, unknown>): readonly Record<string, unknown>[] {
  return Array.isArray(page.items) ? page.items.map(record) : []
}

test(`a follower who keeps its place hears all that was answered once, over ${KILLS} kills of server and PostgreSQL`, {
  timeout: 400_000,
}, async () => {
  const open = (key: string, subject: string) =>
    until(() => ask('POST', '/v1/ledger/accounts', key, { subject, currency: 'CNY' })).then(({ id }) => text(id))
  const [debit, credit] = [await open('a', '1002'), await open('b', '4001')]
  let working = true
  let answeredAll = false
  const answered: string[] = []
  const post = async (worker: number): Promise<void> => {
    for (let count = 0; working; count += 1) {
      const legs = [{ type: 'transfer', debit, credit, amount: '0.01', currency: 'CNY' }]
      // Under the same key until there is an answer, as a client does who does not know what became of it.
      const { transfers } = await until(() => ask('POST', '/v1/ledger/postings', `w${worker}-${count}`, { legs }))
      if (Array.isArray(transfers)) answered.push(...transfers.map(text))
    }
  }
  const heard: Record<string, unknown>[] = []
  let place = '0'
  const follow = async (): Promise<void> => {
    for (;;) {
      const last = answeredAll
      const page = await until(() => ask('GET', `/v1/ledger/events?after=${place}&wait=2&limit=50`))
      heard.push(...idsOf(page))
      place = text(page.next)
      if (page.atEnd === true && last) return
    }
  }
  const workers = [0, 1, 2].map(post)
  const following = follow()
  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = heard.length
    await until(async () => (heard.length > before + 20 ? true : undefined))
    await server.kill9()
    server = await start()
  }
  working = false
  await Promise.all(workers)
  answeredAll = true
  await following

  const whole: Record<string, unknown>[] = []
  for (let after = '0'; ; ) {
    const page = await until(() => ask('GET', `/v1/ledger/events?after=${after}&limit=500`))
    whole.push(...idsOf(page))
    after = text(page.next)
    if (page.atEnd === true) break
  }
  // Batches that came after the follower had stopped, such as the write-back, tell of nothing.
  expect(heard).toEqual(whole)
  const transfers = heard
    .filter(({ type }) => type === 'transfer.posted')
    .map((event) => text(record(event.data).transfer))
  expect(new Set(transfers).size).toBe(transfers.length)
  expect(transfers.toSorted()).toEqual(answered.toSorted())
  expect(answered.length).toBeGreaterThan(60)
})
