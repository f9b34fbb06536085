import type { CheckpointFields, CheckpointLine, Kept } from './checkpoint-line.ts'
import type { DayTotal } from './day-total-store.ts'
import { dayTotalKey } from './day-total-store.ts'
import { SUBJECTS, type SubjectCode, subjectCode } from './subjects.ts'
import { isYearEnd, TRANSFER_KINDS, transferCodeOf } from './transfer.ts'
import type { AccountingReplay } from './verify-accounting.ts'
import type { AccountReplay, Opening } from './verify-accounts.ts'
import type { BatchRecord } from './verify-chain.ts'
import type { FindingList } from './verify-finding.ts'
import { TRANSFER_COLUMNS as COLUMN, type CopiedRow } from './verify-rows.ts'
import { lastDayOf } from './year-end.ts'

const { posted: POSTED, captured: CAPTURED } = TRANSFER_KINDS
const DAY_MILLIS = 86_400_000

/** What the journal makes of one row of `ledger_day_totals`. */
interface Expected {
  debitsMinor: bigint
  creditsMinor: bigint
  entries: number
  /** The last batch that added to it. */
  through: number
  readonly row: DayTotal | undefined
  isCompared: boolean
}

/**
 * Adds up what each day moves by subject and currency, and holds the rows against it. A row may be some batches late: it must be what
 * the journal made of it as of the batch that it names, and no batch up to the one that the head promises may be missing in it.
 */
export class DayTotalReplay implements Kept {
  readonly names = ['day_total']
  readonly #accounts: AccountReplay
  readonly #accounting: AccountingReplay
  readonly #findings: FindingList
  readonly #flushed: number
  readonly #rows: ReadonlyMap<string, DayTotal>
  readonly #expected = new Map<string, Expected>()
  /** Those of the batch's own day, by the account's kind: nearly all transfers belong to one of these. */
  #today: (Expected | undefined)[] = []
  #todayIs = ''

  constructor(
    accounts: AccountReplay,
    accounting: AccountingReplay,
    findings: FindingList,
    rows: readonly DayTotal[],
    flushed: number,
  ) {
    this.#accounts = accounts
    this.#accounting = accounting
    this.#findings = findings
    this.#rows = new Map(rows.map((row) => [dayTotalKey(row), row]))
    this.#flushed = flushed
  }

  *save(): Generator<CheckpointLine> {
    for (const [key, expected] of [...this.#expected].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const { debitsMinor, creditsMinor, entries, through } = expected
      yield ['day_total', key, String(debitsMinor), String(creditsMinor), entries, through]
    }
  }

  /** The row is compared again, as it is now: it may have changed since. */
  load(fields: CheckpointFields): void {
    const key = fields.text()
    const sums = { debitsMinor: fields.minor(), creditsMinor: fields.minor() }
    const counts = { entries: fields.number(), through: fields.number() }
    this.#expected.set(key, { ...sums, ...counts, row: this.#rows.get(key), isCompared: false })
  }

  apply(row: CopiedRow, batch: BatchRecord): void {
    const kind = row.number(COLUMN.kind)
    if (kind !== POSTED && kind !== CAPTURED) return
    const code = transferCodeOf(row.number(COLUMN.code))
    const yearEnd = code !== undefined && isYearEnd(code)
    const effectiveDays = row.number(COLUMN.effectiveDays)
    const debit = row.number(COLUMN.debit)
    const credit = row.number(COLUMN.credit)
    if (effectiveDays !== 0 && !yearEnd) {
      this.#accounting.backDated(batch, row.number(COLUMN.position), dayOf(effectiveDays), [debit, credit])
    }
    if (code !== undefined && yearEnd) {
      this.#accounting.years.transfer({
        ...{ batch: batch.number, position: row.number(COLUMN.position), entry: row.number(COLUMN.entry) },
        ...{ reverses: row.number(COLUMN.reverses), isReversal: code === 'year_end_reversal' },
        effectiveOn: effectiveDays === 0 ? undefined : dayOf(effectiveDays),
        subjects: [this.#subjectOf(debit), this.#subjectOf(credit)],
      })
    }
    const amount = row.bigint(COLUMN.amount)
    this.#add(debit, amount, 0n, batch, effectiveDays, yearEnd)
    this.#add(credit, 0n, amount, batch, effectiveDays, yearEnd)
  }

