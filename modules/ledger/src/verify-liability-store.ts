import type { ReadTx } from '@huitong/pg'

/** A statement whose tree owners get their proofs from, as stored. */
export interface StatedTree {
  readonly batch: number
  readonly currency: string
  readonly count: number
  readonly totalMinor: bigint
  readonly root: Buffer
  readonly secret: Buffer
}

/** The newest statement of each currency. */
export async function newestStatedTrees({ sql }: ReadTx): Promise<readonly StatedTree[]> {
  const rows = await sql<
    { batch: bigint; currency: string; count: number; total_minor: string; root: Buffer; secret: Buffer }[]
  >`
    select distinct on (currency) batch, currency, count, total_minor, root, secret
    from ledger_liability_statements order by currency, batch desc`
  return rows.map(({ batch, currency, count, total_minor: total, root, secret }) => ({
    ...{ batch: Number(batch), currency, count, totalMinor: BigInt(total), root, secret },
  }))
}

/** Pieces of one level of a tree after `after`, in their order. */
export async function treePieces(
  { sql }: ReadTx,
  { batch, currency }: StatedTree,
  level: number,
  after: number,
  limit: number,
): Promise<readonly { readonly first: number; readonly data: Buffer }[]> {
  const rows = await sql<{ first: bigint; data: Buffer }[]>`
    select first, data from ledger_liability_chunks
    where batch = ${batch} and currency = ${currency} and level = ${level}::int2 and first > ${after}
    order by first limit ${limit}`
  return rows.map(({ first, data }) => ({ first: Number(first), data }))
}

/** Pieces that belong to no statement or are of no level that a tree has, a hundred at most. */
export async function strayPieces({ sql }: ReadTx, levels: readonly number[]): Promise<readonly number[]> {
  const rows = await sql<{ batch: bigint }[]>`
    select c.batch from ledger_liability_chunks c
    left join ledger_liability_statements s on s.batch = c.batch and s.currency = c.currency
    where s.batch is null or not c.level = any (${`{${levels.join()}}`}::text::int2[])
    limit 100`
  return rows.map(({ batch }) => Number(batch))
}
