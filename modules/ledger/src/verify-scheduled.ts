import { createHash } from 'node:crypto'
import { canonicalJson, isJsonObject, type JsonObject, type JsonValue } from '@huitong/kernel'
import type { CheckpointFields, CheckpointLine, Kept } from './checkpoint-line.ts'
import type { JournaledBuffered } from './posting-policy-store.ts'
import { SCHEDULED_STATES, type ScheduledState } from './scheduled-posting.ts'
import type { EventSeen } from './verify-event-seen.ts'
import { parseEventData } from './verify-events.ts'
import type { FindingList } from './verify-finding.ts'
import { TRANSFER_COLUMNS as COLUMN, type CopiedRow } from './verify-rows.ts'
import type { ScheduledRowSeen } from './verify-scheduled-store.ts'

interface Waiting {
  readonly dueAt: number
  readonly raw: boolean
  /** Canonical JSON. */
  readonly legs: string
}

/** What a transfer says that a scheduled leg must have said: of a hold its id, of others the accounts and the amount. */
type Made = readonly [hold: number, debit: number, credit: number, amountMinor: bigint]

/** Scheduled postings as the journal makes and ends them, and whether what was posted is what was scheduled. */
export class ScheduledReplay implements Kept {
  readonly names = ['scheduled', 'scheduled_end']
  readonly #findings: FindingList
  readonly #waiting = new Map<number, Waiting>()
  /** Digest of the row of each that has ended: nothing else of them is asked for any more. */
  readonly #ended = new Map<number, string>()
  /** Batches of the piece at hand in which something scheduled was posted; only of those are transfers looked at. */
  #posting = new Set<number>()
  readonly #made = new Map<number, Made>()

  constructor(findings: FindingList) {
    this.#findings = findings
  }

