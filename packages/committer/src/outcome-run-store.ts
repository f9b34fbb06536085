import { invariant } from '@huitong/kernel'
import { BinaryRows, copyRows, int4Array, int8Array, type Sql } from '@huitong/pg'
import { KeyFilter } from './key-filter.ts'
import type { KeySegment } from './key-segment.ts'

/** A closed segment: its keys are in `committer_outcome_keys`. */
export interface KeyRun {
  readonly first: number
  readonly last: number
}

/** A key as far as it is kept, and where. */
export interface KeyPlace {
  readonly high: number
  readonly low: number
  readonly place: number
}

const KEY_BYTES = 16
const PREFIXES = 65_536
/** Rows of keys sent at once: a turn of the event loop each. */
const ROWS_AT_ONCE = 4096

export async function loadRuns(sql: Sql): Promise<readonly KeyRun[]> {
  const rows = await sql<{ first: bigint; last: bigint }[]>`
    select first, last from committer_outcome_runs order by first, last`
  return rows.map((row) => ({ first: Number(row.first), last: Number(row.last) }))
}

export async function loadFilter(sql: Sql, run: KeyRun): Promise<KeyFilter> {
  const [row] = await sql<{ filter: Buffer }[]>`select filter from committer_outcome_runs where last = ${run.last}`
  invariant(row !== undefined, `the run of keys through batch ${run.last} is gone`)
  return KeyFilter.from(row.filter)
}

/** What the runs hold of these keys, each of which is looked for in one of them; some of it may belong to another key of the same prefix. */
export async function findInRuns(
  sql: Sql,
  asked: readonly { readonly run: KeyRun; readonly high: number }[],
): Promise<readonly KeyPlace[]> {
  const rows = await sql<{ keys: Buffer }[]>`
    select k.keys
    from (select distinct run, prefix from unnest(
      ${int8Array(asked.map(({ run }) => run.last))}::text::int8[],
      ${int4Array(asked.map(({ high }) => prefixOf(high)))}::text::int4[]) as wanted (run, prefix)) w
    join committer_outcome_keys k on k.run = w.run and k.prefix = w.prefix`
  const found: KeyPlace[] = []
  for (const { keys } of rows) {
    for (let at = 0; at < keys.length; at += KEY_BYTES) {
      const place = Number(keys.readBigUInt64BE(at + 8))
      found.push({ high: keys.readUInt32BE(at), low: keys.readUInt32BE(at + 4), place })
    }
  }
  return found
}

/** Writes the keys of a segment that ends with batch `last`, all or none, giving the event loop back again and again. */
export async function storeRun(sql: Sql, segment: KeySegment, last: number, turn: () => Promise<void>): Promise<void> {
  const ends = await endsOf(segment, turn)
  const keys = await sortedKeys(segment, ends, turn)
  await sql`begin`
  try {
    // First, so that another process that stores the same run fails before it has sent the rest.
    await sql`
      insert into committer_outcome_runs (last, first, keys, filter)
      values (${last}, ${segment.first}, ${segment.size}, ${segment.filter().bytes()})`
    for (let from = 0; from < PREFIXES; from += ROWS_AT_ONCE) {
      const rows = new BinaryRows(3, (keys.length / PREFIXES) * ROWS_AT_ONCE + ROWS_AT_ONCE * 40)
      for (let prefix = from; prefix < from + ROWS_AT_ONCE; prefix += 1) {
        const start = ends[prefix] ?? 0
        const end = ends[prefix + 1] ?? start
        if (end > start) {
          const bytes = keys.subarray(start * KEY_BYTES, end * KEY_BYTES)
          rows.beginRow().int8(last).int4(prefix).bytea(bytes).endRow()
        }
      }
      if (rows.rows > 0) {
        const statement = 'copy committer_outcome_keys (run, prefix, keys) from stdin (format binary)'
        await copyRows(sql, statement, rows.finish())
      }
      await turn()
    }
    await sql`commit`
  } catch (error) {
    await sql`rollback`
    throw error
  }
}

/** Where the keys of each prefix begin, counted in keys; one more at the end. */
async function endsOf(segment: KeySegment, turn: () => Promise<void>): Promise<Uint32Array> {
  const ends = new Uint32Array(PREFIXES + 1)
  for (const table of segment.tables) {
    table.visit((high) => {
      const after = prefixOf(high) + 1
      ends[after] = (ends[after] ?? 0) + 1
    })
    await turn()
  }
  for (let prefix = 0; prefix < PREFIXES; prefix += 1) ends[prefix + 1] = (ends[prefix + 1] ?? 0) + (ends[prefix] ?? 0)
  return ends
}

async function sortedKeys(segment: KeySegment, ends: Uint32Array, turn: () => Promise<void>): Promise<Buffer> {
  const next = ends.slice()
  const keys = Buffer.allocUnsafeSlow(segment.size * KEY_BYTES)
  for (const table of segment.tables) {
    table.visit((high, low, place) => {
      const prefix = prefixOf(high)
      const index = next[prefix] ?? 0
      next[prefix] = index + 1
      keys.writeUInt32BE(high, index * KEY_BYTES)
      keys.writeUInt32BE(low, index * KEY_BYTES + 4)
      keys.writeBigUInt64BE(BigInt(place), index * KEY_BYTES + 8)
    })
    await turn()
  }
  return keys
}

function prefixOf(high: number): number {
  return high >>> 16
}
