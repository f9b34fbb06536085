import { hash } from 'node:crypto'
import type { Sql } from '@huitong/pg'
import type { PlainStatement } from './table.ts'

/** The end of an institution's journal: one row that every batch updates, naming its generation and predecessor (fencing). */
export interface Head {
  readonly generation: number
  readonly number: number
  readonly hash: Buffer
  readonly at: number
  readonly accountingDay: string
  /** Counter of the last id given out. */
  readonly lastCounter: number
  /** Every row that is written back late is complete in its table up to this batch. */
  readonly flushed: number
}

/** What a batch adds to the journal besides its rows. */
export interface BatchSeal {
  readonly number: number
  readonly previousHash: Buffer
  readonly root: Buffer
  readonly count: number
  readonly at: number
  readonly accountingDay: string
  /** Counter of the last id given out up to and with this batch. */
  readonly lastCounter: number
  /** SHA-256 over what is remembered of the batch's commands (`outcomesDigest`); null when that is nothing. */
  readonly outcomes: Buffer | null
}

const FORM_BYTES = 1 + 8 + 4 + 8 + 10 + 8 + 32 + 32
const DIGEST_BYTES = 32

/**
 * Hash of a batch: SHA-256 over a fixed binary form, big endian: version 1 (1 byte), number (8), count (4), time in µs (8),
 * accounting day as ASCII YYYY-MM-DD (10), counter of the last id (8), previous hash (32), Merkle root (32). Version 2 is that of a
 * batch with outcomes, whose digest (32) stands at the end.
 */
export function sealHash(seal: BatchSeal): Buffer {
  const form = Buffer.alloc(seal.outcomes === null ? FORM_BYTES : FORM_BYTES + DIGEST_BYTES)
  form.writeUInt8(seal.outcomes === null ? 1 : 2, 0)
  form.writeBigInt64BE(BigInt(seal.number), 1)
  form.writeUInt32BE(seal.count, 9)
  form.writeBigInt64BE(BigInt(seal.at), 13)
  form.write(seal.accountingDay, 21, 10, 'ascii')
  form.writeBigInt64BE(BigInt(seal.lastCounter), 31)
  form.set(seal.previousHash, 39)
  form.set(seal.root, 71)
  if (seal.outcomes !== null) form.set(seal.outcomes, FORM_BYTES)
  return hash('sha256', form, 'buffer')
}

/** Where the head and the batch records live; the ledger owns these tables. */
export interface HeadStore {
  /** Makes this process the holder: a new generation, so that the batches of any earlier holder fail. */
  readonly take: (sql: Sql, holder: string) => Promise<Head>
  /**
   * Takes the head again under a new generation, if `generation` still holds it; undefined when another process does. It waits for a
   * transaction of ours that PostgreSQL may still be ending on a connection that we lost, and no later one of it can commit: what
   * the journal then says is final.
   */
  readonly retake: (sql: Sql, holder: string, generation: number) => Promise<Head | undefined>
  /** Hash of a batch, or undefined when it was never committed. */
  readonly hashOf: (sql: Sql, number: number) => Promise<Buffer | undefined>
  /**
   * The fenced update and the batch record as one statement, which must fail its transaction when the update hits no row. `rows` are
   * inserts that go along in the same statement.
   */
  readonly advance: (
    sql: Sql,
    previous: Head,
    next: Head,
    seal: BatchSeal,
    rows: readonly PlainStatement[],
  ) => PlainStatement
  /** Makes room for the batches to come (partitions); called outside a batch, about every thousand batches. */
  readonly prepare: (sql: Sql, number: number) => Promise<void>
}
