import type { Committer } from '@huitong/committer'
import { badField, type OutcomeRefusal, type RefusalAnswer } from '@huitong/http'
import { type Clock, CNY, parseAmount } from '@huitong/kernel'
import type { Books } from '@huitong/ledger'
import type { InstitutionDatabase } from '@huitong/pg'
import type { Clearing } from './clearing.ts'
import type { ClearingQueries } from './clearing-queries.ts'
import { CLEARING_REFUSALS, isClearingRefusalCode } from './clearing-refusals.ts'

export interface ClearingRouteDeps {
  readonly db: InstitutionDatabase
  readonly committer: Committer
  readonly clearing: Clearing
  readonly books: Books
  readonly clock: Clock
}

/** What this module's routes work with. */
export interface ClearingRouteParts extends ClearingRouteDeps {
  readonly queries: ClearingQueries
}

export const CLEARING_TAGS = ['Clearing']
export const CLEARING_READ = { callers: ['staff'], scope: 'clearing:read' } as const
/** What keeps the house going and takes nobody's money: one member of staff. */
export const CLEARING_OPERATE = { callers: ['staff'], scope: 'clearing:operate' } as const
/** Who takes part, with how much, and under which cap: two. */
export const CLEARING_ADMIT = { callers: ['staff'], scope: 'clearing:operate', fourEyes: true } as const

/** Fen of an amount of yuan; a cap may be nothing. */
export function readYuan(field: string, text: string, allowZero = false): bigint {
  const amount = parseAmount(text, CNY, { allowZero })
  if (!amount.ok) throw badField(field, amount.error, 'is not an amount of CNY')
  return amount.value
}

export function clearingRefusal({ code }: OutcomeRefusal): RefusalAnswer | undefined {
  if (!isClearingRefusalCode(code)) return undefined
  const { status, text } = CLEARING_REFUSALS[code]
  return { status, detail: text }
}
