import type { Committer } from '@huitong/committer'
import type { OutcomeRefusal, RefusalAnswer } from '@huitong/http'
import type { Clock } from '@huitong/kernel'
import type { CodeQueries, CustomerSearch } from '@huitong/payments'
import type { Family } from './family.ts'
import type { FamilyQueries } from './family-queries.ts'
import { FAMILY_REFUSALS, isFamilyRefusalCode } from './family-refusals.ts'

/** What this module's routes work with. */
export interface FamilyRouteParts {
  readonly committer: Pick<Committer, 'submit'>
  readonly family: Family
  readonly queries: FamilyQueries
  readonly search: CustomerSearch
  readonly codes: CodeQueries
  readonly clock: Clock
}

/** How refusals are told over HTTP. */
export function familyRefusalAnswer({ code }: OutcomeRefusal): RefusalAnswer | undefined {
  if (!isFamilyRefusalCode(code)) return undefined
  const { status, text } = FAMILY_REFUSALS[code]
  return { status, detail: text }
}
