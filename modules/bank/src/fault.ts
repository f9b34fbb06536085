import type { TableDefinition } from '@huitong/committer'

/**
 * What a test can order of a bank in demo mode, for so many messages: it takes no notice of one (`down`), acts on it and says so only when
 * what is due is looked at, which is too late (`slow`), says so twice (`duplicate_answer`), takes its word back (`late_reject`), or returns
 * a fen more than it got (`wrong_amount`).
 */
export const FAULT_KINDS = ['down', 'slow', 'duplicate_answer', 'late_reject', 'wrong_amount'] as const
export type FaultKind = (typeof FAULT_KINDS)[number]

export type FaultTable = TableDefinition<FaultKind, number>
