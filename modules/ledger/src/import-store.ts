import type { LogDefinition, TableDefinition } from '@huitong/committer'
import { int8Array, type ReadTx, textArray } from '@huitong/pg'

/** How far a file has been brought in. */
export interface ImportCursor {
  /** The first line that was not looked at yet, counted from 1. */
  readonly nextLine: number
  readonly accepted: number
  /** Lines whose reference was there before. */
  readonly repeated: number
  readonly refused: number
}

export const NO_IMPORT: ImportCursor = { nextLine: 1, accepted: 0, repeated: 0, refused: 0 }

interface CursorRow {
  readonly id: string
  readonly next_line: bigint
  readonly accepted: bigint
  readonly repeated: bigint
  readonly refused: bigint
}

function cursorOf(row: CursorRow): ImportCursor {
  return {
    nextLine: Number(row.next_line),
    accepted: Number(row.accepted),
    repeated: Number(row.repeated),
    refused: Number(row.refused),
  }
}

export const importTable: TableDefinition<string, ImportCursor> = {
  name: 'ledger_imports',
  residentRows: 100,
  load: async (sql, ids) => {
    const rows = await sql<CursorRow[]>`
      select id, next_line, accepted, repeated, refused from ledger_imports
      where id = any (${textArray(ids)}::text::text[])`
    return rows.map((row) => [row.id, cursorOf(row)])
  },
  write: (sql, changes) => [
    sql`
    insert into ledger_imports (id, next_line, accepted, repeated, refused)
    select * from unnest(
      ${textArray(changes.map((change) => change.key))}::text::text[],
      ${int8Array(changes.map((change) => change.row.nextLine))}::text::int8[],
      ${int8Array(changes.map((change) => change.row.accepted))}::text::int8[],
      ${int8Array(changes.map((change) => change.row.repeated))}::text::int8[],
      ${int8Array(changes.map((change) => change.row.refused))}::text::int8[])
    on conflict on constraint ledger_imports_pkey do update set
      next_line = excluded.next_line, accepted = excluded.accepted, repeated = excluded.repeated, refused = excluded.refused`,
  ],
}

/** Ids of accounts by the references under which files brought them in. A file names few accounts many times. */
export const accountReferenceTable: TableDefinition<string, number> = {
  name: 'ledger_account_references',
  residentRows: 100_000,
  addsOnly: true,
  load: async (sql, references) => {
    const rows = await sql<{ reference: string; account_id: bigint }[]>`
      select reference, account_id from ledger_account_references
      where reference = any (${textArray(references)}::text::text[])`
    return rows.map((row) => [row.reference, Number(row.account_id)])
  },
  write: (sql, changes) => [
    sql`
    insert into ledger_account_references (reference, account_id)
    select * from unnest(
      ${textArray(changes.map((change) => change.key))}::text::text[],
      ${int8Array(changes.map((change) => change.row))}::text::int8[])`,
  ],
}

/** Ids of transfers by their references: the first one of each line. Each is looked for once, so none stays in memory. */
export const transferReferenceTable: TableDefinition<string, number> = {
  name: 'ledger_transfer_references',
  residentRows: 0,
  addsOnly: true,
  load: async (sql, references) => {
    const rows = await sql<{ reference: string; transfer_id: bigint }[]>`
      select reference, transfer_id from ledger_transfer_references
      where reference = any (${textArray(references)}::text::text[])`
    return rows.map((row) => [row.reference, Number(row.transfer_id)])
  },
  write: (sql, changes) => [
    sql`
    insert into ledger_transfer_references (reference, transfer_id)
    select * from unnest(
      ${textArray(changes.map((change) => change.key))}::text::text[],
      ${int8Array(changes.map((change) => change.row))}::text::int8[])`,
  ],
}

export interface ImportRefusal {
  readonly importId: string
  readonly line: number
  readonly code: string
  readonly detail: string
}

export const importRefusalLog: LogDefinition<ImportRefusal> = {
  name: 'ledger_import_refusals',
  append: (sql, refusals) => [
    sql`
    insert into ledger_import_refusals (import_id, line, code, detail)
    select * from unnest(
      ${textArray(refusals.map((refusal) => refusal.importId))}::text::text[],
      ${int8Array(refusals.map((refusal) => refusal.line))}::text::int8[],
      ${textArray(refusals.map((refusal) => refusal.code))}::text::text[],
      ${textArray(refusals.map((refusal) => refusal.detail))}::text::text[])`,
  ],
}

export async function readImport(tx: ReadTx, id: string): Promise<ImportCursor | undefined> {
  const rows = await tx.sql<CursorRow[]>`
    select id, next_line, accepted, repeated, refused from ledger_imports where id = ${id}`
  return rows.map(cursorOf)[0]
}

/** Refused lines after `afterLine`, in their order; up to limit + 1 of them. */
export async function listImportRefusals(
  tx: ReadTx,
  id: string,
  afterLine: number,
  limit: number,
): Promise<readonly ImportRefusal[]> {
  const rows = await tx.sql<{ line: bigint; code: string; detail: string }[]>`
    select line, code, detail from ledger_import_refusals
    where import_id = ${id} and line > ${afterLine} order by line limit ${limit + 1}`
  return rows.map(({ line, code, detail }) => ({ importId: id, line: Number(line), code, detail }))
}

/** Which of these references name an account. */
export async function knownAccountReferences(tx: ReadTx, references: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx.sql<{ reference: string }[]>`
    select reference from ledger_account_references where reference = any (${textArray(references)}::text::text[])`
  return new Set(rows.map((row) => row.reference))
}
