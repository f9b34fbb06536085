import { counterOf } from '@huitong/kernel'
import type { Sql } from '@huitong/pg'
import type { ArchivedPiece } from './archives.ts'
import type { CheckpointFields, CheckpointLine, Kept } from './checkpoint-line.ts'
import { type JournaledBuffered, readBuffered } from './posting-policy-store.ts'
import type { AccountingReplay } from './verify-accounting.ts'
import { type BufferReplay, bufferedLeaf } from './verify-buffers.ts'
import type { BatchRecord, ChainReplay } from './verify-chain.ts'
import type { DayTotalReplay } from './verify-day-totals.ts'
import { type EventReplay, type EventSeen, eventLeaf, parseEventData } from './verify-events.ts'
import type { FindingList } from './verify-finding.ts'
import { idAfter } from './verify-head-store.ts'
import { eachHold } from './verify-hold-store.ts'
import type { HoldReplay } from './verify-holds.ts'
import type { EntryReplay } from './verify-journal-entries.ts'
import { eachTransfer, readBatches, readEvents } from './verify-journal-store.ts'
import type { LiabilityReplay } from './verify-liabilities.ts'
import type { MarkCheck } from './verify-marks.ts'
import type { MetadataReplay } from './verify-metadata.ts'
import type { PolicyReplay } from './verify-policies.ts'
import type { ReversalReplay } from './verify-reversals.ts'
import { TRANSFER_COLUMNS as COLUMN, type CopiedRow, eachCopiedRow, TRANSFER_COLUMN_COUNT } from './verify-rows.ts'
import type { ScheduledReplay } from './verify-scheduled.ts'
import type { SetReplay } from './verify-sets.ts'
import type { TemplateReplay } from './verify-templates.ts'
import type { TransferReplay } from './verify-transfers.ts'

/** Enough rows to make a query worth its trip, few enough that its snapshot lasts about a second, also on a busy machine. */
const CHUNK_ROWS = 100_000
const CHUNK_BATCHES = 4000

export interface Replays {
  readonly chain: ChainReplay
  readonly events: EventReplay
  readonly entries: EntryReplay
  readonly templates: TemplateReplay
  readonly buffers: BufferReplay
  readonly policies: PolicyReplay
  readonly transfers: TransferReplay
  readonly holds: HoldReplay
  readonly marks: MarkCheck
  readonly reversals: ReversalReplay
  readonly metadata: MetadataReplay
  readonly accounting: AccountingReplay
  readonly dayTotals: DayTotalReplay
  readonly sets: SetReplay
  readonly scheduled: ScheduledReplay
  readonly liabilities: LiabilityReplay
  readonly findings: FindingList
}

/** Reads the journal chunk by chunk and gives every row, in order, to the chain and to the replay of what it changes. */
export class JournalReplay implements Kept {
  readonly names = ['last_id']
  readonly #replays: Replays
  /** Leaf of a transfer (forms 1 and 3 of `journal-form.ts`) after one byte of room. */
  readonly #longLeaf = Buffer.alloc(133)
  readonly #leaf = this.#longLeaf.subarray(0, 109)
  readonly #leafView = new DataView(this.#longLeaf.buffer, this.#longLeaf.byteOffset, this.#longLeaf.length)
  #lastId = 0
  #batches: readonly BatchRecord[] = []
  #nextBatch = 0
  #current: BatchRecord | undefined
  #events: readonly JournalItem[] = []
  #nextEvent = 0

  constructor(replays: Replays) {
    this.#replays = replays
  }

