import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CNY, parseAmount } from '@huitong/kernel'
import { type AuditedBalance, Auditor, type ServerProcess, startServerProcess } from '@huitong/testing'
import { afterAll, expect, it } from 'vitest'
import type { CrashLogLine, CrashRequest } from './crash-client.ts'
import { startCrashProxy } from './crash-proxy.ts'

const KILLS = 50
/** Every fourth kill comes when the answer is written and the oracle has not got it. */
const BETWEEN_EVERY = 4

const folders: string[] = []
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

it(`loses nothing and doubles nothing in ${KILLS} kills of server and PostgreSQL`, { timeout: 900_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'huitong-crash-'))
  folders.push(folder)
  const dataDir = join(folder, 'data')
  const logFile = join(folder, 'acknowledged.jsonl')
  const proxy = await startCrashProxy()
  const start = async () => {
    const server = await startServerProcess({ dataDir, port: 0 })
    proxy.forwardTo(Number(new URL(server.baseUrl).port))
    return server
  }
  let server = await start()
  const client = spawn(process.execPath, [join(import.meta.dirname, 'crash-client.ts'), dataDir, logFile, proxy.url], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  try {
    await once(client.stdout, 'data')
    let between = 0
    for (let kill = 1; kill <= KILLS; kill += 1) {
      await sleep(50 + Math.random() * 250)
      if (kill % BETWEEN_EVERY === 0) {
        await proxy.keepNextAnswer()
        between += 1
      }
      // A third of the others leave PostgreSQL running, as a crash of the program alone does.
      if (kill % 3 === 1) await server.kill9ProgramOnly()
      else await server.kill9()
      proxy.release()
      server = await start()
    }
    expect(between).toBeGreaterThanOrEqual(10)
    client.stdin.write('stop\n')
    await once(client, 'exit')
    const lines = await readLog(logFile)
    const differences = audit(lines).compare(await balances(server, dataDir))
    expect(differences).toEqual([])
    expect(lines.filter((line) => line.type === 'answered' && line.accepted).length).toBeGreaterThan(KILLS)
    expect(await server.stop()).toBe(0)
    expect(await verify(dataDir)).toBe(0)
  } finally {
    client.kill('SIGKILL')
    await proxy.close()
    await server.kill9().catch(() => undefined)
  }
})

async function readLog(file: string): Promise<readonly CrashLogLine[]> {
  const text = await readFile(file, 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): CrashLogLine => JSON.parse(line))
}

/** Tells the auditor what the oracle wrote down, in that order. */
function audit(lines: readonly CrashLogLine[]): Auditor {
  const auditor = new Auditor()
  for (const line of lines) {
    if (line.type === 'opened') {
      auditor.opened(line.account, { normal: line.floor ? 'credit' : 'debit', floorMinor: line.floor ? 0n : null })
    } else if (line.type === 'asked') {
      auditor.asked(line.key, line.requests.map(audited))
    } else {
      auditor.answered(line.key, line.accepted ? 'accepted' : 'refused', line.text)
    }
  }
  return auditor
}

function audited(request: CrashRequest) {
  return request.kind === 'void' ? request : { ...request, amountMinor: BigInt(request.amountMinor) }
}

interface AccountBody {
  readonly id: string
  readonly subject: string
  readonly debitsPosted: string
  readonly creditsPosted: string
  readonly debitsPending: string
  readonly creditsPending: string
}

/** All of the oracle's accounts as the server shows them now. */
async function balances(server: ServerProcess, dataDir: string): Promise<ReadonlyMap<string, AuditedBalance>> {
  const { token }: { token: string } = JSON.parse(await readFile(join(dataDir, 'server.json'), 'utf8'))
  const opened = new Set(
    (await readLog(join(dataDir, '..', 'acknowledged.jsonl'))).flatMap((line) =>
      line.type === 'opened' ? [line.account] : [],
    ),
  )
  const found = new Map<string, AuditedBalance>()
  let cursor: string | null = ''
  while (cursor !== null) {
    const query = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const answer = await fetch(`${server.baseUrl}/v1/ledger/accounts?limit=200${query}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    const page: { items: readonly AccountBody[]; nextCursor: string | null } = JSON.parse(await answer.text())
    for (const item of page.items) if (opened.has(item.id)) found.set(item.id, counters(item))
    cursor = page.nextCursor
  }
  return found
}

function counters(body: AccountBody): AuditedBalance {
  const minor = (text: string) => {
    const amount = parseAmount(text, CNY, { allowZero: true })
    if (!amount.ok) throw new Error(`not an amount: ${text}`)
    return amount.value
  }
  return {
    debitsPosted: minor(body.debitsPosted),
    creditsPosted: minor(body.creditsPosted),
    debitsPending: minor(body.debitsPending),
    creditsPending: minor(body.creditsPending),
  }
}

/** Exit code of `huitong ledger verify` on the stopped server's data folder. */
async function verify(dataDir: string): Promise<number | null> {
  const program = join(import.meta.dirname, '../../cli/src/main.ts')
  const child = spawn(process.execPath, [program, 'ledger', 'verify', '--data', dataDir], { stdio: 'inherit' })
  await once(child, 'exit')
  return child.exitCode
}
