import type { Caller } from '@huitong/contract'
import { type HttpApp, PROVE_PATH, type RawReply, type RawRequest, seeOther } from '@huitong/http'
import type { Result } from '@huitong/kernel'
import { servesPasskeys } from './account-page.ts'
import { codesPage, recoveryCodesPage } from './code-page.ts'
import { CODE_REFUSAL_MEANINGS, type CodeRefusal } from './code-refusals.ts'
import type { Identity } from './identity.ts'
import { onward, provePage } from './prove-page.ts'
import { formOf, ownSession } from './route-parts.ts'

const PERSON = { callers: ['anonymous', 'staff', 'customer'] } as const
const OWED = { ...PERSON, beforeProof: true } as const

/** `/me/codes` and `/me/prove`, which work without scripts. */
export function addCodePageRoutes(http: HttpApp, identity: Identity): void {
  async function codes(caller: Caller, fault?: string): Promise<RawReply> {
    const session = ownSession(identity, caller)
    const enrolment = await identity.pendingEnrolment(session)
    return codesPage(await identity.codesOf(session.subject), enrolment, fault)
  }

  async function prove({ caller, host }: RawRequest, next: string, fault?: string): Promise<RawReply> {
    const { subject } = ownSession(identity, caller)
    const [{ confirmedAt }, passkeys, reset] = await Promise.all([
      identity.codesOf(subject),
      identity.listPasskeys(subject),
      subject.kind === 'customer' ? identity.resetOf(subject.id) : undefined,
    ])
    const passkey = passkeys.some(({ state }) => state === 'active') && servesPasskeys(identity.site(), host)
    return provePage({ codes: confirmedAt !== null, passkey, reset, next }, fault)
  }

  http.rawRoute({
    method: 'GET',
    url: '/me/codes',
    access: PERSON,
    summary: 'The page of your own one-time codes',
    handler: ({ caller }) => (caller.kind === 'anonymous' ? seeOther('/signin') : codes(caller)),
  })

  function form(
    action: string,
    summary: string,
    work: (request: RawRequest) => Promise<Result<readonly string[] | null | object, CodeRefusal>>,
  ): void {
    http.rawRoute({
      method: 'POST',
      url: `/me/codes/${action}`,
      access: PERSON,
      summary,
      handler: async (request) => {
        if (request.caller.kind === 'anonymous') return seeOther('/signin')
        const done = await work(request)
        if (done.ok) return Array.isArray(done.value) ? recoveryCodesPage(done.value) : seeOther('/me/codes')
        if (done.error === 'stronger_sign_in_required') return seeOther(`${PROVE_PATH}?next=/me/codes`)
        return codes(request.caller, CODE_REFUSAL_MEANINGS[done.error].text)
      },
    })
  }

  form('begin', 'Begin to set one-time codes up, from the page', ({ caller }) =>
    identity.beginCodes(ownSession(identity, caller)),
  )
  form('confirm', 'Give the first code, from the page', (request) => {
    const code = formOf(request).get('code') ?? ''
    return identity.confirmCodes(ownSession(identity, request.caller), code, request.ip)
  })
  form('renew', 'Draw new recovery codes, from the page', ({ caller, ip }) =>
    identity.renewRecoveryCodes(ownSession(identity, caller), ip),
  )
  form('remove', 'Give up one-time codes, from the page', ({ caller, ip }) =>
    identity.removeCodes(ownSession(identity, caller), ip),
  )

  http.rawRoute({
    method: 'GET',
    url: PROVE_PATH,
    access: OWED,
    summary: 'The page that asks for a second proof',
    handler: (request) => {
      if (request.caller.kind === 'anonymous') return seeOther('/signin')
      const next = onward(new URL(request.rawTarget, 'http://own').searchParams.get('next'))
      return prove(request, next)
    },
  })

  http.rawRoute({
    method: 'POST',
    url: PROVE_PATH,
    access: OWED,
    summary: 'Give a code as the second proof, from the page',
    handler: async (request) => {
      if (request.caller.kind === 'anonymous') return seeOther('/signin')
      const form = formOf(request)
      const next = onward(form.get('next'))
      const own = ownSession(identity, request.caller)
      const raised = await identity.stepUpWithCode(own, form.get('code') ?? '', request.ip)
      return raised.ok ? seeOther(next) : prove(request, next, CODE_REFUSAL_MEANINGS[raised.error].text)
    },
  })
}
