import type { ReadTx } from '@huitong/pg'
import type { AccountSet, SetBalance } from './account-set.ts'
import { type SetBalanceRow, setBalanceOf, setOf } from './account-set-store.ts'

interface ListedRow {
  readonly id: bigint
  readonly name: string
  readonly parent_id: bigint | null
  readonly root_id: bigint
  readonly depth: number
}

/** Sets by id; up to limit + 1. */
export async function listSets({ sql }: ReadTx, afterId: number, limit: number): Promise<readonly AccountSet[]> {
  const rows = await sql<ListedRow[]>`
    select id, name, parent_id, root_id, depth from ledger_sets where id > ${afterId} order by id limit ${limit + 1}`
  return rows.map(setOf)
}

export async function findSet({ sql }: ReadTx, id: number): Promise<AccountSet | undefined> {
  const rows = await sql<ListedRow[]>`
    select id, name, parent_id, root_id, depth from ledger_sets where id = ${id}`
  return rows.map(setOf)[0]
}

/** What the members have by now, by currency; of the batch that this snapshot ends with. */
export async function setBalances({ sql }: ReadTx, id: number): Promise<readonly SetBalance[]> {
  const rows = await sql<SetBalanceRow[]>`
    select * from ledger_set_balances where set_id = ${id} order by currency`
  return rows.map(setBalanceOf)
}

/** The set and all below it. */
async function below({ sql }: ReadTx, id: number): Promise<string> {
  const [row] = await sql<{ ids: string | null }[]>`
    with recursive tree as (
      select id from ledger_sets where id = ${id}
      union all
      select s.id from tree join ledger_sets s on s.parent_id = tree.id)
    select string_agg(id::text, ',') as ids from tree`
  return row?.ids ?? ''
}

/** Accounts that counted in the set, or in one below it, after a batch; by id, up to limit + 1. So many are read of each set at most. */
export async function setMembers(
  tx: ReadTx,
  id: number,
  batch: number,
  afterId: number,
  limit: number,
): Promise<readonly number[]> {
  const sets = `{${await below(tx, id)}}`
  const rows = await tx.sql<{ account_id: bigint }[]>`
    select m.account_id
    from unnest(${sets}::text::int8[]) as s (id)
    cross join lateral (
      select account_id from ledger_set_members
      where set_id = s.id and account_id > ${afterId}
        and from_batch <= ${batch} and (to_batch is null or to_batch > ${batch})
      order by account_id limit ${limit + 1}) m
    order by m.account_id limit ${limit + 1}`
  return rows.map((row) => Number(row.account_id))
}
