import { type CurrencyCode, counterOf, currencyCode, type JsonObject } from '@huitong/kernel'
import { chartForbids } from './chart.ts'
import { type CheckpointFields, type CheckpointLine, CheckpointUnreadable, type Kept } from './checkpoint-line.ts'
import type { ClosedDay } from './day.ts'
import { DEFAULT_KIND, type InstitutionKind, isInstitutionKind } from './institution-kind.ts'
import type { AccountingSeen } from './verify-accounting-store.ts'
import type { Opening } from './verify-accounts.ts'
import type { BatchRecord } from './verify-chain.ts'
import type { EventSeen } from './verify-event-seen.ts'
import type { FindingList } from './verify-finding.ts'
import { YearEndReplay } from './verify-year-ends.ts'

/** Replays what the journal says of charts, days and years, and compares it with their rows. */
export class AccountingReplay implements Kept {
  readonly names = ['accounting', 'day', 'day_end', 'year']
  readonly years: YearEndReplay
  readonly #findings: FindingList
  #adopted: InstitutionKind | undefined
  #hasAccounts = false
  #finalThrough: string | null = null
  readonly #days = new Map<string, ClosedDay>()
  #batch: Pick<BatchRecord, 'number' | 'at' | 'accountingDay' | 'lastCounter'> | undefined
  /** The counter of the last id that each day gave out, in order: an account's id tells on which day it was opened. */
  readonly #dayEnds: { readonly day: string; readonly lastCounter: number }[] = []

  constructor(findings: FindingList) {
    this.#findings = findings
    this.years = new YearEndReplay(findings)
  }

