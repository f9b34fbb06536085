import { invariant } from './assert.ts'
import { addDays, type LocalDate, localDate, weekday } from './local-date.ts'

/** Which days are business days, for a known stretch of days. */
export interface BusinessCalendar {
  readonly name: string
  readonly first: LocalDate
  readonly last: LocalDate
  /** Closed although, for some of them, the weekday is Monday to Friday. */
  readonly holidays: ReadonlySet<LocalDate>
  /** Open although the weekday is Saturday or Sunday. */
  readonly workingWeekends: ReadonlySet<LocalDate>
}

/** A calendar as data; every day as `YYYY-MM-DD`, both ends of a stretch included. */
export interface CalendarData {
  readonly name: string
  readonly source: string
  readonly first: string
  readonly last: string
  readonly holidays: readonly { readonly name: string; readonly from: string; readonly to: string }[]
  readonly workingWeekends: readonly string[]
}

/**
 * Asked about a day that the calendar does not know. It is thrown and not returned: a caller that forgot to look at a
 * returned refusal would take it for "open". Ask `coversDay` first where such a day can come from outside.
 */
export class OutsideCalendarError extends Error {
  override readonly name = 'OutsideCalendarError'
  readonly day: LocalDate

  constructor(calendar: BusinessCalendar, day: LocalDate) {
    super(`the calendar ${calendar.name} knows ${calendar.first} to ${calendar.last}, not ${day}`)
    this.day = day
  }
}

/** Builds a calendar from data and checks that the data agree with the week. */
export function businessCalendar(data: CalendarData): BusinessCalendar {
  const first = knownDay(data.first)
  const last = knownDay(data.last)
  const holidays = new Set<LocalDate>()
  for (const holiday of data.holidays) {
    const to = knownDay(holiday.to)
    for (let day = knownDay(holiday.from); day <= to; day = addDays(day, 1)) holidays.add(day)
  }
  const workingWeekends = new Set(data.workingWeekends.map(knownDay))
  for (const day of workingWeekends) {
    invariant(weekday(day) > 5, `${day} is no weekend`)
    invariant(!holidays.has(day), `${day} is a holiday and a working day`)
  }
  for (const day of [...holidays, ...workingWeekends]) {
    invariant(day >= first && day <= last, `${day} is outside its calendar`)
  }
  return { name: data.name, first, last, holidays, workingWeekends }
}

function knownDay(text: string): LocalDate {
  const day = localDate(text)
  invariant(day.ok, `malformed day in calendar data: ${text}`)
  return day.value
}

export function coversDay(calendar: BusinessCalendar, day: LocalDate): boolean {
  return day >= calendar.first && day <= calendar.last
}

/** Throws OutsideCalendarError for a day that the calendar does not know; it never guesses. */
export function isBusinessDay(calendar: BusinessCalendar, day: LocalDate): boolean {
  if (!coversDay(calendar, day)) throw new OutsideCalendarError(calendar, day)
  if (calendar.workingWeekends.has(day)) return true
  return weekday(day) <= 5 && !calendar.holidays.has(day)
}

/** The first business day after the given day (never the day itself). Throws OutsideCalendarError past the calendar's end. */
export function nextBusinessDay(calendar: BusinessCalendar, day: LocalDate): LocalDate {
  let next = addDays(day, 1)
  while (!isBusinessDay(calendar, next)) next = addDays(next, 1)
  return next
}

/**
 * The given number of business days after a day: T+1 of a Friday and of the Saturday after it is Monday. Zero gives the day
 * itself if it is a business day, else the first one after it. Throws OutsideCalendarError past the calendar's end.
 */
export function addBusinessDays(calendar: BusinessCalendar, day: LocalDate, count: number): LocalDate {
  invariant(Number.isSafeInteger(count) && count >= 0, `not a number of business days: ${count}`)
  if (count === 0) return isBusinessDay(calendar, day) ? day : nextBusinessDay(calendar, day)
  let result = day
  for (let step = 0; step < count; step += 1) result = nextBusinessDay(calendar, result)
  return result
}
