import type { OutboxEvent } from '@huitong/committer'
import { formatAmount, microsToIso, publicId } from '@huitong/kernel'
import { COUPON_ID, CUSTOMER_ID, MERCHANT_ID, WALLET_CURRENCY } from '@huitong/payments'
import { CAMPAIGN_ID, type Campaign } from './campaign.ts'
import type { Coupon } from './coupon.ts'
import { PACKET_ID, type Packet, type PacketClaim } from './packet.ts'

/* What others learn from the outbox: who only by id, and no text that people wrote. */

export function campaignEvent(
  topic: 'campaign.opened' | 'campaign.closed',
  campaign: Campaign,
  at: number,
): OutboxEvent {
  const id = publicId(CAMPAIGN_ID, campaign.id)
  const body = {
    campaign: id,
    merchant: campaign.merchant === null ? null : publicId(MERCHANT_ID, campaign.merchant),
    budget: amountOf(campaign.budgetMinor),
    spent: amountOf(campaign.spentMinor),
    withdrawn: amountOf(campaign.withdrawnMinor),
    at: microsToIso(at),
  }
  return { topic, key: id, body: JSON.stringify(body) }
}

export function couponEvent(
  topic: 'coupon.claimed' | 'coupon.used' | 'coupon.returned',
  coupon: Coupon,
  at: number,
): OutboxEvent {
  const id = publicId(COUPON_ID, coupon.id)
  const body = {
    coupon: id,
    campaign: publicId(CAMPAIGN_ID, coupon.campaign),
    customer: publicId(CUSTOMER_ID, coupon.customer),
    at: microsToIso(at),
  }
  return { topic, key: id, body: JSON.stringify(body) }
}

export function packetEvent(
  topic: 'red-packet.sent' | 'red-packet.opened' | 'red-packet.returned',
  packet: Packet,
  claim: PacketClaim | null,
  at: number,
): OutboxEvent {
  const id = publicId(PACKET_ID, packet.id)
  const body = {
    packet: id,
    sender: publicId(CUSTOMER_ID, packet.sender),
    currency: WALLET_CURRENCY,
    total: amountOf(packet.totalMinor),
    taken: amountOf(packet.takenMinor),
    returned: amountOf(packet.returnedMinor),
    opened:
      claim === null ? null : { customer: publicId(CUSTOMER_ID, claim.customer), amount: amountOf(claim.amountMinor) },
    at: microsToIso(at),
  }
  return { topic, key: id, body: JSON.stringify(body) }
}

function amountOf(minor: bigint): string {
  return formatAmount(minor, WALLET_CURRENCY)
}
