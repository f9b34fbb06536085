import { type AccessFault, ANONYMOUS, accessFault, type Caller, type RouteAccess } from '@huitong/contract'
import type { Authenticator, CredentialRequest } from './authenticator.ts'
import { HttpProblem } from './http-problem.ts'

// What a client without credentials is told to bring (RFC 9110 §11.6.1). Browsers open no dialog for these.
const CHALLENGE = { 'www-authenticate': 'Bearer realm="huitong"' } as const

/**
 * Finds out who calls and whether they may. Throws a problem: 401 without credentials or with false ones, 403 for the
 * wrong kind of caller or a missing scope.
 *
 * Where anonymous callers are allowed, false credentials count as none: a browser that still holds an ended session must
 * reach the sign-in page, and gains nothing there. Where only they are allowed, nobody looks at credentials at all.
 */
export async function admit(
  access: RouteAccess,
  request: CredentialRequest,
  authenticators: readonly Authenticator[],
): Promise<Caller> {
  const anonymousAllowed = access.callers.includes('anonymous')
  if (anonymousAllowed && access.callers.length === 1) return ANONYMOUS
  const found = await identify(request, authenticators)
  if (found === 'invalid' && !anonymousAllowed) {
    throw new HttpProblem(401, 'credentials_invalid', 'These credentials are not, or no longer, valid.', {
      headers: CHALLENGE,
    })
  }
  const known = found === undefined || found === 'invalid' ? ANONYMOUS : found
  // Half signed in is not signed in: where anybody may come, such a caller is anybody.
  const caller = anonymousAllowed && known.awaitsProof === true && access.beforeProof !== true ? ANONYMOUS : known
  const fault = accessFault(access, caller)
  if (fault !== undefined) throw accessProblem(fault, access)
  return caller
}

async function identify(
  request: CredentialRequest,
  authenticators: readonly Authenticator[],
): Promise<Caller | 'invalid' | undefined> {
  for (const authenticate of authenticators) {
    const found = await authenticate(request)
    if (found !== undefined) return found
  }
  return undefined
}

function accessProblem(fault: AccessFault, access: RouteAccess): HttpProblem {
  switch (fault) {
    case 'sign_in_required':
      return new HttpProblem(401, fault, 'Sign in, or send credentials, to do this.', { headers: CHALLENGE })
    case 'caller_kind_not_allowed':
      return new HttpProblem(403, fault, `This is for callers of kind ${access.callers.join(' or ')}.`)
    case 'further_proof_required':
      return new HttpProblem(403, fault, 'This sign-in takes a second proof: POST /v1/me/step-up/code, or a passkey.')
    case 'scope_missing':
      return new HttpProblem(403, fault, `This needs the scope ${access.scope}.`)
  }
}
