import type { CommandKind, WorkingSet } from '@huitong/committer'
import { answerCodec } from '@huitong/contract'
import { importEd25519 } from '@huitong/formats'
import { canonicalJson, type Micros, ok } from '@huitong/kernel'
import Type from 'typebox'
import { refuse } from './link-refusals.ts'
import type { OwnKey, Peer, PeerKey } from './peer.ts'
import { ownKeyTable, peerKeyTable, peerTable } from './peer-store.ts'

const Nothing = Type.Object({})
const PEER = /^[A-Za-z0-9]{4,32}$/
const KEY_ID = /^[A-Za-z0-9.-]{1,64}$/

type SetPeerInput = Omit<Peer, 'changedAt'>
interface AddPeerKeyInput {
  readonly keyId: string
  readonly peer: string
  readonly publicKey: string
  readonly validFrom: Micros | null
}
interface EndPeerKeyInput {
  readonly keyId: string
  /** Null: at once. */
  readonly at: Micros | null
}

/** Changes of the peers and of keys: for staff, and for nobody alone. */
export function peerCommands(set: WorkingSet) {
  const peers = set.table(peerTable)
  const keys = set.table(peerKeyTable)
  const ownKeys = set.table(ownKeyTable)

  const setPeer: CommandKind<SetPeerInput, object> = {
    name: 'links.set-peer',
    need: ({ peer }) => peers.need(peer),
    decide: ({ peer, name, url, state }) => {
      if (!PEER.test(peer) || !isAddress(url)) return refuse('peer_malformed')
      peers.put(peer, { peer, name, url: new URL(url).origin, state, changedAt: set.batch.at })
      return ok({})
    },
    form: ({ peer, name, url, state }) => canonicalJson({ peer, name, url, state }),
    ...answerCodec(Nothing),
  }

  const addPeerKey: CommandKind<AddPeerKeyInput, object> = {
    name: 'links.add-peer-key',
    need: ({ peer, keyId }) => {
      peers.need(peer)
      keys.need(keyId)
    },
    decide: ({ peer, keyId, publicKey, validFrom }) => {
      if (peers.get(peer) === undefined) return refuse('peer_not_found')
      if (!KEY_ID.test(keyId) || !importEd25519(publicKey, 'public').ok) return refuse('key_malformed')
      const found = keys.get(keyId)
      if (found !== undefined)
        return found.publicKey === publicKey && found.peer === peer ? ok({}) : refuse('key_exists')
      const key: PeerKey = { keyId, peer, publicKey, validFrom: validFrom ?? set.batch.at, validUntil: null }
      keys.put(keyId, key)
      return ok({})
    },
    form: (input) => canonicalJson({ ...input }),
    ...answerCodec(Nothing),
  }

  const endPeerKey: CommandKind<EndPeerKeyInput, object> = {
    name: 'links.end-peer-key',
    need: ({ keyId }) => keys.need(keyId),
    decide: ({ keyId, at }) => {
      const found = keys.get(keyId)
      if (found === undefined) return refuse('key_not_found')
      keys.put(keyId, { ...found, validUntil: at ?? set.batch.at })
      return ok({})
    },
    form: ({ keyId, at }) => canonicalJson({ keyId, at }),
    ...answerCodec(Nothing),
  }

  const addOwnKey: CommandKind<Pick<OwnKey, 'keyId' | 'publicKey' | 'privateSealed'>, object> = {
    name: 'links.add-own-key',
    need: ({ keyId }) => ownKeys.need(keyId),
    decide: ({ keyId, publicKey, privateSealed }) => {
      if (!KEY_ID.test(keyId)) return refuse('key_malformed')
      if (ownKeys.get(keyId) !== undefined) return refuse('key_exists')
      ownKeys.put(keyId, { keyId, publicKey, privateSealed, madeAt: set.batch.at, usedFrom: null })
      return ok({})
    },
    form: ({ keyId }) => canonicalJson({ keyId }),
    ...answerCodec(Nothing),
  }

  const useOwnKey: CommandKind<{ readonly keyId: string }, object> = {
    name: 'links.use-own-key',
    need: ({ keyId }) => ownKeys.need(keyId),
    decide: ({ keyId }) => {
      const found = ownKeys.get(keyId)
      if (found === undefined) return refuse('key_not_found')
      if (found.usedFrom !== null) return refuse('key_in_use')
      ownKeys.put(keyId, { ...found, usedFrom: set.batch.at })
      return ok({})
    },
    form: ({ keyId }) => canonicalJson({ keyId }),
    ...answerCodec(Nothing),
  }

  return { setPeer, addPeerKey, endPeerKey, addOwnKey, useOwnKey }
}

function isAddress(url: string): boolean {
  const parsed = URL.parse(url)
  return (
    parsed !== null &&
    (parsed.protocol === 'https:' || parsed.protocol === 'http:') &&
    parsed.username === '' &&
    parsed.password === ''
  )
}
