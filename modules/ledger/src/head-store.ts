import type { Head, HeadStore, PlainStatement } from '@huitong/committer'
import { invariant } from '@huitong/kernel'
import type { Sql } from '@huitong/pg'
import { extendHistory } from './history-store.ts'

interface HeadRow {
  readonly generation: bigint
  readonly number: bigint
  readonly hash: Buffer
  readonly at: number
  readonly accounting_day: string
  readonly last_counter: bigint
  readonly flushed: bigint
}

function headOf(row: HeadRow | undefined): Head {
  invariant(row !== undefined, 'the ledger has no head; its migrations have not run')
  return {
    generation: Number(row.generation),
    number: Number(row.number),
    hash: row.hash,
    at: row.at,
    accountingDay: row.accounting_day,
    lastCounter: Number(row.last_counter),
    flushed: Number(row.flushed),
  }
}

/** The hash of a batch; undefined if there is no such batch. */
export async function batchHash(sql: Sql, number: number): Promise<Buffer | undefined> {
  const rows = await sql<{ hash: Buffer }[]>`select hash from ledger_batches where number = ${number}`
  return rows[0]?.hash
}

/**
 * Batches in one partition of the journal. At a full load of 20 batches a second it holds 58 hours, at 50 idle payments a second
 * one day: few enough to search them all, small enough to detach and keep elsewhere.
 */
const PARTITION_BATCHES = 4_194_304

/** `ledger_head` and `ledger_batches`. `firstDay` is the accounting day of an institution's very first batch. */
export function ledgerHeadStore(firstDay: string, partitionBatches = PARTITION_BATCHES): HeadStore {
  return {
    take: async (sql, holder) => {
      const rows = await sql<HeadRow[]>`
        update ledger_head set generation = generation + 1, holder = ${holder},
          accounting_day = coalesce(accounting_day, ${firstDay}::text::date)
        returning generation, number, hash, at, accounting_day, last_counter, flushed`
      return headOf(rows[0])
    },
    retake: async (sql, holder, generation) => {
      const rows = await sql<HeadRow[]>`
        update ledger_head set generation = generation + 1, holder = ${holder} where generation = ${generation}
        returning generation, number, hash, at, accounting_day, last_counter, flushed`
      return rows[0] === undefined ? undefined : headOf(rows[0])
    },
    hashOf: batchHash,
    advance: (sql, previous, next, seal, rows) =>
      // Division by zero is how a statement fails its transaction from plain SQL when it hit no row.
      sql`
      with ${along(sql, rows)} moved as (
        update ledger_head set number = ${next.number}, hash = ${next.hash}, at = ${next.at},
          accounting_day = ${next.accountingDay}::text::date, last_counter = ${next.lastCounter}, flushed = ${next.flushed}
        where generation = ${previous.generation} and number = ${previous.number}
        returning 1),
      sealed as (
        insert into ledger_batches (number, previous_hash, root, hash, count, at, accounting_day, last_counter, outcomes)
        values (${seal.number}, ${seal.previousHash}, ${seal.root}, ${next.hash}, ${seal.count}, ${seal.at},
          ${seal.accountingDay}::text::date, ${next.lastCounter}, ${seal.outcomes}))
      select 1 / count(*) from moved`,
    prepare: async (sql, number) => {
      const first = Math.floor(number / partitionBatches)
      for (const index of [first, first + 1]) {
        const name = `ledger_transfers_${index}`
        const [found] = await sql<{ name: string | null }[]>`select to_regclass(${name})::text as name`
        if (found?.name) continue
        await createPartition(sql, name, index * partitionBatches, (index + 1) * partitionBatches)
      }
      await extendHistory(sql)
    },
  }
}

/** Names and bounds of a partition cannot be values of a prepared statement. */
async function createPartition(sql: Sql, name: string, from: number, to: number): Promise<void> {
  await sql.unsafe(`select ledger_create_partition('${name}', ${from}, ${to})`)
}

/** Inserts as `added_0 as (…), added_1 as (…), `: PostgreSQL runs each of them whether or not anything reads it. */
function along(sql: Sql, rows: readonly PlainStatement[]): PlainStatement {
  return rows.reduce((before, row, index) => sql`${before} ${sql.unsafe(`added_${index}`)} as (${row}),`, sql``)
}
