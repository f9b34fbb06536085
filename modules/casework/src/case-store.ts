import { invariant, type Micros } from '@huitong/kernel'
import type { ReadTx, Tx } from '@huitong/pg'
import {
  CASE_ACTIONS,
  CASE_KINDS,
  CASE_STATES,
  type Case,
  type CaseEntry,
  type CaseKind,
  type CaseState,
} from './case.ts'

interface CaseRow {
  readonly id: bigint
  readonly kind: string
  readonly source: string
  readonly subject: string | null
  readonly customer_id: bigint | null
  readonly summary: string
  readonly state: string
  readonly assignee: string | null
  readonly opened_at: Micros
  readonly due_at: Micros
  readonly resolved_at: Micros | null
  readonly resolution: string | null
}

function caseOf(row: CaseRow): Case {
  return {
    id: Number(row.id),
    kind: oneOf(CASE_KINDS, row.kind),
    source: row.source,
    subject: row.subject,
    customer: row.customer_id === null ? null : Number(row.customer_id),
    summary: row.summary,
    state: oneOf(CASE_STATES, row.state),
    assignee: row.assignee,
    openedAt: row.opened_at,
    dueAt: row.due_at,
    resolvedAt: row.resolved_at,
    resolution: row.resolution,
  }
}

function oneOf<T extends string>(known: readonly T[], text: string): T {
  const found = known.find((value) => value === text)
  invariant(found !== undefined, `a stored value is none of ${known.join(', ')}: ${text}`)
  return found
}

export interface NewCase {
  readonly kind: CaseKind
  readonly source: string
  readonly subject: string | null
  readonly customer: number | null
  readonly summary: string
  readonly openedAt: Micros
  readonly dueAt: Micros
}

/** Opens a case; undefined when its source opened one before. */
export async function insertCase(tx: Tx, one: NewCase): Promise<number | undefined> {
  const [row] = await tx.sql<{ id: bigint }[]>`
    insert into casework_cases (kind, source, subject, customer_id, summary, state, opened_at, due_at)
    values (${one.kind}, ${one.source}, ${one.subject}, ${one.customer}, ${one.summary}, 'open', ${one.openedAt}, ${one.dueAt})
    on conflict on constraint casework_cases_source_once do nothing
    returning id`
  return row === undefined ? undefined : Number(row.id)
}

/** Locked until the transaction ends, so that two who act on a case see each other. */
export async function lockCase(tx: Tx, id: number): Promise<Case | undefined> {
  const rows = await tx.sql<CaseRow[]>`select * from casework_cases where id = ${id} for update`
  return rows.map(caseOf)[0]
}

export async function lockCaseBySource(tx: Tx, source: string): Promise<Case | undefined> {
  const rows = await tx.sql<CaseRow[]>`select * from casework_cases where source = ${source} for update`
  return rows.map(caseOf)[0]
}

export async function updateCase(tx: Tx, { id, state, assignee, resolvedAt, resolution }: Case): Promise<void> {
  await tx.sql`
    update casework_cases
    set state = ${state}, assignee = ${assignee}, resolved_at = ${resolvedAt}, resolution = ${resolution}
    where id = ${id}`
}

export async function insertEntry(tx: Tx, caseId: number, entry: Omit<CaseEntry, 'id'>): Promise<void> {
  await tx.sql`
    insert into casework_entries (case_id, at, actor, action, note)
    values (${caseId}, ${entry.at}, ${entry.actor}, ${entry.action}, ${entry.note})`
}

export async function selectCase(tx: ReadTx, id: number): Promise<Case | undefined> {
  const rows = await tx.sql<CaseRow[]>`select * from casework_cases where id = ${id}`
  return rows.map(caseOf)[0]
}

export async function selectEntries(tx: ReadTx, caseId: number): Promise<readonly CaseEntry[]> {
  const rows = await tx.sql<{ id: bigint; at: Micros; actor: string; action: string; note: string | null }[]>`
    select id, at, actor, action, note from casework_entries where case_id = ${caseId} order by id`
  return rows.map((row) => ({ ...row, id: Number(row.id), action: oneOf([...CASE_ACTIONS, 'open'], row.action) }))
}

export interface CaseFilter {
  readonly limit: number
  readonly state?: CaseState
  readonly kind?: CaseKind
  readonly assignee?: string
  readonly after?: { readonly dueAt: number; readonly id: number }
}

/** Those that are due first come first; up to limit + 1. Resolved ones only where that state is asked for. */
export async function selectCases(tx: ReadTx, filter: CaseFilter): Promise<readonly Case[]> {
  const { sql } = tx
  const { dueAt, id } = filter.after ?? { dueAt: 0, id: 0 }
  const state = filter.state === undefined ? sql`state <> 'resolved'` : sql`state = ${filter.state}`
  const kind = filter.kind === undefined ? sql`true` : sql`kind = ${filter.kind}`
  const assignee = filter.assignee === undefined ? sql`true` : sql`assignee = ${filter.assignee}`
  const rows = await sql<CaseRow[]>`
    select * from casework_cases
    where ${state} and ${kind} and ${assignee} and (due_at, id) > (${dueAt}::timestamptz, ${id}::int8)
    order by due_at, id limit ${filter.limit + 1}`
  return rows.map(caseOf)
}

/** A customer's own complaints, newest first, up to limit + 1. */
export async function selectComplaints(
  tx: ReadTx,
  customer: number,
  limit: number,
  before: number | null,
): Promise<readonly Case[]> {
  const rows = await tx.sql<CaseRow[]>`
    select * from casework_cases
    where customer_id = ${customer} and (${before}::int8 is null or id < ${before}::int8)
    order by id desc limit ${limit + 1}`
  return rows.map(caseOf)
}

/** The newest of the committer's inputs that has a case; cases of a kind are opened in the order of the inputs. */
export async function lastPoisonInput(tx: ReadTx): Promise<number> {
  const [row] = await tx.sql<{ last: bigint | null }[]>`
    select max(split_part(source, ':', 2)::int8) as last from casework_cases where kind = 'poison_input'`
  return Number(row?.last ?? 0)
}
