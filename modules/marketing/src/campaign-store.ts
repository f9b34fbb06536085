import type { TableDefinition, UnsentStatement } from '@huitong/committer'
import { invariant, type Micros } from '@huitong/kernel'
import { int4Array, int8Array, jsonbArray, type Sql, textArray, timestamptzArray } from '@huitong/pg'
import { assertCampaign, type Campaign } from './campaign.ts'

export interface CampaignRow {
  readonly id: bigint
  readonly merchant_id: bigint | null
  readonly name: string
  readonly form: string
  readonly minimum_minor: bigint
  readonly off_minor: bigint | null
  readonly off_bps: number | null
  readonly cap_minor: bigint | null
  readonly budget_minor: bigint
  readonly spent_minor: bigint
  readonly withdrawn_minor: bigint
  readonly coupons_max: number | null
  readonly claimed: number
  readonly per_person: number
  readonly valid_from: Micros
  readonly valid_until: Micros
  readonly merchants: readonly bigint[]
  readonly goods: readonly string[]
  readonly account_id: bigint
  readonly created_at: Micros
  readonly closed_at: Micros | null
}

export function campaignOf(row: CampaignRow): Campaign {
  const { form } = row
  invariant(form === 'cash_off' || form === 'percent_off', `a stored form of coupons is not known: ${form}`)
  return assertCampaign({
    id: Number(row.id),
    merchant: row.merchant_id === null ? null : Number(row.merchant_id),
    name: row.name,
    form,
    minimumMinor: row.minimum_minor,
    offMinor: row.off_minor,
    offBps: row.off_bps,
    capMinor: row.cap_minor,
    budgetMinor: row.budget_minor,
    spentMinor: row.spent_minor,
    withdrawnMinor: row.withdrawn_minor,
    couponsMax: row.coupons_max,
    claimed: row.claimed,
    perPerson: row.per_person,
    validFrom: row.valid_from,
    validUntil: row.valid_until,
    merchants: row.merchants.map(Number),
    goods: row.goods,
    account: Number(row.account_id),
    createdAt: row.created_at,
    closedAt: row.closed_at,
  })
}

export async function selectCampaigns(sql: Sql, ids: readonly number[]): Promise<readonly Campaign[]> {
  const rows = await sql<CampaignRow[]>`
    select * from marketing_campaigns where id = any (${int8Array(ids)}::text::int8[])`
  return rows.map(campaignOf)
}

export const campaignTable: TableDefinition<number, Campaign> = {
  name: 'marketing_campaigns',
  residentRows: 10_000,
  load: async (sql, ids) => (await selectCampaigns(sql, ids)).map((campaign) => [campaign.id, campaign]),
  write: (sql, changes) => {
    const added = changes.filter((change) => change.isNew).map((change) => change.row)
    const changed = changes.filter((change) => !change.isNew).map((change) => change.row)
    const statements: UnsentStatement[] = []
    if (added.length > 0) {
      // Lists go as JSON: an array of arrays would have to be a matrix.
      statements.push(
        sql`
        insert into marketing_campaigns (id, merchant_id, name, form, minimum_minor, off_minor, off_bps, cap_minor, budget_minor,
          spent_minor, withdrawn_minor, coupons_max, claimed, per_person, valid_from, valid_until, account_id, created_at,
          closed_at, merchants, goods)
        select c.id, c.merchant_id, c.name, c.form, c.minimum_minor, c.off_minor, c.off_bps, c.cap_minor, c.budget_minor,
          c.spent_minor, c.withdrawn_minor, c.coupons_max, c.claimed, c.per_person, c.valid_from, c.valid_until, c.account_id,
          c.created_at, c.closed_at, array(select jsonb_array_elements_text(c.merchants)::int8),
          array(select jsonb_array_elements_text(c.goods))
        from unnest(
          ${int8Array(added.map((row) => row.id))}::text::int8[],
          ${int8Array(added.map((row) => row.merchant))}::text::int8[],
          ${textArray(added.map((row) => row.name))}::text::text[],
          ${textArray(added.map((row) => row.form))}::text::text[],
          ${int8Array(added.map((row) => row.minimumMinor))}::text::int8[],
          ${int8Array(added.map((row) => row.offMinor))}::text::int8[],
          ${int4Array(added.map((row) => row.offBps))}::text::int4[],
          ${int8Array(added.map((row) => row.capMinor))}::text::int8[],
          ${int8Array(added.map((row) => row.budgetMinor))}::text::int8[],
          ${int8Array(added.map((row) => row.spentMinor))}::text::int8[],
          ${int8Array(added.map((row) => row.withdrawnMinor))}::text::int8[],
          ${int4Array(added.map((row) => row.couponsMax))}::text::int4[],
          ${int4Array(added.map((row) => row.claimed))}::text::int4[],
          ${int4Array(added.map((row) => row.perPerson))}::text::int4[],
          ${timestamptzArray(added.map((row) => row.validFrom))}::text::timestamptz[],
          ${timestamptzArray(added.map((row) => row.validUntil))}::text::timestamptz[],
          ${int8Array(added.map((row) => row.account))}::text::int8[],
          ${timestamptzArray(added.map((row) => row.createdAt))}::text::timestamptz[],
          ${timestamptzArray(added.map((row) => row.closedAt))}::text::timestamptz[],
          ${jsonbArray(added.map((row) => JSON.stringify(row.merchants)))}::text::jsonb[],
          ${jsonbArray(added.map((row) => JSON.stringify(row.goods)))}::text::jsonb[]
        ) as c (id, merchant_id, name, form, minimum_minor, off_minor, off_bps, cap_minor, budget_minor, spent_minor,
          withdrawn_minor, coupons_max, claimed, per_person, valid_from, valid_until, account_id, created_at, closed_at,
          merchants, goods)`,
      )
    }
    if (changed.length > 0) {
      statements.push(
        sql`
        update marketing_campaigns t set spent_minor = c.spent_minor, withdrawn_minor = c.withdrawn_minor,
          claimed = c.claimed, closed_at = c.closed_at
        from unnest(
          ${int8Array(changed.map((row) => row.id))}::text::int8[],
          ${int8Array(changed.map((row) => row.spentMinor))}::text::int8[],
          ${int8Array(changed.map((row) => row.withdrawnMinor))}::text::int8[],
          ${int4Array(changed.map((row) => row.claimed))}::text::int4[],
          ${timestamptzArray(changed.map((row) => row.closedAt))}::text::timestamptz[]
        ) as c (id, spent_minor, withdrawn_minor, claimed, closed_at)
        where t.id = c.id`,
      )
    }
    return statements
  },
}
