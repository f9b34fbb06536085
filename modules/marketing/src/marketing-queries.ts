import { formatAmount } from '@huitong/kernel'
import { availableMinor, findAccount } from '@huitong/ledger'
import { type ListBounds, WALLET_CURRENCY } from '@huitong/payments'
import type { InstitutionDatabase } from '@huitong/pg'
import type { Campaign } from './campaign.ts'
import { selectCampaigns } from './campaign-store.ts'
import type { Coupon } from './coupon.ts'
import {
  type CampaignFilter,
  selectCampaignPage,
  selectCouponPage,
  selectPacket,
  selectPacketByToken,
  selectPacketClaims,
} from './marketing-read-store.ts'
import type { Packet, PacketClaim } from './packet.ts'
import { selectPockets } from './pocket-store.ts'

/** The read side: one snapshot per question, no locks, nothing that the committer waits for. */
export interface MarketingQueries {
  campaign(id: number): Promise<Campaign | undefined>
  /** Newest first, up to limit + 1. */
  campaigns(filter: CampaignFilter): Promise<readonly Campaign[]>
  /** With their campaigns, which say what they give. */
  coupons(
    customer: number,
    bounds: ListBounds,
  ): Promise<readonly { readonly coupon: Coupon; readonly campaign: Campaign }[]>
  packet(id: number): Promise<OpenedPacket | undefined>
  packetByToken(tokenHash: string): Promise<OpenedPacket | undefined>
  /** What a customer has out of red packets, as decimal text. */
  packetMoney(customer: number): Promise<string>
}

interface OpenedPacket {
  readonly packet: Packet
  readonly claims: readonly PacketClaim[]
}

export function createMarketingQueries(db: InstitutionDatabase): MarketingQueries {
  return {
    campaign: (id) => db.read(async (tx) => (await selectCampaigns(tx.sql, [id]))[0]),
    campaigns: (filter) => db.read((tx) => selectCampaignPage(tx, filter)),
    coupons: (customer, bounds) =>
      db.read(async (tx) => {
        const coupons = await selectCouponPage(tx, customer, bounds)
        const campaigns = await selectCampaigns(tx.sql, [...new Set(coupons.map(({ campaign }) => campaign))])
        const byId = new Map(campaigns.map((campaign) => [campaign.id, campaign]))
        return coupons.flatMap((coupon) => {
          const campaign = byId.get(coupon.campaign)
          return campaign === undefined ? [] : [{ coupon, campaign }]
        })
      }),
    packet: (id) =>
      db.read(async (tx) => {
        const packet = await selectPacket(tx, id)
        return packet === undefined ? undefined : { packet, claims: await selectPacketClaims(tx, id) }
      }),
    packetByToken: (tokenHash) =>
      db.read(async (tx) => {
        const packet = await selectPacketByToken(tx, tokenHash)
        return packet === undefined ? undefined : { packet, claims: await selectPacketClaims(tx, packet.id) }
      }),
    packetMoney: (customer) =>
      db.read(async (tx) => {
        const [found] = await selectPockets(tx.sql, [customer])
        const account = found?.[1].packetAccount ?? null
        const held = account === null ? undefined : await findAccount(tx, account)
        const minor = held === undefined ? 0n : availableMinor(held.account, held.balance)
        return formatAmount(minor > 0n ? minor : 0n, WALLET_CURRENCY)
      }),
  }
}
