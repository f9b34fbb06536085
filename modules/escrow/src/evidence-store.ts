import type { LogDefinition } from '@huitong/committer'
import { int2Array, int8Array, jsonbArray, textArray, timestamptzArray } from '@huitong/pg'
import type { Evidence } from './evidence.ts'

export const evidenceLog: LogDefinition<Evidence> = {
  name: 'escrow_evidence',
  append: (sql, rows) => [
    sql`
    insert into escrow_evidence (trade_id, dispute, side, number, statement, documents, given_at)
    select * from unnest(
      ${int8Array(rows.map((row) => row.trade))}::text::int8[],
      ${int2Array(rows.map((row) => row.dispute))}::text::int2[],
      ${textArray(rows.map((row) => row.side))}::text::text[],
      ${int2Array(rows.map((row) => row.number))}::text::int2[],
      ${textArray(rows.map((row) => row.statement))}::text::text[],
      ${jsonbArray(rows.map((row) => JSON.stringify(row.documents)))}::text::jsonb[],
      ${timestamptzArray(rows.map((row) => row.givenAt))}::text::timestamptz[])`,
  ],
}
