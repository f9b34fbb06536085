import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Committer, committerMigrations, startCommitter, WorkingSet } from '@huitong/committer'
import { SCOPES } from '@huitong/contract'
import { createHttp, createLog, reply } from '@huitong/http'
import type { IsoMessage } from '@huitong/iso20022'
import { jobsMigrations } from '@huitong/jobs'
import { type Clock, ok, seededChance, systemClock } from '@huitong/kernel'
import { ledgerHeadStore, ledgerMigrations } from '@huitong/ledger'
import {
  addPeerRoutes,
  addReceiveRoute,
  createLinks,
  createLinkVault,
  createPeerClient,
  ensureOwnKey,
  type Links,
  linksMigrations,
  type PeerClient,
  peerAnswerSigner,
  peerAuthenticator,
  startLinkSender,
  startLinkThread,
} from '@huitong/links'
import type { DedicatedConnection, InstitutionDatabase } from '@huitong/pg'
import Type from 'typebox'

/** What the line does with one request: the first that has not been used up. */
export type Trouble =
  | 'lose request'
  | 'lose answer'
  | 'twice'
  | 'overtaken'
  | 'change body'
  | 'change signature'
  | 'answer unsigned'
  | 'change answer'
  | 'answer of before'
  | 'hang'

/** An institution that takes messages and remembers which, behind a line on which things go wrong. */
export interface Station {
  readonly name: string
  readonly db: InstitutionDatabase
  readonly links: Links
  readonly committer: Committer
  /** What peers are told to call: the line before the station. */
  readonly url: string
  /** Each is met by one request that comes in, in order. */
  readonly troubles: Trouble[]
  /** Every request that reached the line. */
  readonly requests: { readonly path: string; readonly headers: Record<string, string>; readonly body: Buffer }[]
  call(method: string, path: string, body?: object): Promise<{ readonly status: number; readonly body: unknown }>
  /** Message ids that were taken, in order. */
  taken(): Promise<readonly string[]>
  /** Sends a message to a peer in a command of its own. */
  send(to: string, id: string): Promise<void>
  /** Asks a peer's API as this station. */
  readonly ask: PeerClient['ask']
  /** Ends the sender and starts another, as a restart does. */
  restartSender(): Promise<void>
  /** Messages out of order, forged and repeated: posts what was recorded, or made up, and says what came back. */
  post(
    path: string,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array,
  ): Promise<{ readonly status: number; readonly code: string }>
  stop(): Promise<void>
}

const thread = startLinkThread()

export const STATION_TABLES = [ledgerMigrations, committerMigrations, jobsMigrations, linksMigrations]

/** Where a station keeps its things: an institution that is made, or one that an earlier process left. */
export interface StationPlace {
  readonly db: InstitutionDatabase
  dedicated(): Promise<DedicatedConnection>
}

export interface StationOptions {
  readonly name: string
  /** Of its secrets, so that the next process on the same place has the same. */
  readonly seed: number
  readonly clock: Clock
  readonly place: StationPlace
  /** Of its line; any free one unless told. */
  readonly port?: number
}

