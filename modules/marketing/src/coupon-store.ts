import type { TableDefinition } from '@huitong/committer'
import type { Micros } from '@huitong/kernel'
import { int4Array, int8Array, timestamptzArray } from '@huitong/pg'
import type { Coupon } from './coupon.ts'

export interface CouponRow {
  readonly id: bigint
  readonly campaign_id: bigint
  readonly customer_id: bigint
  readonly claimed_at: Micros
  readonly used_for: bigint | null
  readonly used_at: Micros | null
}

export function couponOf(row: CouponRow): Coupon {
  return {
    id: Number(row.id),
    campaign: Number(row.campaign_id),
    customer: Number(row.customer_id),
    claimedAt: row.claimed_at,
    usedFor: row.used_for === null ? null : Number(row.used_for),
    usedAt: row.used_at,
  }
}

export const couponTable: TableDefinition<number, Coupon> = {
  name: 'marketing_coupons',
  residentRows: 20_000,
  load: async (sql, ids) => {
    const rows = await sql<CouponRow[]>`
      select * from marketing_coupons where id = any (${int8Array(ids)}::text::int8[])`
    return rows.map((row) => [Number(row.id), couponOf(row)])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into marketing_coupons (id, campaign_id, customer_id, claimed_at, used_for, used_at)
      select * from unnest(
        ${int8Array(rows.map((coupon) => coupon.id))}::text::int8[],
        ${int8Array(rows.map((coupon) => coupon.campaign))}::text::int8[],
        ${int8Array(rows.map((coupon) => coupon.customer))}::text::int8[],
        ${timestamptzArray(rows.map((coupon) => coupon.claimedAt))}::text::timestamptz[],
        ${int8Array(rows.map((coupon) => coupon.usedFor))}::text::int8[],
        ${timestamptzArray(rows.map((coupon) => coupon.usedAt))}::text::timestamptz[])
      on conflict on constraint marketing_coupons_pkey do update set used_for = excluded.used_for, used_at = excluded.used_at`,
    ]
  },
}

export function claimKey(campaign: number, person: number): string {
  return `${campaign} ${person}`
}

/** How many coupons of a campaign a person took, by {@link claimKey}. */
export const claimTable: TableDefinition<string, number> = {
  name: 'marketing_claims',
  residentRows: 20_000,
  load: async (sql, keys) => {
    const parts = keys.map((key) => key.split(' ').map(Number))
    const rows = await sql<{ campaign_id: bigint; person: bigint; claims: number }[]>`
      select c.campaign_id, c.person, c.claims
      from unnest(
        ${int8Array(parts.map(([campaign = 0]) => campaign))}::text::int8[],
        ${int8Array(parts.map(([, person = 0]) => person))}::text::int8[]
      ) as wanted (campaign_id, person)
      join marketing_claims c on c.campaign_id = wanted.campaign_id and c.person = wanted.person`
    return rows.map((row) => [claimKey(Number(row.campaign_id), Number(row.person)), row.claims])
  },
  write: (sql, changes) => {
    const parts = changes.map(({ key }) => key.split(' ').map(Number))
    return [
      sql`
      insert into marketing_claims (campaign_id, person, claims)
      select * from unnest(
        ${int8Array(parts.map(([campaign = 0]) => campaign))}::text::int8[],
        ${int8Array(parts.map(([, person = 0]) => person))}::text::int8[],
        ${int4Array(changes.map((change) => change.row))}::text::int4[])
      on conflict on constraint marketing_claims_pkey do update set claims = excluded.claims`,
    ]
  },
}
