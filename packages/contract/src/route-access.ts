import type { Caller, CallerKind } from './caller.ts'
import type { Scope } from './scopes.ts'

/** Who may call a route. Whose objects they may see is decided by the route itself, from the caller's own ids. */
export interface RouteAccess {
  readonly callers: readonly CallerKind[]
  /** Demanded of every caller that is not anonymous. */
  readonly scope?: Scope
  /** Done only when a second member of staff with the same scope approves. */
  readonly fourEyes?: true
  /** Open as well to those who came in by a first factor and owe the second. */
  readonly beforeProof?: true
}

/** Why a caller may not use a route; `undefined` when it may. */
export type AccessFault = 'sign_in_required' | 'caller_kind_not_allowed' | 'further_proof_required' | 'scope_missing'

export function accessFault(access: RouteAccess, caller: Caller): AccessFault | undefined {
  if (caller.kind === 'anonymous') return access.callers.includes('anonymous') ? undefined : 'sign_in_required'
  if (!access.callers.includes(caller.kind)) return 'caller_kind_not_allowed'
  if (caller.awaitsProof === true && access.beforeProof !== true) return 'further_proof_required'
  if (access.scope !== undefined && !caller.scopes.has(access.scope)) return 'scope_missing'
  return undefined
}
