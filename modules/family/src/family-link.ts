import { invariant } from '@huitong/kernel'

/*
 * A link lets one customer, the member, pay out of the wallet of another, the owner, within bounds that the owner sets. The owner invites,
 * the member accepts, and either ends it at any time.
 */

/** What the member is to the owner. */
export const RELATIONS = ['parent', 'child', 'spouse', 'other'] as const
export type Relation = (typeof RELATIONS)[number]

export const LINK_STATES = ['invited', 'active', 'paused', 'ended'] as const
export type LinkState = (typeof LINK_STATES)[number]

export const ENDINGS = ['withdrawn', 'declined', 'by_owner', 'by_member', 'by_staff'] as const
export type Ending = (typeof ENDINGS)[number]

/** An invitation that nobody accepts for so long is over. */
export const INVITATION_LIFE = 24 * 3600 * 1_000_000
/** Open links that one customer may have, both sides together. */
export const LINKS_MAX = 10
/** No bound may be higher: 50,000.00 a month. */
const MONTH_MINOR_MAX = 5_000_000n

/** Minor units. Null: only the month bounds it. */
export interface FamilyBounds {
  readonly singleMinor: bigint | null
  readonly dayMinor: bigint | null
  readonly monthMinor: bigint
}

export interface FamilyLink {
  readonly id: number
  /** Whose wallet pays. */
  readonly owner: number
  /** Who pays with it. */
  readonly member: number
  readonly relation: Relation
  readonly state: LinkState
  readonly bounds: FamilyBounds
  /** The day of Beijing that the last payment was made on; what is spent is of that day and its month. */
  readonly onDay: string
  readonly spentDayMinor: bigint
  readonly spentMonthMinor: bigint
  /** µs */
  readonly createdAt: number
  /** Of the invitation. */
  readonly expiresAt: number
  /** When the member accepted. */
  readonly openedAt: number | null
  readonly endedAt: number | null
  readonly ending: Ending | null
}

/** What a link paid for a purchase. */
export interface FamilyUse {
  readonly purchase: number
  /** Under which it counts against the owner's limits. */
  readonly id: number
  readonly link: number
  readonly amountMinor: bigint
  readonly returnedMinor: bigint
  /** µs */
  readonly at: number
}

export function assertLink(link: FamilyLink): FamilyLink {
  const { id, owner, member, spentDayMinor, spentMonthMinor, state, endedAt } = link
  invariant(owner !== member, `family link ${id}: with oneself`)
  invariant(0n <= spentDayMinor && spentDayMinor <= spentMonthMinor, `family link ${id}: a day has more than its month`)
  invariant((state === 'ended') === (endedAt !== null), `family link ${id}: an end without its time`)
  return link
}

export function boundsFit({ singleMinor, dayMinor, monthMinor }: FamilyBounds): boolean {
  const fits = (minor: bigint | null) => minor === null || (minor > 0n && minor <= monthMinor)
  return monthMinor > 0n && monthMinor <= MONTH_MINOR_MAX && fits(singleMinor) && fits(dayMinor)
}
