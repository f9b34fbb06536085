import type { Micros } from '@huitong/kernel'

export const PEER_STATES = ['active', 'suspended'] as const
type PeerState = (typeof PEER_STATES)[number]

/** Another institution, by the number that messages name it by. */
export interface Peer {
  readonly peer: string
  readonly name: string
  /** Where it takes messages, without the path. */
  readonly url: string
  readonly state: PeerState
  readonly changedAt: Micros
}

/** What a peer's signatures are checked by; Ed25519, SPKI in PEM. */
export interface PeerKey {
  readonly keyId: string
  readonly peer: string
  readonly publicKey: string
  readonly validFrom: Micros
  /** Null: until told otherwise. */
  readonly validUntil: Micros | null
}

/** A key of our own. It signs from `usedFrom` until another one does. */
export interface OwnKey {
  readonly keyId: string
  readonly publicKey: string
  /** PKCS #8 in PEM, sealed, base64. */
  readonly privateSealed: string
  readonly madeAt: Micros
  readonly usedFrom: Micros | null
}

/** The last numbers given to a message that goes out, and taken of those that come in. */
export interface Line {
  readonly sent: number
  readonly received: number
}

export const NEW_LINE: Line = { sent: 0, received: 0 }

export function isValidKey({ validFrom, validUntil }: PeerKey, at: Micros): boolean {
  return validFrom <= at && (validUntil === null || at < validUntil)
}
