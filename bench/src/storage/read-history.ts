// What a statement's newest page costs: from the two history indexes, or by walking back from transfer to transfer.

import type { Idle } from './idle.ts'
import { seeded } from './inputs.ts'
import { onCopy, percentile } from './run-variant.ts'
import type { Server } from './server.ts'
import { ACCOUNTS, accountId, PRELOAD_BATCH } from './tables.ts'

const PAGE = 20
const READS = 2_000

export function readHistory(server: Server): Promise<Idle[]> {
  return onCopy(server, 'history', async (database) => {
    const sql = server.connect(database)
    const random = seeded(7)
    const [head] = await sql<{ number: string }[]>`select number from ledger_head`
    const last = Number(head?.number)
    const ways: Record<string, () => Promise<number>> = {
      'page of 20, two full indexes': async () => {
        const account = `${accountId(Math.floor(random() * ACCOUNTS))}`
        const rows = await sql`
          select * from (
            (select debit_sequence as sequence, t.* from ledger_transfers t where debit_account = ${account}
             order by debit_sequence desc limit ${PAGE})
            union all
            (select credit_sequence as sequence, t.* from ledger_transfers t where credit_account = ${account}
             order by credit_sequence desc limit ${PAGE})) sides
          order by sequence desc limit ${PAGE}`
        return rows.length
      },
      // The preloaded rows carry no links, so the walk computes places that are as scattered as an account's are.
      'page of 20, walking back': async () => {
        const batch = Math.floor(last / 2 + random() * (last / 2 - 1))
        const rows = await sql`
          with recursive walk as (
            select t.*, 1 as step from ledger_transfers t where batch = ${batch}::int8 and position = ${Math.floor(random() * PRELOAD_BATCH)}::int4
            union all
            select t.*, step + 1 from walk w
            join ledger_transfers t on t.batch = greatest(1, w.batch - 13) and t.position = (w.position * 7 + 11) % ${PRELOAD_BATCH}::int4
            where step < ${PAGE}::int4)
          select * from walk`
        return rows.length
      },
    }
    const results: Idle[] = []
    for (const [name, read] of Object.entries(ways)) {
      const latencies: number[] = []
      for (let n = 0; n < READS; n++) {
        const start = performance.now()
        await read()
        latencies.push(performance.now() - start)
      }
      const settled = latencies.slice(READS / 10)
      results.push({ name, batch: PAGE, p50_ms: percentile(settled, 0.5), p99_ms: percentile(settled, 0.99) })
    }
    await sql.end()
    return results
  })
}
