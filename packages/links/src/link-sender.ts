import type { Committer } from '@huitong/committer'
import { type Pump, pump } from '@huitong/jobs'
import { type Clock, type Micros, ok } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import Type from 'typebox'
import { Value } from 'typebox/value'
import type { LinkDesk } from './link-desk.ts'
import { type Links, type LinkVault, outgoingField } from './links.ts'
import {
  advanceCursor,
  noteFault,
  type Sealed,
  selectCursor,
  selectPeersToCall,
  selectWaiting,
} from './message-store.ts'
import { openOwnKey } from './own-key.ts'
import { isValidKey, type Peer, type PeerKey } from './peer.ts'
import { selectKeyInUse, selectPeer, selectPeerKeys } from './peer-store.ts'
import { WINDOW } from './turns.ts'

export interface LinkSenderDeps {
  readonly db: InstitutionDatabase
  readonly committer: Committer
  readonly links: Links
  readonly vault: LinkVault
  readonly desk: LinkDesk
  /** Our own number, as peers know us. */
  readonly member: string
  readonly clock: Clock
  /** The time of the world outside, which signatures are judged by. */
  readonly wallClock: Clock
  readonly onError: (error: unknown, peer?: string) => void
  readonly timeoutMs?: number
  /** The first wait after an attempt that failed; it doubles to a minute. 500 unless told. */
  readonly backoffMs?: number
}

const TIMEOUT_MS = 10_000
const BACKOFF_MS = 500
const BACKOFF_MS_MAX = 60_000
const PAGE = 64
const REST_MS = 500
const ANSWER_BYTES_MAX = 4096
const FAULT_LENGTH_MAX = 200

/** What an answer of a peer says, once its signature held. */
const Answer = Type.Object({ result: Type.Enum(['taken', 'refused']), code: Type.String({ maxLength: 64 }) })

type Delivered = { readonly taken: true } | { readonly taken: false; readonly refused: string }

/** An attempt that came to nothing; its words are shown to staff. */
class NotDelivered extends Error {
  override readonly name = 'NotDelivered'
}

/**
 * Sends what waits: for each peer in order, a few at once, each until the peer's signed answer says that it was taken. Peers do not
 * wait for each other. A process that is not the committer sends nothing.
 */
export function startLinkSender(deps: LinkSenderDeps): Pump {
  const { db, committer, onError } = deps
  const lines = new Map<string, Pump>()
  const finder = pump({
    turn: async () => {
      for (const peer of await db.read(selectPeersToCall)) {
        if (!lines.has(peer)) {
          const turn = async () => committer.status().state === 'running' && (await sendTo(deps, peer))
          lines.set(peer, pump({ turn, restMillis: REST_MS, onError: (error) => onError(error, peer) }))
        }
      }
      return false
    },
    restMillis: REST_MS,
    onError,
  })
  return {
    wake: () => {
      finder.wake()
      for (const line of lines.values()) line.wake()
    },
    stop: async () => {
      await finder.stop()
      await Promise.all([...lines.values()].map((line) => line.stop()))
    },
  }
}

/** One page of a link; true when it went through and there may be more. */
async function sendTo(deps: LinkSenderDeps, name: string): Promise<boolean> {
  const { db, clock, backoffMs = BACKOFF_MS } = deps
  const now = clock.now()
  const { cursor, peer, keys, waiting, own } = await db.read(async (tx) => ({
    cursor: await selectCursor(tx, name),
    peer: await selectPeer(tx, name),
    keys: await selectPeerKeys(tx, name),
    waiting: await selectWaiting(tx, name, PAGE),
    own: await selectKeyInUse(tx),
  }))
  if (peer?.state !== 'active' || own === undefined || waiting.length === 0) return false
  // Times are those of a clock that a demo moves only forward, so that none is waited for in vain.
  if (cursor.nextAttemptAt !== null && cursor.nextAttemptAt > now) return false
  const key = openOwnKey(deps.vault, own)
  // After a fault one message tries whether the peer is there again.
  const window = cursor.attempts > 0 ? 1 : WINDOW
  let reached: number | undefined
  let fault: unknown
  for (let start = 0; start < waiting.length && fault === undefined; start += window) {
    const sent = waiting.slice(start, start + window)
    const ends = await Promise.allSettled(sent.map((message) => deliver(deps, peer, keys, key, message)))
    const failed = ends.findIndex(({ status }) => status === 'rejected')
    const end = ends[failed]
    if (end?.status === 'rejected') fault = end.reason
    // What was taken behind the first fault is sent again, and answered as the first time.
    reached = sent[(failed < 0 ? sent.length : failed) - 1]?.number ?? reached
  }
  await reach(deps, name, reached)
  if (fault !== undefined) {
    if (!(fault instanceof NotDelivered)) throw fault
    const wait = Math.min(BACKOFF_MS_MAX, backoffMs * 2 ** (reached === undefined ? Math.min(cursor.attempts, 10) : 0))
    const again: Micros = clock.now() + wait * 1000
    await db.transact(async (tx) => ok(await noteFault(tx, name, fault.message.slice(0, FAULT_LENGTH_MAX), again)))
    return false
  }
  return true
}

