import type { Sql } from '@huitong/pg'

interface TemplateSeen {
  readonly name: string
  readonly version: number
  readonly definition: string
  readonly batch: number
}

/** Versions of templates that were published up to a batch. */
export async function readTemplateRows(sql: Sql, end: number): Promise<readonly TemplateSeen[]> {
  const rows = await sql<{ name: string; version: number; definition: string; batch: bigint }[]>`
    select name, version, definition, batch from ledger_templates where batch <= ${end} order by name, version`
  return rows.map((row) => ({ ...row, batch: Number(row.batch) }))
}
