import { fileURLToPath } from 'node:url'
import type { HeadStore } from '@huitong/committer'
import { invariant } from '@huitong/kernel'
import type { MigrationSet, Sql } from '@huitong/pg'

export const testHeadMigrations: MigrationSet = {
  module: 'heads',
  directory: fileURLToPath(new URL('./sql', import.meta.url)),
}

interface HeadRow {
  readonly generation: bigint
  readonly number: bigint
  readonly hash: Buffer
  readonly at: number
  readonly accounting_day: string
  readonly last_counter: bigint
  readonly flushed: bigint
}

/** A head in a table of its own: party runs without a ledger here, since the two know nothing of each other. */
export const testHeads: HeadStore = {
  take: async (sql) => {
    await sql`update heads_current set generation = generation + 1`
    return readHead(sql)
  },
  retake: async (sql, _holder, generation) => {
    const rows =
      await sql`update heads_current set generation = generation + 1 where generation = ${generation} returning 1`
    return rows.length === 0 ? undefined : readHead(sql)
  },
  hashOf: async (sql, number) => {
    const [row] = await sql<{ hash: Buffer }[]>`select hash from heads_batches where number = ${number}`
    return row?.hash
  },
  advance: (sql, previous, next, _seal, rows) => {
    const along = rows.reduce(
      (before, row, index) => sql`${before} ${sql.unsafe(`added_${index}`)} as (${row}),`,
      sql``,
    )
    return sql`
      with ${along} moved as (
        update heads_current set number = ${next.number}, hash = ${next.hash}, at = ${next.at},
        last_counter = ${next.lastCounter}, flushed = ${next.flushed}
        where number = ${previous.number})
      insert into heads_batches (number, hash) values (${next.number}, ${next.hash})`
  },
  prepare: async () => undefined,
}

async function readHead(sql: Sql) {
  const [row] = await sql<HeadRow[]>`
    select generation, number, hash, at, accounting_day, last_counter, flushed from heads_current`
  invariant(row !== undefined, 'the test head is there')
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
