import { type Balance, ZERO_BALANCE } from '../src/account.ts'
import { locationOf } from '../src/location.ts'
import type { LedgerWorld } from './ledger-world.ts'

/** Counters of every account after every batch, index 0 before the first; by plain addition over the journal. */
export async function replayedHistory(
  world: LedgerWorld,
  ids: readonly number[],
): Promise<readonly ReadonlyMap<number, Balance>[]> {
  const { rows, batches } = await world.institution.db.read(async ({ sql }) => ({
    rows: await sql<
      {
        batch: bigint
        position: number
        kind: number
        debit_account: bigint
        credit_account: bigint
        amount_minor: bigint
        released_minor: bigint
      }[]
    >`
      select batch, position, kind, debit_account, credit_account, amount_minor, released_minor
      from ledger_transfers order by batch, position`,
    batches: await sql<{ number: bigint }[]>`select number from ledger_batches order by number`,
  }))
  const after = [new Map<number, Balance>(ids.map((id) => [id, ZERO_BALANCE]))]
  for (const { number } of batches) {
    const now = new Map(after.at(-1))
    for (const row of rows.filter((one) => one.batch === number)) {
      const posted = row.kind === 1 || row.kind === 3 ? row.amount_minor : 0n
      const pending = (row.kind === 2 || row.kind === 6 ? row.amount_minor : 0n) - row.released_minor
      const debit = now.get(Number(row.debit_account)) ?? ZERO_BALANCE
      const credit = now.get(Number(row.credit_account)) ?? ZERO_BALANCE
      const lastEntry = locationOf(Number(number), row.position)
      now.set(Number(row.debit_account), {
        ...debit,
        debitsPosted: debit.debitsPosted + posted,
        debitsPending: debit.debitsPending + pending,
        sequence: debit.sequence + 1,
        lastEntry,
      })
      now.set(Number(row.credit_account), {
        ...credit,
        creditsPosted: credit.creditsPosted + posted,
        creditsPending: credit.creditsPending + pending,
        sequence: credit.sequence + 1,
        lastEntry,
      })
    }
    after.push(now)
  }
  return after
}
