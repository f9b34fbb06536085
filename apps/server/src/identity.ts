import { createIdentity, createSecrets, type Identity, type RelyingParty } from '@huitong/identity'
import { systemClock } from '@huitong/kernel'
import { findCustomer } from '@huitong/party'
import { createPayingGuard, type PayingGuard } from '@huitong/payments'
import { asPlatform, type Institution } from './institution.ts'

export interface IdentitySurroundings {
  readonly demo: boolean
  /** Where browsers reach us, when that is not this machine: `https://pay.example.com`. */
  readonly origin: string | undefined
  /** Of an institution beside the first one, whose cookies are to be told from that one's. */
  readonly cookieSuffix: string
  /** Where we listen; known only once we do. */
  readonly baseUrl: () => string
}

/** Sign-in of an institution's staff and customers. Plain http on this machine keeps cookies only if they are not `secure`. */
export function openIdentity(
  institution: Institution,
  { demo, origin, cookieSuffix, baseUrl }: IdentitySurroundings,
): Identity {
  const { db, clock, chance, name, keys, committer } = institution
  const platform = asPlatform(institution)
  return createIdentity({
    db,
    clock,
    chance,
    customerMaySignIn: async (id) => (await db.read((tx) => findCustomer(tx, id)))?.status === 'active',
    demo,
    cookieSuffix,
    secureCookies: origin?.startsWith('https:') ?? false,
    site: () => siteOf(name, origin, baseUrl()),
    wallClock: systemClock(),
    guard:
      platform === undefined ? PAYS_NOTHING : createPayingGuard({ db, committer, payments: platform.modules.payments }),
    secrets: createSecrets([{ version: 1, secret: keys.masterSecret }], keys.indexSecret, chance),
  })
}

/** Where customers have no wallet there is nothing to stop. */
const PAYS_NOTHING: PayingGuard = {
  stop: async () => undefined,
  allow: async () => undefined,
  isStopped: async () => false,
}

/** Passkeys are for domains; an address such as 127.0.0.1 is none, so on one machine they live under `localhost`. */
function siteOf(name: string, origin: string | undefined, baseUrl: string): RelyingParty {
  if (origin !== undefined) return { id: new URL(origin).hostname, name, origins: [origin] }
  return { id: 'localhost', name, origins: [`http://localhost:${URL.parse(baseUrl)?.port || '80'}`] }
}
