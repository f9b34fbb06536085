import type { TableDefinition } from '@huitong/committer'
import type { Micros } from '@huitong/kernel'
import { boolArray, int8Array, textArray, timestamptzArray } from '@huitong/pg'

/** What came back of a withdrawal that had settled. */
export interface OrderReturn {
  /** UETR of the withdrawal, and how its bank calls the return. */
  readonly reference: string
  readonly uetr: string
  readonly amountMinor: bigint
  readonly inSuspense: boolean
  readonly madeAt: Micros
}

interface ReturnRow {
  readonly reference: string
  readonly uetr: string
  readonly amount_minor: bigint
  readonly in_suspense: boolean
  readonly made_at: Micros
}

/** By reference. */
export const returnTable: TableDefinition<string, OrderReturn> = {
  name: 'channels_returns',
  residentRows: 1_000,
  load: async (sql, references) => {
    const rows = await sql<ReturnRow[]>`
      select * from channels_returns where reference = any (${textArray(references)}::text::text[])`
    return rows.map((row) => [
      row.reference,
      {
        ...{ reference: row.reference, uetr: row.uetr, amountMinor: row.amount_minor },
        ...{ inSuspense: row.in_suspense, madeAt: row.made_at },
      },
    ])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into channels_returns (reference, uetr, amount_minor, in_suspense, made_at)
      select * from unnest(
        ${textArray(rows.map((row) => row.reference))}::text::text[],
        ${textArray(rows.map((row) => row.uetr))}::text::text[],
        ${int8Array(rows.map((row) => row.amountMinor))}::text::int8[],
        ${boolArray(rows.map((row) => row.inSuspense))}::text::bool[],
        ${timestamptzArray(rows.map((row) => row.madeAt))}::text::timestamptz[])`,
    ]
  },
}
