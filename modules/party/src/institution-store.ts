import { invariant, type Micros } from '@huitong/kernel'
import type { Tx } from '@huitong/pg'
import type { InstitutionRecord } from './institution.ts'

/**
 * The record of the institution; the one handed in if there was none yet. Two programs at once get the same one: the second waits
 * for the first's commit and then reads what that wrote.
 */
export async function ensureInstitutionRecord(tx: Tx, first: InstitutionRecord): Promise<InstitutionRecord> {
  await tx.sql`
    insert into party_institution (demo, opened_at) values (${first.demo}, ${first.openedAt})
    on conflict on constraint party_institution_pkey do nothing`
  const [row] = await tx.sql<{ demo: boolean; opened_at: Micros }[]>`select demo, opened_at from party_institution`
  invariant(row !== undefined, 'a row that is there, or was just inserted, can be read')
  return { demo: row.demo, openedAt: row.opened_at }
}