  *save(): Generator<CheckpointLine> {
    const { number = 0, at = 0, accountingDay = '', lastCounter = 0 } = this.#batch ?? {}
    const settled = [this.#adopted ?? null, this.#hasAccounts, this.#finalThrough]
    yield ['accounting', ...settled, number, at, accountingDay, lastCounter]
    for (const [, { day, nextDay, closedBatch, closedAt, closedBy, tiedBatch }] of this.#days) {
      yield ['day', day, nextDay, closedBatch, closedAt, closedBy, tiedBatch]
    }
    for (const end of this.#dayEnds) yield ['day_end', end.day, end.lastCounter]
    yield* this.years.save()
  }

  load(fields: CheckpointFields): void {
    if (fields.name === 'day_end') this.#dayEnds.push({ day: fields.text(), lastCounter: fields.number() })
    else if (fields.name === 'day') this.#loadDay(fields)
    else if (fields.name === 'year') this.years.load(fields)
    else {
      const kind = fields.orNull((next) => next.text())
      if (kind !== null && !isInstitutionKind(kind)) throw new CheckpointUnreadable(`kind ${kind}`)
      this.#adopted = kind ?? undefined
      this.#hasAccounts = fields.flag()
      this.#finalThrough = fields.orNull((next) => next.text())
      const place = { number: fields.number(), at: fields.number() }
      this.#batch = { ...place, accountingDay: fields.text(), lastCounter: fields.number() }
    }
  }

  #loadDay(fields: CheckpointFields): void {
    const day = fields.text()
    this.#days.set(day, {
      day,
      nextDay: fields.text(),
      closedBatch: fields.number(),
      closedAt: fields.number(),
      closedBy: fields.orNull((next) => next.text()),
      tiedBatch: fields.orNull((next) => next.number()),
    })
  }

  begin(batch: BatchRecord): void {
    const before = this.#batch
    if (before !== undefined && before.accountingDay !== batch.accountingDay) {
      this.#dayEnds.push({ day: before.accountingDay, lastCounter: before.lastCounter })
    }
    this.#batch = batch
    this.years.begin()
  }

  /** True when the event was one of accounting, and was dealt with. */
  apply(event: EventSeen, data: JsonObject): boolean {
    switch (event.kind) {
      case 'chart_adopted':
        this.#chartAdopted(event, data)
        return true
      case 'day_tied':
        this.#dayTied(event, data)
        return true
      case 'days_finalized':
        this.#daysFinalized(event, data)
        return true
      case 'year_end_posted':
      case 'year_end_reversed':
        this.years.apply(event, data, this.#finalThrough)
        return true
      default:
        return false
    }
  }

  opened({ batch, position, account }: EventSeen, { subject, currency }: Opening): void {
    this.#hasAccounts = true
    const code = currencyCode(currency)
    const forbidden = code.ok ? this.#forbids(subject, code.value) : 'unknown currency'
    if (forbidden !== undefined) {
      this.#findings.add('account_breaks_chart', { batch, position, account, what: forbidden, found: subject })
    }
  }

  /** A day close that the chain accepted. */
  dayClosed(day: string, nextDay: string, { by }: JsonObject): void {
    const batch = this.#batch
    if (batch === undefined) return
    const closedBy = typeof by === 'string' ? by : null
    this.#days.set(day, { day, nextDay, closedBatch: batch.number, closedAt: batch.at, closedBy, tiedBatch: null })
  }

  /** Holds a back-dated transfer against the rules of its time. */
  backDated(batch: BatchRecord, position: number, effectiveOn: string, accounts: readonly number[]): void {
    const breaks = (what: string, account?: number) =>
      this.#findings.add('back_dating_breaks_rule', {
        ...{ batch: batch.number, position, what, found: effectiveOn },
        ...(account === undefined ? {} : { account }),
      })
    if (effectiveOn >= batch.accountingDay) breaks('a transfer is back-dated to an earlier day')
    if (this.#finalThrough !== null && effectiveOn <= this.#finalThrough) breaks('a final day takes no more')
    for (const account of accounts) {
      if (this.#openedOn(account) > effectiveOn) breaks('both accounts were open on the day', account)
    }
  }

  /** Compares the rows as of the last batch of the replay. */
  finish(seen: AccountingSeen): void {
    const isSettled = this.#adopted !== undefined || this.#finalThrough !== null
    this.#differs('kind', isSettled ? (this.#adopted ?? DEFAULT_KIND) : null, seen.kind)
    this.#differs('final_through', this.#finalThrough, seen.finalThrough)
    this.years.finish(seen.years)
    const rows = new Map(seen.days.map((day) => [day.day, day]))
    for (const [day, expected] of this.#days) {
      const found = rows.get(day)
      const wanted = dayText(expected)
      if (found === undefined) this.#findings.add('day_differs', { what: day, expected: wanted, found: 'no row' })
      else if (dayText(found) !== wanted) {
        this.#findings.add('day_differs', { what: day, expected: wanted, found: dayText(found) })
      }
    }
    for (const [day, row] of rows) {
      if (!this.#days.has(day))
        this.#findings.add('day_differs', { what: day, expected: 'no row', found: dayText(row) })
    }
  }

  #differs(what: string, expected: string | null, found: string | null): void {
    if (expected === found) return
    this.#findings.add('settings_differ', { what, expected: expected ?? 'none', found: found ?? 'none' })
  }

  #forbids(subject: Opening['subject'], currency: CurrencyCode): string | undefined {
    return chartForbids(this.#adopted ?? DEFAULT_KIND, subject, currency)
  }

  #openedOn(account: number): string {
    const counter = counterOf(account)
    const end = this.#dayEnds.find((one) => one.lastCounter >= counter)
    return end?.day ?? this.#batch?.accountingDay ?? ''
  }

  #chartAdopted(event: EventSeen, { kind }: JsonObject): void {
    if (typeof kind !== 'string' || !isInstitutionKind(kind)) this.#malformed(event)
    else if (this.#adopted !== undefined || (this.#hasAccounts && kind !== DEFAULT_KIND)) {
      this.#breaks(event, 'a chart is adopted once, before the first account')
    } else this.#adopted = kind
  }

  #dayTied(event: EventSeen, { day, batch }: JsonObject): void {
    const tiedBatch = typeof batch === 'string' && /^[1-9]\d{0,14}$/.test(batch) ? Number(batch) : Number.NaN
    const closed = typeof day === 'string' ? this.#days.get(day) : undefined
    if (typeof day !== 'string' || !Number.isSafeInteger(tiedBatch)) this.#malformed(event)
    else if (closed === undefined || closed.tiedBatch !== null || tiedBatch < closed.closedBatch) {
      this.#breaks(event, 'a closed day is tied once')
    } else this.#days.set(day, { ...closed, tiedBatch })
  }

  #daysFinalized(event: EventSeen, { through }: JsonObject): void {
    const closed = typeof through === 'string' ? this.#days.get(through) : undefined
    if (typeof through !== 'string') this.#malformed(event)
    else if (closed === undefined || closed.tiedBatch === null) this.#breaks(event, 'a tied day becomes final')
    else if (this.#finalThrough !== null && through <= this.#finalThrough)
      this.#breaks(event, 'days become final in order')
    else this.#finalThrough = through
  }

  #malformed({ batch, position, account, kind }: EventSeen): void {
    this.#findings.add('event_malformed', { batch, position, account, found: kind })
  }

  #breaks({ batch, position, account }: EventSeen, what: string): void {
    this.#findings.add('event_breaks_rule', { batch, position, account, what })
  }
}

function dayText({ nextDay, closedBatch, closedAt, closedBy, tiedBatch }: ClosedDay): string {
  return `next ${nextDay}, closed in batch ${closedBatch} at ${closedAt} by ${closedBy ?? 'nobody told'}, tied as of ${tiedBatch ?? 'no batch'}`
}
