import type { Sql } from './sql.ts'

const readable: unique symbol = Symbol('readable')
const writable: unique symbol = Symbol('writable')

/** A transaction that only reads, or a writing one seen through reading eyes. A pool is not a transaction. */
export interface ReadTx {
  readonly sql: Sql
  readonly [readable]: true
}

/** An open transaction of one institution. Nothing that happens in it is seen outside before it is committed. */
export interface Tx extends ReadTx {
  readonly [writable]: true
}

export function readTransaction(sql: Sql): ReadTx {
  return { sql, [readable]: true }
}

export function writeTransaction(sql: Sql): Tx {
  return { sql, [readable]: true, [writable]: true }
}
