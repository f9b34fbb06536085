import type { JsonObject } from '@huitong/kernel'
import type { CheckpointFields, CheckpointLine, Kept } from './checkpoint-line.ts'
import { HOLD_STATES } from './hold.ts'
import type { TransferKind } from './transfer.ts'
import type { EventSeen } from './verify-event-seen.ts'
import type { FindingList } from './verify-finding.ts'

/** A row of `ledger_holds`, its numbers as stored. */
export interface HoldRowSeen {
  readonly id: number
  readonly debit: number
  readonly credit: number
  readonly amountMinor: bigint
  readonly remainingMinor: bigint
  readonly state: number
  /** µs; null: it does not expire. */
  readonly expiresAt: number | null
  readonly code: number
  readonly reference: number
}

/** A transfer that makes, changes or ends a hold; absent ids are 0. */
export interface HoldEntry {
  readonly kind: Exclude<TransferKind, 'posted'>
  readonly batch: number
  readonly at: number
  readonly position: number
  readonly hold: number
  readonly debit: number
  readonly credit: number
  readonly amountMinor: bigint
  readonly releasedMinor: bigint
  readonly code: number
  readonly reference: number
  /** µs; only of one that makes a hold which expires. */
  readonly expiresAt: number | null
}

/** What the journal made a hold with and never changes. */
type HoldTerms = Pick<HoldEntry, 'debit' | 'credit' | 'code' | 'reference'>

interface OpenHold extends HoldTerms {
  amountMinor: bigint
  remainingMinor: bigint
  expiresAt: number | null
  row: HoldRowSeen | undefined
}

/**
 * Holds as the journal makes them, against their rows. Rows are read along with the batches that made them, by their ids, so a row may
 * be ahead of the replay in what may still change: its amount, what is left of it, its expiry and its state. An ended hold never changes
 * again, so these are compared as soon as the replay ends it, and only open holds are kept in memory.
 */
export class HoldReplay implements Kept {
  readonly names = ['holds', 'hold']
  readonly #findings: FindingList
  readonly #open = new Map<number, OpenHold>()
  /** Rows that no batch has claimed yet. */
  readonly #unclaimed = new Map<number, HoldRowSeen>()
  readonly #refused = new Set<number>()
  count = 0

  constructor(findings: FindingList) {
    this.#findings = findings
  }