  *save(): Generator<CheckpointLine> {
    yield ['last_id', this.#lastId]
  }

  load(fields: CheckpointFields): void {
    this.#lastId = fields.number()
  }

  /** Replays the batches after `after` and up to `end` at most; returns the last number done, or undefined when none was left. `archived` has their transfers, when they are in a file. */
  async chunk(sql: Sql, after: number, end: number, archived?: ArchivedPiece): Promise<number | undefined> {
    const { chain, holds, marks, reversals, metadata } = this.#replays
    const batches =
      archived === undefined
        ? firstRows(await readBatches(sql, after, end, CHUNK_BATCHES))
        : await readBatches(sql, after, Math.min(end, archived.lastBatch), CHUNK_BATCHES)
    const last = batches.at(-1)
    if (last === undefined) return undefined
    this.#batches = batches
    this.#nextBatch = 0
    this.#events = merged(await readEvents(sql, after, last.number), await readBuffered(sql, after, last.number))
    this.#nextEvent = 0
    this.#replays.scheduled.expect(this.#events)
    const idFirst = idAfter(chain.lastCounter)
    const idEnd = idAfter(Math.max(chain.lastCounter, last.lastCounter))
    await eachHold(sql, idFirst, idEnd, (hold) => holds.offer(hold))
    if (archived === undefined) await eachTransfer(sql, after, last.number, (row) => this.#transfer(row))
    else
      await eachCopiedRow(await archived.open(), TRANSFER_COLUMN_COUNT, (row) => {
        // A file is read from where its piece begins, which is not where every replay does.
        const number = row.number(COLUMN.batch)
        if (number > after && number <= last.number) this.#transfer(row)
      })
    this.#advance(Number.POSITIVE_INFINITY, 0)
    await marks.compare(sql)
    await reversals.compare(sql)
    await metadata.compare(sql)
    holds.refuseUnclaimed()
    return last.number
  }

  #transfer(row: CopiedRow): void {
    const number = row.number(COLUMN.batch)
    const position = row.number(COLUMN.position)
    this.#advance(number, position)
    const batch = this.#current
    if (batch?.number !== number) {
      this.#replays.findings.add('rows_without_batch', { batch: number, position })
      return
    }
    this.#replays.chain.row(batch, position, this.#leafOf(row))
    this.#mustGrow(row.number(COLUMN.id), batch, position)
    this.#replays.transfers.apply(row, number, batch.at)
    if (row.number(COLUMN.entry) !== 0) this.#replays.entries.transfer(row, number)
    this.#replays.dayTotals.apply(row, batch)
    this.#replays.buffers.transfer(row, number)
    this.#replays.scheduled.transfer(row, number)
  }

  /** Ends and begins batches and applies events up to this place. */
  #advance(number: number, position: number): void {
    const { chain } = this.#replays
    for (;;) {
      const batch = this.#current
      const event = this.#events[this.#nextEvent]
      const isDue =
        event !== undefined && (event.batch < number || (event.batch === number && event.position < position))
      if (isDue && event.batch === batch?.number) this.#event(event, batch)
      else if (isDue && event.batch < (this.#batches[this.#nextBatch]?.number ?? Number.POSITIVE_INFINITY)) {
        this.#nextEvent += 1
        this.#replays.findings.add('rows_without_batch', { batch: event.batch, position: event.position })
      } else {
        const next = this.#batches[this.#nextBatch]
        if (batch !== undefined && batch.number < number) {
          chain.end(batch)
          this.#replays.liabilities.end(batch)
          this.#current = undefined
        } else if (batch === undefined && next !== undefined && next.number <= number) {
          chain.begin(next)
          this.#replays.accounting.begin(next)
          this.#current = next
          this.#nextBatch += 1
        } else return
      }
    }
  }

  #event(event: JournalItem, batch: BatchRecord): void {
    this.#nextEvent += 1
    if (event.posting !== undefined) {
      this.#replays.chain.row(batch, event.position, bufferedLeaf(event.posting))
      this.#mustGrow(event.posting.id, batch, event.position)
      this.#replays.buffers.posting(event.posting)
      this.#replays.scheduled.buffered(event.posting, event.batch)
      return
    }
    if (event.kind === 'day_closed') this.#replays.buffers.dayClosed(event)
    this.#replays.chain.row(batch, event.position, eventLeaf(event))
    if (event.kind === 'account_opened' || event.kind === 'posting_scheduled')
      this.#mustGrow(event.account, batch, event.position)
    if (event.kind === 'entry_posted') this.#replays.entries.event(event)
    else if (event.kind === 'posting_policy_set') this.#replays.policies.event(event)
    else if (event.kind === 'template_published') this.#replays.templates.event(event)
    else if (event.kind === 'hold_extended') this.#replays.holds.extend(event, parseEventData(event.data), batch.at)
    else {
      const { metadata, sets, scheduled, events } = this.#replays
      if (metadata.apply(event) || sets.apply(event) || scheduled.apply(event, batch.at)) return
      events.apply(event, batch.at)
    }
  }

  #mustGrow(id: number, batch: BatchRecord, position: number): void {
    if (id <= this.#lastId) {
      const facts = { batch: batch.number, position, expected: `> ${this.#lastId}`, found: String(id) }
      this.#replays.findings.add('id_not_growing', facts)
    }
    if (counterOf(id) > batch.lastCounter) {
      const expected = `<= ${batch.lastCounter}`
      const facts = { batch: batch.number, position, expected, found: String(counterOf(id)) }
      this.#replays.findings.add('id_beyond_counter', facts)
    }
    this.#lastId = Math.max(this.#lastId, id)
  }

  #leafOf(row: CopiedRow): Buffer {
    const view = this.#leafView
    view.setUint8(2, row.number(COLUMN.kind))
    view.setUint16(3, row.number(COLUMN.code))
    for (let column = COLUMN.id, at = 5; column <= COLUMN.position; column += 1, at += 8) row.copyTo(view, at, column)
    const expires = row.micros(COLUMN.holdExpiresAt) ?? 0
    view.setUint32(101, Math.floor(expires / 0x1_0000_0000))
    view.setUint32(105, expires % 0x1_0000_0000)
    const isPlain =
      row.number(COLUMN.entry) === 0 && row.number(COLUMN.reverses) === 0 && row.number(COLUMN.effectiveDays) === 0
    view.setUint8(1, isPlain ? 1 : 3)
    if (isPlain) return this.#leaf
    for (let column = COLUMN.effectiveDays, at = 109; column <= COLUMN.entry; column += 1, at += 8) {
      row.copyTo(view, at, column)
    }
    return this.#longLeaf
  }
}

/** An event, or a buffered posting in its place among them. */
interface JournalItem extends EventSeen {
  readonly posting?: JournaledBuffered
}

function merged(events: readonly EventSeen[], postings: readonly JournaledBuffered[]): readonly JournalItem[] {
  if (postings.length === 0) return events
  const items = postings.map((posting): JournalItem => {
    const { batch, position } = posting
    return { batch, position, kind: 'buffered', account: 0, data: '', posting }
  })
  return [...events, ...items].sort((a, b) => a.batch - b.batch || a.position - b.position)
}

/** The first batches that together have no more than CHUNK_ROWS rows; one at least. */
export function firstRows(batches: readonly BatchRecord[]): readonly BatchRecord[] {
  let rows = 0
  for (const [index, batch] of batches.entries()) {
    rows += batch.count
    if (rows > CHUNK_ROWS && index > 0) return batches.slice(0, index)
  }
  return batches
}
