import { createPrivateKey } from 'node:crypto'
import { importEd25519, signHttpRequest, verifyHttpAnswer } from '@huitong/formats'
import { type Clock, microsToIso } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import type { LinkVault } from './links.ts'
import { openOwnKey } from './own-key.ts'
import { isValidKey } from './peer.ts'
import { PEER_API } from './peer-authenticator.ts'
import { selectKeyInUse, selectPeer, selectPeerKeys } from './peer-store.ts'

/** What a peer answered; that it is its own, and to this very request, is proven. */
interface PeerAnswer {
  readonly status: number
  readonly body: unknown
}

export interface PeerClient {
  /**
   * Posts to a peer's API; `path` is what follows `/v1/peer/`. Undefined when nobody knows what came of it: no answer in time, none that
   * is signed by the peer, or a fault of its own.
   */
  ask(peer: string, path: string, body: object): Promise<PeerAnswer | undefined>
}

export interface PeerClientDeps {
  readonly db: InstitutionDatabase
  readonly vault: LinkVault
  readonly clock: Clock
  /** The time of the world outside, which signatures are judged by. */
  readonly wallClock: Clock
  /** 5 s unless told. */
  readonly timeoutMs?: number
}

const TIMEOUT_MS = 5_000

/** Asks peers what cannot wait for a message, signed under the key that our messages are signed with. */
export function createPeerClient({ db, vault, clock, wallClock, timeoutMs = TIMEOUT_MS }: PeerClientDeps): PeerClient {
  const outside = (): Date => new Date(microsToIso(wallClock.now()))
  return {
    ask: async (name, path, content) => {
      const { peer, keys, own } = await db.read(async (tx) => ({
        peer: await selectPeer(tx, name),
        keys: await selectPeerKeys(tx, name),
        own: await selectKeyInUse(tx),
      }))
      if (peer?.state !== 'active' || own === undefined) return undefined
      const { id, pem } = openOwnKey(vault, own)
      const body = Buffer.from(JSON.stringify(content))
      const request = { method: 'POST', url: new URL(`${PEER_API}${path}`, peer.url).href, body }
      const headers = await signHttpRequest(request, { id, privateKey: createPrivateKey(pem) }, outside())
      const valid = keys.filter((key) => isValidKey(key, clock.now()))
      try {
        const signal = AbortSignal.timeout(timeoutMs)
        const answer = await fetch(request.url, { method: 'POST', headers, body, redirect: 'error', signal })
        const bytes = Buffer.from(await answer.arrayBuffer())
        const verified = await verifyHttpAnswer(
          { status: answer.status, headers: Object.fromEntries(answer.headers), body: bytes },
          request,
          (keyId) => keyOf(valid.find((key) => key.keyId === keyId)?.publicKey),
          outside(),
        )
        if (!verified.ok || answer.status >= 500) return undefined
        return { status: answer.status, body: JSON.parse(bytes.toString('utf8')) }
      } catch {
        return undefined
      }
    },
  }
}

function keyOf(publicKey: string | undefined) {
  const key = publicKey === undefined ? undefined : importEd25519(publicKey, 'public')
  return key?.ok === true ? key.value : undefined
}
