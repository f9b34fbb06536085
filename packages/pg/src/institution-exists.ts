import type { Database } from './database.ts'

/** Whether this database has an institution of that name; says nothing about how far it is migrated. */
export async function institutionExists(database: Database, schema: string): Promise<boolean> {
  const rows = await database.owner`select from pg_namespace where nspname = ${schema}`
  return rows.length > 0
}
