import { appendFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * The oracle of the crash test, a process of its own: `node crash-client.ts DATA_FOLDER LOG_FILE PROXY_URL`. It asks for postings
 * without pause and writes down what it asked, before, and what was acknowledged over HTTP, after. A request without an answer is
 * asked again under its key, with its very bytes, until it has one. `stop` on its standard input ends it once nothing is open.
 */
const [dataDir = '', logFile = '', proxyUrl = ''] = process.argv.slice(2)
const WORKERS = 12
const ACCOUNTS = 6

export type CrashRequest =
  | { readonly kind: 'transfer'; readonly debit: string; readonly credit: string; readonly amountMinor: string }
  | {
      readonly kind: 'hold'
      readonly hold: string
      readonly debit: string
      readonly credit: string
      readonly amountMinor: string
    }
  | { readonly kind: 'post'; readonly hold: string; readonly amountMinor: string }
  | { readonly kind: 'void'; readonly hold: string }

export type CrashLogLine =
  | { readonly type: 'opened'; readonly account: string; readonly floor: boolean }
  | { readonly type: 'asked'; readonly key: string; readonly requests: readonly CrashRequest[] }
  | { readonly type: 'answered'; readonly key: string; readonly accepted: boolean; readonly text: string }

function log(line: CrashLogLine): void {
  appendFileSync(logFile, `${JSON.stringify(line)}\n`)
}

let stopping = false
process.stdin.on('data', () => {
  stopping = true
})

async function token(): Promise<string> {
  const parsed: unknown = JSON.parse(await readFile(join(dataDir, 'server.json'), 'utf8'))
  return typeof parsed === 'object' && parsed !== null && 'token' in parsed ? String(parsed.token) : ''
}

/** Asks until a final answer comes: an answer that says "try again" is none. */
async function ask(path: string, key: string, body: unknown): Promise<{ status: number; text: string }> {
  for (;;) {
    try {
      const answer = await fetch(`${proxyUrl}${path}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await token()}`,
          'content-type': 'application/json',
          'idempotency-key': key,
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(20_000),
      })
      const text = await answer.text()
      if (![401, 500, 502, 503, 504].includes(answer.status)) return { status: answer.status, text }
    } catch {
      // No answer: nobody knows, so ask again.
    }
    await sleep(100)
  }
}

async function open(index: number, floor: boolean): Promise<string> {
  const body = { subject: floor ? '2003' : '1002', currency: 'CNY', floor: floor ? '0.00' : null }
  const answer = await ask('/v1/ledger/accounts', `crash-open-${index}`, body)
  if (answer.status !== 201) throw new Error(`no account: ${answer.text}`)
  const parsed: unknown = JSON.parse(answer.text)
  const account = typeof parsed === 'object' && parsed !== null && 'id' in parsed ? String(parsed.id) : ''
  log({ type: 'opened', account, floor })
  return account
}

/** Public ids of holds that were accepted and not ended by us yet, with the name by which the log knows them. */
const holds: { readonly name: string; readonly id: string }[] = []
let lastKey = 0

function yuan(minor: number): string {
  return `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`
}

async function oneRequest(source: string, accounts: readonly string[]): Promise<void> {
  lastKey += 1
  const key = `crash-${lastKey}`
  const draw = Math.random()
  const amount = 1 + Math.floor(Math.random() * 500)
  const pick = () => accounts[Math.floor(Math.random() * accounts.length)] ?? source
  const debit = draw < 0.3 ? source : pick()
  const credit =
    accounts.find((account) => account !== debit && Math.random() < 0.4) ?? (debit === source ? pick() : source)
  const ended = draw > 0.8 ? holds.pop() : undefined
  const common = { amount: yuan(amount), currency: 'CNY' }
  let leg: Readonly<Record<string, unknown>>
  let request: CrashRequest
  if (ended !== undefined && draw > 0.9) {
    leg = { type: 'void', hold: ended.id }
    request = { kind: 'void', hold: ended.name }
  } else if (ended !== undefined) {
    leg = { type: 'capture', hold: ended.id, amount: '0.01', currency: 'CNY' }
    request = { kind: 'post', hold: ended.name, amountMinor: '1' }
  } else if (draw > 0.65) {
    leg = { type: 'hold', debit, credit, ...common }
    request = { kind: 'hold', hold: key, debit, credit, amountMinor: String(amount) }
  } else {
    leg = { type: 'transfer', debit, credit, ...common }
    request = { kind: 'transfer', debit, credit, amountMinor: String(amount) }
  }
  log({ type: 'asked', key, requests: [request] })
  const answer = await ask('/v1/ledger/postings', key, { legs: [leg] })
  const accepted = answer.status === 201
  const parsed: unknown = JSON.parse(answer.text)
  log({ type: 'answered', key, accepted, text: accepted ? answer.text : refusalCode(parsed) })
  if (accepted && request.kind === 'hold') holds.push({ name: key, id: firstTransfer(parsed) })
}

function refusalCode(parsed: unknown): string {
  return typeof parsed === 'object' && parsed !== null && 'code' in parsed ? String(parsed.code) : ''
}

function firstTransfer(parsed: unknown): string {
  if (typeof parsed !== 'object' || parsed === null || !('transfers' in parsed)) return ''
  return Array.isArray(parsed.transfers) ? String(parsed.transfers[0]) : ''
}

const source = await open(0, false)
const accounts: string[] = []
for (let index = 1; index <= ACCOUNTS; index += 1) accounts.push(await open(index, true))
process.stdout.write('started\n')
await Promise.all(
  Array.from({ length: WORKERS }, async () => {
    while (!stopping) await oneRequest(source, accounts)
  }),
)
process.exit(0)