  *save(): Generator<CheckpointLine> {
    for (const [id, { dueAt, raw, legs }] of this.#waiting) yield ['scheduled', id, dueAt, raw, legs]
    for (const [id, digest] of this.#ended) yield ['scheduled_end', id, digest]
  }

  load(fields: CheckpointFields): void {
    const id = fields.number()
    if (fields.name === 'scheduled_end') this.#ended.set(id, fields.text())
    else this.#waiting.set(id, { dueAt: fields.number(), raw: fields.flag(), legs: fields.text() })
  }

  /** Before a piece of the journal: its events. */
  expect(events: readonly EventSeen[]): void {
    this.#posting = new Set(events.filter(({ kind }) => kind === 'scheduled_posted').map(({ batch }) => batch))
    this.#made.clear()
  }

  transfer(row: CopiedRow, batch: number): void {
    if (this.#posting.size === 0 || !this.#posting.has(batch)) return
    this.#made.set(row.number(COLUMN.id), [
      ...([row.number(COLUMN.hold), row.number(COLUMN.debit), row.number(COLUMN.credit)] as const),
      row.bigint(COLUMN.amount),
    ])
  }

  buffered({ id, debit, credit, amountMinor }: JournaledBuffered, batch: number): void {
    if (this.#posting.has(batch)) this.#made.set(id, [0, debit, credit, amountMinor])
  }

  /** True when the event is of a scheduled posting. `at` is the time of the batch, µs. */
  apply(event: EventSeen, at: number): boolean {
    switch (event.kind) {
      case 'posting_scheduled':
        this.#scheduled(event, parseEventData(event.data), at)
        return true
      case 'scheduled_posted':
        this.#end(event, 'posted', at, (scheduled) => this.#posted(event, parseEventData(event.data), scheduled))
        return true
      case 'scheduled_refused':
        this.#end(event, 'refused', at, () => ({ transfers: null, refusal: event.data }))
        return true
      case 'scheduled_cancelled':
        this.#end(event, 'cancelled', at, () => ({ transfers: null, refusal: null }))
        return true
      default:
        return false
    }
  }

  /** After the last batch, with digests of the rows as they were in the snapshot of that batch. */
  finish(rows: ReadonlyMap<number, string>): void {
    for (const [id, { dueAt, raw, legs }] of this.#waiting) {
      const row = {
        dueAt,
        raw,
        legs,
        state: SCHEDULED_STATES.waiting,
        endedBatch: null,
        transfers: null,
        refusal: null,
      }
      this.#compare(id, digestOfScheduled(row), rows.get(id))
    }
    for (const [id, digest] of this.#ended) this.#compare(id, digest, rows.get(id))
    for (const id of rows.keys()) {
      if (!this.#waiting.has(id) && !this.#ended.has(id)) this.#differs(id, 'never scheduled')
    }
  }

  #compare(id: number, expected: string, found: string | undefined): void {
    if (found !== expected) this.#differs(id, found === undefined ? 'no row' : 'another row')
  }

  #differs(id: number, found: string): void {
    this.#findings.add('scheduled_differs', { what: String(id), found })
  }

  #scheduled(event: EventSeen, data: JsonObject | undefined, at: number): void {
    const { due_at: due, raw, legs } = data ?? {}
    if (typeof due !== 'string' || !/^\d{1,16}$/.test(due) || typeof raw !== 'boolean' || !Array.isArray(legs)) {
      this.#malformed(event)
      return
    }
    const dueAt = Number(due)
    if (dueAt <= at) this.#breaks(event, 'it is due after it was asked for')
    this.#waiting.set(event.account, { dueAt, raw, legs: canonicalJson(legs) })
  }

  #end(
    event: EventSeen,
    state: ScheduledState,
    at: number,
    ending: (scheduled: Waiting) => Pick<ScheduledRowSeen, 'transfers' | 'refusal'> | undefined,
  ): void {
    const id = event.account
    const scheduled = this.#waiting.get(id)
    if (scheduled === undefined) {
      this.#breaks(event, 'it was waiting')
      return
    }
    if (state !== 'cancelled' && at < scheduled.dueAt) this.#breaks(event, 'its time had come')
    const ended = ending(scheduled)
    if (ended === undefined) return
    this.#waiting.delete(id)
    const row = { ...scheduled, state: SCHEDULED_STATES[state], endedBatch: event.batch, ...ended }
    this.#ended.set(id, digestOfScheduled(row))
  }

  /** Each leg must have made a transfer that says what the leg says. */
  #posted(event: EventSeen, data: JsonObject | undefined, { legs }: Waiting) {
    const { transfers } = data ?? {}
    if (!Array.isArray(transfers)) {
      this.#malformed(event)
      return undefined
    }
    const ids = transfers.map(Number)
    const wanted: unknown = JSON.parse(legs)
    const isAll = Array.isArray(wanted) && wanted.length === ids.length
    if (!isAll || !ids.every((id, index) => isMadeOf(this.#made.get(id), wanted[index]))) {
      this.#breaks(event, 'its transfers are what was scheduled')
    }
    return { transfers: ids, refusal: null }
  }

  #breaks({ batch, position, account }: EventSeen, what: string): void {
    this.#findings.add('scheduled_breaks_rule', { batch, position, what: `${account}: ${what}` })
  }

  #malformed({ batch, position, account, kind }: EventSeen): void {
    this.#findings.add('event_malformed', { batch, position, account, found: kind })
  }
}

function isMadeOf(made: Made | undefined, leg: JsonValue): boolean {
  if (made === undefined || !isJsonObject(leg)) return false
  const [hold, debit, credit, amountMinor] = made
  if (leg.hold !== undefined) return leg.hold === String(hold)
  return leg.debit === String(debit) && leg.credit === String(credit) && leg.amount_minor === String(amountMinor)
}

/** Of all that a row says. */
export function digestOfScheduled({
  dueAt,
  raw,
  legs,
  state,
  endedBatch,
  transfers,
  refusal,
}: ScheduledRowSeen): string {
  const text = JSON.stringify([dueAt, raw, legs, state, endedBatch, transfers, refusal])
  return createHash('sha256').update(text).digest('base64url')
}
