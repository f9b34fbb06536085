import { type Clock, err, ok, type Result } from '@huitong/kernel'
import type { InstitutionDatabase, Tx } from '@huitong/pg'
import {
  CASE_TERMS,
  type Case,
  type CaseAction,
  type CaseActor,
  type CaseEntry,
  type CaseKind,
  type CaseRefusal,
  caseStep,
} from './case.ts'
import {
  type CaseFilter,
  insertCase,
  insertEntry,
  lockCase,
  lockCaseBySource,
  selectCase,
  selectCases,
  selectComplaints,
  selectEntries,
  updateCase,
} from './case-store.ts'

/** What opens a case. */
interface Opening {
  readonly kind: CaseKind
  readonly source: string
  readonly subject: string | null
  readonly customer?: number
  readonly summary: string
}

interface CaseStep {
  readonly case: number
  readonly action: CaseAction
  /** `staff:12` or `customer:1024`. */
  readonly actor: string
  /** Whose complaint it must be, where a customer acts. */
  readonly customer?: number
  readonly note: string | null
}

/**
 * Cases, written outside the committer: no money hangs on their order, and nothing that moves money waits for them.
 */
export interface Casework {
  /** In somebody's transaction; opening again what is there does nothing. */
  open(tx: Tx, opening: Opening, at: number): Promise<number | undefined>
  /** Its subject was settled elsewhere: the case is over, if it is not yet. */
  settle(tx: Tx, source: string, note: string, at: number): Promise<void>
  file(opening: Opening & { readonly customer: number }): Promise<Case>
  step(step: CaseStep): Promise<Result<Case, CaseRefusal>>
  find(id: number): Promise<{ readonly case: Case; readonly entries: readonly CaseEntry[] } | undefined>
  list(filter: CaseFilter): Promise<readonly Case[]>
  complaints(customer: number, limit: number, before: number | null): Promise<readonly Case[]>
}

export function createCasework(db: InstitutionDatabase, clock: Clock): Casework {
  async function open(tx: Tx, opening: Opening, at: number): Promise<number | undefined> {
    const { kind, source, subject, customer = null, summary } = opening
    const made = { kind, source, subject, customer, summary, openedAt: at, dueAt: at + CASE_TERMS[kind] }
    const id = await insertCase(tx, made)
    const actor = customer === null ? 'system' : `customer:${customer}`
    if (id !== undefined) await insertEntry(tx, id, { at, actor, action: 'open', note: null })
    return id
  }

  return {
    open,

    settle: async (tx, source, note, at) => {
      const found = await lockCaseBySource(tx, source)
      if (found === undefined || !('to' in caseStep(found.state, 'settle', 'system'))) return
      await updateCase(tx, { ...found, state: 'resolved', resolvedAt: at, resolution: note })
      await insertEntry(tx, found.id, { at, actor: 'system', action: 'settle', note })
    },

    file: async (opening) => {
      const done = await db.transact<Case, CaseRefusal>(async (tx) => {
        await open(tx, opening, clock.now())
        const filed = await lockCaseBySource(tx, opening.source)
        return filed === undefined ? err('case_not_found') : ok(filed)
      })
      if (!done.ok) throw new Error('a complaint that was just filed is not there')
      return done.value
    },

    step: (step) =>
      db.transact(async (tx) => {
        const found = await lockCase(tx, step.case)
        if (found === undefined) return err('case_not_found')
        if (step.customer !== undefined && found.customer !== step.customer) return err('case_not_found')
        const cell = caseStep(found.state, step.action, actorOf(found, step))
        if ('refuse' in cell) return err(cell.refuse)
        const at = clock.now()
        const ended = cell.to === 'resolved'
        const after: Case = {
          ...found,
          state: cell.to,
          assignee: cell.to === 'open' ? null : step.action === 'take' ? step.actor : found.assignee,
          resolvedAt: ended ? at : null,
          resolution: ended ? (step.note ?? step.action) : null,
        }
        await updateCase(tx, after)
        await insertEntry(tx, found.id, { at, actor: step.actor, action: step.action, note: step.note })
        return ok(after)
      }),

    find: (id) =>
      db.read(async (tx) => {
        const found = await selectCase(tx, id)
        return found === undefined ? undefined : { case: found, entries: await selectEntries(tx, id) }
      }),
    list: (filter) => db.read((tx) => selectCases(tx, filter)),
    complaints: (customer, limit, before) => db.read((tx) => selectComplaints(tx, customer, limit, before)),
  }
}

function actorOf({ assignee }: Case, { actor, customer }: CaseStep): CaseActor {
  if (customer !== undefined) return 'complainant'
  return assignee === actor ? 'assignee' : 'staff'
}
