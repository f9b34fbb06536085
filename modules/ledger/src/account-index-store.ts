import type { TableDefinition } from '@huitong/committer'
import { textArray } from '@huitong/pg'
import type { SubjectCode } from './subjects.ts'

export function indexKey(subject: SubjectCode, owner: string | null): string {
  return owner === null ? subject : `${subject} ${owner}`
}

/** Ids of accounts by subject and owner, read from the accounts themselves; nothing is kept, so nothing can be out of date. */
export const accountIndexTable: TableDefinition<string, readonly number[]> = {
  name: 'ledger_accounts by subject and owner',
  residentRows: 0,
  load: async (sql, keys) => {
    const split = keys.map((key) => [key.slice(0, 4), key.length > 4 ? key.slice(5) : null] as const)
    const rows = await sql<{ key: string; id: bigint }[]>`
      with asked as (
        select * from unnest(
          ${textArray(keys)}::text::text[],
          ${textArray(split.map(([subject]) => subject))}::text::text[],
          ${textArray(split.map(([, owner]) => owner))}::text::text[]
        ) as asked (key, subject, owner))
      select k.key, a.id from asked k join ledger_accounts a on a.owner = k.owner and a.subject = k.subject
      union all
      select k.key, a.id from asked k join ledger_accounts a on a.owner is null and a.subject = k.subject
      where k.owner is null
      order by id`
    const found = new Map<string, number[]>()
    for (const { key, id } of rows) {
      const ids = found.get(key)
      if (ids === undefined) found.set(key, [Number(id)])
      else ids.push(Number(id))
    }
    return [...found]
  },
  write: () => [],
}

/** Accounts that were opened and are not durable yet. Not in memory means that there are none, so there is nothing to load. */
export const accountsOpenedTable: TableDefinition<string, readonly number[]> = {
  name: 'ledger_accounts on their way',
  residentRows: 0,
  load: async () => [],
  write: () => [],
}
