import type { Refusal } from '@huitong/committer'

/** Why a difference is not settled as somebody asked, in order of precedence. The ledger's own refusals of a booking are told as they are. */
export const RECONCILIATION_REFUSALS = {
  difference_resolved: { status: 409, text: 'The difference was settled already.' },
  account_unknown_to_ledger: { status: 404, text: 'There is no such account to book against.' },
  books_nothing: { status: 422, text: 'The difference comes to nothing, so there is nothing to book.' },
} as const

export type ReconciliationRefusalCode = keyof typeof RECONCILIATION_REFUSALS

export function isReconciliationRefusalCode(code: string): code is ReconciliationRefusalCode {
  return Object.hasOwn(RECONCILIATION_REFUSALS, code)
}

export function refuse(code: ReconciliationRefusalCode): { readonly ok: false; readonly error: Refusal } {
  return { ok: false, error: { code } }
}
