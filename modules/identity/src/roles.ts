import { SCOPES, type Scope } from '@huitong/contract'

/** What each role of staff may do: a closed table, so that a review of rights reads one page. */
export const ROLE_SCOPES = {
  /** Runs the institution. */
  operator: SCOPES,
  /** Hires, and sees what staff did; has nothing to do with money. */
  administrator: ['staff:read', 'staff:write', 'identity:read'],
  /** Keeps the books. */
  accountant: [
    ...(['ledger:read', 'ledger:post', 'ledger:operate', 'rules:read', 'party:read', 'payments:read'] as const),
    ...(['clearing:read', 'clearing:operate', 'bank:read', 'bank:operate', 'channels:read'] as const),
    ...(['reserve:read', 'reserve:operate'] as const),
    ...(['reconciliation:read', 'reconciliation:work'] as const),
  ],
  /** Helps customers and merchants. */
  support: [
    ...(['bank:read', 'bank:write', 'channels:read'] as const),
    ...(['rules:read', 'party:read', 'party:write', 'payments:read', 'payments:write'] as const),
    ...(['escrow:judge', 'cases:read', 'cases:work', 'applications:read', 'applications:write'] as const),
    'identity:recover',
  ],
  /** Looks at payments that risk held, and decides on them. */
  risk: ['rules:read', 'party:read', 'payments:read', 'risk:decide', 'cases:read', 'cases:work'],
  /** Sees everything, changes nothing. */
  auditor: [
    'ledger:read',
    'rules:read',
    'party:read',
    'payments:read',
    'applications:read',
    'identity:read',
    'staff:read',
    'cases:read',
    ...(['links:read', 'clearing:read', 'bank:read', 'channels:read', 'reserve:read'] as const),
    'reconciliation:read',
  ],
} as const satisfies Readonly<Record<string, readonly Scope[]>>

export type Role = keyof typeof ROLE_SCOPES

export const ROLES: Role[] = Object.keys(ROLE_SCOPES).filter(isRole)

export function isRole(text: string): text is Role {
  return Object.hasOwn(ROLE_SCOPES, text)
}

export function scopesOfRoles(roles: readonly Role[]): ReadonlySet<Scope> {
  return new Set(roles.flatMap((role): readonly Scope[] => ROLE_SCOPES[role]))
}

/** What every customer may do, with what is their own only; each route sees to that. */
export const CUSTOMER_SCOPES: ReadonlySet<Scope> = new Set([
  'party:read',
  'party:write',
  'payments:read',
  'payments:write',
  'identity:read',
  'identity:write',
  'bank:read',
  'bank:write',
])
