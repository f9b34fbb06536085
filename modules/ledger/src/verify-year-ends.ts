import type { JsonObject } from '@huitong/kernel'
import type { CheckpointFields, CheckpointLine } from './checkpoint-line.ts'
import { SUBJECTS, type SubjectCode } from './subjects.ts'
import type { EventSeen } from './verify-event-seen.ts'
import type { FindingList } from './verify-finding.ts'
import { lastDayOf, notClosed, RETAINED_EARNINGS, type YearEnd } from './year-end.ts'

/** A transfer of the journal that closes a year or opens one again. */
export interface YearEndTransfer {
  readonly batch: number
  readonly position: number
  readonly entry: number
  readonly reverses: number
  readonly isReversal: boolean
  /** Undefined when it names none. */
  readonly effectiveOn: string | undefined
  /** Undefined when the account was not opened. */
  readonly subjects: readonly (SubjectCode | undefined)[]
}

/** An entry whose event has not come yet. */
interface Unclaimed {
  readonly first: YearEndTransfer
  transfers: number
}

/** Replays how years were closed and opened again: each entry belongs to one event, and what is closed comes to zero. */
export class YearEndReplay {
  readonly #findings: FindingList
  readonly #years = new Map<number, YearEnd>()
  readonly #unclaimed = new Map<number, Unclaimed>()

  constructor(findings: FindingList) {
    this.#findings = findings
  }

  /** Between batches nothing is unclaimed that will not be a finding. */
  *save(): Generator<CheckpointLine> {
    for (const { year, complete, revision, entries } of [...this.#years.values()].sort((a, b) => a.year - b.year)) {
      yield ['year', year, complete, revision, entries.join(' ')]
    }
  }

  load(fields: CheckpointFields): void {
    const year = fields.number()
    const closed = { complete: fields.flag(), revision: fields.number() }
    const entries = fields
      .text()
      .split(' ')
      .filter((entry) => entry !== '')
      .map(Number)
    this.#years.set(year, { year, ...closed, entries })
  }

  /** Years that are closed wholly. */
  get complete(): readonly number[] {
    return [...this.#years.values()].filter(({ complete }) => complete).map(({ year }) => year)
  }

  begin(): void {
    for (const { first } of this.#unclaimed.values()) this.#breaksRule(first, 'no event tells of the entry')
    this.#unclaimed.clear()
  }

  transfer(transfer: YearEndTransfer): void {
    const classes = transfer.subjects.map((subject) => (subject === undefined ? undefined : SUBJECTS[subject].class))
    const carries =
      transfer.subjects.includes(RETAINED_EARNINGS) && classes.some((of) => of === 'income' || of === 'expense')
    if (!carries) this.#breaksRule(transfer, 'income and expenses are carried into retained earnings')
    if (transfer.isReversal !== (transfer.reverses !== 0)) this.#breaksRule(transfer, 'only opening a year takes back')
    if (transfer.entry === 0) this.#breaksRule(transfer, 'it is one of an entry')
    else {
      const known = this.#unclaimed.get(transfer.entry)
      if (known === undefined) this.#unclaimed.set(transfer.entry, { first: transfer, transfers: 1 })
      else {
        known.transfers += 1
        if (known.first.effectiveOn !== transfer.effectiveOn || known.first.isReversal !== transfer.isReversal) {
          this.#breaksRule(transfer, 'all of an entry close one year')
        }
      }
    }
  }

  apply(event: EventSeen, data: JsonObject, finalThrough: string | null): void {
    const [year, transfers] = [numberOf(data.year), numberOf(data.transfers)]
    const entry = data.entry === null ? 0 : numberOf(data.entry)
    if (year === undefined || transfers === undefined || entry === undefined) {
      this.#findings.add('event_malformed', { batch: event.batch, position: event.position, found: event.kind })
      return
    }
    const isReversal = event.kind === 'year_end_reversed'
    this.#claim(event, entry, { year, transfers, isReversal })
    const before = this.#years.get(year) ?? notClosed(year)
    if ([...this.#years.values()].some((one) => one.year > year && (one.complete || one.entries.length > 0))) {
      this.#breaks(event, 'no later year is closed')
    }
    if (isReversal) {
      const of = data.of === null ? 0 : numberOf(data.of)
      if (of === undefined || (before.entries.at(-1) ?? 0) !== of)
        this.#breaks(event, 'the newest entry is taken back first')
      if (!before.complete && before.entries.length === 0) this.#breaks(event, 'a year that is closed is opened again')
    } else {
      if (before.complete) this.#breaks(event, 'a year is closed once')
      if (finalThrough === null || finalThrough < lastDayOf(year))
        this.#breaks(event, 'the last day of the year is final')
    }
    this.#years.set(year, {
      year,
      entries: isReversal ? before.entries.slice(0, -1) : [...before.entries, ...(entry === 0 ? [] : [entry])],
      complete: !isReversal && data.complete === true,
      revision: before.revision + 1,
    })
  }

  finish(rows: readonly YearEnd[]): void {
    this.begin()
    const seen = new Map(rows.map((row) => [row.year, row]))
    for (const year of new Set([...this.#years.keys(), ...seen.keys()])) {
      const [expected, found] = [yearText(this.#years.get(year)), yearText(seen.get(year))]
      if (expected !== found) this.#findings.add('year_differs', { what: String(year), expected, found })
    }
  }

  #claim(
    event: EventSeen,
    entry: number,
    {
      year,
      transfers,
      isReversal,
    }: { readonly year: number; readonly transfers: number; readonly isReversal: boolean },
  ): void {
    const claimed = this.#unclaimed.get(entry)
    this.#unclaimed.delete(entry)
    if ((claimed?.transfers ?? 0) !== transfers) this.#breaks(event, 'it tells how many transfers the entry has')
    if (claimed === undefined) return
    if (claimed.first.isReversal !== isReversal) this.#breaks(event, 'its entry has the code that it needs')
    if (claimed.first.effectiveOn !== lastDayOf(year))
      this.#breaks(event, 'its entry belongs to the last day of the year')
  }

  #breaks({ batch, position }: EventSeen, what: string): void {
    this.#findings.add('event_breaks_rule', { batch, position, what })
  }

  #breaksRule({ batch, position }: YearEndTransfer, what: string): void {
    this.#findings.add('year_end_breaks_rule', { batch, position, what })
  }
}

function numberOf(text: unknown): number | undefined {
  return typeof text === 'string' && /^(0|[1-9]\d{0,15})$/.test(text) ? Number(text) : undefined
}

function yearText(year: YearEnd | undefined): string {
  return year === undefined
    ? 'no row'
    : `${year.complete ? 'complete' : 'not complete'}, revision ${year.revision}, entries ${year.entries.join(' ')}`
}
