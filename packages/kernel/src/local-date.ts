import { invariant } from './assert.ts'
import type { Brand } from './brand.ts'
import type { Micros } from './clock.ts'
import { err, ok, type Result } from './result.ts'

/** A day without a time of day, as `YYYY-MM-DD`; compares in order as text. */
export type LocalDate = Brand<string, 'LocalDate'>

const DAY_MICROS = 86_400_000_000
// Beijing has kept UTC+8 without summer time since 1992; no day before that is computed here.
const BEIJING_OFFSET_MICROS = 8 * 3_600_000_000

/** Reads `YYYY-MM-DD`; a day that does not exist is malformed. */
export function localDate(text: string): Result<LocalDate, 'malformed_date'> {
  return isLocalDate(text) ? ok(text) : err('malformed_date')
}

function isLocalDate(text: string): text is LocalDate {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const millis = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(millis) && new Date(millis).toISOString().slice(0, 10) === text
}

/** The day that it is in Beijing at this time. */
export function beijingDay(micros: Micros): LocalDate {
  const number = Math.floor((micros + BEIJING_OFFSET_MICROS) / DAY_MICROS)
  // Each payment asks several times what day it is, and nearly always it is the same one.
  if (number !== lastAsked.number) lastAsked = { number, day: dayOfNumber(number) }
  return lastAsked.day
}

let lastAsked = { number: 0, day: dayOfNumber(0) }

/** The first microsecond of a day in Beijing. */
export function startOfBeijingDay(day: LocalDate): Micros {
  return dayNumber(day) * DAY_MICROS - BEIJING_OFFSET_MICROS
}

/** The day that many calendar days later (or earlier, if negative). */
export function addDays(day: LocalDate, days: number): LocalDate {
  invariant(Number.isSafeInteger(days), `not a whole number of days: ${days}`)
  return dayOfNumber(dayNumber(day) + days)
}

/** 1 for Monday to 7 for Sunday (ISO 8601). */
export function weekday(day: LocalDate): number {
  // Day 0, 1970-01-01, was a Thursday.
  return ((((dayNumber(day) + 3) % 7) + 7) % 7) + 1
}

function dayNumber(day: LocalDate): number {
  return Date.parse(`${day}T00:00:00Z`) / 86_400_000
}

function dayOfNumber(number: number): LocalDate {
  const text = new Date(number * 86_400_000).toISOString().slice(0, 10)
  invariant(isLocalDate(text), `day out of range: ${number}`)
  return text
}
