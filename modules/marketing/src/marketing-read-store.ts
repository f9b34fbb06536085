import type { ListBounds } from '@huitong/payments'
import type { ReadTx } from '@huitong/pg'
import type { Campaign } from './campaign.ts'
import { type CampaignRow, campaignOf } from './campaign-store.ts'
import type { Coupon } from './coupon.ts'
import { type CouponRow, couponOf } from './coupon-store.ts'
import type { Packet, PacketClaim } from './packet.ts'
import { type PacketClaimRow, type PacketRow, packetClaimOf, packetOf } from './packet-store.ts'

// Above every row, so that the first page is asked for in the same words as the others.
const NEWEST = { createdAt: 9_000_000_000_000_000, id: Number.MAX_SAFE_INTEGER }

export interface CampaignFilter extends ListBounds {
  /** Those that one merchant pays for. */
  readonly merchant?: number
  /** Those that can be used at this time (µs). */
  readonly usableAt?: number
}

/** Newest first, up to limit + 1. */
export async function selectCampaignPage(tx: ReadTx, filter: CampaignFilter): Promise<readonly Campaign[]> {
  const { createdAt, id } = filter.after ?? NEWEST
  const { sql } = tx
  const merchant = filter.merchant === undefined ? sql`true` : sql`merchant_id = ${filter.merchant}`
  const usable =
    filter.usableAt === undefined
      ? sql`true`
      : sql`closed_at is null and valid_until > ${filter.usableAt}::timestamptz and claimed < coalesce(coupons_max, claimed + 1)`
  const rows = await sql<CampaignRow[]>`
    select * from marketing_campaigns
    where ${merchant} and ${usable} and (created_at, id) < (${createdAt}::timestamptz, ${id}::int8)
    order by created_at desc, id desc limit ${filter.limit + 1}`
  return rows.map(campaignOf)
}

/** A customer's coupons, newest first, up to limit + 1. */
export async function selectCouponPage(
  tx: ReadTx,
  customer: number,
  { limit, after = NEWEST }: ListBounds,
): Promise<readonly Coupon[]> {
  const rows = await tx.sql<CouponRow[]>`
    select * from marketing_coupons
    where customer_id = ${customer} and (claimed_at, id) < (${after.createdAt}::timestamptz, ${after.id}::int8)
    order by claimed_at desc, id desc limit ${limit + 1}`
  return rows.map(couponOf)
}

export async function selectPacket(tx: ReadTx, id: number): Promise<Packet | undefined> {
  const rows = await tx.sql<PacketRow[]>`select * from marketing_packets where id = ${id}`
  return rows.map(packetOf)[0]
}

export async function selectPacketByToken(tx: ReadTx, tokenHash: string): Promise<Packet | undefined> {
  const rows = await tx.sql<PacketRow[]>`select * from marketing_packets where token_hash = ${tokenHash}`
  return rows.map(packetOf)[0]
}

/** In the order in which they were opened; there are at most as many as a packet has parts. */
export async function selectPacketClaims(tx: ReadTx, packet: number): Promise<readonly PacketClaim[]> {
  const rows = await tx.sql<PacketClaimRow[]>`
    select * from marketing_packet_claims where packet_id = ${packet} order by part`
  return rows.map(packetClaimOf)
}

/** Campaigns whose time was over at `now` (µs), the longest over first. */
export async function selectDueCampaigns(tx: ReadTx, now: number, limit: number): Promise<readonly number[]> {
  const rows = await tx.sql<{ id: bigint }[]>`
    select id from marketing_campaigns
    where closed_at is null and valid_until <= ${now}::timestamptz order by valid_until limit ${limit}`
  return rows.map((row) => Number(row.id))
}

/** Red packets whose time was over at `now` (µs), the longest over first. */
export async function selectDuePackets(tx: ReadTx, now: number, limit: number): Promise<readonly number[]> {
  const rows = await tx.sql<{ id: bigint }[]>`
    select id from marketing_packets
    where ended_at is null and expires_at <= ${now}::timestamptz order by expires_at limit ${limit}`
  return rows.map((row) => Number(row.id))
}
