import type { Sql } from '@huitong/pg'
import { KeyFilter } from './key-filter.ts'
import { scanKeys } from './outcome-store.ts'

/** A stored run of keys, as it says of itself. */
interface StoredRun {
  readonly first: number
  readonly last: number
  readonly keys: number
  readonly filter: Buffer
}

/** What is wrong with a run: a key that is looked for in it would not be found, or not where it is. */
export interface RunFault {
  /** The last batch of the run. */
  readonly run: number
  readonly what: 'run missing' | 'batches left out' | 'keys missing' | 'keys wrong' | 'filter wrong'
}

const KEY_BYTES = 16
const PREFIXES_AT_ONCE = 8192
const POSITIONS = 65_536

/** Last batches of all runs, in order, also of those of which only keys are there. */
export async function storedRuns(sql: Sql): Promise<readonly number[]> {
  const rows = await sql<{ last: bigint }[]>`
    select last from committer_outcome_runs union select run from committer_outcome_keys order by 1`
  return rows.map(({ last }) => Number(last))
}

/** Runs before which batches are in no run, so that whoever takes over would read those outcomes one by one. */
export async function runsAfterGaps(sql: Sql): Promise<readonly RunFault[]> {
  const rows = await sql<{ last: bigint }[]>`
    select last from (
      select first, last, coalesce(max(last) over (
        order by first, last rows between unbounded preceding and 1 preceding), 0) as covered
      from committer_outcome_runs) r
    where first > covered + 1 order by last limit 100`
  return rows.map(({ last }) => ({ run: Number(last), what: 'batches left out' }))
}

/**
 * Holds a run against the outcomes of its batches: a key that it leaves out, or that its filter denies, would be accepted a second time.
 * Undefined when it is right.
 */
export async function checkRun(sql: Sql, last: number): Promise<RunFault | undefined> {
  const run = await readRun(sql, last)
  if (run === undefined) return { run: last, what: 'run missing' }
  const expected = await ExpectedKeys.of(sql, run)
  const found = filterOf(run)
  if (found === undefined) return { run: last, what: 'filter wrong' }
  const filter = KeyFilter.like(found)
  let count = 0
  for (let from = 0; from < POSITIONS; from += PREFIXES_AT_ONCE) {
    const rows = await sql<{ prefix: number; keys: Buffer }[]>`
      select prefix, keys from committer_outcome_keys
      where run = ${last} and prefix >= ${from} and prefix < ${from + PREFIXES_AT_ONCE} order by prefix`
    for (const { prefix, keys } of rows) {
      for (let at = 0; at < keys.length; at += KEY_BYTES) {
        const high = keys.readUInt32BE(at)
        const low = keys.readUInt32BE(at + 4)
        const isRight = high >>> 16 === prefix && expected.take(high, low, Number(keys.readBigUInt64BE(at + 8)))
        if (!isRight) return { run: last, what: 'keys wrong' }
        filter.add(high, low)
        count += 1
      }
    }
  }
  if (count !== expected.size || count !== run.keys) return { run: last, what: 'keys missing' }
  return filter.bytes().equals(run.filter) ? undefined : { run: last, what: 'filter wrong' }
}

async function readRun(sql: Sql, last: number): Promise<StoredRun | undefined> {
  const [row] = await sql<{ first: bigint; keys: number; filter: Buffer }[]>`
    select first, keys, filter from committer_outcome_runs where last = ${last}`
  return row === undefined ? undefined : { first: Number(row.first), last, keys: row.keys, filter: row.filter }
}

function filterOf({ filter }: StoredRun): KeyFilter | undefined {
  try {
    return KeyFilter.from(filter)
  } catch {
    return undefined
  }
}

/** The keys that a run must have, by where their outcomes stand; each is there once. */
class ExpectedKeys {
  readonly #words: number[] = []
  readonly #taken: boolean[] = []
  /** Where the keys of each batch begin. */
  readonly #starts = new Map<number, number>()

  static async of(sql: Sql, { first, last }: StoredRun): Promise<ExpectedKeys> {
    const expected = new ExpectedKeys()
    const visit = (high: number, low: number, place: number) => expected.#add(high, low, place)
    await scanKeys(sql, { after: first - 1, through: last }, visit, () => undefined)
    return expected
  }

  get size(): number {
    return this.#taken.length
  }

  #add(high: number, low: number, place: number): void {
    if (place % POSITIONS === 0) this.#starts.set(place / POSITIONS, this.size)
    this.#words.push(high, low)
    this.#taken.push(false)
  }

  /** True when this key stands at this place, and was not taken before. */
  take(high: number, low: number, place: number): boolean {
    const start = this.#starts.get(Math.floor(place / POSITIONS))
    if (start === undefined) return false
    const index = start + (place % POSITIONS)
    if (this.#words[index * 2] !== high || this.#words[index * 2 + 1] !== low || this.#taken[index] !== false)
      return false
    this.#taken[index] = true
    return true
  }
}
