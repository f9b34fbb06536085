import type { TableDefinition } from '@huitong/committer'
import { int8Array, textArray, timestamptzArray } from '@huitong/pg'
import { type AuthorisationOperation, OPERATION_KINDS } from './authorisation.ts'
import { optionalNumber, storedOneOf } from './stored.ts'

export interface OperationRow {
  readonly id: bigint
  readonly authorisation_id: bigint
  readonly request_number: string
  readonly kind: string
  readonly amount_minor: bigint
  readonly remark: string | null
  readonly trade_id: bigint | null
  readonly created_at: number
}

export function operationOf(row: OperationRow): AuthorisationOperation {
  return {
    id: Number(row.id),
    authorisation: Number(row.authorisation_id),
    requestNumber: row.request_number,
    kind: storedOneOf(OPERATION_KINDS, row.kind),
    amountMinor: row.amount_minor,
    remark: row.remark,
    trade: optionalNumber(row.trade_id),
    createdAt: row.created_at,
  }
}

export function operationKey(authorisation: number, requestNumber: string): string {
  return `${authorisation}\u0000${requestNumber}`
}

/** By authorisation and request number. */
export const operationTable: TableDefinition<string, AuthorisationOperation> = {
  name: 'payments_authorisation_operations',
  residentRows: 5_000,
  load: async (sql, keys) => {
    const parts = keys.map((key) => key.split('\u0000'))
    const rows = await sql<OperationRow[]>`
      select o.*
      from unnest(
        ${int8Array(parts.map(([authorisation]) => Number(authorisation)))}::text::int8[],
        ${textArray(parts.map(([, number = '']) => number))}::text::text[]
      ) as wanted (authorisation_id, request_number)
      join payments_authorisation_operations o
        on o.authorisation_id = wanted.authorisation_id and o.request_number = wanted.request_number`
    return rows.map((row) => [operationKey(Number(row.authorisation_id), row.request_number), operationOf(row)])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into payments_authorisation_operations (id, authorisation_id, request_number, kind, amount_minor, remark, trade_id,
        created_at)
      select * from unnest(
        ${int8Array(rows.map((row) => row.id))}::text::int8[],
        ${int8Array(rows.map((row) => row.authorisation))}::text::int8[],
        ${textArray(rows.map((row) => row.requestNumber))}::text::text[],
        ${textArray(rows.map((row) => row.kind))}::text::text[],
        ${int8Array(rows.map((row) => row.amountMinor))}::text::int8[],
        ${textArray(rows.map((row) => row.remark))}::text::text[],
        ${int8Array(rows.map((row) => row.trade))}::text::int8[],
        ${timestamptzArray(rows.map((row) => row.createdAt))}::text::timestamptz[])`,
    ]
  },
}
