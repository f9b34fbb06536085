import { createHttp, createLog, type HttpApp } from '@huitong/http'
import { isoToMicros, type ManualClock, manualClock, systemChance } from '@huitong/kernel'
import { createInstitution, type TestInstitution } from '@huitong/testing'
import {
  addIdentityRoutes,
  createIdentity,
  createSecrets,
  type Identity,
  identityMigrations,
  type PayingGuard,
  type RelyingParty,
} from '../src/index.ts'

export interface IdentityWorld {
  readonly institution: TestInstitution
  readonly identity: Identity
  readonly clock: ManualClock
  readonly http: HttpApp
  /** Customers who may sign in. */
  readonly customers: Set<number>
  /** Customers of whom nothing can be paid, and why. */
  readonly stopped: ReadonlyMap<number, string>
  readonly guard: PayingGuard
  /** Another process on the same tables. */
  another(): Identity
}

export async function startIdentityWorld(site: () => RelyingParty = () => SITE): Promise<IdentityWorld> {
  const institution = await createInstitution([identityMigrations])
  const start = isoToMicros('2026-11-22T12:00:00Z')
  if (!start.ok) throw new Error(start.error)
  const clock = manualClock(start.value)
  const customers = new Set<number>([1024, 2048])
  const stopped = new Map<number, string>()
  // In place of payments, which is another module's; it is tested where the program wires it.
  const guard = {
    stop: async (customer: number, reference: string) => {
      stopped.set(customer, reference)
    },
    allow: async (customer: number) => {
      stopped.delete(customer)
    },
    isStopped: async (customer: number) => stopped.has(customer),
  }
  const another = () =>
    createIdentity({
      db: institution.db,
      clock,
      chance: systemChance(),
      customerMaySignIn: async (id) => customers.has(id),
      demo: true,
      secureCookies: false,
      site,
      wallClock: clock,
      guard,
      secrets: createSecrets([{ version: 1, secret: KEY }], KEY, systemChance()),
    })
  const identity = another()
  const http = await createHttp({
    log: createLog({ level: 'silent' }),
    authenticate: [identity.authenticator()],
    record: identity.recorder(),
    approvals: identity.approvalDesk,
  })
  addIdentityRoutes(http, identity, clock)
  return { institution, identity, clock, http, customers, stopped, guard, another }
}

export const SITE = { id: 'pay.example', name: 'Yunhe Pay', origins: ['https://pay.example'] }
/** In place of the institution's key files. */
export const KEY = new Uint8Array(32).fill(7)
export const SECOND = 1_000_000
