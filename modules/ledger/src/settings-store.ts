import type { TableDefinition } from '@huitong/committer'
import { invariant } from '@huitong/kernel'
import type { ReadTx, Sql } from '@huitong/pg'
import { DEFAULT_KIND, type InstitutionKind, isInstitutionKind } from './institution-kind.ts'

/** What was settled about the books, each by an event of the journal. */
export interface Settings {
  readonly kind: InstitutionKind
  /** No transfer may be back-dated to this day or an earlier one; null while every day is open for that. */
  readonly finalThrough: string | null
}

/** The one key of the table. */
export const SETTINGS = 1

export const NOTHING_SETTLED: Settings = { kind: DEFAULT_KIND, finalThrough: null }

interface SettingsRow {
  readonly kind: string
  readonly final_through: string | null
}

function settingsOf(row: SettingsRow): Settings {
  invariant(isInstitutionKind(row.kind), `the institution has the unknown kind ${row.kind}`)
  return { kind: row.kind, finalThrough: row.final_through }
}

async function selectSettings(sql: Sql): Promise<Settings | undefined> {
  const [row] = await sql<SettingsRow[]>`select kind, final_through from ledger_settings`
  return row === undefined ? undefined : settingsOf(row)
}

/** One row that stays in memory, so that commands which ask for it cost no query. */
export const settingsTable: TableDefinition<number, Settings> = {
  name: 'ledger_settings',
  residentRows: 1,
  load: async (sql) => {
    const settings = await selectSettings(sql)
    return settings === undefined ? [] : [[SETTINGS, settings]]
  },
  write: (sql, changes) =>
    changes.map(
      ({ row }) => sql`
      insert into ledger_settings (kind, final_through) values (${row.kind}, ${row.finalThrough}::text::date)
      on conflict on constraint ledger_settings_pkey do update set
        kind = excluded.kind, final_through = excluded.final_through`,
    ),
}

export async function readSettings(tx: ReadTx): Promise<Settings> {
  return (await selectSettings(tx.sql)) ?? NOTHING_SETTLED
}

export async function readAdoptedKind(tx: ReadTx): Promise<InstitutionKind | undefined> {
  return (await selectSettings(tx.sql))?.kind
}

export async function readKind(tx: ReadTx): Promise<InstitutionKind> {
  return (await readSettings(tx)).kind
}
