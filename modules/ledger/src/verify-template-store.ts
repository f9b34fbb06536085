import type { Sql } from '@huitong/pg'

/** Versions of templates that were published up to a batch. */
export function readTemplateRows(
  sql: Sql,
  end: number,
): Promise<readonly { readonly name: string; readonly version: number; readonly definition: string }[]> {
  return sql<{ name: string; version: number; definition: string }[]>`
    select name, version, definition from ledger_templates where batch <= ${end} order by name, version`
}