  *save(): Generator<CheckpointLine> {
    yield ['holds', this.count]
    for (const [id, open] of [...this.#open].sort(([a], [b]) => a - b)) {
      const amounts = [String(open.amountMinor), String(open.remainingMinor)]
      yield ['hold', id, open.debit, open.credit, ...amounts, open.expiresAt, open.code, open.reference]
    }
  }

  load(fields: CheckpointFields): void {
    if (fields.name === 'holds') this.count = fields.number()
    else {
      this.#open.set(fields.number(), {
        debit: fields.number(),
        credit: fields.number(),
        amountMinor: fields.minor(),
        remainingMinor: fields.minor(),
        expiresAt: fields.orNull((next) => next.number()),
        code: fields.number(),
        reference: fields.number(),
        row: undefined,
      })
    }
  }

  /**
   * After `load`: finds the rows of the holds that were open then. `openRows` are those of `finish`; a hold below `idEnd` that is open
   * there was open then. `read` reads rows by their ids.
   */
  async resume(
    openRows: ReadonlyMap<number, HoldRowSeen>,
    idEnd: number,
    read: (ids: readonly number[]) => Promise<readonly HoldRowSeen[]>,
  ): Promise<void> {
    for (const hold of openRows.keys()) {
      if (hold >= idEnd || this.#open.has(hold)) continue
      this.#findings.add('hold_differs', { hold, what: 'state', expected: 'ended', found: 'open' })
    }
    const ended = await read([...this.#open.keys()].filter((hold) => !openRows.has(hold)))
    const endedRows = new Map(ended.map((row) => [row.id, row]))
    for (const [hold, open] of this.#open) {
      open.row = openRows.get(hold) ?? endedRows.get(hold)
      this.#compareTerms(hold, open, open.row)
    }
  }

  /** A row whose id was given out by one of the batches that come next. */
  offer(row: HoldRowSeen): void {
    this.#unclaimed.set(row.id, row)
  }

  /** After those batches: a row that is left was made by none of them. */
  refuseUnclaimed(): void {
    for (const hold of this.#unclaimed.keys()) this.refuse(hold)
    this.#unclaimed.clear()
  }

  refuse(hold: number): void {
    if (this.#refused.has(hold)) return
    this.#refused.add(hold)
    this.#findings.add('hold_not_journaled', { hold })
  }

  apply(entry: HoldEntry): void {
    if (entry.kind === 'held') this.#make(entry)
    else this.#change(entry)
  }

  #make(entry: HoldEntry): void {
    const { hold, batch, position } = entry
    this.count += 1
    const row = this.#unclaimed.get(hold)
    this.#unclaimed.delete(hold)
    this.#compareTerms(hold, entry, row, { batch, position })
    const { debit, credit, amountMinor, expiresAt, code, reference } = entry
    const terms = { debit, credit, expiresAt, code, reference }
    this.#open.set(hold, { ...terms, amountMinor, remainingMinor: amountMinor, row })
  }

  #compareTerms(
    hold: number,
    terms: HoldTerms,
    row: HoldRowSeen | undefined,
    place: { readonly batch?: number; readonly position?: number } = {},
  ): void {
    if (row === undefined) {
      this.#findings.add('hold_row_missing', { ...place, hold })
      return
    }
    this.#compare(hold, 'debit_account', terms.debit, row.debit)
    this.#compare(hold, 'credit_account', terms.credit, row.credit)
    this.#compare(hold, 'code', terms.code, row.code)
    this.#compare(hold, 'reference', terms.reference, row.reference)
  }

  /** `hold_extended`: its account is the debit account. `at` is the time of the batch, µs. */
  extend({ batch, position, account }: EventSeen, data: JsonObject | undefined, at: number): void {
    const hold = numberOf(data?.hold)
    const expiresAt = numberOf(data?.expires_at)
    const open = hold === undefined ? undefined : this.#open.get(hold)
    if (hold === undefined || expiresAt === undefined) {
      this.#findings.add('event_malformed', { batch, position, account, found: 'hold_extended' })
    } else if (open === undefined) this.#findings.add('hold_not_open', { batch, position, hold })
    else {
      const before = open.expiresAt
      const what =
        account !== open.debit
          ? 'accounts of the hold'
          : before === null || expiresAt <= before || at >= before
            ? 'extended before its expiry, to a later one'
            : undefined
      if (what !== undefined) this.#findings.add('hold_entry_breaks_rule', { batch, position, hold, what })
      open.expiresAt = expiresAt
    }
  }

  #change(entry: HoldEntry): void {
    const { hold, batch, position } = entry
    const open = this.#open.get(hold)
    if (open === undefined) {
      this.#findings.add('hold_not_open', { batch, position, hold })
      return
    }
    const broken = brokenRule(entry, open)
    if (broken !== undefined) this.#findings.add('hold_entry_breaks_rule', { batch, position, hold, what: broken })
    if (entry.kind === 'increased') {
      open.amountMinor += entry.amountMinor
      open.remainingMinor += entry.amountMinor
      return
    }
    open.remainingMinor -= entry.releasedMinor
    if (open.remainingMinor > 0n) return
    this.#open.delete(hold)
    if (open.row === undefined) return
    this.#compareRest(hold, open, open.row)
    this.#compare(hold, 'state', HOLD_STATES[entry.kind === 'held' ? 'pending' : entry.kind], open.row.state)
  }

  /**
   * After the last batch. `openRows` are the rows that were open in the very snapshot in which that batch was the last: they and the
   * open holds of the replay must be the same. A row that is open against the journal was found before: as one that no batch made,
   * or when the replay ended its hold.
   */
  finish(openRows: ReadonlyMap<number, HoldRowSeen>): void {
    for (const [hold, open] of this.#open) {
      const row = openRows.get(hold)
      if (row !== undefined) this.#compareRest(hold, open, row)
      else if (open.row !== undefined) {
        // Read after that snapshot and perhaps ended since; that it was not open then is what matters.
        this.#findings.add('hold_differs', { hold, what: 'state', expected: 'open', found: 'ended' })
      }
    }
  }

  /** What may change while a hold is open. */
  #compareRest(hold: number, open: OpenHold, row: HoldRowSeen): void {
    this.#compare(hold, 'amount_minor', open.amountMinor, row.amountMinor)
    this.#compare(hold, 'remaining_minor', open.remainingMinor, row.remainingMinor)
    this.#compare(hold, 'expires_at', open.expiresAt, row.expiresAt)
  }

  #compare(hold: number, what: string, expected: number | bigint | null, found: number | bigint | null): void {
    if (expected === found) return
    this.#findings.add('hold_differs', { hold, what, expected: String(expected), found: String(found) })
  }
}

/** Ids and times are journaled as text. */
function numberOf(text: unknown): number | undefined {
  return typeof text === 'string' && /^\d{1,16}$/.test(text) ? Number(text) : undefined
}

/** The first rule that a change or the end of a hold breaks. */
function brokenRule(entry: HoldEntry, open: OpenHold): string | undefined {
  const { kind, releasedMinor, amountMinor, at } = entry
  const { expiresAt } = open
  if (entry.debit !== open.debit || entry.credit !== open.credit) return 'accounts of the hold'
  if (kind === 'increased') return expiresAt !== null && at >= expiresAt ? 'increased before its expiry' : undefined
  if (releasedMinor > open.remainingMinor) return 'released within remaining'
  if (kind === 'captured') {
    if (releasedMinor < open.remainingMinor && releasedMinor !== amountMinor)
      return 'a part that does not end the hold releases itself'
    if (expiresAt !== null && at >= expiresAt) return 'captured before its expiry'
    return undefined
  }
  if (releasedMinor !== open.remainingMinor) return 'all that remains is released'
  if (kind === 'expired' && (expiresAt === null || at < expiresAt)) return 'expired after its expiry'
  return undefined
}
