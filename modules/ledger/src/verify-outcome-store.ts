import type { Sql } from '@huitong/pg'

/** The first batch that was sealed with its outcomes; batches before it are from a program that did not. */
export async function firstSealedOutcomes(sql: Sql): Promise<number> {
  const [row] = await sql<{ number: bigint }[]>`
    select number from ledger_batches where outcomes is not null order by number limit 1`
  return row === undefined ? Number.MAX_SAFE_INTEGER : Number(row.number)
}

/** Batches in (after, through] whose outcomes are not those that they were sealed with. */
export async function unsealedOutcomes(
  sql: Sql,
  { after, through, sealedFrom }: { readonly after: number; readonly through: number; readonly sealedFrom: number },
): Promise<readonly number[]> {
  const rows = await sql<{ number: bigint }[]>`
    select b.number
    from ledger_batches b
    left join committer_outcome_batches o on o.batch = b.number
    where b.number > ${after} and b.number <= ${through} and (b.number >= ${sealedFrom} or b.outcomes is not null)
      and b.outcomes is distinct from sha256(o.directory || o.outcomes)
    order by b.number`
  return rows.map(({ number }) => Number(number))
}

/** Batches outside 1 to `end` of which something is remembered, some of them where there are many. */
export async function strayOutcomeBatches(sql: Sql, end: number): Promise<readonly number[]> {
  const rows = await sql<{ batch: bigint }[]>`
    (select batch from committer_outcome_batches where batch > ${end} order by batch limit 100)
    union all (select batch from committer_outcome_batches where batch < 1 order by batch limit 100)`
  return rows.map((row) => Number(row.batch))
}

export async function strayOutboxBatches(sql: Sql, end: number): Promise<readonly number[]> {
  const rows = await sql<{ batch: bigint }[]>`
    (select batch from committer_outbox where batch > ${end} order by batch limit 100)
    union all (select batch from committer_outbox where batch < 1 order by batch limit 100)`
  return rows.map((row) => Number(row.batch))
}
