import type { Sql } from '@huitong/pg'
import { type CopiedRow, eachCopiedRow } from './verify-rows.ts'

export const BEFORE_ALL = '-9223372036854775808'

/** `select` is a statement of ours without outside text: a copy takes no values. */
export async function eachSelected(
  sql: Sql,
  select: string,
  columns: number,
  onRow: (row: CopiedRow) => void,
): Promise<number> {
  const stream = await sql.unsafe(`copy (${select}) to stdout (format binary)`).readable()
  return eachCopiedRow(stream, columns, onRow)
}
