import type { TableDefinition } from '@huitong/committer'

/**
 * What a test can order of a bank in demo mode, for so many messages: it takes no notice of one (`down`), acts on it and says so only when
 * what is due is looked at, which is too late (`slow`), says so twice (`duplicate_answer`), takes its word back (`late_reject`), or returns
 * a fen more than it got (`wrong_amount`). Of orders of platforms it takes no notice (`order_lost`), or does what they say and does not answer
 * (`order_answer_lost`).
 */
export const FAULT_KINDS = [
  'down',
  'slow',
  'duplicate_answer',
  'late_reject',
  'wrong_amount',
  'order_lost',
  'order_answer_lost',
] as const
export type FaultKind = (typeof FAULT_KINDS)[number]

export type FaultTable = TableDefinition<FaultKind, number>
