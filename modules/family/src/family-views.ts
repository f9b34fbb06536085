import { type CurrencyCode, formatAmount } from '@huitong/kernel'
import { WALLET_CURRENCY } from '@huitong/payments'
import Type, { type Static } from 'typebox'
import { ENDINGS, type FamilyLink, LINK_STATES, RELATIONS } from './family-link.ts'

/* What commands answer and queries show. Amounts are decimal text, times µs, ids internal; the edge turns them into public ids. */

const Amount = Type.String()
const OptionalAmount = Type.Union([Amount, Type.Null()])
const OptionalTime = Type.Union([Type.Integer(), Type.Null()])

export const FamilyLinkView = Type.Object({
  id: Type.Integer(),
  owner: Type.Integer(),
  member: Type.Integer(),
  relation: Type.Enum([...RELATIONS]),
  state: Type.Enum([...LINK_STATES]),
  single: OptionalAmount,
  day: OptionalAmount,
  month: Amount,
  onDay: Type.String(),
  spentDay: Amount,
  spentMonth: Amount,
  createdAt: Type.Integer(),
  expiresAt: Type.Integer(),
  openedAt: OptionalTime,
  endedAt: OptionalTime,
  ending: Type.Union([Type.Enum([...ENDINGS]), Type.Null()]),
})
export type FamilyLinkView = Static<typeof FamilyLinkView>

export function familyLinkView(link: FamilyLink): FamilyLinkView {
  const { bounds, spentDayMinor, spentMonthMinor, ...rest } = link
  return {
    ...rest,
    single: optional(bounds.singleMinor),
    day: optional(bounds.dayMinor),
    month: text(bounds.monthMinor),
    spentDay: text(spentDayMinor),
    spentMonth: text(spentMonthMinor),
  }
}

function text(minor: bigint, currency: CurrencyCode = WALLET_CURRENCY): string {
  return formatAmount(minor, currency)
}

function optional(minor: bigint | null): string | null {
  return minor === null ? null : text(minor)
}
