import { createHash } from 'node:crypto'
import { InvariantError, invariant } from '@huitong/kernel'
import { BinaryRows, int8Array, isStorableText, type Sql } from '@huitong/pg'
import { copyStatement } from './copy-statement.ts'
import { JsonList } from './json-list.ts'
import { highWord, lowWord, type OutcomeKey, outcomeKey } from './outcome-key.ts'
import type { UnsentStatement } from './table.ts'

/** A remembered outcome: first answer to (caller, key), kept for ever in the same commit as its effect. */
export interface RememberedOutcome {
  readonly caller: string
  readonly key: string
  readonly kind: string
  /** What is kept of the input; see `rememberedInput`. */
  readonly input: string
  readonly done: boolean
  readonly batch: number
  /** The answer, or the refusal, as JSON text. */
  readonly body: string
}

const ENTRY_BYTES = 12
/** From this many bytes on a stream is cheaper than a parameter, which travels as hexadecimal digits. */
const COPY_FROM_BYTES = 16_384
/** Batches read at once when memory is rebuilt: some 25 MB of full ones. */
const SCAN_BATCHES = 512
const POSITIONS = 65_536

/** Where an outcome stands, as one number. */
export function placeOf(batch: number, position: number): number {
  invariant(position < POSITIONS, `outcome ${position} is past the end of a batch`)
  return batch * POSITIONS + position
}

/** All outcomes of a batch as one row. */
export function insertOutcomes(sql: Sql, batch: number, { count, directory, list }: PackedOutcomes): UnsentStatement {
  if (list.length < COPY_FROM_BYTES) {
    return sql`
      insert into committer_outcome_batches (batch, count, directory, outcomes)
      values (${batch}, ${count}, ${directory}, ${list})`
  }
  const rows = new BinaryRows(4, directory.length + list.length + 128)
  rows.beginRow().int8(batch).int4(count).bytea(directory).bytea(list).endRow()
  const columns = 'batch, count, directory, outcomes'
  return copyStatement(sql, `copy committer_outcome_batches (${columns}) from stdin (format binary)`, rows)
}

/** Outcomes of a batch as they are stored; the migration that makes the table has the forms. */
export interface PackedOutcomes {
  readonly count: number
  readonly directory: Buffer
  readonly list: Buffer
}

/** SHA-256 over directory and list: with it in the batch's seal, none of its outcomes can be changed, left out or added unseen. */
export function outcomesDigest({ directory, list }: Pick<PackedOutcomes, 'directory' | 'list'>): Buffer {
  return createHash('sha256').update(directory).update(list).digest()
}

export function packOutcomes(outcomes: ReadonlyMap<OutcomeKey, RememberedOutcome>): PackedOutcomes {
  const directory = Buffer.allocUnsafe(outcomes.size * ENTRY_BYTES)
  const entries = new DataView(directory.buffer, directory.byteOffset, directory.length)
  const list = new JsonList(outcomes.size * 224)
  let at = 0
  for (const [id, outcome] of outcomes) {
    const { caller, key, kind, input, done, body } = outcome
    const item = JSON.stringify([caller, key, kind, input, done, body])
    // What cannot be stored is escaped in JSON, and so is little else: a look at all texts is seldom needed.
    if (item.includes('\\u')) assertStorable(outcome)
    entries.setUint32(at, highWord(id))
    entries.setUint32(at + 4, lowWord(id))
    entries.setUint32(at + 8, list.add(item))
    at += ENTRY_BYTES
  }
  return { count: outcomes.size, directory, list: list.finish() }
}

function assertStorable({ caller, key, input, body }: RememberedOutcome): void {
  for (const text of [caller, key, input, body]) {
    if (!isStorableText(text)) throw new InvariantError('text with U+0000 or a lone surrogate cannot be stored')
  }
}

interface OutcomeRow {
  readonly place: bigint
  readonly item: string
}

/** The outcomes at these places, each with its key. Each is read alone: the other thousands of its batch stay where they are. */
export async function loadOutcomes(
  sql: Sql,
  places: readonly number[],
): Promise<readonly (readonly [OutcomeKey, RememberedOutcome])[]> {
  // An item begins one byte, a bracket or a comma, after the end of the one before it; offsets count from 0, substring from 1.
  const rows = await sql<OutcomeRow[]>`
    select place, convert_from(substring(outcomes from start + 2 for ends - start - 1), 'UTF8') as item
    from (
      select a.place, b.outcomes,
        case when at = 0 then 0 else ('x' || encode(substring(b.directory from at * 12 - 3 for 4), 'hex'))::bit(32)::int4 end as start,
        ('x' || encode(substring(b.directory from at * 12 + 9 for 4), 'hex'))::bit(32)::int4 as ends
      from unnest(${int8Array(places)}::text::int8[]) as a (place)
      cross join lateral (select (a.place % 65536)::int4 as at) p
      join committer_outcome_batches b on b.batch = a.place / 65536) as found`
  return rows.map((row) => {
    const batch = Math.floor(Number(row.place) / POSITIONS)
    const outcome = outcomeOf(row.item, batch)
    return [outcomeKey(outcome.caller, outcome.key), outcome]
  })
}

function outcomeOf(item: string, batch: number): RememberedOutcome {
  const parsed: unknown = JSON.parse(item)
  invariant(Array.isArray(parsed) && parsed.length === 6, `an outcome of batch ${batch} is unreadable`)
  const [caller, key, kind, input, done, body] = parsed
  return {
    ...{ caller: String(caller), key: String(key), kind: String(kind), input: String(input) },
    ...{ done: done === true, batch, body: String(body) },
  }
}

/** Visits the keys of all outcomes in batches after one, through another or the last, in order; `ended` is told each batch after its keys. */
export async function scanKeys(
  sql: Sql,
  { after, through = Number.MAX_SAFE_INTEGER }: { readonly after: number; readonly through?: number },
  visit: (high: number, low: number, place: number) => void,
  ended: (batch: number) => void,
): Promise<void> {
  for (let from = after; ; ) {
    // As one value: small batches are many, and a row of its own costs each more than its keys.
    const [page] = await sql<{ batches: Buffer | null; rows: bigint }[]>`
      select string_agg(int8send(batch) || int4send(count) || directory, ''::bytea order by batch) as batches, count(*) as rows
      from (
        select batch, count, directory from committer_outcome_batches where batch > ${from} and batch <= ${through}
        order by batch limit ${SCAN_BATCHES}) as page`
    const bytes = page?.batches ?? Buffer.alloc(0)
    for (let at = 0; at < bytes.length; ) {
      const batch = Number(bytes.readBigInt64BE(at))
      const count = bytes.readUInt32BE(at + 8)
      at += 12
      for (let position = 0; position < count; position += 1, at += ENTRY_BYTES) {
        visit(bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4), placeOf(batch, position))
      }
      ended(batch)
      from = batch
    }
    if (Number(page?.rows ?? 0) < SCAN_BATCHES) return
  }
}
