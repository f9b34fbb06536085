import type { TableDefinition } from '@huitong/committer'
import { int8Array, type ReadTx, textArray, timestamptzArray } from '@huitong/pg'
import type { ListBounds } from './payments-read-store.ts'
import { STATIC_CODE_STATES, type StaticCode } from './static-code.ts'
import { storedOneOf } from './stored.ts'
import { PAYER_KINDS, type Payer } from './wallet-transfer.ts'

interface StaticCodeRow {
  readonly reference: string
  readonly owner_kind: string
  readonly owner_id: bigint
  readonly label: string
  readonly state: string
  readonly replaced_by: string | null
  readonly created_at: number
  readonly ended_at: number | null
}

function staticCodeOf(row: StaticCodeRow): StaticCode {
  return {
    reference: row.reference,
    owner: { kind: storedOneOf(PAYER_KINDS, row.owner_kind), id: Number(row.owner_id) },
    label: row.label,
    state: storedOneOf(STATIC_CODE_STATES, row.state),
    replacedBy: row.replaced_by,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  }
}

export const staticCodeTable: TableDefinition<string, StaticCode> = {
  name: 'payments_static_codes',
  residentRows: 20_000,
  load: async (sql, references) => {
    const rows = await sql<StaticCodeRow[]>`
      select * from payments_static_codes where reference = any (${textArray(references)}::text::text[])`
    return rows.map((row) => [row.reference, staticCodeOf(row)])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into payments_static_codes (reference, owner_kind, owner_id, label, state, replaced_by, created_at, ended_at)
      select * from unnest(
        ${textArray(rows.map((code) => code.reference))}::text::text[],
        ${textArray(rows.map((code) => code.owner.kind))}::text::text[],
        ${int8Array(rows.map((code) => code.owner.id))}::text::int8[],
        ${textArray(rows.map((code) => code.label))}::text::text[],
        ${textArray(rows.map((code) => code.state))}::text::text[],
        ${textArray(rows.map((code) => code.replacedBy))}::text::text[],
        ${timestamptzArray(rows.map((code) => code.createdAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((code) => code.endedAt))}::text::timestamptz[])
      on conflict on constraint payments_static_codes_pkey do update set
        state = excluded.state, replaced_by = excluded.replaced_by, ended_at = excluded.ended_at`,
    ]
  },
}

export async function selectStaticCode(tx: ReadTx, reference: string): Promise<StaticCode | undefined> {
  const rows = await tx.sql<StaticCodeRow[]>`select * from payments_static_codes where reference = ${reference}`
  return rows.map(staticCodeOf)[0]
}

export interface StaticCodeFilter extends Pick<ListBounds, 'limit'> {
  readonly owner: Payer
  readonly after?: { readonly createdAt: number; readonly reference: string }
}

/** An owner's codes, newest first, up to limit + 1. */
export async function selectStaticCodes(tx: ReadTx, filter: StaticCodeFilter): Promise<readonly StaticCode[]> {
  const { createdAt, reference } = filter.after ?? { createdAt: 9_000_000_000_000_000, reference: '' }
  const rows = await tx.sql<StaticCodeRow[]>`
    select * from payments_static_codes
    where owner_kind = ${filter.owner.kind} and owner_id = ${filter.owner.id}
      and (created_at, reference) < (${createdAt}::timestamptz, ${reference}::text)
    order by created_at desc, reference desc limit ${filter.limit + 1}`
  return rows.map(staticCodeOf)
}
