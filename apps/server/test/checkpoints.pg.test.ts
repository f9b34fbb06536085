import { createPublicKey } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CheckpointFolder, verifyFromCheckpoint } from '@huitong/ledger'
import { findRunning, openDatabase } from '@huitong/pg'
import { processTree, type ServerProcess, startServerProcess } from '@huitong/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { record, text } from './answers.ts'

// One server process on a data folder of its own, as its users run it; the tests go on from one another.
const SCHEMA = 'yunhe_pay'
const KEPT = 2
let data: string
let server: ServerProcess
let folder: CheckpointFolder

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'huitong-checkpoints-'))
  server = await start()
  folder = new CheckpointFolder(join(data, 'checkpoints'), SCHEMA)
})

afterAll(async () => {
  await server.stop()
  await rm(data, { recursive: true, force: true })
})

function start(): Promise<ServerProcess> {
  return startServerProcess({ dataDir: data, port: 0, args: ['--demo', '--checkpoints', String(KEPT)] })
}

async function ask(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const { token } = record(JSON.parse(await readFile(join(data, 'server.json'), 'utf8')))
  const answer = await fetch(`${server.baseUrl}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${text(token)}`,
      'content-type': 'application/json',
      'idempotency-key': `${performance.now()}`,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  expect([path, answer.status]).toEqual([path, 200])
  return record(await answer.json())
}

const state = () => ask('GET', '/v1/ledger/checkpoint')
const page = async () => (await fetch(server.baseUrl)).text()

/** Closes the open day and gives the batch that did. */
async function closeDay(): Promise<number> {
  return Number((await ask('POST', '/v1/ledger/days/close', {})).batch)
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    await sleep(20)
  }
}

/** Waits until there is a checkpoint of this batch or a later one. */
function written(batch: number): Promise<Record<string, unknown>> {
  return until(async () => {
    const now = await state()
    const last = now.last === null ? 0 : Number(record(now.last).batch)
    return now.state === 'current' && last >= batch ? now : undefined
  })
}

/** The process that verifies, as soon as there is one. */
function verifier(): Promise<number> {
  return until(async () => {
    for (const pid of await processTree(server.pid)) {
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      if (line.includes('checkpoint-child')) return pid
    }
    return undefined
  })
}

test('there is none before the first close, and none is due', async () => {
  expect(await state()).toEqual({ state: 'current', last: null, fault: null })
  expect(await page()).toContain('Verified up to batch</dt><dd>–')
})

test('each close is followed by a signed checkpoint, from which the ledger verifies', async () => {
  const batch = await closeDay()
  expect(['due', 'writing']).toContain((await state()).state)
  expect(await written(batch)).toMatchObject({ fault: null })
  const publicKey = createPublicKey(await readFile(join(data, 'keys', `${SCHEMA}.head.public.pem`)))
  const running = await findRunning(data)
  if (running === undefined) throw new Error('the embedded PostgreSQL does not run')
  const database = openDatabase(running.connection)
  try {
    const report = await verifyFromCheckpoint(database.institution(SCHEMA), { folder, publicKey, required: true })
    expect(report).toMatchObject({ sound: true, findings: [] })
    expect(report.after).toBeGreaterThanOrEqual(batch)
  } finally {
    await database.close()
  }
  expect(await page()).toMatch(/Verified up to batch<\/dt><dd>\d+<small>at the close of the last day/)
})

test('only so many stay as were asked for', async () => {
  for (let count = 0; count < KEPT; count += 1) await written(await closeDay())
  expect(await folder.numbers()).toHaveLength(KEPT)
  expect(await readdir(join(data, 'checkpoints'))).toHaveLength(2 * KEPT)
})

test('the process that verifies has the lowest priority with all its threads; killed, it is told of and tried again', async () => {
  const batch = await closeDay()
  const child = await verifier()
  const priorities = async () => {
    const found = new Set<string | undefined>()
    for (const thread of await readdir(`/proc/${child}/task`)) {
      const stat = await readFile(`/proc/${child}/task/${thread}/stat`, 'utf8').catch(() => '')
      // The 19th field; the second may have spaces in it.
      if (stat !== '') found.add(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16])
    }
    return [...found]
  }
  // It lowers itself with the first that it does, threads that are starting a moment later.
  await expect.poll(priorities, { interval: 5, timeout: 5_000 }).toEqual(['19'])
  process.kill(child, 'SIGKILL')
  const failed = await until(async () => {
    const now = await state()
    return now.fault === null ? undefined : now
  })
  expect(failed).toMatchObject({
    state: 'due',
    fault: { kind: 'failed', what: expect.stringContaining('SIGKILL'), tries: 1 },
  })
  await sleep(1100)
  expect(await page()).toContain('the last try failed and will be made again')
  expect(await readFile(join(data, 'huitong.log'), 'utf8')).toContain('no checkpoint could be written')
  // The close itself was not held up.
  const days = await ask('GET', '/v1/ledger/days')
  expect(JSON.stringify(days)).toContain(`"closedBatch":${batch}`)
  expect(await written(batch)).toMatchObject({ fault: null })
})

test('one that was missed is made good by the next start', async () => {
  const batch = await closeDay()
  const child = await verifier()
  await server.kill9ProgramOnly()
  await until(async () => ((await processTree(child)).length === 1 && !(await isThere(child)) ? true : undefined))
  server = await start()
  expect(await written(batch)).toMatchObject({ fault: null })
  const parts = (await readdir(join(data, 'checkpoints'))).filter((name) => name.endsWith('.part'))
  expect(parts).toEqual([])
})

async function isThere(pid: number): Promise<boolean> {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')) !== ''
}

test('of a ledger that was changed by hand none is written; the day closes, and everybody is told', async () => {
  const running = await findRunning(data)
  if (running === undefined) throw new Error('the embedded PostgreSQL does not run')
  const database = openDatabase(running.connection)
  const change = async (minor: number) => {
    const owner = await database.dedicated(SCHEMA)
    try {
      await owner.sql`update ledger_day_totals set debits_minor = debits_minor + ${minor}`
    } finally {
      await owner.close()
    }
  }
  try {
    await change(1)
    const before = await folder.numbers()
    await closeDay()
    const found = await until(async () => {
      const now = await state()
      return now.fault === null ? undefined : now
    })
    expect(found).toMatchObject({ fault: { kind: 'unsound', what: expect.stringContaining('day_total') } })
    expect(await folder.numbers()).toEqual(before)
    await sleep(1100)
    expect(await page()).toContain('something was found: run ledger verify')
    await change(-1)
    expect(await written(await closeDay())).toMatchObject({ fault: null })
  } finally {
    await database.close()
  }
})
