import { importEd25519, verifyHttpRequest } from '@huitong/formats'
import type { Authenticator } from '@huitong/http'
import { type Clock, invariant, microsToIso } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import { selectPartner } from './partner-store.ts'

export interface PartnerAuthenticatorDeps {
  readonly db: InstitutionDatabase
  readonly wallClock: Clock
  /** Where the outside finds us: it stands under every signature. */
  readonly baseUrl: () => string
}

const PATH = '/v1/partner/'
const KEY_ID = /;keyid="([a-z0-9-]{1,20})"/

/** Knows institutions by their signed requests. Elsewhere than on the partner API signatures mean nothing. */
export function partnerAuthenticator({ db, wallClock, baseUrl }: PartnerAuthenticatorDeps): Authenticator {
  return async ({ method, rawTarget, headers, rawBody }) => {
    const input = headers['signature-input']
    if (!rawTarget.startsWith(PATH) || input === undefined) return undefined
    const name = KEY_ID.exec(String(input))?.[1]
    const partner = name === undefined ? undefined : await db.read((tx) => selectPartner(tx, name))
    if (partner === undefined) return 'invalid'
    const key = importEd25519(partner.publicKey, 'public')
    invariant(key.ok, `the public key of the partner ${partner.partner} cannot be read`)
    const texts = Object.entries(headers).filter((header): header is [string, string] => typeof header[1] === 'string')
    const verified = await verifyHttpRequest(
      { method, url: new URL(rawTarget, baseUrl()).href, headers: Object.fromEntries(texts), body: rawBody },
      (id) => (id === partner.partner ? key.value : undefined),
      new Date(microsToIso(wallClock.now())),
    )
    if (!verified.ok) return 'invalid'
    const scopes = new Set(['payments:read', 'payments:write'] as const)
    return { kind: 'partner', id: `partner:${partner.partner}`, scopes, partnerId: partner.partner }
  }
}
