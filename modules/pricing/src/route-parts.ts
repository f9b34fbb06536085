import type { Committer } from '@huitong/committer'
import { badField, notFound, type OutcomeRefusal, type RefusalAnswer } from '@huitong/http'
import { type Clock, type LocalDate, localDate, parsePublicId } from '@huitong/kernel'
import { partyRefusalAnswer, type Vault } from '@huitong/party'
import type { InstitutionDatabase } from '@huitong/pg'
import { isLimitRefusalCode, LIMIT_REFUSALS } from './limit-refusals.ts'
import type { Pricing } from './pricing.ts'

/** What pricing's routes work with. */
export interface PricingRouteParts {
  readonly db: InstitutionDatabase
  readonly committer: Committer
  readonly pricing: Pricing
  readonly vault: Vault
  readonly clock: Clock
}

/** How refusals of limits are told over HTTP, and party's in commands that compose its decisions. */
export function limitRefusalAnswer(refusal: OutcomeRefusal): RefusalAnswer | undefined {
  if (!isLimitRefusalCode(refusal.code)) return partyRefusalAnswer(refusal)
  const { status, text } = LIMIT_REFUSALS[refusal.code]
  return { status, detail: text }
}

/** The customer that an address names, if the caller may see him: staff any, customers themselves. */
export function shownCustomer(caller: { readonly kind: string; readonly customerId?: number }, text: string): number {
  const id = parsePublicId('cust', text)
  if (!id.ok || (caller.kind === 'customer' && caller.customerId !== id.value)) throw notFound('customer')
  return id.value
}

/** A day in a request. Throws the problem answer when there is none such. */
export function readDay(field: string, text: string): LocalDate {
  const day = localDate(text)
  if (!day.ok) throw badField(field, day.error, 'is not a day')
  return day.value
}
