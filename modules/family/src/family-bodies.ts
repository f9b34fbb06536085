import { AmountText, Day, PublicId, Timestamp } from '@huitong/contract'
import { formatAmount, microsToIso, publicId } from '@huitong/kernel'
import { CUSTOMER_ID, FAMILY_LINK_ID, WALLET_CURRENCY } from '@huitong/payments'
import Type, { type Static } from 'typebox'
import { ENDINGS, type FamilyUse, LINK_STATES, RELATIONS } from './family-link.ts'
import type { FamilyLinkView } from './family-views.ts'

/** How this module's objects look in the native API. */

const OptionalAmount = Type.Union([AmountText, Type.Null()])
const OptionalTime = Type.Union([Timestamp, Type.Null()])

export const FamilyLinkBody = Type.Object(
  {
    id: PublicId(FAMILY_LINK_ID),
    owner: PublicId(CUSTOMER_ID),
    member: PublicId(CUSTOMER_ID),
    ownerName: Type.Optional(Type.String({ description: 'With the middle left out' })),
    memberName: Type.Optional(Type.String()),
    relation: Type.Enum([...RELATIONS], { description: 'What the member is to the owner' }),
    state: Type.Enum([...LINK_STATES]),
    bounds: Type.Object({ single: OptionalAmount, day: OptionalAmount, month: AmountText }),
    spent: Type.Object({ onDay: Day, day: AmountText, month: AmountText }),
    createdAt: Timestamp,
    expiresAt: Timestamp,
    openedAt: OptionalTime,
    endedAt: OptionalTime,
    ending: Type.Union([Type.Enum([...ENDINGS]), Type.Null()]),
  },
  { $id: 'FamilyLink' },
)

export function familyLinkBody(
  view: FamilyLinkView,
  names: { readonly ownerName?: string; readonly memberName?: string } = {},
): Static<typeof FamilyLinkBody> {
  const { single, day, month, onDay, spentDay, spentMonth, createdAt, expiresAt, openedAt, endedAt, ...rest } = view
  const time = (micros: number | null) => (micros === null ? null : microsToIso(micros))
  return {
    ...rest,
    id: publicId(FAMILY_LINK_ID, view.id),
    owner: publicId(CUSTOMER_ID, view.owner),
    member: publicId(CUSTOMER_ID, view.member),
    ...names,
    bounds: { single, day, month },
    spent: { onDay, day: spentDay, month: spentMonth },
    createdAt: microsToIso(createdAt),
    expiresAt: microsToIso(expiresAt),
    openedAt: time(openedAt),
    endedAt: time(endedAt),
  }
}

export const FamilyUseBody = Type.Object(
  {
    purchase: Type.Integer({ description: 'Number of the payment' }),
    amount: AmountText,
    returned: AmountText,
    at: Timestamp,
  },
  { $id: 'FamilyUse' },
)

export function familyUseBody({ purchase, amountMinor, returnedMinor, at }: FamilyUse): Static<typeof FamilyUseBody> {
  const text = (minor: bigint) => formatAmount(minor, WALLET_CURRENCY)
  return { purchase, amount: text(amountMinor), returned: text(returnedMinor), at: microsToIso(at) }
}
