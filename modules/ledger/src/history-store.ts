import { leafHash } from '@huitong/committer'
import { byteaArray, int8Array, type Sql } from '@huitong/pg'
import { HistoryTree, historyPath, type KnownNodes, partHash, peakLevels } from './history-tree.ts'
import { rootOver } from './merkle-path.ts'

/**
 * Levels of the history tree that are kept: parts of 256 and of 65,536 batches. A path then needs a few hundred rows of each,
 * however long the journal is.
 */
export const HISTORY_LEVELS = [8, 16] as const
const LOW = HISTORY_LEVELS[0]
const HIGH = HISTORY_LEVELS[1]
const FAN = 2 ** (HIGH - LOW)
/** Parts of 256 batches made at one time; only a journal that is older than the history has so many. */
const PARTS_AT_ONCE = 64

async function countNodes(sql: Sql, level: number): Promise<number> {
  const [row] = await sql<{ next: bigint | null }[]>`
    select max(index) + 1 as next from ledger_history_nodes where level = ${level}::int2`
  return Number(row?.next ?? 0)
}

/** Hashes of the batches with numbers in (after, end], in order. */
export async function batchHashes(sql: Sql, after: number, end: number): Promise<readonly Buffer[]> {
  const rows = await sql<{ hash: Buffer }[]>`
    select hash from ledger_batches where number > ${after} and number <= ${end} order by number`
  return rows.map((row) => row.hash)
}

/** Adds the parts that committed batches have completed since the last time. The committer does so about every thousand batches. */
export async function extendHistory(sql: Sql): Promise<void> {
  const [last] = await sql<{ number: bigint | null }[]>`select max(number) as number from ledger_batches`
  const end = Math.floor(Number(last?.number ?? 0) / 2 ** LOW)
  for (let next = await countNodes(sql, LOW); next < end; next += PARTS_AT_ONCE) {
    const stop = Math.min(end, next + PARTS_AT_ONCE)
    const leaves = (await batchHashes(sql, next * 2 ** LOW, stop * 2 ** LOW)).map((hash) => leafHash(hash))
    const nodes: Buffer[] = []
    for (let at = 0; at < leaves.length; at += 2 ** LOW) nodes.push(rootOver(leaves.slice(at, at + 2 ** LOW)))
    await insertNodes(sql, LOW, next, nodes)
  }
  const highEnd = Math.floor(end / FAN)
  for (let next = await countNodes(sql, HIGH); next < highEnd; next += 1) {
    const parts = await readNodes(sql, LOW, next * FAN, (next + 1) * FAN)
    await insertNodes(sql, HIGH, next, [rootOver([...parts.values()])])
  }
}

async function insertNodes(sql: Sql, level: number, first: number, hashes: readonly Buffer[]): Promise<void> {
  await sql`
    insert into ledger_history_nodes (level, index, hash)
    select ${level}::int2, added.* from unnest(
      ${int8Array(hashes.map((_, index) => first + index))}::text::int8[],
      ${byteaArray(hashes)}::text::bytea[]) as added
    on conflict do nothing`
}

export async function readNodes(
  sql: Sql,
  level: number,
  from: number,
  to: number,
): Promise<ReadonlyMap<number, Buffer>> {
  const rows = await sql<{ index: bigint; hash: Buffer }[]>`
    select index, hash from ledger_history_nodes
    where level = ${level}::int2 and index >= ${from} and index < ${to} order by index`
  return new Map(rows.map((row) => [Number(row.index), row.hash]))
}

/** What is needed of the tree over the first `size` batches to climb from one of them, and from its last ones, to the root. */
async function readHistory(sql: Sql, size: number, number: number): Promise<KnownNodes> {
  const high = await readNodes(sql, HIGH, 0, Math.floor(size / 2 ** HIGH))
  const lowEnd = Math.floor(size / 2 ** LOW)
  const block = Math.floor((number - 1) / 2 ** HIGH) * FAN
  const low = new Map([
    ...(await readNodes(sql, LOW, block, Math.min(block + FAN, lowEnd))),
    ...(await readNodes(sql, LOW, high.size * FAN, lowEnd)),
  ])
  const leaves = new Map<number, Buffer>()
  const part = Math.floor((number - 1) / 2 ** LOW) * 2 ** LOW
  const tail = Math.min(await countNodes(sql, LOW), lowEnd) * 2 ** LOW
  for (const [from, to] of [
    [part, Math.min(part + 2 ** LOW, size)],
    [tail, size],
  ] as const) {
    for (const [index, hash] of (await batchHashes(sql, from, to)).entries()) leaves.set(from + index, leafHash(hash))
  }
  return (level, index) => {
    if (level === 0) return leaves.get(index)
    if (level === LOW) return low.get(index)
    return level === HIGH ? high.get(index) : undefined
  }
}

/** The path of a batch in the history tree of the first `size` batches. */
export async function readHistoryPath(sql: Sql, size: number, number: number): Promise<readonly Buffer[]> {
  return historyPath(await readHistory(sql, size, number), size, number)
}

/** The history tree of the first `size` batches, ready to take the next. */
export async function readHistoryTree(sql: Sql, size: number): Promise<HistoryTree> {
  if (size === 0) return new HistoryTree()
  const known = await readHistory(sql, size, size)
  let start = 0
  const peaks = peakLevels(size).map((level) => {
    const peak = partHash(known, size, level, start / 2 ** level)
    start += 2 ** level
    return peak
  })
  return HistoryTree.resume(size, peaks)
}

const CHUNK = 10_000

/** Brings a tree up to a batch that is committed. */
export async function followHistory(sql: Sql, tree: HistoryTree, end: number): Promise<void> {
  while (tree.size < end) {
    const hashes = await batchHashes(sql, tree.size, Math.min(tree.size + CHUNK, end))
    if (hashes.length === 0) return
    for (const hash of hashes) tree.add(hash)
  }
}

/** Roots of the tree after each of these batches, which are in ascending order; the tree goes with them. */
export async function historyRoots(
  sql: Sql,
  tree: HistoryTree,
  numbers: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const wanted = new Set(numbers)
  const roots = new Map<number, string>()
  const end = numbers.at(-1) ?? 0
  if (wanted.has(tree.size)) roots.set(tree.size, tree.root().toString('hex'))
  while (tree.size < end) {
    const hashes = await batchHashes(sql, tree.size, Math.min(tree.size + CHUNK, end))
    if (hashes.length === 0) break
    for (const hash of hashes) {
      tree.add(hash)
      if (wanted.has(tree.size)) roots.set(tree.size, tree.root().toString('hex'))
    }
  }
  return roots
}
