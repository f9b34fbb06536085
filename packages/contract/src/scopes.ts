/**
 * What a caller may be allowed to do, beside being who it is. The list is closed and the same for people and programs: a
 * route names at most one of these, so a table of routes shows who can do what.
 */
export const SCOPES = [
  'ledger:read',
  'ledger:post',
  'ledger:operate',
  'ledger:judicial',
  'rules:read',
  'rules:write',
  'party:read',
  'party:write',
  'payments:read',
  'payments:write',
  'marketing:write',
  'escrow:judge',
  'risk:decide',
  'cases:read',
  'cases:work',
  'applications:read',
  'applications:write',
  'links:read',
  'links:write',
  'clearing:read',
  'clearing:operate',
  'channels:read',
  'channels:write',
  'reserve:read',
  'reserve:operate',
  'bank:read',
  'bank:write',
  'bank:operate',
  'reconciliation:read',
  'reconciliation:work',
  'identity:read',
  'identity:write',
  'identity:recover',
  'staff:read',
  'staff:write',
  'demo:operate',
] as const

export type Scope = (typeof SCOPES)[number]

/** Whether a text, such as one read from a table, is a scope. */
export function isScope(text: string): text is Scope {
  return SCOPES.some((scope) => scope === text)
}
