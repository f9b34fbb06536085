import { SLOTS } from '@huitong/kernel'
import type { Sql } from '@huitong/pg'

const COUNTER_MAX = 2 ** 43 - 1

/** The first id after those of a counter. A counter that no id can have was written by hand; it is cut, so that reading goes on. */
export function idAfter(counter: number): number {
  return (Math.min(Math.max(counter, 0), COUNTER_MAX) + 1) * SLOTS
}

export interface HeadSeen {
  readonly number: number
  readonly hash: Buffer
  readonly at: number
  readonly accountingDay: string | null
  readonly lastCounter: number
  readonly flushed: number
}

export async function readHeadSeen(sql: Sql): Promise<HeadSeen> {
  const [row] = await sql<
    { number: bigint; hash: Buffer; at: number; accounting_day: string | null; last_counter: bigint; flushed: bigint }[]
  >`select number, hash, at, accounting_day, last_counter, flushed from ledger_head`
  return {
    number: Number(row?.number ?? 0n),
    hash: row?.hash ?? Buffer.alloc(0),
    at: row?.at ?? 0,
    accountingDay: row?.accounting_day ?? null,
    lastCounter: Number(row?.last_counter ?? 0n),
    flushed: Number(row?.flushed ?? 0n),
  }
}

export async function lastBatchNumber(sql: Sql): Promise<number> {
  const [row] = await sql<{ number: bigint | null }[]>`select max(number) as number from ledger_batches`
  return Number(row?.number ?? 0n)
}
