import type { Caller } from '@huitong/contract'
import {
  clearCookie,
  type HttpApp,
  PROVE_PATH,
  type RawReply,
  type RawRequest,
  rawReply,
  seeOther,
} from '@huitong/http'
import { type Clock, parsePublicId } from '@huitong/kernel'
import { accountPage, signInPage } from './account-page.ts'
import type { Identity } from './identity.ts'
import { PASSKEY_REFUSAL_MEANINGS } from './passkey-refusals.ts'
import { PASSKEY_SCRIPT, PASSKEY_SCRIPT_PATH } from './passkey-script.ts'
import { onward } from './prove-page.ts'
import { ownSession } from './route-parts.ts'

// Whoever is not signed in is led to the sign-in page. That forms with a session's cookie come from our own pages only is
// the authenticator's business.
const PERSON = { callers: ['anonymous', 'staff', 'customer'] } as const
const OWED = { ...PERSON, beforeProof: true } as const

/** `/signin` and `/me`, for people with a browser. The forms work without scripts; passkeys do not. */
export function addAccountPageRoutes(http: HttpApp, identity: Identity, clock: Clock): void {
  http.rawRoute({
    method: 'GET',
    url: '/signin',
    access: { callers: ['anonymous'] },
    summary: 'The page to sign in with a passkey',
    handler: ({ host, rawTarget }) => {
      const next = new URL(rawTarget, 'http://own').searchParams.get('next')
      return signInPage(identity.site(), host, onward(next))
    },
  })

  http.rawRoute({
    method: 'GET',
    url: PASSKEY_SCRIPT_PATH,
    access: { callers: ['anonymous'] },
    summary: 'The script of the pages that use passkeys',
    handler: () =>
      rawReply(PASSKEY_SCRIPT, {
        contentType: 'text/javascript; charset=utf-8',
        headers: { 'cache-control': 'no-cache' },
      }),
  })

  async function show(caller: Caller, host: string, fault?: string): Promise<RawReply> {
    const session = ownSession(identity, caller)
    const { subject } = session
    const [sessions, passkeys, { confirmedAt }, name, reset] = await Promise.all([
      identity.listSessions(subject),
      identity.listPasskeys(subject),
      identity.codesOf(subject),
      identity.nameOf(subject),
      subject.kind === 'customer' ? identity.resetOf(subject.id) : undefined,
    ])
    const shown = { name, session, sessions, passkeys, codes: confirmedAt !== null, reset, now: clock.now() }
    return accountPage(identity.site(), host, shown, fault)
  }

  http.rawRoute({
    method: 'GET',
    url: '/me',
    access: OWED,
    summary: 'The page of your own passkeys and sessions',
    handler: ({ caller, host }) => {
      if (caller.awaitsProof === true) return seeOther(PROVE_PATH)
      return caller.kind === 'anonymous' ? seeOther('/signin') : show(caller, host)
    },
  })

  /** A form of the page: does its work for whoever is signed in and shows the page again, with the fault if there is one. */
  function form(url: string, summary: string, work: (request: RawRequest) => Promise<string | undefined>): void {
    http.rawRoute({
      method: 'POST',
      url,
      access: PERSON,
      summary,
      handler: async (request) => {
        if (request.caller.kind === 'anonymous') return seeOther('/signin')
        const fault = await work(request)
        return fault === undefined ? seeOther('/me') : show(request.caller, request.host, fault)
      },
    })
  }

  form('/me/passkeys/:id/remove', 'Remove a passkey, from the page', async ({ caller, params, ip }) => {
    const id = parsePublicId('pkey', params.id ?? '')
    if (!id.ok) return PASSKEY_REFUSAL_MEANINGS.passkey_unknown.text
    const removed = await identity.removePasskey(ownSession(identity, caller), id.value, ip)
    return removed.ok ? undefined : PASSKEY_REFUSAL_MEANINGS[removed.error].text
  })

  http.rawRoute({
    method: 'POST',
    url: '/me/sign-in-reset/object',
    access: OWED,
    summary: 'Object to a reset of your sign-in, from the page',
    handler: async ({ caller, ip }) => {
      if (caller.kind !== 'anonymous') await identity.objectToReset(ownSession(identity, caller), ip)
      return seeOther('/me')
    },
  })

  form('/me/sessions/:id/end', 'End a session, from the page', async ({ caller, params, ip }) => {
    const id = parsePublicId('sess', params.id ?? '')
    if (id.ok) await identity.endSessions(ownSession(identity, caller).subject, id.value, ip)
    return undefined
  })

  http.rawRoute({
    method: 'POST',
    url: '/me/sign-out',
    access: OWED,
    summary: 'Sign out, from the page',
    handler: async ({ caller, ip }) => {
      if (caller.kind !== 'anonymous') {
        const own = ownSession(identity, caller)
        await identity.endSessions(own.subject, own.id, ip)
      }
      const { name, secure } = identity.cookie
      return seeOther('/signin', { 'set-cookie': clearCookie(name, { secure }) })
    },
  })
}
