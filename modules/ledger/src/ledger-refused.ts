import { isLedgerRefusalCode, LEDGER_REFUSALS } from './ledger-refusals.ts'

/** How the ledger's routes tell a refusal: with the leg that it is about, if it is about one. */
export function refused(refusal: { readonly code: string; readonly facts?: Readonly<Record<string, string>> }) {
  if (!isLedgerRefusalCode(refusal.code)) return undefined
  const leg = refusal.facts?.leg
  const detail = LEDGER_REFUSALS[refusal.code]
  if (NOT_FOUND.has(refusal.code)) return { status: 404, detail }
  return leg === undefined ? { detail } : { detail, field: `legs[${leg}]` }
}

const NOT_FOUND: ReadonlySet<string> = new Set([
  ...(['account_unknown', 'set_unknown', 'transfer_unknown', 'freeze_unknown', 'scheduled_unknown'] as const),
])