/** Opens a station, or opens it again. */
export async function startStation({ name, seed, clock, place, port = 0 }: StationOptions): Promise<Station> {
  const { db } = place
  const chance = seededChance(seed)
  const vault = createLinkVault(chance.bytes(32), chance)
  const set = new WorkingSet()
  const links = createLinks(set, vault)
  const { committer, stop: stopCommitter } = await startStationCommitter(place, set, clock)
  await ensureOwnKey({ db, committer, links, vault, member: name })

  const http = await createHttp({
    log: createLog({ level: 'silent' }),
    authenticate: [
      async ({ rawTarget }) =>
        rawTarget.startsWith('/v1/peer/') ? undefined : { kind: 'staff', id: 'staff:1', scopes: new Set(SCOPES) },
    ],
    approvals: 'unwatched',
  })
  const troubles: Trouble[] = []
  const requests: Station['requests'] = []
  const line = createServer((request, response) => void pass(request, response))
  let target = ''
  let url = ''
  const wallClock = systemClock()
  const receive = links.receiving({
    need: () => undefined,
    decide: ({ from, message }) => {
      const messageId = message.kind === 'message_reject' ? message.value.reference : message.kind
      if (messageId.startsWith('BAD')) return { ok: false, error: { code: 'message_not_taken' } }
      set.emit({ topic: 'test.taken', key: from, body: JSON.stringify({ messageId }) })
      return ok({ result: 'noted' })
    },
  })
  addReceiveRoute(http, {
    ...{ db, committer, receive, vault, desk: thread.desk, clock, wallClock, baseUrl: () => url, parkedMs: 300 },
  })
  addPeerRoutes(http, { db, committer, links, vault, member: name })
  const edge = { db, vault, clock, wallClock, baseUrl: () => url }
  http.addAuthenticator(peerAuthenticator(edge))
  http.addAnswerSigner(peerAnswerSigner(edge))
  for (const path of ['echo', 'other']) {
    http.route({
      method: 'POST',
      url: `/v1/peer/${path}`,
      access: { callers: ['peer'], scope: 'bank:read' },
      summary: 'Says who asked what',
      tags: ['Test'],
      schema: {
        body: Type.Object({ said: Type.String() }),
        response: { 200: Type.Object({ path: Type.String(), peer: Type.String(), said: Type.String() }) },
      },
      handler: async ({ caller, body: { said } }) => reply({ path, peer: caller.peerId ?? '', said }),
    })
  }
  const { ask } = createPeerClient({ db, vault, clock, wallClock, timeoutMs: 1000 })
  target = `http://127.0.0.1:${(await http.listen({ host: '127.0.0.1', port: 0 })).port}`
  await new Promise<void>((resolve) => line.listen(port, '127.0.0.1', resolve))
  const address = line.address()
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  const hanging = new Set<ServerResponse>()
  /** What the station answered last. */
  let before: { readonly status: number; readonly headers: Record<string, string>; readonly said: Buffer } | undefined

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    let body = Buffer.concat(chunks)
    const headers = Object.fromEntries(
      Object.entries(request.headers).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
    )
    const path = request.url ?? '/'
    requests.push({ path, headers: { ...headers }, body })
    const trouble = troubles.shift()
    if (trouble === 'hang') return void hanging.add(response)
    if (trouble === 'lose request') return void response.destroy()
    if (trouble === 'answer unsigned') {
      return void response
        .writeHead(200, { 'content-type': 'application/json' })
        .end('{"result":"taken","code":"noted"}')
    }
    if (trouble === 'overtaken') await kept(Number(path.split('/').at(-1)) + 1)
    if (trouble === 'change body') body = Buffer.from(body.toString('utf8').replace('TEST', 'TOST'))
    if (trouble === 'change signature') headers.signature = String(headers.signature).replace(/=:./, '=:A')
    delete headers.connection
    delete headers['transfer-encoding']
    headers.host = new URL(url).host
    if (trouble === 'twice') await (await forward(path, headers, body)).arrayBuffer()
    const answer = await forward(path, headers, body)
    const said = Buffer.from(await answer.arrayBuffer())
    if (trouble === 'lose answer') return void response.destroy()
    const honest = { status: answer.status, headers: Object.fromEntries(answer.headers), said }
    const given = trouble === 'answer of before' && before !== undefined ? before : honest
    before = honest
    const changed = given.said.toString('utf8').replace('TEST', 'TOST')
    response.writeHead(given.status, given.headers).end(trouble === 'change answer' ? changed : given.said)
  }

  /** Until the station has this message, which it parks. */
  async function kept(number: number): Promise<void> {
    for (;;) {
      const rows = await db.read((tx) => tx.sql`select number from links_incoming where number = ${number}`)
      if (rows.length > 0) return
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  const forward = (path: string, headers: Record<string, string>, body: Uint8Array) =>
    fetch(`${target}${path}`, { method: 'POST', headers, body: Buffer.from(body) })

  const startSender = () =>
    startLinkSender({
      ...{ db, committer, links, vault, desk: thread.desk, member: name, clock, wallClock },
      ...{ onError: (error: unknown) => faults.push(String(error)), timeoutMs: 2000, backoffMs: 0 },
    })
  const faults: string[] = []
  let sender = startSender()

  return {
    ...{ name, db, links, committer, url, troubles, requests, ask },
    call: async (method, path, body) => {
      const answer = await http.inject({
        ...{ method: method as 'GET', url: path },
        headers: { 'idempotency-key': chance.uuid(), ...(body ? { 'content-type': 'application/json' } : {}) },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      })
      return { status: answer.statusCode, body: JSON.parse(answer.body) }
    },
    taken: async () => {
      const rows = await db.read(
        (tx) => tx.sql<{ body: { messageId: string } }[]>`
          select body from committer_outbox where topic = 'test.taken' order by batch, position`,
      )
      return rows.map(({ body }) => body.messageId)
    },
    send: async (to, id) => {
      await committer.submit({
        kind: {
          name: 'test.send',
          need: () => undefined,
          decide: (message: IsoMessage) => {
            links.send(to, message)
            return ok({})
          },
          form: () => id,
          encode: JSON.stringify,
          decode: () => ({}),
        },
        input: rejectOf(id),
        idempotency: { caller: 'test', key: id },
      })
      sender.wake()
    },
    restartSender: async () => {
      await sender.stop()
      sender = startSender()
    },
    post: async (path, headers, body) => {
      const answer = await forward(path, { ...headers, host: new URL(url).host }, body)
      const said: unknown = await answer.json()
      const code = typeof said === 'object' && said !== null && 'code' in said ? String(said.code) : ''
      return { status: answer.status, code }
    },
    stop: async () => {
      for (const response of hanging) response.destroy()
      await sender.stop()
      line.closeAllConnections()
      line.close()
      await http.drain(100)
      await stopCommitter()
    },
  }
}

async function startStationCommitter(place: StationPlace, set: WorkingSet, clock: Clock) {
  const committer = await startCommitter({
    ...{ set, heads: ledgerHeadStore('2026-03-16'), connect: () => place.dedicated(), holder: 'test', clock },
  })
  return { committer, stop: () => committer.stop() }
}

/** The shortest of the messages: only its reference matters here. */
function rejectOf(id: string): IsoMessage {
  return { kind: 'message_reject', value: { reference: id, reason: 'TEST' } }
}
