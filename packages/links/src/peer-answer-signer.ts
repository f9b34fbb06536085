import { createPrivateKey } from 'node:crypto'
import { signHttpAnswer } from '@huitong/formats'
import type { AnswerSigner } from '@huitong/http'
import { type Clock, invariant, microsToIso } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import type { LinkVault } from './links.ts'
import { openOwnKey } from './own-key.ts'
import { PEER_API } from './peer-authenticator.ts'
import { selectKeyInUse } from './peer-store.ts'

export interface PeerAnswerSignerDeps {
  readonly db: InstitutionDatabase
  readonly vault: LinkVault
  readonly wallClock: Clock
  /** Where peers reach us: it stands under every signature. */
  readonly baseUrl: () => string
}

/** Signs what a peer is answered together with what it asked, under the key that our messages are signed with. */
export function peerAnswerSigner({ db, vault, wallClock, baseUrl }: PeerAnswerSignerDeps): AnswerSigner {
  return {
    under: PEER_API,
    sign: async (answer, { method, rawTarget, rawBody }) => {
      const own = await db.read(selectKeyInUse)
      invariant(own !== undefined, 'an institution with links has a key')
      const { id, pem } = openOwnKey(vault, own)
      const request = { method, url: new URL(rawTarget, baseUrl()).href, body: rawBody }
      const at = new Date(microsToIso(wallClock.now()))
      return await signHttpAnswer(answer, request, { id, privateKey: createPrivateKey(pem) }, at)
    },
  }
}
