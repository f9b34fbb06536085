import type { Committer } from '@huitong/committer'
import { LineText, Timestamp } from '@huitong/contract'
import { type HttpApp, notFound, type OutcomeRefusal, outcomeToReply, type RefusalAnswer, reply } from '@huitong/http'
import { isoToMicros, type Micros, microsToIso } from '@huitong/kernel'
import type { InstitutionDatabase, ReadTx } from '@huitong/pg'
import Type from 'typebox'
import { isLinkRefusalCode, LINK_REFUSALS } from './link-refusals.ts'
import type { Links, LinkVault } from './links.ts'
import { selectCursor } from './message-store.ts'
import { drawOwnKey } from './own-key.ts'
import { NEW_LINE, PEER_STATES, type Peer } from './peer.ts'
import { selectLine, selectOwnKeys, selectPeer, selectPeerKeys, selectPeers } from './peer-store.ts'

export interface PeerRouteDeps {
  readonly db: InstitutionDatabase
  readonly committer: Committer
  readonly links: Links
  readonly vault: LinkVault
  readonly member: string
}

/** Attempts in a row without an answer, after which a link counts as broken. It goes on trying. */
const BROKEN_FROM = 3

const PeerName = Type.String({ pattern: '^[A-Za-z0-9]{4,32}$' })
const KeyId = Type.String({ pattern: '^[A-Za-z0-9.-]{1,64}$' })
const PublicKeyText = Type.String({ maxLength: 400, description: 'Ed25519, SPKI in PEM' })
const Nullable = Type.Union([Timestamp, Type.Null()])
const Done = Type.Object({})

const PeerBody = Type.Object(
  {
    peer: PeerName,
    name: Type.String(),
    url: Type.String(),
    state: Type.Enum([...PEER_STATES]),
    health: Type.Enum(['idle', 'behind', 'broken'], {
      description: 'broken: three attempts or more in a row came to nothing; they go on',
    }),
    sent: Type.Integer({ description: 'Number of the last message to it' }),
    acknowledged: Type.Integer({ description: 'Number of the last one that it took' }),
    acknowledgedAt: Nullable,
    received: Type.Integer({ description: 'Number of the last one of its' }),
    attempts: Type.Integer({ description: 'That failed, in a row' }),
    lastFault: Type.Union([Type.String(), Type.Null()]),
    nextAttemptAt: Nullable,
    keys: Type.Array(
      Type.Object({ keyId: KeyId, publicKey: Type.String(), validFrom: Timestamp, validUntil: Nullable }),
    ),
  },
  { $id: 'Peer' },
)

const OwnKeyBody = Type.Object({ keyId: KeyId, publicKey: Type.String(), madeAt: Timestamp, usedFrom: Nullable })