  #add(
    account: number,
    debitMinor: bigint,
    creditMinor: bigint,
    batch: BatchRecord,
    effectiveDays: number,
    yearEnd: boolean,
  ): void {
    const expected = this.#expectedOf(account, batch, effectiveDays, yearEnd)
    // Of an account that was not opened, another finding tells.
    if (expected === undefined) return
    if (expected.row !== undefined && !expected.isCompared && batch.number > expected.row.through) {
      this.#compare(expected.row, expected)
      if (batch.number <= this.#flushed) {
        const facts = { batch: batch.number, what: dayTotalKey(expected.row), found: String(expected.row.through) }
        this.#findings.add('day_total_behind_flushed', facts)
      }
    }
    expected.debitsMinor += debitMinor
    expected.creditsMinor += creditMinor
    expected.entries += 1
    expected.through = batch.number
  }

  #expectedOf(account: number, batch: BatchRecord, effectiveDays: number, yearEnd: boolean): Expected | undefined {
    const place = this.#accounts.place(account)
    if (effectiveDays !== 0 || yearEnd) {
      const opening = place === -1 ? undefined : this.#accounts.opening(place)
      const effectiveOn = effectiveDays === 0 ? batch.accountingDay : dayOf(effectiveDays)
      return opening === undefined ? undefined : this.#under(opening, batch.accountingDay, effectiveOn, yearEnd)
    }
    if (batch.accountingDay !== this.#todayIs) {
      this.#todayIs = batch.accountingDay
      this.#today = []
    }
    if (place === -1) return undefined
    const kind = this.#accounts.kindNumber(place)
    const known = this.#today[kind]
    if (known !== undefined) return known
    const opening = this.#accounts.opening(place)
    if (opening === undefined) return undefined
    const made = this.#under(opening, batch.accountingDay, batch.accountingDay, false)
    this.#today[kind] = made
    return made
  }

  #under({ subject, currency }: Opening, day: string, effectiveOn: string, yearEnd: boolean): Expected {
    const key = `${day} ${effectiveOn} ${yearEnd} ${subject} ${currency}`
    const known = this.#expected.get(key)
    if (known !== undefined) return known
    const row = this.#rows.get(key)
    const made = { debitsMinor: 0n, creditsMinor: 0n, entries: 0, through: 0, row, isCompared: false }
    this.#expected.set(key, made)
    return made
  }

  #subjectOf(account: number): SubjectCode | undefined {
    const place = this.#accounts.place(account)
    return place === -1 ? undefined : this.#accounts.opening(place)?.subject
  }

  finish(): void {
    for (const year of this.#accounting.years.complete) this.#carried(year)
    for (const [key, expected] of this.#expected) {
      if (expected.row === undefined) {
        if (expected.through <= this.#flushed) this.#findings.add('day_total_missing', { what: key })
      } else if (!expected.isCompared) this.#compare(expected.row, expected)
    }
    for (const key of this.#rows.keys()) {
      if (!this.#expected.has(key)) this.#findings.add('day_total_not_journaled', { what: key })
    }
  }

  /** What belongs to a closed year or an earlier one comes to zero with the transfers that closed it. */
  #carried(year: number): void {
    const left = new Map<string, bigint>()
    for (const [key, { debitsMinor, creditsMinor }] of this.#expected) {
      const [, effectiveOn = '', , subject = '', currency] = key.split(' ')
      const code = subjectCode(subject)
      if (code === undefined || effectiveOn > lastDayOf(year)) continue
      const of = SUBJECTS[code].class
      if (of !== 'income' && of !== 'expense') continue
      const name = `${subject} ${currency}`
      left.set(name, (left.get(name) ?? 0n) + creditsMinor - debitsMinor)
    }
    for (const [name, minor] of left) {
      if (minor !== 0n) {
        this.#findings.add('year_not_carried', { what: `${year} ${name}`, expected: '0', found: String(minor) })
      }
    }
  }

  #compare(row: DayTotal, expected: Expected): void {
    expected.isCompared = true
    const fields = [
      ['debits_minor', expected.debitsMinor, row.debitsMinor],
      ['credits_minor', expected.creditsMinor, row.creditsMinor],
      ['entries', expected.entries, row.entries],
      ['through', expected.through, row.through],
    ] as const
    for (const [name, wanted, found] of fields) {
      if (wanted === found) continue
      const what = `${name} of ${dayTotalKey(row)}`
      this.#findings.add('day_total_differs', { what, expected: String(wanted), found: String(found) })
    }
  }
}

function dayOf(days: number): string {
  const date = new Date(days * DAY_MILLIS)
  return Number.isNaN(date.getTime()) ? 'no day' : date.toISOString().slice(0, 10)
}
