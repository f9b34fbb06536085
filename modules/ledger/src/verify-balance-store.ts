import type { Sql } from '@huitong/pg'
import type { CopiedRow } from './verify-rows.ts'
import { BEFORE_ALL, eachSelected } from './verify-select-store.ts'

/** Columns: account, sequence, debits posted, credits posted, debits pending, credits pending, last entry or 0. By account, after `after`. */
export function eachBalance(
  sql: Sql,
  after: bigint | null,
  limit: number,
  onRow: (row: CopiedRow) => void,
): Promise<number> {
  return eachSelected(
    sql,
    `select account_id, sequence, debits_posted, credits_posted, debits_pending, credits_pending,
      coalesce(last_entry, 0)
    from ledger_balances where account_id > ${after ?? BEFORE_ALL} order by account_id limit ${limit}`,
    7,
    onRow,
  )
}

export interface AccountRowSeen {
  readonly id: number
  readonly subject: string
  readonly currency: string
  readonly owner: string | null
  readonly floorMinor: bigint | null
  readonly state: string
}

export async function readAccountRows(
  sql: Sql,
  after: number,
  end: number,
  limit: number,
): Promise<readonly AccountRowSeen[]> {
  const rows = await sql<
    { id: bigint; subject: string; currency: string; owner: string | null; floor_minor: bigint | null; state: string }[]
  >`
    select id, subject, currency, owner, floor_minor, state
    from ledger_accounts where id > ${after} and id < ${end} order by id limit ${limit}`
  return rows.map((row) => ({
    id: Number(row.id),
    subject: row.subject,
    currency: row.currency,
    owner: row.owner,
    floorMinor: row.floor_minor,
    state: row.state,
  }))
}
