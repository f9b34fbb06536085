import type { Committer } from '@huitong/committer'
import { decodeCursor } from '@huitong/contract'
import { badField, type OutcomeRefusal, type RefusalAnswer } from '@huitong/http'
import type { Chance, Clock } from '@huitong/kernel'
import type { ListBounds, Outlays } from '@huitong/payments'
import type { Marketing } from './marketing.ts'
import type { MarketingQueries } from './marketing-queries.ts'
import { isMarketingRefusalCode, MARKETING_REFUSALS, type MarketingRefusalCode } from './marketing-refusals.ts'

/** What this module's routes work with. */
export interface MarketingRouteParts {
  readonly committer: Pick<Committer, 'submit'>
  readonly marketing: Marketing
  readonly queries: MarketingQueries
  /** Asks at the door about money that is about to be given away. */
  readonly outlays: Pick<Outlays, 'assess'>
  readonly clock: Clock
  /** The operating system's: what is in which part of a red packet is drawn from it. */
  readonly chance: Chance
  /** Makes the token of a red packet's link from the sender and the request's key, so that a repeat gets the same link. */
  readonly packetToken: (sender: number, key: string) => string
  /** The address of the page that opens a red packet. */
  readonly packetUrl: (token: string) => string
}

export const READ = { callers: ['merchant', 'customer', 'staff'], scope: 'payments:read' } as const

/** The field of the native request that a refusal is about, where there is one. */
const REFUSED_FIELDS: Partial<Readonly<Record<MarketingRefusalCode, string>>> = {
  amount_out_of_range: 'amount.value',
  packet_does_not_fit: 'parts',
  merchant_not_found: 'merchants',
}

/** How refusals are told over HTTP. */
export function marketingRefusalAnswer(refusal: OutcomeRefusal): RefusalAnswer | undefined {
  if (!isMarketingRefusalCode(refusal.code)) return undefined
  const { status, text } = MARKETING_REFUSALS[refusal.code]
  const field = REFUSED_FIELDS[refusal.code]
  return { status, detail: text, ...(field === undefined ? {} : { field }) }
}

/** Where a page of a list begins. */
export function readCursor(list: string, cursor: string | undefined): Pick<ListBounds, 'after'> {
  if (cursor === undefined) return {}
  const decoded = decodeCursor(list, ['number', 'number'], cursor)
  if (!decoded.ok) throw badField('cursor', decoded.error, 'is not a cursor of this list')
  const [createdAt = 0, id = 0] = decoded.value.map(Number)
  return { after: { createdAt, id } }
}
