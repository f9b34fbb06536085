import { importEd25519, verifyHttpRequest } from '@huitong/formats'
import type { Authenticator } from '@huitong/http'
import { type Clock, invariant, microsToIso } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import { isValidKey } from './peer.ts'
import { selectPeer, selectPeerKey } from './peer-store.ts'

/** Where peers ask what cannot wait for a message. */
export const PEER_API = '/v1/peer/'

export interface PeerAuthenticatorDeps {
  readonly db: InstitutionDatabase
  readonly clock: Clock
  /** The time of the world outside, which signatures are judged by. */
  readonly wallClock: Clock
  /** Where peers reach us: it stands under every signature. */
  readonly baseUrl: () => string
}

const KEY_ID = /;keyid="([A-Za-z0-9.-]{1,64})"/

/** Knows peers by their signed requests (RFC 9421), under the keys that their messages are signed with. Elsewhere signatures mean nothing. */
export function peerAuthenticator({ db, clock, wallClock, baseUrl }: PeerAuthenticatorDeps): Authenticator {
  return async ({ method, rawTarget, headers, rawBody }) => {
    const input = headers['signature-input']
    if (!rawTarget.startsWith(PEER_API) || input === undefined) return undefined
    const keyId = KEY_ID.exec(String(input))?.[1] ?? ''
    const { key, peer } = await db.read(async (tx) => {
      const key = await selectPeerKey(tx, keyId)
      return { key, peer: key === undefined ? undefined : await selectPeer(tx, key.peer) }
    })
    if (key === undefined || peer?.state !== 'active' || !isValidKey(key, clock.now())) return 'invalid'
    const publicKey = importEd25519(key.publicKey, 'public')
    invariant(publicKey.ok, `the public key ${key.keyId} of a peer cannot be read`)
    const texts = Object.entries(headers).filter((header): header is [string, string] => typeof header[1] === 'string')
    const verified = await verifyHttpRequest(
      { method, url: new URL(rawTarget, baseUrl()).href, headers: Object.fromEntries(texts), body: rawBody },
      (id) => (id === key.keyId ? publicKey.value : undefined),
      new Date(microsToIso(wallClock.now())),
    )
    if (!verified.ok) return 'invalid'
    return { kind: 'peer', id: `peer:${peer.peer}`, scopes: new Set(['bank:read', 'bank:write']), peerId: peer.peer }
  }
}