async function reach({ db, clock }: LinkSenderDeps, peer: string, number: number | undefined): Promise<void> {
  if (number === undefined) return
  await db.transact(async (tx) => ok(await advanceCursor(tx, peer, number, clock.now())))
}

async function deliver(
  deps: LinkSenderDeps,
  peer: Peer,
  keys: readonly PeerKey[],
  key: { readonly id: string; readonly pem: string },
  { number, sealed }: Sealed,
): Promise<void> {
  const { committer, links, vault } = deps
  const text = Buffer.from(vault.open(outgoingField(peer.peer, number), sealed)).toString('utf8')
  const answer = await post(deps, peer, keys, key, { number, text })
  if (answer.taken) return
  const input = { peer: peer.peer, number, code: answer.refused }
  const idempotency = { caller: `peer:${peer.peer}`, key: `refused ${number}` }
  const noted = await committer.submit({ kind: links.noteRefusal, input, idempotency })
  if (noted.status !== 'done') throw new NotDelivered(`the refusal could not be noted: ${noted.status}`)
}

async function post(
  { desk, member, clock, wallClock, timeoutMs = TIMEOUT_MS }: LinkSenderDeps,
  peer: Peer,
  keys: readonly PeerKey[],
  key: { readonly id: string; readonly pem: string },
  { number, text }: { readonly number: number; readonly text: string },
): Promise<Delivered> {
  const url = new URL(`/v1/links/${member}/messages/${number}`, peer.url).href
  const atMs = () => Math.floor(wallClock.now() / 1000)
  const { body, headers } = await desk.write({ text, url, key, atMs: atMs() })
  const said = await fetched(url, { headers, body }, timeoutMs)
  const valid = keys.filter((one) => isValidKey(one, clock.now()))
  const proven = await desk.check({
    ...{ status: said.status, headers: said.headers, answer: said.body, request: { url, body } },
    ...{ keys: valid.map(({ keyId, publicKey }) => ({ id: keyId, pem: publicKey })), atMs: atMs() },
  })
  if (!proven) throw new NotDelivered(`answered ${said.status}, without a signature of the peer's that holds`)
  const answer = parsed(said.body)
  if (said.status !== 200 || !Value.Check(Answer, answer)) {
    throw new NotDelivered(`answered ${said.status} ${codeOf(answer)}`)
  }
  return answer.result === 'taken' ? { taken: true } : { taken: false, refused: answer.code }
}

async function fetched(
  url: string,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array },
  timeoutMs: number,
) {
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const answer = await fetch(url, { method: 'POST', headers, body: Buffer.from(body), redirect: 'error', signal })
    const chunks: Uint8Array[] = []
    let length = 0
    for await (const chunk of answer.body ?? []) {
      length += chunk.length
      if (length > ANSWER_BYTES_MAX) throw new NotDelivered('answered more than an answer has')
      chunks.push(chunk)
    }
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body: Buffer.concat(chunks) }
  } catch (error) {
    if (error instanceof NotDelivered) throw error
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : ''
    throw new NotDelivered(`no answer (${error instanceof Error ? error.name : 'fault'}${cause})`)
  }
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'))
  } catch {
    return undefined
  }
}

function codeOf(answer: unknown): string {
  return typeof answer === 'object' && answer !== null && 'code' in answer ? String(answer.code) : 'nothing'
}
