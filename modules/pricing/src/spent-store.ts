import type { TableDefinition } from '@huitong/committer'
import { invariant, type Micros } from '@huitong/kernel'
import { int8Array, type ReadTx, textArray, timestamptzArray } from '@huitong/pg'
import type { Spent } from './spent.ts'
import { strengthOf } from './strength.ts'

interface SpentRow {
  readonly reference: bigint
  readonly customer_id: bigint
  readonly strength: string
  readonly amount_minor: bigint
  readonly given_back_minor: bigint
  readonly passed_on_minor: bigint
  readonly at: Micros
  readonly allowed_by: string
}

function spentOf(row: SpentRow): Spent {
  const strength = strengthOf(row.strength)
  invariant(strength !== undefined, `a stored strength is not known: ${row.strength}`)
  return {
    reference: Number(row.reference),
    customer: Number(row.customer_id),
    strength,
    amountMinor: row.amount_minor,
    givenBackMinor: row.given_back_minor,
    passedOnMinor: row.passed_on_minor,
    at: row.at,
    allowedBy: row.allowed_by === '' ? [] : row.allowed_by.split(' '),
  }
}

/** By reference. Most are written once and never read again, so none stays in memory. */
export const spentTable: TableDefinition<number, Spent> = {
  name: 'pricing_spent',
  residentRows: 0,
  load: async (sql, references) => {
    const rows = await sql<SpentRow[]>`
      select reference, customer_id, strength, amount_minor, given_back_minor, passed_on_minor, at, allowed_by
      from pricing_spent where reference = any (${int8Array(references)}::text::int8[])`
    return rows.map((row) => [Number(row.reference), spentOf(row)])
  },
  write: (sql, changes) => [
    sql`
    insert into pricing_spent (reference, customer_id, strength, amount_minor, given_back_minor, passed_on_minor, at,
      allowed_by)
    select * from unnest(
      ${int8Array(changes.map((change) => change.key))}::text::int8[],
      ${int8Array(changes.map((change) => change.row.customer))}::text::int8[],
      ${textArray(changes.map((change) => change.row.strength))}::text::text[],
      ${int8Array(changes.map((change) => change.row.amountMinor))}::text::int8[],
      ${int8Array(changes.map((change) => change.row.givenBackMinor))}::text::int8[],
      ${int8Array(changes.map((change) => change.row.passedOnMinor))}::text::int8[],
      ${timestamptzArray(changes.map((change) => change.row.at))}::text::timestamptz[],
      ${textArray(changes.map((change) => change.row.allowedBy.join(' ')))}::text::text[])
    on conflict on constraint pricing_spent_pkey do update set given_back_minor = excluded.given_back_minor,
      passed_on_minor = excluded.passed_on_minor`,
  ],
}

/** What all persons' counters of a lifetime say, and what their payments come to that were not given back. */
export async function readSpentSums(
  tx: ReadTx,
): Promise<{ readonly countedMinor: bigint; readonly spentMinor: bigint }> {
  const [row] = await tx.sql<{ counted: string; spent: string }[]>`
    select
      (select coalesce(sum(lifetime_minor), 0)::text from pricing_spendings) as counted,
      (select coalesce(sum(amount_minor - given_back_minor - passed_on_minor), 0)::text from pricing_spent) as spent`
  return { countedMinor: BigInt(row?.counted ?? '0'), spentMinor: BigInt(row?.spent ?? '0') }
}
