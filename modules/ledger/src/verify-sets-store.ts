import type { Sql } from '@huitong/pg'

/** All that is stored of sets, as texts that compare: one a row. */
export interface SetRowsSeen {
  readonly sets: readonly string[]
  readonly members: readonly string[]
  readonly balances: readonly string[]
  /** Accounts with the sets that they are noted to be in. */
  readonly noted: readonly string[]
}

export async function readSetRows(sql: Sql): Promise<SetRowsSeen> {
  const texts = async (rows: PromiseLike<readonly { readonly text: string }[]>) => (await rows).map((row) => row.text)
  return {
    sets: await texts(sql<{ text: string }[]>`
      select concat_ws(' ', id, coalesce(parent_id::text, '-'), root_id, depth, name) as text from ledger_sets`),
    members: await texts(sql<{ text: string }[]>`
      select concat_ws(' ', set_id, account_id, from_batch, from_position, coalesce(to_batch::text, '-')) as text
      from ledger_set_members`),
    balances: await texts(sql<{ text: string }[]>`
      select concat_ws(' ', set_id, currency, members, debits_posted, credits_posted, debits_pending, credits_pending)
        as text from ledger_set_balances`),
    noted: await texts(sql<{ text: string }[]>`
      select concat_ws(' ', id, set_ids) as text from ledger_accounts where set_ids is not null`),
  }
}
