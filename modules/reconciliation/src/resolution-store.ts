import type { TableDefinition } from '@huitong/committer'
import { invariant, type Micros } from '@huitong/kernel'
import { int8Array, type ReadTx, textArray, timestamptzArray } from '@huitong/pg'
import { RESOLUTION_WAYS, type Resolution } from './resolution.ts'

interface ResolutionRow {
  readonly difference_id: bigint
  readonly way: string
  readonly transfer_id: bigint | null
  readonly note: string
  readonly resolved_at: Micros
}

/** By difference. */
export const resolutionTable: TableDefinition<number, Resolution> = {
  name: 'reconciliation_resolutions',
  // Each is looked at once.
  residentRows: 0,
  load: async (sql, keys) => {
    const rows = await sql<ResolutionRow[]>`
      select * from reconciliation_resolutions where difference_id = any (${int8Array(keys)}::text::int8[])`
    return rows.map((row) => {
      const way = RESOLUTION_WAYS.find((known) => known === row.way)
      invariant(way !== undefined, `a stored way to settle a difference is not known: ${row.way}`)
      const transfer = row.transfer_id === null ? null : Number(row.transfer_id)
      const difference = Number(row.difference_id)
      return [difference, { difference, way, transfer, note: row.note, resolvedAt: row.resolved_at }]
    })
  },
  addsOnly: true,
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into reconciliation_resolutions (difference_id, way, transfer_id, note, resolved_at)
      select * from unnest(
        ${int8Array(rows.map((row) => row.difference))}::text::int8[],
        ${textArray(rows.map((row) => row.way))}::text::text[],
        ${int8Array(rows.map((row) => row.transfer))}::text::int8[],
        ${textArray(rows.map((row) => row.note))}::text::text[],
        ${timestamptzArray(rows.map((row) => row.resolvedAt))}::text::timestamptz[])`,
    ]
  },
}

/** What was booked for differences, and by which transfers. */
export async function selectBooked({
  sql,
}: ReadTx): Promise<
  readonly { readonly difference: number; readonly transfer: number; readonly minor: bigint | null }[]
> {
  const rows = await sql<{ difference_id: bigint; transfer_id: bigint; minor: bigint | null }[]>`
    select r.difference_id, r.transfer_id, d.minor
    from reconciliation_resolutions r left join reconciliation_differences d on d.id = r.difference_id
    where r.way = 'booked'`
  return rows.map(({ difference_id: difference, transfer_id: transfer, minor }) => ({
    ...{ difference: Number(difference), transfer: Number(transfer), minor },
  }))
}
