import type { Scope } from '@huitong/contract'
import type { Visit } from '@huitong/http'
import type { Micros } from '@huitong/kernel'
import { isSafeMethod } from './own-origin.ts'

export const STAFF_ACTION_KINDS = ['change', 'read'] as const
export type StaffActionKind = (typeof STAFF_ACTION_KINDS)[number]

export interface StaffAction {
  readonly id: number
  readonly at: Micros
  readonly staffId: number
  readonly sessionId: number | null
  readonly kind: StaffActionKind
  readonly method: string
  /** With parameters by name. */
  readonly route: string
  readonly path: string
  /** The public id that the address names, if it names one. */
  readonly object: string | null
  /** Of the answer; null while it is being worked on, or when the program ended before it was there. */
  readonly status: number | null
  readonly address: string
  readonly requestId: string
}

/** Reads under these tell of people: who they are, what they paid, and how they come in. */
const PERSONAL: readonly Scope[] = [
  'party:read',
  'payments:read',
  'applications:read',
  'identity:read',
  'identity:recover',
  'staff:read',
  'cases:read',
]

/**
 * Whether a visit of staff goes on record, and as what: everything that may change something, refused or not, and every read of
 * people's data. The ledger's accounts name their owners, so a read of a single thing of the ledger counts; its sums do not. Pages outside the native API have secrets
 * in their addresses, which must not be kept, and show staff no more than they show anybody.
 */
export function staffActionKind({ method, access, params, route }: Visit): StaffActionKind | undefined {
  if (!isSafeMethod(method)) return 'change'
  const { scope } = access
  if (scope !== undefined && PERSONAL.includes(scope)) return 'read'
  const single = Object.keys(params).length > 0 && route.startsWith('/v1/')
  return single && (scope === undefined || scope === 'ledger:read') ? 'read' : undefined
}

/** The first public id among the address's parameters. */
export function objectOf(params: Visit['params']): string | null {
  return Object.values(params).find((value) => /^[a-z]{2,8}_[0-9a-hjkmnp-tv-z]{12}$/.test(value)) ?? null
}
