import type { Caller, Scope } from '@huitong/contract'
import type { Authenticator } from '@huitong/http'
import { type Chance, type Clock, MICROS_PER_SECOND, ok, publicId } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import { type Approvals, createApprovals } from './approvals.ts'
import { attemptLimiter } from './attempt-limiter.ts'
import { insertAudit } from './audit-store.ts'
import { createAuthentication } from './authentication.ts'
import { createChallenges } from './challenges.ts'
import { createDevices, type Devices, type PayingGuard } from './devices.ts'
import { createOneTimeCodes, type OneTimeCodes } from './one-time-codes.ts'
import { isOwnOrigin, type OriginRequest } from './own-origin.ts'
import type { PasskeyParts } from './passkey-parts.ts'
import { createPasskeyRegister, type PasskeyRegister } from './passkey-register.ts'
import { createPasskeySignIn, type PasskeySignIn } from './passkey-sign-in.ts'
import { CUSTOMER_SCOPES, type Role, scopesOfRoles } from './roles.ts'
import type { Secrets } from './secrets.ts'
import { isLive, type Session, strengthAt, strongUntil } from './session.ts'
import { endSessions, selectSessions } from './session-store.ts'
import { createSignIn, type SignIn } from './sign-in.ts'
import { createSignInResets, type SignInResets } from './sign-in-resets.ts'
import { createStaffAudit, type StaffAudit } from './staff-audit.ts'
import { createStaffRegister, type StaffRegister } from './staff-register.ts'
import type { Subject } from './subject.ts'
import type { RelyingParty } from './webauthn.ts'

export interface IdentityOptions {
  readonly db: InstitutionDatabase
  readonly clock: Clock
  /** The operating system's: tokens are drawn from it. */
  readonly chance: Chance
  /** Port: whether this customer exists and may sign in. The program wires it, since customers are another module's. */
  readonly customerMaySignIn: (customerId: number) => Promise<boolean>
  /** Whether staff get the scope `demo:operate` with roles that have it. Only ever true in a demo world. */
  readonly demo: boolean
  /** Whether browsers reach the program over TLS; the cookie is then kept off plain connections. */
  readonly secureCookies: boolean
  /** Tells the cookies of institutions on one host apart, such as `-taihu_bank`: browsers send them to every port. Nothing unless told. */
  readonly cookieSuffix?: string
  /** The site that passkeys are for. Its origins count as ours beside the one that a request was sent to. */
  readonly site: () => RelyingParty
  /** The world's clock, by which apps compute one-time codes; a demo moves the other one. */
  readonly wallClock: Clock
  /** Seals the secrets of one-time codes. */
  readonly secrets: Secrets
  readonly guard: PayingGuard
}

/**
 * Sign-in of staff and customers. Its tables are written outside the committer: no money hangs on their order.
 *
 * - `ensureFirstOperator(name)` makes the founding operator if there is none; two programs at once get the same one.
 * - `issueSignInLink(subject, lifeSeconds?)` makes a link that works once, within 15 minutes unless told; its address is `/signin/<token>`.
 * - `signIn(linkToken, address)` turns a link's token into a session.
 * - `issueOperatorToken(staffId)` is a bearer token of ten minutes for the command line on the server's own machine.
 */
export interface Identity
  extends StaffRegister,
    SignIn,
    PasskeyRegister,
    PasskeySignIn,
    OneTimeCodes,
    Devices,
    SignInResets,
    StaffAudit,
    Approvals {
  /** Finds callers by session cookie or `Authorization: Bearer hs_…`. */
  authenticator(): Authenticator
  /** The session that this caller of a request came with. */
  sessionOf(caller: Caller): Session | undefined
  /** Live sessions, newest first, at most 100. */
  listSessions(subject: Subject): Promise<readonly Session[]>
  /** Ends one session, or all when no id is given, such as of a customer who was frozen. Returns how many it ended. */
  endSessions(subject: Subject, sessionId?: number, address?: string): Promise<number>
  readonly cookie: { readonly name: string; readonly secure: boolean }
  /** By which a browser is known again. */
  readonly deviceCookie: { readonly name: string; readonly secure: boolean }
  readonly site: () => RelyingParty
  /** Whether there is such a person who may come in. */
  maySignIn(subject: Subject): Promise<boolean>
  /** What a person is called on our pages: a customer by id, for names are in another module's vault. */
  nameOf(subject: Subject): Promise<string>
  /** Whether a request came from a page of ours, or from no page. */
  isOwnOrigin(request: OriginRequest): boolean
}

const SESSIONS_SHOWN = 100
const SIGN_IN_ATTEMPTS = { failuresMax: 20, windowMicros: 60 * MICROS_PER_SECOND, addressesMax: 10_000 }
// Programs with an ended session try it some times before they notice, so there is more room here.
const TOKEN_ATTEMPTS = { failuresMax: 200, windowMicros: 60 * MICROS_PER_SECOND, addressesMax: 10_000 }

