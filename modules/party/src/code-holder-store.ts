import type { TableDefinition } from '@huitong/committer'
import type { Micros } from '@huitong/kernel'
import { int8Array, textArray } from '@huitong/pg'

/** A code that a customer got lately and that may still be live. */
export interface RecentCode {
  readonly codeHash: string
  readonly expiresAt: Micros
}

/**
 * The last codes of a customer, which the limit of live ones is counted on: a bounded list in one row, so that no count over
 * all codes is ever needed. Using a code does not touch the row; whether a code on the list was used is looked up when it is full.
 */
export const codeHolderTable: TableDefinition<number, readonly RecentCode[]> = {
  name: 'party_code_holders',
  residentRows: 20_000,
  load: async (sql, customerIds) => {
    const rows = await sql<{ customer_id: bigint; recent_codes: string }[]>`
      select customer_id, recent_codes
      from party_code_holders
      where customer_id = any(${int8Array(customerIds)}::text::int8[])`
    return rows.map((row) => [Number(row.customer_id), parseRecent(row.recent_codes)])
  },
  write: (sql, changes) => [
    sql`
    insert into party_code_holders (customer_id, recent_codes)
    select customer_id, recent_codes
    from unnest(
      ${int8Array(changes.map((change) => change.key))}::text::int8[],
      ${textArray(changes.map((change) => recentText(change.row)))}::text::text[]
    ) as changed (customer_id, recent_codes)
    on conflict on constraint party_code_holders_pkey do update set recent_codes = excluded.recent_codes`,
  ],
}

// `hash@expiry hash@expiry …`: read and written whole, by this file alone.
function recentText(codes: readonly RecentCode[]): string {
  return codes.map((code) => `${code.codeHash}@${code.expiresAt}`).join(' ')
}

function parseRecent(text: string): readonly RecentCode[] {
  if (text === '') return []
  return text.split(' ').map((part) => {
    const [codeHash = '', expiresAt = ''] = part.split('@')
    return { codeHash, expiresAt: Number(expiresAt) }
  })
}
