import { createHash } from 'node:crypto'
import { type Clock, err, microsToIso, ok, type Result } from '@huitong/kernel'
import { findAccount, type ReconcilableEntry, reconcilableEntries, type SubjectCode } from '@huitong/ledger'
import type { InstitutionDatabase, Tx } from '@huitong/pg'
import { type LedgerEntry, type Reconciled, reconcile } from './match.ts'
import { dayText, type FileFault, type FileLine, readStatementFile, type StatementFormat } from './statement-file.ts'
import {
  findStatement,
  findStatementByDigest,
  insertDifferences,
  insertMatches,
  insertStatement,
  lackedTransfers,
  type MatchRow,
  matchedTransfers,
  type NewDifference,
  type Statement,
} from './statement-store.ts'

export interface ReconcileRequest {
  readonly account: number
  readonly format: StatementFormat
  readonly bytes: Uint8Array
  /** How far apart, in days, a line and an entry may be. */
  readonly windowDays: number
  /** Metadata of transfers by which the other side calls them. */
  readonly metadataKeys: readonly string[]
  readonly by: string
}

export type ReconcileFault =
  | { readonly code: 'account_unknown' }
  | { readonly code: 'statement_empty' }
  | ({ readonly code: 'statement_unreadable' } & FileFault)

export interface ReconcileDeps {
  readonly db: InstitutionDatabase
  readonly clock: Clock
  /** Hears of a statement with differences, in its transaction. */
  readonly onDifferences?: (tx: Tx, statement: Statement) => Promise<void>
}

/**
 * Holds a statement of somebody else against the ledger and stores what agrees and what does not. The same file of the same account is done
 * once and gives the same answer for ever.
 */
export async function reconcileStatement(
  { db, clock, onDifferences }: ReconcileDeps,
  { account, format, bytes, windowDays, metadataKeys, by }: ReconcileRequest,
): Promise<Result<Statement, ReconcileFault>> {
  const view = await db.read((tx) => findAccount(tx, account))
  if (view === undefined) return err({ code: 'account_unknown' })
  const { currency, subject } = view.account
  const digest = createHash('sha256').update(format).update(bytes).digest()
  const before = await db.read((tx) => findStatementByDigest(tx, account, digest))
  if (before !== undefined) return ok(before)
  const lines = readStatementFile(format, bytes, currency)
  if (!lines.ok) return err({ code: 'statement_unreadable', ...lines.error })
  if (lines.value.length === 0) return err({ code: 'statement_empty' })
  const days = period(lines.value)
  const entries = await freeEntries(db, { account, subject, ...days, windowDays, metadataKeys })
  const reconciled = reconcile(lines.value, entries, { windowDays })
  const { matches, differences: all } = rowsOf(reconciled, lines.value, entries, days)
  const lacking = all.flatMap(({ kind, transfer }) =>
    kind === 'missing_in_statement' && transfer !== null ? [transfer] : [],
  )
  const told = await db.read((tx) => lackedTransfers(tx, account, lacking))
  const differences = all.filter(({ kind, transfer }) => kind !== 'missing_in_statement' || !told.has(transfer ?? 0))
  const made = {
    ...{ account, digest, format, windowDays, lines: lines.value.length, differing: differences.length, madeBy: by },
    ...{ matched: new Set(matches.map(({ line }) => line)).size, madeAt: microsToIso(clock.now()) },
    ...{ firstDay: dayText(days.first), lastDay: dayText(days.last) },
  }
  const stored = await db.transact<Statement, 'repeated'>(async (tx) => {
    const id = await insertStatement(tx, made)
    if (id === undefined) return err('repeated')
    await insertMatches(tx, account, id, matches)
    await insertDifferences(tx, { account, currency, statement: id, at: made.madeAt }, differences)
    const statement = await findStatement(tx, id)
    if (statement === undefined) return err('repeated')
    if (differences.length > 0) await onDifferences?.(tx, statement)
    return ok(statement)
  })
  if (stored.ok) return stored
  const other = await db.read((tx) => findStatementByDigest(tx, account, digest))
  return other === undefined ? err({ code: 'statement_empty' }) : ok(other)
}

interface Period {
  readonly first: number
  readonly last: number
}

function period(lines: readonly FileLine[]): Period {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { day } of lines) {
    if (day < first) first = day
    if (day > last) last = day
  }
  return { first, last }
}

interface EntryRequest extends Period {
  readonly account: number
  readonly subject: SubjectCode
  readonly windowDays: number
  readonly metadataKeys: readonly string[]
}

/** Entries of the period and the days around it that no line was found for before. */
async function freeEntries(db: InstitutionDatabase, request: EntryRequest): Promise<readonly LedgerEntry[]> {
  const { account, subject, first, last, windowDays, metadataKeys } = request
  const asked = { account, subject, from: dayText(first - windowDays), to: dayText(last + windowDays), metadataKeys }
  return await db.read(async (tx) => {
    const free: LedgerEntry[] = []
    for await (const page of reconcilableEntries(tx, asked)) {
      const taken = await matchedTransfers(
        tx,
        account,
        page.map(({ transfer }) => transfer),
      )
      for (const entry of page) if (!taken.has(entry.transfer)) free.push(entryOf(entry))
    }
    return free
  })
}

function entryOf({ transfer, day, minor, names }: ReconcilableEntry): LedgerEntry {
  return { id: transfer, day, minor, names }
}

function rowsOf(
  { matches, differences }: Reconciled,
  lines: readonly FileLine[],
  entries: readonly LedgerEntry[],
  { first, last }: Period,
): { readonly matches: readonly MatchRow[]; readonly differences: readonly NewDifference[] } {
  const rows: MatchRow[] = []
  for (const { rule, lines: some, entries: others } of matches) {
    for (const transfer of others) for (const line of some) rows.push({ transfer, line, rule })
  }
  const lineOf = new Map(differences.length === 0 ? [] : lines.map((line) => [line.line, line]))
  const entryWith = new Map(differences.length === 0 ? [] : entries.map((entry) => [entry.id, entry]))
  const found: NewDifference[] = []
  for (const { kind, line, entry, minor } of differences) {
    const said = line === null ? undefined : lineOf.get(line)
    const ours = entry === null ? undefined : entryWith.get(entry)
    const day = said?.day ?? ours?.day ?? first
    // What is only in the days around the period belongs to another statement.
    if (kind === 'missing_in_statement' && (day < first || day > last)) continue
    const reference = said?.reference ?? ours?.names[0] ?? ''
    found.push({ kind, day: dayText(day), line, transfer: entry, minor, reference, text: said?.text ?? '' })
  }
  return { matches: rows, differences: found }
}
