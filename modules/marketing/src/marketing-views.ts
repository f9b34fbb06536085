import { formatAmount } from '@huitong/kernel'
import { WALLET_CURRENCY } from '@huitong/payments'
import Type, { type Static } from 'typebox'
import { budgetLeftMinor, type Campaign } from './campaign.ts'
import type { Coupon } from './coupon.ts'
import { PACKET_KINDS, type Packet, type PacketClaim } from './packet.ts'

/*
 * What commands answer and queries show: the same views. Amounts are decimal text, times µs, ids internal; the edge turns them into public
 * ids and RFC 3339.
 */

const Amount = Type.String()
const Id = Type.Integer()
const Time = Type.Integer()
const OptionalId = Type.Union([Id, Type.Null()])
const OptionalTime = Type.Union([Time, Type.Null()])
const OptionalAmount = Type.Union([Amount, Type.Null()])

export const CampaignView = Type.Object({
  id: Id,
  merchant: OptionalId,
  name: Type.String(),
  form: Type.Enum(['cash_off', 'percent_off']),
  minimum: Amount,
  off: OptionalAmount,
  offBps: Type.Union([Type.Integer(), Type.Null()]),
  cap: OptionalAmount,
  validFrom: Time,
  validUntil: Time,
  merchants: Type.Array(Id),
  goods: Type.Array(Type.String()),
  perPerson: Type.Integer(),
  couponsMax: Type.Union([Type.Integer(), Type.Null()]),
  claimed: Type.Integer(),
  budget: Amount,
  spent: Amount,
  withdrawn: Amount,
  left: Amount,
  createdAt: Time,
  closedAt: OptionalTime,
})
export type CampaignView = Static<typeof CampaignView>

export const CouponView = Type.Object({
  id: Id,
  campaign: Id,
  customer: Id,
  claimedAt: Time,
  usedFor: OptionalId,
  usedAt: OptionalTime,
})
export type CouponView = Static<typeof CouponView>

export const PacketView = Type.Object({
  id: Id,
  sender: Id,
  kind: Type.Enum([...PACKET_KINDS]),
  total: Amount,
  parts: Type.Integer(),
  opened: Type.Integer(),
  openedAmount: Amount,
  returned: Amount,
  greeting: Type.String(),
  createdAt: Time,
  expiresAt: Time,
  endedAt: OptionalTime,
})
export type PacketView = Static<typeof PacketView>

export const PacketClaimView = Type.Object({ customer: Id, part: Type.Integer(), amount: Amount, openedAt: Time })
export type PacketClaimView = Static<typeof PacketClaimView>

export function campaignView(campaign: Campaign): CampaignView {
  const { id, merchant, name, form, offBps, validFrom, validUntil, merchants, goods, perPerson } = campaign
  const { couponsMax, claimed, createdAt, closedAt } = campaign
  return {
    ...{ id, merchant, name, form, offBps, validFrom, validUntil, merchants: [...merchants], goods: [...goods] },
    ...{ perPerson, couponsMax, claimed, createdAt, closedAt },
    minimum: amountOf(campaign.minimumMinor),
    off: optionalAmount(campaign.offMinor),
    cap: optionalAmount(campaign.capMinor),
    budget: amountOf(campaign.budgetMinor),
    spent: amountOf(campaign.spentMinor),
    withdrawn: amountOf(campaign.withdrawnMinor),
    left: amountOf(budgetLeftMinor(campaign)),
  }
}

export function couponView(coupon: Coupon): CouponView {
  return { ...coupon }
}

export function packetView(packet: Packet): PacketView {
  const { id, sender, kind, greeting, createdAt, expiresAt, endedAt } = packet
  return {
    ...{ id, sender, kind, greeting, createdAt, expiresAt, endedAt, parts: packet.parts.length, opened: packet.taken },
    total: amountOf(packet.totalMinor),
    openedAmount: amountOf(packet.takenMinor),
    returned: amountOf(packet.returnedMinor),
  }
}

export function packetClaimView({ customer, part, amountMinor, claimedAt }: PacketClaim): PacketClaimView {
  return { customer, part, amount: amountOf(amountMinor), openedAt: claimedAt }
}

function amountOf(minor: bigint): string {
  return formatAmount(minor, WALLET_CURRENCY)
}

function optionalAmount(minor: bigint | null): string | null {
  return minor === null ? null : amountOf(minor)
}
