import type { ReadTx } from '@huitong/pg'

/** Whether the institution has a table of this name. */
export async function hasTable({ sql }: ReadTx, name: string): Promise<boolean> {
  const [row] = await sql<{ found: boolean }[]>`
    select exists (
      select from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where n.nspname = current_schema() and c.relname = ${name}) as found`
  return row?.found === true
}
