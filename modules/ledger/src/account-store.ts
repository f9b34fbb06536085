import type { TableDefinition, UnsentStatement } from '@huitong/committer'
import { currencyCode, invariant } from '@huitong/kernel'
import { int4Array, int8Array, textArray } from '@huitong/pg'
import { type Account, isAccountState } from './account.ts'
import { restraintsOf } from './restraints.ts'
import { subjectCode } from './subjects.ts'

export interface AccountRow {
  readonly id: bigint
  readonly subject: string
  readonly currency: string
  readonly owner: string | null
  readonly floor_minor: bigint | null
  readonly state: string
  readonly frozen_minor: bigint
  readonly out_freezes: number
  readonly in_freezes: number
  readonly ceiling_minor: bigint | null
  /** Only read where sets matter. */
  readonly set_ids?: string | null
}

/** Reads what the database holds back into types; anything else there is a broken invariant, not a refusal. */
export function accountOf(row: AccountRow): Account {
  const currency = currencyCode(row.currency)
  const subject = subjectCode(row.subject)
  invariant(currency.ok, `account ${row.id} has the unknown currency ${row.currency}`)
  invariant(isAccountState(row.state), `account ${row.id} has the unknown state ${row.state}`)
  invariant(subject !== undefined, `account ${row.id} has the unknown subject ${row.subject}`)
  return {
    id: Number(row.id),
    subject,
    currency: currency.value,
    owner: row.owner,
    floorMinor: row.floor_minor,
    state: row.state,
    restraints: restraintsOf({
      frozenMinor: row.frozen_minor,
      outFreezes: row.out_freezes,
      inFreezes: row.in_freezes,
      ceilingMinor: row.ceiling_minor,
    }),
    ...(row.set_ids ? { sets: row.set_ids.split(',').map(Number) } : {}),
  }
}

/** Accounts stay in memory: each payment reads several, and they seldom change. */
export const RESIDENT_ACCOUNTS = 400_000

export const accountTable: TableDefinition<number, Account> = {
  name: 'ledger_accounts',
  residentRows: RESIDENT_ACCOUNTS,
  load: async (sql, keys) => {
    const rows = await sql<AccountRow[]>`
      select id, subject, currency, owner, floor_minor, state, frozen_minor, out_freezes, in_freezes, ceiling_minor,
        set_ids
      from ledger_accounts where id = any (${int8Array(keys)}::text::int8[])`
    return rows.map((row) => [Number(row.id), accountOf(row)])
  },
  write: (sql, changes) => {
    const added = changes.filter((change) => change.isNew).map((change) => change.row)
    const changed = changes.filter((change) => !change.isNew).map((change) => change.row)
    const statements: UnsentStatement[] = []
    if (added.length > 0) {
      const ids = int8Array(added.map((account) => account.id))
      statements.push(
        sql`
        insert into ledger_accounts (
          id, subject, currency, owner, floor_minor, state, frozen_minor, out_freezes, in_freezes, ceiling_minor)
        select * from unnest(
          ${ids}::text::int8[],
          ${textArray(added.map((account) => account.subject))}::text::text[],
          ${textArray(added.map((account) => account.currency))}::text::text[],
          ${textArray(added.map((account) => account.owner))}::text::text[],
          ${int8Array(added.map((account) => account.floorMinor))}::text::int8[],
          ${textArray(added.map((account) => account.state))}::text::text[],
          ${int8Array(added.map((account) => account.restraints?.frozenMinor ?? 0n))}::text::int8[],
          ${int4Array(added.map((account) => account.restraints?.outFreezes ?? 0))}::text::int4[],
          ${int4Array(added.map((account) => account.restraints?.inFreezes ?? 0))}::text::int4[],
          ${int8Array(added.map((account) => account.restraints?.ceilingMinor ?? null))}::text::int8[])`,
        // The balance row comes with the account, so that writing balances back is always an update.
        sql`
        insert into ledger_balances (account_id, sequence, debits_posted, credits_posted, debits_pending, credits_pending)
        select id, 0, 0, 0, 0, 0 from unnest(${ids}::text::int8[]) as added (id)`,
      )
    }
    if (changed.length > 0) {
      statements.push(
        sql`
        update ledger_accounts a set floor_minor = c.floor_minor, state = c.state, frozen_minor = c.frozen_minor,
          out_freezes = c.out_freezes, in_freezes = c.in_freezes, ceiling_minor = c.ceiling_minor, set_ids = c.set_ids
        from unnest(
          ${int8Array(changed.map((account) => account.id))}::text::int8[],
          ${int8Array(changed.map((account) => account.floorMinor))}::text::int8[],
          ${textArray(changed.map((account) => account.state))}::text::text[],
          ${int8Array(changed.map((account) => account.restraints?.frozenMinor ?? 0n))}::text::int8[],
          ${int4Array(changed.map((account) => account.restraints?.outFreezes ?? 0))}::text::int4[],
          ${int4Array(changed.map((account) => account.restraints?.inFreezes ?? 0))}::text::int4[],
          ${int8Array(changed.map((account) => account.restraints?.ceilingMinor ?? null))}::text::int8[],
          ${textArray(changed.map((account) => setIds(account)))}::text::text[]
        ) as c (id, floor_minor, state, frozen_minor, out_freezes, in_freezes, ceiling_minor, set_ids)
        where a.id = c.id`,
      )
    }
    return statements
  },
}

function setIds({ sets }: Account): string | null {
  return sets === undefined || sets.length === 0 ? null : sets.join()
}
