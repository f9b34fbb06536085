import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expectStatus, fieldsIn } from './answer-fields.ts'
import { drain, type Job } from './drain.ts'
import type { HttpConnection } from './http-connection.ts'
import type { RequestMaker } from './http-request.ts'
import { type BenchCustomer, type People, TOP_UP_MINOR } from './people.ts'
import type { ServerProcess } from './server-process.ts'

const CLI = join(import.meta.dirname, '../../../apps/cli/src/main.ts')
/** Balances are written back by then. */
const PATIENCE_MS = 30_000

/**
 * Numbers of a run that lost or made a yuan are worth nothing: every wallet must hold what was put in less what answers said was
 * paid, and `huitong ledger verify` must find nothing. Throws otherwise.
 */
export async function audit(
  server: ServerProcess,
  people: People,
  connections: readonly HttpConnection[],
  make: RequestMaker,
): Promise<string> {
  const balances = (customer: BenchCustomer): Job => {
    const request = make.get(`/v1/wallets/${customer.id}`, server.operatorToken)
    const expected = TOP_UP_MINOR - customer.paidMinor
    return async (send) => {
      const until = performance.now() + PATIENCE_MS
      for (;;) {
        const answer = await send(request)
        expectStatus(answer, 200)
        const { balance } = fieldsIn(answer.body)
        if (minorOf(String(balance)) === expected) return
        if (performance.now() > until) throw new Error(`${customer.id} has ${balance}, and should have ${expected} fen`)
        await sleep(500)
      }
    }
  }
  await drain(connections, people.customers.map(balances))
  const verified = await verify(server.dataDir)
  if (verified.sound !== true) throw new Error(`the ledger is not sound: ${JSON.stringify(verified)}`)
  const paid = people.customers.reduce((sum, { paidMinor }) => sum + paidMinor, 0n)
  return `${people.customers.length} wallets are ${paid} fen lighter, as answered; ${String(verified.transfers)} transfers verified, sound`
}

function minorOf(text: string): bigint {
  if (!/^-?\d+\.\d\d$/.test(text)) throw new Error(`not an amount of yuan: ${text}`)
  return BigInt(text.replace('.', ''))
}

async function verify(dataDir: string): Promise<Readonly<Record<string, unknown>>> {
  const child = spawn(process.execPath, [CLI, 'ledger', 'verify', '--data', dataDir, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString('utf8')
  })
  await once(child, 'close')
  return reportOf(printed)
}

/** The report's numbers come as JSON numbers, which the strict reader leaves as tokens. */
function reportOf(text: string): Readonly<Record<string, unknown>> {
  const parsed: unknown = JSON.parse(text)
  if (typeof parsed !== 'object' || parsed === null) throw new Error(`not a report: ${text}`)
  return { ...parsed }
}