export function createIdentity(options: IdentityOptions): Identity {
  const { db, clock, chance, secureCookies, cookieSuffix = '', site } = options
  const staff = createStaffRegister(db, clock)
  // The prefix makes browsers refuse the cookie from any other host or over plain HTTP.
  const cookiePrefix = secureCookies ? '__Host-huitong' : 'huitong'
  const cookieName = `${cookiePrefix}-session${cookieSuffix}`

  // Where the program is told that browsers reach it over TLS, every request counts as come over TLS.
  function ownOrigin({ headers, protocol = 'http' }: OriginRequest): boolean {
    return isOwnOrigin({ headers, protocol: secureCookies ? 'https' : protocol }, site().origins)
  }

  async function maySignIn(subject: Subject): Promise<boolean> {
    if (subject.kind === 'customer') return options.customerMaySignIn(subject.id)
    return (await staff.findStaff(subject.id))?.status === 'active'
  }

  function staffScopes(roles: readonly Role[]): ReadonlySet<Scope> {
    const scopes = new Set(scopesOfRoles(roles))
    if (!options.demo) scopes.delete('demo:operate')
    return scopes
  }

  async function nameOf({ kind, id }: Subject): Promise<string> {
    if (kind === 'customer') return publicId('cust', id)
    return (await staff.findStaff(id))?.name ?? `staff:${id}`
  }

  async function callerOf(session: Session): Promise<Caller | undefined> {
    const { subject } = session
    const id = `${subject.kind}:${subject.id}`
    const until = strongUntil(session)
    const proof = {
      strength: strengthAt(session, clock.now()),
      ...(until === null ? {} : { strongUntil: until }),
      ...(session.awaitsProof ? { awaitsProof: true as const } : {}),
      ...(session.deviceId === null ? {} : { device: await deviceOf(session.subject, session.deviceId) }),
    }
    if (subject.kind === 'customer') {
      const may = await options.customerMaySignIn(subject.id)
      const known = { customerId: subject.id, signedInAt: session.startedAt, ...proof }
      return may ? { kind: 'customer', id, scopes: CUSTOMER_SCOPES, ...known } : undefined
    }
    const member = await staff.findStaff(subject.id)
    if (member?.status !== 'active') return undefined
    return { kind: 'staff', id, scopes: staffScopes(member.roles), ...proof }
  }

  async function deviceOf(subject: Subject, id: number): Promise<{ readonly id: number; readonly isNew: boolean }> {
    return { id, isNew: await devices.isNewDevice(subject, id) }
  }

  const resets = createSignInResets(db, clock, options.guard)
  const devices = createDevices({ db, clock, guard: options.guard })
  const signInLimiter = attemptLimiter(clock, SIGN_IN_ATTEMPTS)
  const signIn = createSignIn({ db, clock, chance, limiter: signInLimiter, maySignIn })
  const passkeyParts: PasskeyParts = {
    ...{ db, clock, chance, limiter: signInLimiter, challenges: createChallenges(db, clock, chance) },
    ...{ site, maySignIn, nameOf },
  }
  const passkeySignIn = createPasskeySignIn(passkeyParts)
  const passkeyRegister = createPasskeyRegister(passkeyParts)
  const codes = createOneTimeCodes({ ...passkeyParts, wallClock: options.wallClock, secrets: options.secrets })
  const limiter = attemptLimiter(clock, TOKEN_ATTEMPTS)
  const authentication = createAuthentication({ db, clock, limiter, cookieName, isOwnOrigin: ownOrigin, callerOf })

  async function forgetting<T>(work: Promise<T>): Promise<T> {
    const done = await work
    authentication.forget()
    return done
  }

  return {
    ...staff,
    ...signIn,
    ...passkeyRegister,
    ...codes,
    ...devices,
    ...resets,
    ...createApprovals(db, clock, authentication.sessionOf),
    ...createStaffAudit(db, clock, authentication.sessionOf),
    ...passkeySignIn,
    // What changes a session is seen here at once, in other processes within a second.
    addPasskey: (...given) => forgetting(passkeyRegister.addPasskey(...given)),
    stepUpWithPasskey: (...given) => forgetting(passkeySignIn.stepUpWithPasskey(...given)),
    confirmCodes: (...given) => forgetting(codes.confirmCodes(...given)),
    removeDevice: (...given) => forgetting(devices.removeDevice(...given)),
    reportLost: (...given) => forgetting(devices.reportLost(...given)),
    stepUpWithCode: (...given) => forgetting(codes.stepUpWithCode(...given)),
    changeStaff: (...given) => forgetting(staff.changeStaff(...given)),
    setRoles: (...given) => forgetting(staff.setRoles(...given)),
    resetStaffProofs: (...given) => forgetting(staff.resetStaffProofs(...given)),
    finishReset: (...given) => forgetting(resets.finishReset(...given)),
    authenticator: () => authentication.authenticate,
    sessionOf: authentication.sessionOf,
    listSessions: async (subject) => {
      const sessions = await db.read((tx) => selectSessions(tx, subject, SESSIONS_SHOWN))
      return sessions.filter((session) => isLive(session, clock.now()))
    },
    endSessions: async (subject, sessionId, address) => {
      let count = 0
      await db.transact(async (tx) => {
        const ended = await endSessions(tx, subject, clock.now(), sessionId)
        for (const id of ended) {
          const entry = { at: clock.now(), event: 'session_ended', subject, sessionId: id } as const
          await insertAudit(tx, address === undefined ? entry : { ...entry, address })
        }
        count = ended.length
        return ok(undefined)
      })
      authentication.forget()
      return count
    },
    cookie: { name: cookieName, secure: secureCookies },
    deviceCookie: { name: `${cookiePrefix}-device${cookieSuffix}`, secure: secureCookies },
    site,
    maySignIn,
    nameOf,
    isOwnOrigin: ownOrigin,
  }
}
