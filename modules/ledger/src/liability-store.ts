import { createSecretKey } from 'node:crypto'
import { invariant } from '@huitong/kernel'
import {
  byteaArray,
  type InstitutionDatabase,
  int2Array,
  int8Array,
  type ReadTx,
  type Tx,
  textArray,
} from '@huitong/pg'
import { readHead } from './ledger-read-store.ts'
import { type LiabilityProof, liabilitySalt, type SignedLiabilityStatement } from './liability-statement.ts'
import {
  CHUNK_LEAVES,
  LEAF_LEVEL,
  NODE_LEVEL,
  type Owed,
  PLACE_BYTES,
  PLACE_LEVEL,
  type TreeChunk,
} from './liability-tree.ts'
import { SUBJECTS, type SubjectCode, subjectCode } from './subjects.ts'
import { sumPath, unpackNodes } from './sum-tree.ts'
import { movesMoney } from './transfer.ts'
import { transfersAfter } from './transfer-store.ts'

/** Rows of a page; each page is a snapshot of its own. */
const PAGE = 100_000

interface OwnersBalance {
  readonly currency: string
  minor: bigint
  sequence: number
}

/** The end of the journal at which balances were taken, and what is owed then, by currency and account. */
export interface OwedAtBatch {
  readonly batch: number
  readonly batchHash: Buffer
  readonly at: number
  readonly accountingDay: string
  readonly owed: ReadonlyMap<string, readonly Owed[]>
}

/** Subjects whose balances are money of others. */
function owedSubjects(): readonly SubjectCode[] {
  return Object.keys(SUBJECTS)
    .map(subjectCode)
    .filter((code) => code !== undefined)
    .filter((code) => SUBJECTS[code].class === 'liability' && SUBJECTS[code].heldFor !== 'institution')
}

/**
 * What is owed to each owner after one and the same batch. Balance rows are as old as their write-back, and pages are read one after the
 * other; the journal since the first page brings every one of them up to the batch of the last page.
 */
export async function readOwed(db: Pick<InstitutionDatabase, 'read'>): Promise<OwedAtBatch> {
  const subjects = textArray(owedSubjects())
  const balances = new Map<number, OwnersBalance>()
  let flushed: number | undefined
  let after = 0
  for (;;) {
    const from = after
    const end = await db.read(async (tx) => {
      const head = await readHead(tx)
      flushed ??= head.flushed
      const rows = await tx.sql<{ id: bigint; currency: string; minor: bigint; sequence: bigint }[]>`
        select a.id, a.currency, b.credits_posted - b.debits_posted as minor, b.sequence
        from ledger_accounts a join ledger_balances b on b.account_id = a.id
        where a.id > ${from} and a.subject = any (${subjects}::text::text[])
        order by a.id limit ${PAGE}`
      for (const { id, currency, minor, sequence } of rows) {
        balances.set(Number(id), { currency, minor, sequence: Number(sequence) })
      }
      after = Number(rows.at(-1)?.id ?? from)
      if (rows.length === PAGE) return undefined
      for await (const page of transfersAfter(tx.sql, flushed ?? 0)) {
        for (const { transfer } of page) {
          const posted = movesMoney(transfer.kind) ? transfer.amountMinor : 0n
          apply(balances.get(transfer.debit), -posted, transfer.debitSequence)
          apply(balances.get(transfer.credit), posted, transfer.creditSequence)
        }
      }
      return head
    })
    if (end !== undefined) {
      const { number, hash, at, batchDay } = end
      return { batch: number, batchHash: hash, at, accountingDay: batchDay, owed: byCurrency(balances) }
    }
  }
}

function apply(balance: OwnersBalance | undefined, minor: bigint, sequence: number): void {
  if (balance === undefined || sequence <= balance.sequence) return
  invariant(sequence === balance.sequence + 1, 'an entry of an account is missing')
  balance.minor += minor
  balance.sequence = sequence
}

function byCurrency(balances: ReadonlyMap<number, OwnersBalance>): ReadonlyMap<string, readonly Owed[]> {
  const owed = new Map<string, Owed[]>()
  for (const [account, { currency, minor }] of balances) {
    const list = owed.get(currency) ?? []
    list.push({ account, minor })
    owed.set(currency, list)
  }
  return owed
}

export interface StoredTree {
  readonly statement: SignedLiabilityStatement
  readonly secret: Uint8Array
  readonly chunks: readonly TreeChunk[]
}

const CHUNKS_AT_ONCE = 50

export async function insertLiabilities(tx: Tx, { statement, secret, chunks }: StoredTree): Promise<void> {
  const { batch, currency, batchHash, accountingDay, count, totalMinor, root, signature } = statement
  await tx.sql`
    insert into ledger_liability_statements (
      batch, currency, batch_hash, at, accounting_day, count, total_minor, root, signature, secret)
    select ${batch}, ${currency}, ${batchHash}, b.at, ${accountingDay}::text::date, ${count}, ${String(totalMinor)}::text::numeric,
      ${root}, ${signature}, ${Buffer.from(secret)}
    from ledger_batches b where b.number = ${batch}`
  for (let at = 0; at < chunks.length; at += CHUNKS_AT_ONCE) {
    const some = chunks.slice(at, at + CHUNKS_AT_ONCE)
    await tx.sql`
      insert into ledger_liability_chunks (batch, currency, level, first, data)
      select ${batch}, ${currency}, added.* from unnest(
        ${int2Array(some.map((chunk) => chunk.level))}::text::int2[],
        ${int8Array(some.map((chunk) => chunk.first))}::text::int8[],
        ${byteaArray(some.map((chunk) => chunk.data))}::text::bytea[]) as added`
  }
}

