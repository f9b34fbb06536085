import type { TableDefinition } from '@huitong/committer'
import type { Micros } from '@huitong/kernel'
import { int4Array, int8Array, timestamptzArray } from '@huitong/pg'
import type { FeeRate } from './merchant.ts'

/** All fee rates of a merchant, oldest first. A change adds one at the end; written rows are never changed. */
export const feeRateTable: TableDefinition<number, readonly FeeRate[]> = {
  name: 'party_merchant_fee_rates',
  residentRows: 20_000,
  load: async (sql, merchantIds) => {
    const rows = await sql<{ merchant_id: bigint; valid_from: Micros; fee_rate_millionths: number }[]>`
      select merchant_id, valid_from, fee_rate_millionths
      from party_merchant_fee_rates
      where merchant_id = any(${int8Array(merchantIds)}::text::int8[])
      order by merchant_id, valid_from`
    const byMerchant = new Map<number, FeeRate[]>()
    for (const row of rows) {
      const id = Number(row.merchant_id)
      const rates = byMerchant.get(id) ?? []
      rates.push({ validFrom: row.valid_from, feeRateMillionths: row.fee_rate_millionths })
      byMerchant.set(id, rates)
    }
    return [...byMerchant]
  },
  write: (sql, changes) => {
    const rows = changes.flatMap(({ key, row }) => row.map((rate) => ({ merchantId: key, ...rate })))
    return [
      sql`
      insert into party_merchant_fee_rates (merchant_id, valid_from, fee_rate_millionths)
      select merchant_id, valid_from, fee_rate_millionths
      from unnest(
        ${int8Array(rows.map((row) => row.merchantId))}::text::int8[],
        ${timestamptzArray(rows.map((row) => row.validFrom))}::text::timestamptz[],
        ${int4Array(rows.map((row) => row.feeRateMillionths))}::text::int4[]
      ) as added (merchant_id, valid_from, fee_rate_millionths)
      on conflict on constraint party_merchant_fee_rates_pkey do nothing`,
    ]
  },
}
