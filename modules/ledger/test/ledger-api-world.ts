import { type Caller, SCOPES } from '@huitong/contract'
import { type Authenticator, createHttp, createLog, type HttpApp } from '@huitong/http'
import { publicId } from '@huitong/kernel'
import { registerLedgerRoutes } from '../src/ledger-routes.ts'
import { ACCOUNT_ID } from '../src/ledger-views.ts'
import type { ReadDesk } from '../src/read-desk.ts'
import { type LedgerWorld, startLedgerWorld } from './ledger-world.ts'

/** The ledger's routes on a port of their own, asked by `fetch` as any client would. */
export interface LedgerApi {
  readonly world: LedgerWorld
  readonly http: HttpApp
  call(method: string, path: string, request?: ApiRequest): Promise<ApiAnswer>
  get(path: string): Promise<ApiAnswer>
  /** Posts legs under a fresh key, as staff. */
  post(legs: readonly unknown[], key?: string): Promise<ApiAnswer>
  /** Opens an account of the institution's own over HTTP; its public id. */
  open(subject: string, floor?: string, currency?: string): Promise<string>
  /** Opens a customer's wallet as the modules that know customers do; its public id. */
  openWallet(): Promise<string>
  /** How many transfers the journal has. */
  transfers(): Promise<number>
  stop(): Promise<void>
}

export interface ApiRequest {
  /** As `testCallers` reads it; staff with all scopes unless told, nobody when null. */
  readonly as?: string | null
  readonly key?: string
  readonly body?: unknown
  /** Sent as it is instead of `body`. */
  readonly text?: string
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface ApiAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: Readonly<Record<string, unknown>>
}

export const ALL_STAFF = `staff ${SCOPES.join(' ')}`

/** `Bearer staff scope scope`: a member of the staff with these scopes, and so on for the other kinds of callers. */
export const testCallers: Authenticator = async ({ headers }) => {
  const [scheme, name = '', ...scopes] = (headers.authorization ?? '').split(' ')
  if (scheme !== 'Bearer') return undefined
  const kind = KINDS.find((one) => name.startsWith(one))
  if (kind === undefined) return 'invalid'
  const caller: Caller = { kind, id: `${name}:1`, scopes: new Set(SCOPES.filter((scope) => scopes.includes(scope))) }
  return caller
}
const KINDS = ['staff', 'customer', 'merchant', 'partner'] as const

export async function startLedgerApi(
  options: {
    readonly world?: LedgerWorld
    readonly desk?: ReadDesk
    /** Adds routes before it listens. */
    readonly more?: (http: HttpApp, world: LedgerWorld) => void
  } = {},
): Promise<LedgerApi> {
  const world = options.world ?? (await startLedgerWorld())
  const { committer, commands, books } = world
  const http = await createHttp({
    log: createLog({ level: 'silent' }),
    authenticate: [testCallers],
    approvals: 'unwatched',
  })
  registerLedgerRoutes(http, {
    ...{ db: world.institution.db, committer, commands, books },
    ...(options.desk === undefined ? {} : { desk: options.desk }),
  })
  options.more?.(http, world)
  const { port } = await http.listen({ host: '127.0.0.1', port: 0 })
  let keys = 0
  const freshKey = () => {
    keys += 1
    return `fresh key ${keys}`
  }

  const call: LedgerApi['call'] = async (method, path, request = {}) => {
    const headers = new Headers(request.headers)
    const as = request.as === undefined ? ALL_STAFF : request.as
    if (as !== null) headers.set('authorization', `Bearer ${as}`)
    if (request.key !== undefined) headers.set('idempotency-key', request.key)
    const text = request.text ?? (request.body === undefined ? undefined : JSON.stringify(request.body))
    if (text !== undefined) headers.set('content-type', request.contentType ?? 'application/json')
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      ...{ method, headers },
      ...(text === undefined ? {} : { body: text }),
    })
    const body: unknown = await response.json()
    if (typeof body !== 'object' || body === null) throw new Error(`no object: ${JSON.stringify(body)}`)
    return { status: response.status, headers: response.headers, body: Object.fromEntries(Object.entries(body)) }
  }

  return {
    world,
    http,
    call,
    get: (path) => call('GET', path),
    post: (legs, key) => call('POST', '/v1/ledger/postings', { key: key ?? freshKey(), body: { legs } }),
    open: async (subject, floor, currency = 'CNY') => {
      const body = { subject, currency, ...(floor === undefined ? {} : { floor }) }
      const answer = await call('POST', '/v1/ledger/accounts', { key: freshKey(), body })
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
      return String(answer.body.id)
    },
    openWallet: async () => publicId(ACCOUNT_ID, await world.openWallet()),
    transfers: async () => {
      const [row] = await world.institution.db.read(
        (tx) => tx.sql<{ count: bigint }[]>`select count(*) from ledger_transfers`,
      )
      return Number(row?.count ?? 0)
    },
    stop: async () => {
      await http.drain(1000)
      await committer.stop()
    },
  }
}

/** The ids of the transfers that a posting made. */
export function transfersOf(answer: ApiAnswer): readonly string[] {
  const { transfers } = answer.body
  if (answer.status !== 201 || !Array.isArray(transfers)) throw new Error(JSON.stringify(answer.body))
  return transfers.map(String)
}

export function itemsOf(answer: ApiAnswer): readonly unknown[] {
  const { items } = answer.body
  if (!Array.isArray(items)) throw new Error(JSON.stringify(answer.body))
  return items
}
