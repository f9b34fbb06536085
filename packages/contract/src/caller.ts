import type { ProofStrength } from './proof-strength.ts'
import type { Scope } from './scopes.ts'

export const CALLER_KINDS = ['staff', 'customer', 'merchant', 'partner', 'peer', 'anonymous'] as const
export type CallerKind = (typeof CALLER_KINDS)[number]

/** Who asks. Made by the authenticators only; nothing of it comes from the request's body or query. */
export interface Caller {
  readonly kind: CallerKind
  /** Stable for as long as the caller exists, such as `staff:12`: idempotency keys and audit records hang on it. */
  readonly id: string
  readonly scopes: ReadonlySet<Scope>
  /** The customer itself, on callers of kind `customer`. */
  readonly customerId?: number
  /** The merchant on whose behalf an application of kind `merchant` calls. */
  readonly merchantId?: number
  readonly applicationId?: number
  /** The name of the institution that calls, on callers of kind `partner`. */
  readonly partnerId?: string
  /** The number in the clearing system of the institution that calls, on callers of kind `peer`. */
  readonly peerId?: string
  /** How well a person of kind `staff` or `customer` proved who they are in this session. */
  readonly strength?: ProofStrength
  /** Until when a proof of two factors or better counts as made just now: in microseconds since 1970. */
  readonly strongUntil?: number
  /** The device that the session began on, and whether it is new to its owner. */
  readonly device?: { readonly id: number; readonly isNew: boolean }
  /** Came in by half of what it takes; only routes that say `beforeProof` are open to it. */
  readonly awaitsProof?: true
  /** When that session began: in microseconds since 1970. */
  readonly signedInAt?: number
}

/** Whether the caller proved itself by two factors or better within the last quarter of an hour: what is asked before a risky step. */
export function hasFreshProof({ strongUntil }: Caller, at: number): boolean {
  return strongUntil !== undefined && at < strongUntil
}

/** Nobody in particular: what a route gets that allows anonymous callers. */
export const ANONYMOUS: Caller = { kind: 'anonymous', id: 'anonymous', scopes: new Set() }
