import type { LogDefinition, TableDefinition, UnsentStatement } from '@huitong/committer'
import { int2Array, int4Array, int8Array, textArray } from '@huitong/pg'
import type { AccountSet, SetBalance } from './account-set.ts'

interface SetRow {
  readonly id: bigint
  readonly name: string
  readonly parent_id: bigint | null
  readonly root_id: bigint
  readonly depth: number
}

export function setOf(row: SetRow): AccountSet {
  return {
    id: Number(row.id),
    name: row.name,
    parent: row.parent_id === null ? null : Number(row.parent_id),
    root: Number(row.root_id),
    depth: row.depth,
  }
}

export const setTable: TableDefinition<number, AccountSet> = {
  name: 'ledger_sets',
  residentRows: 10_000,
  load: async (sql, keys) => {
    const rows = await sql<SetRow[]>`
      select id, name, parent_id, root_id, depth from ledger_sets where id = any (${int8Array(keys)}::text::int8[])`
    return rows.map((row) => [Number(row.id), setOf(row)])
  },
  write: (sql, changes) => [
    sql`
    insert into ledger_sets (id, name, parent_id, root_id, depth)
    select * from unnest(
      ${int8Array(changes.map((change) => change.key))}::text::int8[],
      ${textArray(changes.map((change) => change.row.name))}::text::text[],
      ${int8Array(changes.map((change) => change.row.parent))}::text::int8[],
      ${int8Array(changes.map((change) => change.row.root))}::text::int8[],
      ${int2Array(changes.map((change) => change.row.depth))}::text::int2[])`,
  ],
}

export interface SetBalanceRow {
  readonly set_id: bigint
  readonly currency: string
  readonly members: bigint
  readonly debits_posted: bigint
  readonly credits_posted: bigint
  readonly debits_pending: bigint
  readonly credits_pending: bigint
}

export function setBalanceOf(row: SetBalanceRow): SetBalance {
  return {
    set: Number(row.set_id),
    currency: row.currency,
    members: Number(row.members),
    debitsPosted: row.debits_posted,
    creditsPosted: row.credits_posted,
    debitsPending: row.debits_pending,
    creditsPending: row.credits_pending,
  }
}

export function setBalanceKey(set: number, currency: string): string {
  return `${set} ${currency}`
}

/** Written with every batch that changes it, unlike balances of accounts: sets are few, and a reader wants one row and no tail. */
export const setBalanceTable: TableDefinition<string, SetBalance> = {
  name: 'ledger_set_balances',
  residentRows: 10_000,
  load: async (sql, keys) => {
    const rows = await sql<SetBalanceRow[]>`
      select b.* from unnest(
        ${int8Array(keys.map((key) => Number(key.split(' ')[0])))}::text::int8[],
        ${textArray(keys.map((key) => key.split(' ')[1] ?? ''))}::text::text[]) as w (set_id, currency)
      join ledger_set_balances b on b.set_id = w.set_id and b.currency = w.currency`
    return rows.map((row) => [setBalanceKey(Number(row.set_id), row.currency), setBalanceOf(row)])
  },
  write: (sql, changes) => [
    sql`
    insert into ledger_set_balances (
      set_id, currency, members, debits_posted, credits_posted, debits_pending, credits_pending)
    select * from unnest(
      ${int8Array(changes.map((change) => change.row.set))}::text::int8[],
      ${textArray(changes.map((change) => change.row.currency))}::text::text[],
      ${int8Array(changes.map((change) => change.row.members))}::text::int8[],
      ${int8Array(changes.map((change) => change.row.debitsPosted))}::text::int8[],
      ${int8Array(changes.map((change) => change.row.creditsPosted))}::text::int8[],
      ${int8Array(changes.map((change) => change.row.debitsPending))}::text::int8[],
      ${int8Array(changes.map((change) => change.row.creditsPending))}::text::int8[])
    on conflict (set_id, currency) do update set
      members = excluded.members, debits_posted = excluded.debits_posted, credits_posted = excluded.credits_posted,
      debits_pending = excluded.debits_pending, credits_pending = excluded.credits_pending`,
  ],
}

/** A membership that began (`began`: where) or ended in this batch. */
export interface MembershipChange {
  readonly set: number
  readonly account: number
  readonly position: number
  readonly joins: boolean
}

/** Memberships with the batches from which and up to which they count. */
export const membershipLog: LogDefinition<MembershipChange> = {
  name: 'ledger_set_members',
  append: (sql, changes, batch) => {
    const begun: { set: number; account: number; position: number; to: number | null }[] = []
    const ended: MembershipChange[] = []
    for (const change of changes) {
      const { set, account, position } = change
      const own = begun.findLast((one) => one.set === set && one.account === account && one.to === null)
      if (change.joins) begun.push({ set, account, position, to: null })
      else if (own !== undefined) own.to = batch.number
      else ended.push(change)
    }
    const statements: UnsentStatement[] = []
    if (ended.length > 0) {
      statements.push(sql`
        update ledger_set_members m set to_batch = ${batch.number}
        from unnest(
          ${int8Array(ended.map((one) => one.set))}::text::int8[],
          ${int8Array(ended.map((one) => one.account))}::text::int8[]) as e (set_id, account_id)
        where m.set_id = e.set_id and m.account_id = e.account_id and m.to_batch is null`)
    }
    if (begun.length > 0) {
      statements.push(sql`
        insert into ledger_set_members (set_id, account_id, from_batch, from_position, to_batch)
        select b.set_id, b.account_id, ${batch.number}::int8, b.position, b.to_batch from unnest(
          ${int8Array(begun.map((one) => one.set))}::text::int8[],
          ${int8Array(begun.map((one) => one.account))}::text::int8[],
          ${int4Array(begun.map((one) => one.position))}::text::int4[],
          ${int8Array(begun.map((one) => one.to))}::text::int8[]) as b (set_id, account_id, position, to_batch)`)
    }
    return statements
  },
}
