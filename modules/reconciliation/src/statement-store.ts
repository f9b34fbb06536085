import { type CurrencyCode, currencyCode, invariant, type Micros } from '@huitong/kernel'
import { int2Array, int4Array, int8Array, type ReadTx, type Tx, textArray } from '@huitong/pg'
import { DIFFERENCE_KINDS, type DifferenceKind, MATCH_RULES, type MatchRule } from './match.ts'

export interface Statement {
  readonly id: number
  readonly account: number
  readonly format: string
  readonly firstDay: string
  readonly lastDay: string
  readonly windowDays: number
  readonly lines: number
  readonly matched: number
  readonly differing: number
  readonly madeAt: Micros
  readonly madeBy: string
}

interface StatementRow {
  readonly id: bigint
  readonly account_id: bigint
  readonly format: string
  readonly first_day: string
  readonly last_day: string
  readonly window_days: number
  readonly lines: number
  readonly matched: number
  readonly differing: number
  readonly made_at: Micros
  readonly made_by: string
}

function statementOf(row: StatementRow): Statement {
  return {
    ...{ id: Number(row.id), account: Number(row.account_id), format: row.format, firstDay: row.first_day },
    ...{ lastDay: row.last_day, windowDays: row.window_days, lines: row.lines, matched: row.matched },
    ...{ differing: row.differing, madeAt: row.made_at, madeBy: row.made_by },
  }
}

const NO_END = Number.MAX_SAFE_INTEGER

/** Newest first, of an account or of all; up to limit + 1 of them. */
export async function listStatements(
  { sql }: ReadTx,
  account: number | undefined,
  before: number | undefined,
  limit: number,
): Promise<readonly Statement[]> {
  const rows = await sql<StatementRow[]>`
    select *, first_day::text, last_day::text from reconciliation_statements
    where id < ${before ?? NO_END} and ${account === undefined ? sql`true` : sql`account_id = ${account}`}
    order by id desc limit ${limit + 1}`
  return rows.map(statementOf)
}

export async function findStatement({ sql }: ReadTx, id: number): Promise<Statement | undefined> {
  const rows = await sql<StatementRow[]>`
    select *, first_day::text, last_day::text from reconciliation_statements where id = ${id}`
  return rows.map(statementOf)[0]
}

/** The same file again is the statement that it was. */
export async function findStatementByDigest(
  { sql }: ReadTx,
  account: number,
  digest: Uint8Array,
): Promise<Statement | undefined> {
  const rows = await sql<StatementRow[]>`
    select *, first_day::text, last_day::text from reconciliation_statements
    where account_id = ${account} and digest = ${Buffer.from(digest)}`
  return rows.map(statementOf)[0]
}

/** How many lines each rule matched. */
export async function countByRule({ sql }: ReadTx, statement: Statement): Promise<ReadonlyMap<MatchRule, number>> {
  const rows = await sql<{ rule: number; lines: bigint }[]>`
    select rule, count(distinct line) as lines from reconciliation_matches
    where account_id = ${statement.account} and statement_id = ${statement.id} group by rule`
  return new Map(
    rows.flatMap(({ rule, lines }) => {
      const name = MATCH_RULES[rule - 1]
      return name === undefined ? [] : [[name, Number(lines)] as const]
    }),
  )
}

/** Which of these transfers are accounted for: a line was found for them, they differ from one by name, or they settled a difference. */
export async function matchedTransfers(
  { sql }: ReadTx,
  account: number,
  transfers: readonly number[],
): Promise<ReadonlySet<number>> {
  const rows = await sql<{ transfer_id: bigint }[]>`
    with asked as (select unnest(${int8Array(transfers)}::text::int8[]) as transfer_id)
    select transfer_id from asked where exists (
      select from reconciliation_matches m where m.account_id = ${account} and m.transfer_id = asked.transfer_id)
    union all
    select transfer_id from asked where exists (
      select from reconciliation_resolutions r where r.transfer_id = asked.transfer_id)
    union all
    select transfer_id from asked where exists (
      select from reconciliation_differences d left join reconciliation_resolutions r on r.difference_id = d.id
      where d.account_id = ${account} and d.transfer_id = asked.transfer_id
        and (d.kind = 'amount_differs' or r.difference_id is not null))`
  return new Set(rows.map((row) => Number(row.transfer_id)))
}

/** Which of these transfers some statement was found to lack already: they are told of once. */
export async function lackedTransfers(
  { sql }: ReadTx,
  account: number,
  transfers: readonly number[],
): Promise<ReadonlySet<number>> {
  const rows = await sql<{ transfer_id: bigint }[]>`
    select distinct transfer_id from reconciliation_differences
    where account_id = ${account} and transfer_id = any (${int8Array(transfers)}::text::int8[])`
  return new Set(rows.map((row) => Number(row.transfer_id)))
}

export interface NewStatement extends Omit<Statement, 'id' | 'madeAt'> {
  readonly digest: Uint8Array
  readonly madeAt: string
}

/** Stores it and gives its number; undefined when the same file came meanwhile. */
export async function insertStatement({ sql }: Tx, row: NewStatement): Promise<number | undefined> {
  const [made] = await sql<{ id: bigint }[]>`
    insert into reconciliation_statements
      (account_id, digest, format, first_day, last_day, window_days, lines, matched, differing, made_at, made_by)
    values (${row.account}, ${Buffer.from(row.digest)}, ${row.format}, ${row.firstDay}::text::date, ${row.lastDay}::text::date,
      ${row.windowDays}, ${row.lines}, ${row.matched}, ${row.differing}, ${row.madeAt}::text::timestamptz, ${row.madeBy})
    on conflict on constraint reconciliation_statements_once do nothing returning id`
  return made === undefined ? undefined : Number(made.id)
}

