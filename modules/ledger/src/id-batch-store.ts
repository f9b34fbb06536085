import { counterOf } from '@huitong/kernel'
import type { ReadTx } from '@huitong/pg'

/** Which batch gave an id out; undefined when none did yet. */
export async function batchOfId(tx: ReadTx, id: number): Promise<number | undefined> {
  const [row] = await tx.sql<{ number: bigint }[]>`
    select number from ledger_batches where last_counter >= ${counterOf(id)} order by last_counter, number limit 1`
  return row === undefined ? undefined : Number(row.number)
}
