import { setTimeout as sleep } from 'node:timers/promises'
import { CliError, EXIT } from './cli-error.ts'
import type { LedgerOptions } from './options.ts'
import { printLine } from './output.ts'
import { findServer, problemText } from './running-server.ts'

export interface EventsOptions extends LedgerOptions {
  readonly after?: string
  readonly follow?: boolean
  readonly limit: number
  readonly type: readonly string[]
  readonly account: readonly string[]
  readonly owner?: string
  readonly subject?: string
  readonly template?: string
}

const PAGE = 500
const WAIT_SECONDS = 25
/** How long a server that went away is waited for before the command gives up. */
const PATIENCE_MS = 60_000

/**
 * `huitong ledger events`: what happened, one event a line, from the running server; with `--follow` it goes on as things happen, also over
 * a restart of the server, until it is stopped.
 */
export async function showEvents(options: EventsOptions): Promise<void> {
  const { follow = false, limit } = options
  let after = options.after ?? (follow ? 'end' : undefined)
  let left = follow ? Number.POSITIVE_INFINITY : limit
  for (;;) {
    const page = await pageAfter(options, after, Math.min(left, PAGE), follow)
    for (const event of page.items) printLine(options.json ? JSON.stringify(event) : lineOf(event))
    left -= page.items.length
    after = page.next
    if (follow) continue
    if (left > 0 && !page.atEnd) continue
    if (!page.atEnd && !options.json) printLine(`More; go on with --after ${page.next}.`)
    return
  }
}

interface Page {
  readonly items: readonly object[]
  readonly next: string
  readonly atEnd: boolean
}

/** Of a server that is away for a while nothing is lost: the place says where to go on. */
async function pageAfter(
  options: EventsOptions,
  after: string | undefined,
  limit: number,
  follow: boolean,
): Promise<Page> {
  const query = queryOf(options, after, limit, follow ? WAIT_SECONDS : 0)
  const giveUpAt = performance.now() + PATIENCE_MS
  for (;;) {
    try {
      const server = await findServer(options)
      const { status, fields } = await server.ask('GET', `/v1/ledger/events?${query}`)
      if (status === 200) return pageOf(fields)
      if (!follow || status < 500) throw new CliError(EXIT.refused, problemText(fields, status))
      if (performance.now() > giveUpAt) throw new CliError(EXIT.unreachable, `The server cannot answer. ${goOn(after)}`)
    } catch (error) {
      const away = error instanceof CliError && error.exitCode === EXIT.unreachable
      // A follower who has not heard of any place yet has nothing to go on from.
      if (!away || !follow || after === undefined || after === 'end') throw error
      if (performance.now() > giveUpAt) throw new CliError(EXIT.unreachable, `${error.message} ${goOn(after)}`)
    }
    await sleep(500)
  }
}

function goOn(after: string | undefined): string {
  return after === undefined ? '' : `Go on with --after ${after}.`
}

function queryOf(options: EventsOptions, after: string | undefined, limit: number, wait: number): URLSearchParams {
  const query = new URLSearchParams({ limit: String(limit), wait: String(wait) })
  const { owner, subject, template } = options
  for (const [name, value] of Object.entries({ after, owner, subject, template })) {
    if (value !== undefined) query.set(name, value)
  }
  if (options.type.length > 0) query.set('types', options.type.join(','))
  if (options.account.length > 0) query.set('accounts', options.account.join(','))
  return query
}

function pageOf({ items, next, atEnd }: Readonly<Record<string, unknown>>): Page {
  if (!Array.isArray(items) || typeof next !== 'string') throw new Error('the server answered with no page of events')
  return { items, next, atEnd: atEnd === true }
}

/** Place, time, type, and what it says, on one line. */
function lineOf(event: object): string {
  const { id, at, type, data } = Object.fromEntries(Object.entries(event))
  const said = Object.entries(typeof data === 'object' && data !== null ? data : {})
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return `${String(id)}  ${String(at)}  ${String(type)}  ${said.join(' ')}`.replaceAll(/\p{Cc}/gu, '?')
}