/** Peers, their keys and ours. Whoever changes one needs a second member of staff: a wrong key lets somebody else speak as the peer. */
export function addPeerRoutes(http: HttpApp, deps: PeerRouteDeps): void {
  const { db, committer, links, vault, member } = deps
  const tags = ['Links']
  const reading = { callers: ['staff'], scope: 'links:read' } as const
  const changing = { callers: ['staff'], scope: 'links:write', fourEyes: true } as const

  http.route({
    method: 'GET',
    url: '/v1/peers',
    access: reading,
    summary: 'The institutions that we exchange messages with, and how each link is',
    tags,
    schema: { response: { 200: Type.Object({ member: Type.String(), peers: Type.Array(PeerBody) }) } },
    handler: async () =>
      reply(
        await db.read(async (tx) => {
          const peers = []
          for (const peer of await selectPeers(tx)) peers.push(await bodyOf(tx, peer))
          return { member, peers }
        }),
      ),
  })

  http.route({
    method: 'GET',
    url: '/v1/peers/:peer',
    access: reading,
    summary: 'One peer and its link',
    tags,
    schema: { params: Type.Object({ peer: PeerName }), response: { 200: PeerBody } },
    handler: async ({ params }) => {
      const found = await db.read(async (tx) => {
        const peer = await selectPeer(tx, params.peer)
        return peer === undefined ? undefined : await bodyOf(tx, peer)
      })
      return found === undefined ? notFound('peer') : reply(found)
    },
  })

  http.route({
    method: 'PUT',
    url: '/v1/peers/:peer',
    access: changing,
    summary: 'Make or change a peer',
    description:
      'What waits for it is sent to the new address. A suspended peer is sent nothing and nothing of it is taken.',
    tags,
    idempotent: true,
    schema: {
      params: Type.Object({ peer: PeerName }),
      body: Type.Object({
        name: LineText(128),
        url: Type.String({ maxLength: 255 }),
        state: Type.Enum([...PEER_STATES]),
      }),
      response: { 200: Done },
    },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const input = { ...params, ...body }
      const idempotency = { caller: caller.id, key: idempotencyKey }
      return answered(await committer.submit({ kind: links.setPeer, input, idempotency }))
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/peers/:peer/keys',
    access: changing,
    summary: 'Another key of a peer',
    description: 'The keys before it stay good until they are ended, so that messages on their way are taken.',
    tags,
    idempotent: true,
    schema: {
      params: Type.Object({ peer: PeerName }),
      body: Type.Object({ keyId: KeyId, publicKey: PublicKeyText, validFrom: Type.Optional(Timestamp) }),
      response: { 200: Done },
    },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const input = { ...params, ...body, validFrom: microsOf(body.validFrom) }
      const idempotency = { caller: caller.id, key: idempotencyKey }
      return answered(await committer.submit({ kind: links.addPeerKey, input, idempotency }))
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/peers/:peer/keys/:keyId/end',
    access: changing,
    summary: 'End a key of a peer, now or at a time',
    tags,
    idempotent: true,
    schema: {
      params: Type.Object({ peer: PeerName, keyId: KeyId }),
      body: Type.Object({ at: Type.Optional(Timestamp) }),
      response: { 200: Done },
    },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const input = { keyId: params.keyId, at: microsOf(body.at) }
      const idempotency = { caller: caller.id, key: idempotencyKey }
      return answered(await committer.submit({ kind: links.endPeerKey, input, idempotency }))
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/link-keys',
    access: reading,
    summary: 'Our own keys, whose public halves peers need',
    tags,
    schema: { response: { 200: Type.Object({ keys: Type.Array(OwnKeyBody) }) } },
    handler: async () => {
      const keys = await db.read(selectOwnKeys)
      return reply({
        keys: keys.map(({ keyId, publicKey, madeAt, usedFrom }) => ({
          ...{ keyId, publicKey, madeAt: microsToIso(madeAt), usedFrom: isoOf(usedFrom) },
        })),
      })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/link-keys',
    access: { callers: ['staff'], scope: 'links:write' },
    summary: 'Make another key of our own; it signs nothing before it is put to use',
    tags,
    idempotent: true,
    schema: { body: Type.Object({ keyId: KeyId }), response: { 201: Done } },
    handler: async ({ caller, body, idempotencyKey }) => {
      const input = await drawOwnKey(vault, body.keyId)
      const idempotency = { caller: caller.id, key: idempotencyKey }
      return answered(await committer.submit({ kind: links.addOwnKey, input, idempotency }), 201)
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/link-keys/:keyId/use',
    access: changing,
    summary: 'Sign with this key from now on, once the peers have it',
    tags,
    idempotent: true,
    schema: { params: Type.Object({ keyId: KeyId }), response: { 200: Done } },
    handler: async ({ caller, params, idempotencyKey }) => {
      const idempotency = { caller: caller.id, key: idempotencyKey }
      return answered(await committer.submit({ kind: links.useOwnKey, input: params, idempotency }))
    },
  })
}

async function bodyOf(tx: ReadTx, peer: Peer) {
  const line = (await selectLine(tx, peer.peer)) ?? NEW_LINE
  const { acknowledged, acknowledgedAt, attempts, lastFault, nextAttemptAt } = await selectCursor(tx, peer.peer)
  const keys = await selectPeerKeys(tx, peer.peer)
  const waits = line.sent > acknowledged
  const health: 'idle' | 'behind' | 'broken' = !waits ? 'idle' : attempts >= BROKEN_FROM ? 'broken' : 'behind'
  return {
    ...{ peer: peer.peer, name: peer.name, url: peer.url, state: peer.state, health },
    ...{ sent: line.sent, acknowledged, acknowledgedAt: isoOf(acknowledgedAt), received: line.received },
    ...{ attempts, lastFault, nextAttemptAt: isoOf(nextAttemptAt) },
    keys: keys.map(({ keyId, publicKey, validFrom, validUntil }) => ({
      ...{ keyId, publicKey, validFrom: microsToIso(validFrom), validUntil: isoOf(validUntil) },
    })),
  }
}

function isoOf(at: Micros | null): string | null {
  return at === null ? null : microsToIso(at)
}

function microsOf(text: string | undefined): Micros | null {
  if (text === undefined) return null
  const at = isoToMicros(text)
  return at.ok ? at.value : null
}

function answered(outcome: Parameters<typeof outcomeToReply<object, object>>[0], status = 200) {
  return outcomeToReply(outcome, { status, done: () => ({}), refused: refusalAnswer })
}

function refusalAnswer(refusal: OutcomeRefusal): RefusalAnswer | undefined {
  if (!isLinkRefusalCode(refusal.code)) return undefined
  const { status, text } = LINK_REFUSALS[refusal.code]
  return { status, detail: text }
}
