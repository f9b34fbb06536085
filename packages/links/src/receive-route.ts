import { createHash } from 'node:crypto'
import type { CommandKind, Committer } from '@huitong/committer'
import { type HttpApp, HttpReply, type RawReply, type RawRequest } from '@huitong/http'
import { type Clock, ok } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import { ANSWER_TYPE, type LinkDesk, MESSAGE_BYTES_MAX } from './link-desk.ts'
import { LINK_REFUSALS, type LinkRefusalCode } from './link-refusals.ts'
import type { LinkVault, MessageTaken, ReceiveMessage } from './links.ts'
import { keepReceived } from './message-store.ts'
import { openOwnKey } from './own-key.ts'
import { isValidKey } from './peer.ts'
import { selectKeyInUse, selectLine, selectPeer, selectPeerKeys } from './peer-store.ts'
import { createTurns, PARKED_MS, type Turns } from './turns.ts'

export interface ReceiveRouteDeps {
  readonly db: InstitutionDatabase
  readonly committer: Committer
  readonly receive: CommandKind<ReceiveMessage, MessageTaken>
  readonly vault: LinkVault
  readonly desk: LinkDesk
  readonly clock: Clock
  readonly wallClock: Clock
  /** Where peers reach us: it stands under every signature. */
  readonly baseUrl: () => string
  /** How long a message waits for the one before it; 2 s unless told. */
  readonly parkedMs?: number
}

const KEY_ID = /;keyid="([A-Za-z0-9.-]{1,64})"/
const NUMBER = /^[1-9]\d{0,14}$/

interface Said {
  readonly status: number
  readonly result?: 'taken' | 'refused'
  readonly code: string
}

/**
 * Takes messages of peers. The answer is signed and is `200` only when the message is taken for good; whatever else it is, the peer sends
 * the message again, and the number under which it does so makes that harmless.
 */
export function addReceiveRoute(http: HttpApp, deps: ReceiveRouteDeps): void {
  const turns = createTurns(deps.parkedMs ?? PARKED_MS)
  http.rawRoute({
    method: 'POST',
    url: '/v1/links/:peer/messages/:number',
    // Who it is, the signature says: of a peer's message, not of a caller's request.
    access: { callers: ['anonymous'] },
    summary: 'One message of a peer, signed (RFC 9421), as ISO 20022 XML',
    handler: async (request) => {
      const url = new URL(request.rawTarget, deps.baseUrl()).href
      return await signed(deps, { url, body: request.rawBody }, await taken(deps, turns, request, url))
    },
  })
}

async function taken(deps: ReceiveRouteDeps, turns: Turns, request: RawRequest, url: string): Promise<Said> {
  const { db, committer, clock, wallClock, vault, desk } = deps
  const { peer: from = '', number: numberText = '' } = request.params
  const body = request.rawBody
  if (body.length > MESSAGE_BYTES_MAX) return refusal('message_too_large')
  const keyId = KEY_ID.exec(String(request.headers['signature-input']))?.[1]
  const { peer, key } = await db.read(async (tx) => ({
    peer: await selectPeer(tx, from),
    key: (await selectPeerKeys(tx, from)).find((one) => one.keyId === keyId && isValidKey(one, clock.now())),
  }))
  if (peer?.state !== 'active' || key === undefined || !NUMBER.test(numberText)) return refusal('key_unknown')
  const texts = Object.entries(request.headers).filter((one): one is [string, string] => typeof one[1] === 'string')
  const headers = Object.fromEntries(texts)
  const signer = { id: key.keyId, pem: key.publicKey }
  const read = await desk.read({ url, headers, body, key: signer, atMs: Math.floor(wallClock.now() / 1000) })
  if (read.fault !== undefined) return refusal(read.fault === 'unsigned' ? 'key_unknown' : read.fault)
  const number = Number(numberText)
  const digest = createHash('sha256').update(body).digest()
  const proof = { signature: headers.signature, input: headers['signature-input'], url, body: body.toString('base64') }
  const sealed = vault.seal(`incoming ${from} ${number}`, Buffer.from(JSON.stringify(proof), 'utf8'))
  const kept = await db.transact(async (tx) =>
    ok(await keepReceived(tx, { peer: from, number, digest, receivedAt: clock.now(), sealed })),
  )
  if (!kept.ok || !kept.value) return refusal('number_reused')
  const received = async () => (await db.read((tx) => selectLine(tx, from)))?.received ?? 0
  if (!(await turns.await(from, number, received))) return refusal('out_of_order')
  const outcome = await committer.submit({
    kind: deps.receive,
    input: { from, number, digest: digest.toString('hex'), message: read.message },
    idempotency: { caller: `peer:${from}`, key: numberText },
  })
  switch (outcome.status) {
    case 'done':
      turns.taken(from, number)
      return { status: 200, ...outcome.answer }
    case 'key_conflict':
      return refusal('number_reused')
    case 'overloaded':
    case 'unavailable':
      return { status: 503, code: outcome.status }
    case 'unknown':
      return { status: 504, code: 'outcome_unknown' }
    case 'refused':
    case 'failed':
      return { status: 500, code: 'internal_error' }
  }
}

function refusal(code: LinkRefusalCode): Said {
  return { status: LINK_REFUSALS[code].status, code }
}

/** Unsigned only while we have no key: then nobody is our peer yet. */
async function signed(
  { db, vault, desk, wallClock }: ReceiveRouteDeps,
  request: { readonly url: string; readonly body: Uint8Array },
  { status, ...said }: Said,
): Promise<RawReply> {
  const answer = Buffer.from(JSON.stringify(said), 'utf8')
  const own = await db.read(selectKeyInUse)
  if (own === undefined) return new HttpReply(answer, { status: 503, headers: { 'content-type': ANSWER_TYPE } })
  const order = { status, answer, request, key: openOwnKey(vault, own), atMs: Math.floor(wallClock.now() / 1000) }
  return new HttpReply(answer, { status, headers: await desk.answer(order) })
}
