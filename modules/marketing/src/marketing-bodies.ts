import { AmountText, CurrencyText, PublicId, Timestamp } from '@huitong/contract'
import { microsToIso, publicId } from '@huitong/kernel'
import { COUPON_ID, CUSTOMER_ID, MERCHANT_ID, WALLET_CURRENCY } from '@huitong/payments'
import Type, { type Static } from 'typebox'
import { CAMPAIGN_ID } from './campaign.ts'
import type { CampaignView, CouponView, PacketClaimView, PacketView } from './marketing-views.ts'
import { PACKET_ID, PACKET_KINDS } from './packet.ts'

/* How this module's objects look in the native API: public ids, amounts and times as text. */

const OptionalTime = Type.Union([Timestamp, Type.Null()])
const OptionalAmount = Type.Union([AmountText, Type.Null()])
const Basis = Type.Union([
  Type.Integer({ description: 'Hundredths of a percent that the coupon takes off: 1000 is 10 %' }),
  Type.Null(),
])

export const CampaignBody = Type.Object(
  {
    id: PublicId(CAMPAIGN_ID),
    name: Type.String(),
    funder: Type.Enum(['platform', 'merchant']),
    merchant: Type.Union([PublicId(MERCHANT_ID), Type.Null()]),
    form: Type.Enum(['cash_off', 'percent_off']),
    currency: CurrencyText,
    minimum: AmountText,
    off: OptionalAmount,
    offBps: Basis,
    cap: OptionalAmount,
    validFrom: Timestamp,
    validUntil: Timestamp,
    merchants: Type.Array(PublicId(MERCHANT_ID), { description: 'Where it can be used; empty for everywhere' }),
    goods: Type.Array(Type.String(), { description: 'What it can be used for; empty for everything' }),
    perPerson: Type.Integer(),
    couponsLeft: Type.Union([Type.Integer(), Type.Null()]),
    closedAt: OptionalTime,
    money: Type.Optional(
      Type.Object(
        {
          budget: AmountText,
          spent: AmountText,
          withdrawn: Type.String({ description: 'Back with whoever pays for it' }),
          left: AmountText,
          couponsTaken: Type.Integer(),
        },
        { $id: 'CampaignMoney', description: 'For staff and the merchant that pays for it' },
      ),
    ),
  },
  { $id: 'CouponCampaign' },
)

export function campaignBody(campaign: CampaignView, withMoney: boolean): Static<typeof CampaignBody> {
  const { id, name, merchant, form, minimum, off, offBps, cap, goods, perPerson, couponsMax, claimed } = campaign
  const { budget, spent, withdrawn, left } = campaign
  return {
    id: publicId(CAMPAIGN_ID, id),
    name,
    funder: merchant === null ? 'platform' : 'merchant',
    merchant: merchant === null ? null : publicId(MERCHANT_ID, merchant),
    ...{ form, currency: WALLET_CURRENCY, minimum, off, offBps, cap },
    validFrom: microsToIso(campaign.validFrom),
    validUntil: microsToIso(campaign.validUntil),
    merchants: campaign.merchants.map((one) => publicId(MERCHANT_ID, one)),
    goods: [...goods],
    perPerson,
    couponsLeft: couponsMax === null ? null : couponsMax - claimed,
    closedAt: optionalTime(campaign.closedAt),
    ...(withMoney ? { money: { budget, spent, withdrawn, left, couponsTaken: claimed } } : {}),
  }
}

const COUPON_STATES = ['usable', 'used', 'over'] as const

export const CouponBody = Type.Object(
  {
    id: PublicId(COUPON_ID),
    state: Type.Enum([...COUPON_STATES]),
    claimedAt: Timestamp,
    usedAt: OptionalTime,
    campaign: CampaignBody,
  },
  { $id: 'Coupon' },
)

export function couponBody(coupon: CouponView, campaign: CampaignView, now: number): Static<typeof CouponBody> {
  const over = campaign.closedAt !== null || campaign.validUntil <= now
  return {
    id: publicId(COUPON_ID, coupon.id),
    state: coupon.usedFor !== null ? 'used' : over ? 'over' : 'usable',
    claimedAt: microsToIso(coupon.claimedAt),
    usedAt: optionalTime(coupon.usedAt),
    campaign: campaignBody(campaign, false),
  }
}

const PacketClaimBody = Type.Object(
  { customer: PublicId(CUSTOMER_ID), amount: AmountText, openedAt: Timestamp },
  { $id: 'RedPacketOpening' },
)

export const PacketBody = Type.Object(
  {
    id: PublicId(PACKET_ID),
    sender: PublicId(CUSTOMER_ID),
    kind: Type.Enum([...PACKET_KINDS]),
    greeting: Type.String(),
    currency: CurrencyText,
    total: AmountText,
    parts: Type.Integer(),
    opened: Type.Integer(),
    openedAmount: AmountText,
    returned: Type.String({ description: 'Back with the sender, after a day' }),
    createdAt: Timestamp,
    expiresAt: Timestamp,
    endedAt: OptionalTime,
    token: Type.Optional(Type.String({ description: 'For the sender, when it is sent: who has it can open a part' })),
    url: Type.Optional(Type.String()),
    openings: Type.Optional(Type.Array(PacketClaimBody)),
  },
  { $id: 'RedPacket' },
)

export function packetBody(
  packet: PacketView,
  more: {
    readonly link?: { readonly token: string; readonly url: string }
    readonly claims?: readonly PacketClaimView[]
  } = {},
): Static<typeof PacketBody> {
  const { kind, greeting, total, parts, opened, openedAmount, returned } = packet
  return {
    id: publicId(PACKET_ID, packet.id),
    sender: publicId(CUSTOMER_ID, packet.sender),
    ...{ kind, greeting, currency: WALLET_CURRENCY, total, parts, opened, openedAmount, returned },
    createdAt: microsToIso(packet.createdAt),
    expiresAt: microsToIso(packet.expiresAt),
    endedAt: optionalTime(packet.endedAt),
    ...more.link,
    ...(more.claims === undefined ? {} : { openings: more.claims.map(packetClaimBody) }),
  }
}

export const PacketOpenedBody = Type.Object(
  { amount: AmountText, opening: Type.Integer({ description: 'The how manieth it was, from 1' }), packet: PacketBody },
  { $id: 'OpenedRedPacket' },
)

function packetClaimBody({ customer, amount, openedAt }: PacketClaimView): Static<typeof PacketClaimBody> {
  return { customer: publicId(CUSTOMER_ID, customer), amount, openedAt: microsToIso(openedAt) }
}

function optionalTime(at: number | null): string | null {
  return at === null ? null : microsToIso(at)
}