export interface MatchRow {
  readonly transfer: number
  readonly line: number
  readonly rule: MatchRule
}

const ROWS_AT_ONCE = 20_000

export async function insertMatches(
  { sql }: Tx,
  account: number,
  statement: number,
  rows: readonly MatchRow[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const some = rows.slice(from, from + ROWS_AT_ONCE)
    await sql`
      insert into reconciliation_matches (account_id, transfer_id, statement_id, line, rule)
      select ${account}, transfer, ${statement}, line, rule from unnest(
        ${int8Array(some.map(({ transfer }) => transfer))}::text::int8[],
        ${int4Array(some.map(({ line }) => line))}::text::int4[],
        ${int2Array(some.map(({ rule }) => MATCH_RULES.indexOf(rule) + 1))}::text::int2[]) as r (transfer, line, rule)`
  }
}

export interface NewDifference {
  readonly kind: DifferenceKind
  readonly day: string
  readonly line: number | null
  readonly transfer: number | null
  readonly minor: bigint
  readonly reference: string
  readonly text: string
}

export async function insertDifferences(
  { sql }: Tx,
  of: { readonly account: number; readonly currency: string; readonly statement: number; readonly at: string },
  rows: readonly NewDifference[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const some = rows.slice(from, from + ROWS_AT_ONCE)
    await sql`
      insert into reconciliation_differences
        (statement_id, account_id, currency, kind, day, line, transfer_id, minor, reference, text, found_at)
      select ${of.statement}, ${of.account}, ${of.currency}, kind, day::date, line, transfer, minor, reference, text,
        ${of.at}::text::timestamptz
      from unnest(
        ${textArray(some.map(({ kind }) => kind))}::text::text[],
        ${textArray(some.map(({ day }) => day))}::text::text[],
        ${int4Array(some.map(({ line }) => line))}::text::int4[],
        ${int8Array(some.map(({ transfer }) => transfer))}::text::int8[],
        ${int8Array(some.map(({ minor }) => minor))}::text::int8[],
        ${textArray(some.map(({ reference }) => reference))}::text::text[],
        ${textArray(some.map(({ text }) => text))}::text::text[]
      ) as r (kind, day, line, transfer, minor, reference, text)`
  }
}

/** How a difference stands: `matched_later` by a line of a later statement, the others by what somebody decided. */
export const DIFFERENCE_STATES = ['open', 'booked', 'matched', 'noted', 'matched_later'] as const
type DifferenceState = (typeof DIFFERENCE_STATES)[number]

export interface StoredDifference extends NewDifference {
  readonly id: number
  readonly statement: number
  readonly account: number
  readonly currency: CurrencyCode
  readonly foundAt: Micros
  readonly state: DifferenceState
  /** What booked it, or the transfer that somebody found for it. */
  readonly resolvedBy: number | null
  readonly note: string | null
}

interface DifferenceRow {
  readonly id: bigint
  readonly statement_id: bigint
  readonly account_id: bigint
  readonly currency: string
  readonly kind: string
  readonly day: string
  readonly line: number | null
  readonly transfer_id: bigint | null
  readonly minor: bigint
  readonly reference: string
  readonly text: string
  readonly found_at: Micros
  readonly state: string
  readonly resolved_by: bigint | null
  readonly note: string | null
}

function differenceOf(row: DifferenceRow): StoredDifference {
  const kind = DIFFERENCE_KINDS.find((known) => known === row.kind)
  const state = DIFFERENCE_STATES.find((known) => known === row.state)
  const currency = currencyCode(row.currency)
  invariant(kind !== undefined && state !== undefined && currency.ok, 'a stored difference has known words')
  return {
    ...{ id: Number(row.id), statement: Number(row.statement_id), account: Number(row.account_id), kind, day: row.day },
    ...{
      currency: currency.value,
      line: row.line,
      transfer: row.transfer_id === null ? null : Number(row.transfer_id),
    },
    ...{ minor: row.minor, reference: row.reference, text: row.text, foundAt: row.found_at, state },
    ...{ resolvedBy: row.resolved_by === null ? null : Number(row.resolved_by), note: row.note },
  }
}

export interface DifferenceFilter {
  readonly statement?: number
  readonly account?: number
  readonly state?: DifferenceState
  readonly after: number
  readonly limit: number
}

/** In the order in which they were found; up to limit + 1 of them. */
export async function listDifferences({ sql }: ReadTx, filter: DifferenceFilter): Promise<readonly StoredDifference[]> {
  const { statement, account, state, after, limit } = filter
  const rows = await sql<DifferenceRow[]>`
    select * from (
      select d.*, d.day::text as day_text, r.transfer_id as resolved_by, r.note,
        coalesce(r.way, case when d.kind = 'missing_in_statement' and exists (
          select from reconciliation_matches m
          where m.account_id = d.account_id and m.transfer_id = d.transfer_id) then 'matched_later' else 'open' end) as state
      from reconciliation_differences d left join reconciliation_resolutions r on r.difference_id = d.id
      where d.id > ${after}
        and ${statement === undefined ? sql`true` : sql`d.statement_id = ${statement}`}
        and ${account === undefined ? sql`true` : sql`d.account_id = ${account}`}) d
    where ${state === undefined ? sql`true` : sql`state = ${state}`}
    order by id limit ${limit + 1}`
  return rows.map((row) => differenceOf({ ...row, day: 'day_text' in row ? String(row.day_text) : row.day }))
}
