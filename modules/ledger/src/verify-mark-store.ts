import { int8Array, type Sql } from '@huitong/pg'

export interface MarkSeen {
  readonly location: number
  readonly debitsPosted: bigint
  readonly creditsPosted: bigint
  readonly debitsPending: bigint
  readonly creditsPending: bigint
}

/** The marks at these places, in the order of the places; undefined where there is none. */
export async function readMarks(
  sql: Sql,
  marks: readonly { readonly account: number; readonly sequence: number }[],
): Promise<readonly (MarkSeen | undefined)[]> {
  const rows = await sql<
    {
      location: bigint | null
      debits_posted: bigint
      credits_posted: bigint
      debits_pending: bigint
      credits_pending: bigint
    }[]
  >`
    select m.location, m.debits_posted, m.credits_posted, m.debits_pending, m.credits_pending
    from unnest(
      ${int8Array(marks.map((mark) => mark.account))}::text::int8[],
      ${int8Array(marks.map((mark) => mark.sequence))}::text::int8[]
    ) with ordinality as wanted (account_id, sequence, place)
    left join ledger_marks m on m.account_id = wanted.account_id and m.sequence = wanted.sequence
    order by wanted.place`
  return rows.map((row) =>
    row.location === null
      ? undefined
      : {
          location: Number(row.location),
          debitsPosted: row.debits_posted,
          creditsPosted: row.credits_posted,
          debitsPending: row.debits_pending,
          creditsPending: row.credits_pending,
        },
  )
}

export async function countMarks(sql: Sql): Promise<number> {
  const [row] = await sql<{ count: bigint }[]>`select count(*) from ledger_marks`
  return Number(row?.count ?? 0n)
}
