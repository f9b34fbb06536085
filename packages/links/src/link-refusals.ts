import type { Refusal } from '@huitong/committer'

/*
 * Why a peer's message, or a change of a peer, is refused, as one closed list in order of precedence. `answered` ones are what a peer is
 * told about a message; they are signed by us, and but for `message_refused` the peer sends it again.
 */

interface LinkRefusalRow {
  readonly status: number
  readonly text: string
}

export const LINK_REFUSALS = {
  key_unknown: refused(401, 'The request is not signed by a key of this peer that is valid now.'),
  signature_wrong: refused(401, 'The signature does not hold, or is too old or too new.'),
  digest_wrong: refused(401, 'The body is not what its digest says.'),
  message_too_large: refused(413, 'A message may have 524,288 bytes.'),
  number_reused: refused(409, 'Another message came under this number before.'),
  out_of_order: refused(409, 'A message with a smaller number has not come yet.'),
  peer_not_found: refused(404, 'There is no such peer.'),
  peer_malformed: refused(422, 'A peer has a name of 4 to 32 letters and digits, and an http or https address.'),
  key_malformed: refused(422, 'A key is Ed25519, its public half in PEM.'),
  key_exists: refused(409, 'There is a key of this name, and another one.'),
  key_not_found: refused(404, 'There is no such key.'),
  key_in_use: refused(409, 'The key is in use already.'),
} as const satisfies Readonly<Record<string, LinkRefusalRow>>

export type LinkRefusalCode = keyof typeof LINK_REFUSALS

export interface LinkRefusal extends Refusal {
  readonly code: LinkRefusalCode
}

export function refuse(code: LinkRefusalCode): { readonly ok: false; readonly error: LinkRefusal } {
  return { ok: false, error: { code } }
}

export function isLinkRefusalCode(code: string): code is LinkRefusalCode {
  return Object.hasOwn(LINK_REFUSALS, code)
}

function refused(status: number, text: string): LinkRefusalRow {
  return { status, text }
}
