import type { Micros } from '@huitong/kernel'

/** What was settled about the institution at its first start, for good. */
export interface InstitutionRecord {
  /** Whether its people and money are invented, and what only a demo may do is allowed. */
  readonly demo: boolean
  readonly openedAt: Micros
}
