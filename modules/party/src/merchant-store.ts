import type { TableDefinition, UnsentStatement } from '@huitong/committer'
import type { Micros } from '@huitong/kernel'
import { int8Array, type Sql, textArray, timestamptzArray } from '@huitong/pg'
import { addedAndChanged } from './changes.ts'
import { MERCHANT_STATUSES, type Merchant } from './merchant.ts'
import { storedOneOf } from './stored-text.ts'

interface MerchantRow {
  readonly id: bigint
  readonly seller_number: string
  readonly name: string
  readonly status: string
  readonly registered_at: Micros
}

function merchantOf(row: MerchantRow): Merchant {
  return {
    id: Number(row.id),
    sellerNumber: row.seller_number,
    name: row.name,
    status: storedOneOf(MERCHANT_STATUSES, row.status),
    registeredAt: row.registered_at,
  }
}

export const merchantTable: TableDefinition<number, Merchant> = {
  name: 'party_merchants',
  residentRows: 20_000,
  load: async (sql, ids) => (await selectMerchantsById(sql, ids)).map((merchant) => [merchant.id, merchant]),
  write: (sql, changes) => {
    const { added, changed } = addedAndChanged(changes)
    const statements: UnsentStatement[] = []
    if (added.length > 0)
      statements.push(
        insertMerchants(
          sql,
          added.map((change) => change.row),
        ),
      )
    if (changed.length > 0)
      statements.push(
        updateMerchants(
          sql,
          changed.map((change) => change.row),
        ),
      )
    return statements
  },
}

function insertMerchants(sql: Sql, rows: readonly Merchant[]): UnsentStatement {
  return sql`
    insert into party_merchants (id, seller_number, name, status, registered_at)
    select id, seller_number, name, status, registered_at
    from unnest(
      ${int8Array(rows.map((row) => row.id))}::text::int8[],
      ${textArray(rows.map((row) => row.sellerNumber))}::text::text[],
      ${textArray(rows.map((row) => row.name))}::text::text[],
      ${textArray(rows.map((row) => row.status))}::text::text[],
      ${timestamptzArray(rows.map((row) => row.registeredAt))}::text::timestamptz[]
    ) as added (id, seller_number, name, status, registered_at)`
}

function updateMerchants(sql: Sql, rows: readonly Merchant[]): UnsentStatement {
  return sql`
    update party_merchants m
    set name = changed.name, status = changed.status
    from unnest(
      ${int8Array(rows.map((row) => row.id))}::text::int8[],
      ${textArray(rows.map((row) => row.name))}::text::text[],
      ${textArray(rows.map((row) => row.status))}::text::text[]
    ) as changed (id, name, status)
    where m.id = changed.id`
}

export async function selectMerchantsById(sql: Sql, ids: readonly number[]): Promise<readonly Merchant[]> {
  const rows = await sql<MerchantRow[]>`
    select id, seller_number, name, status, registered_at
    from party_merchants
    where id = any(${int8Array(ids)}::text::int8[])`
  return rows.map(merchantOf)
}

/** Merchants by id, after the one with id `after`. */
export async function selectMerchants(sql: Sql, after: number, limit: number): Promise<readonly Merchant[]> {
  const rows = await sql<MerchantRow[]>`
    select id, seller_number, name, status, registered_at
    from party_merchants
    where id > ${after}
    order by id
    limit ${limit}`
  return rows.map(merchantOf)
}
