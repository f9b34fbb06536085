// A follower of the rows shape: it builds only the history index, from rows that are already durable.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Follower } from './follower.ts'
import type { Server } from './server.ts'

const IDLE_MS = 5

/**
 * Appends the entries of all batches after `from` in the order of the index, so that one pass over its pages serves
 * everything that was committed meanwhile.
 */
export function startIndexer(server: Server, database: string, from: bigint): Follower {
  const sql = server.connect(database)
  let handed = from
  let followed = from
  let open = true
  const work = async (): Promise<void> => {
    await sql`set synchronous_commit = off`
    while (open) {
      const until = handed
      if (until === followed) {
        await sleep(IDLE_MS)
        continue
      }
      await sql`
        insert into ledger_entries
        select account_id, sequence, batch, position from (
          select debit_account account_id, debit_sequence sequence, batch, position from ledger_transfers
          where batch > ${`${followed}`}::text::int8 and batch <= ${`${until}`}::text::int8
          union all
          select credit_account, credit_sequence, batch, position from ledger_transfers
          where batch > ${`${followed}`}::text::int8 and batch <= ${`${until}`}::text::int8) sides
        order by account_id, sequence`
      followed = until
    }
    await sql.end()
  }
  const working = work()
  return {
    hand: (number) => {
      handed = number
    },
    followed: () => followed,
    close: async () => {
      open = false
      await working
    },
  }
}