/** Takes the trees of old statements away; the statements stay. */
export async function dropOldTrees(tx: Tx, keep: number): Promise<void> {
  await tx.sql`
    delete from ledger_liability_chunks
    where batch < (
      select coalesce(min(batch), 0) from (
        select distinct batch from ledger_liability_statements order by batch desc limit ${keep}) newest)`
}

interface StatementRow {
  readonly batch: bigint
  readonly currency: string
  readonly batch_hash: Buffer
  readonly at: number
  readonly accounting_day: string
  readonly count: number
  readonly total_minor: string
  readonly root: Buffer
  readonly signature: string
  readonly secret: Buffer
}

function statementOf(row: StatementRow, institution: string): SignedLiabilityStatement {
  return {
    institution,
    batch: Number(row.batch),
    batchHash: row.batch_hash,
    at: row.at,
    accountingDay: row.accounting_day,
    currency: row.currency,
    count: row.count,
    totalMinor: BigInt(row.total_minor),
    root: row.root,
    signature: row.signature,
  }
}

/** Statements, newest first, those before a batch if one is named; up to limit + 1 of them. */
export async function listLiabilities(
  tx: ReadTx,
  institution: string,
  before: number | null,
  limit: number,
): Promise<readonly SignedLiabilityStatement[]> {
  const rows = await tx.sql<StatementRow[]>`
    select * from ledger_liability_statements
    where (${before}::int8 is null or batch < ${before}::int8)
    order by batch desc, currency limit ${limit + 1}`
  return rows.map((row) => statementOf(row, institution))
}

/** The statements as of a batch, by currency. */
export async function liabilitiesOf(
  tx: ReadTx,
  institution: string,
  batch: number,
): Promise<readonly SignedLiabilityStatement[]> {
  const rows = await tx.sql<StatementRow[]>`
    select * from ledger_liability_statements where batch = ${batch} order by currency`
  return rows.map((row) => statementOf(row, institution))
}

/** The day and batch of the newest statement, and the batch with which the journal ends. */
export async function newestLiabilities(
  tx: ReadTx,
): Promise<{ readonly accountingDay: string; readonly batch: number; readonly end: number } | undefined> {
  const [row] = await tx.sql<{ accounting_day: string; batch: bigint; number: bigint }[]>`
    select s.accounting_day, s.batch, h.number from ledger_liability_statements s, ledger_head h
    order by s.batch desc limit 1`
  return row === undefined
    ? undefined
    : { accountingDay: row.accounting_day, batch: Number(row.batch), end: Number(row.number) }
}

async function chunk(
  tx: ReadTx,
  row: StatementRow,
  level: number,
  first: number,
): Promise<{ readonly data: Buffer } | undefined> {
  const rows = await tx.sql<{ data: Buffer }[]>`
    select data from ledger_liability_chunks
    where batch = ${row.batch} and currency = ${row.currency} and level = ${level}::int2 and first <= ${first}
    order by first desc limit 1`
  return rows[0]
}

/** The proof of an account in the newest statement of its currency that has it. */
export async function readLiabilityProof(
  tx: ReadTx,
  institution: string,
  account: number,
  currency: string,
): Promise<LiabilityProof | undefined> {
  const [row] = await tx.sql<StatementRow[]>`
    select * from ledger_liability_statements where currency = ${currency} order by batch desc limit 1`
  if (row === undefined) return undefined
  const places = await chunk(tx, row, PLACE_LEVEL, account)
  const place = places === undefined ? undefined : placeOf(places.data, account)
  if (place === undefined) return undefined
  const leaves = await chunk(tx, row, LEAF_LEVEL, place.position)
  invariant(leaves !== undefined, 'a place in a tree has its leaf')
  const nodes = await tx.sql<{ data: Buffer }[]>`
    select data from ledger_liability_chunks
    where batch = ${row.batch} and currency = ${row.currency} and level = ${NODE_LEVEL}::int2 order by first`
  const lower = sumPath(unpackNodes(leaves.data), place.position % CHUNK_LEAVES)
  const upper = sumPath(
    nodes.flatMap((node) => unpackNodes(node.data)),
    Math.floor(place.position / CHUNK_LEAVES),
  )
  return {
    account,
    balanceMinor: place.minor,
    salt: liabilitySalt(createSecretKey(row.secret), account, currency),
    position: place.position,
    path: [...lower, ...upper],
    statement: statementOf(row, institution),
  }
}

function placeOf(data: Buffer, account: number): { readonly position: number; readonly minor: bigint } | undefined {
  for (let at = 0; at < data.length; at += PLACE_BYTES) {
    if (Number(data.readBigUInt64BE(at)) !== account) continue
    return { position: data.readUInt32BE(at + 8), minor: data.readBigUInt64BE(at + 12) }
  }
  return undefined
}
