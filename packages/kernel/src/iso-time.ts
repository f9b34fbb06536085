import { invariant } from './assert.ts'
import type { Micros } from './clock.ts'
import { err, ok, type Result } from './result.ts'

const ISO = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?(?:Z|([+-])(\d{2}):(\d{2}))$/

/** RFC 3339 in UTC with six digits: "2026-11-22T04:50:55.000123Z". */
export function microsToIso(micros: Micros): string {
  invariant(Number.isSafeInteger(micros), `not a time in microseconds: ${micros}`)
  const millis = Math.floor(micros / 1000)
  const rest = String(micros - millis * 1000).padStart(3, '0')
  return `${new Date(millis).toISOString().slice(0, -1)}${rest}Z`
}

/**
 * Reads RFC 3339 with `Z` or an offset and up to six fraction digits. More digits are refused rather than cut, and so are
 * days that do not exist and the leap second, which no clock here can show.
 */
export function isoToMicros(text: string): Result<Micros, 'malformed_time'> {
  const match = ISO.exec(text)
  if (match === null) return err('malformed_time')
  const [, local = '', fraction = '', sign, offsetHours = '0', offsetMinutes = '0'] = match
  const millis = Date.parse(`${local}Z`)
  // Date.parse accepts some days and hours that do not exist ("02-30", "24:00") and moves them on: writing back shows it.
  if (Number.isNaN(millis) || new Date(millis).toISOString().slice(0, 19) !== local) return err('malformed_time')
  const hours = Number(offsetHours)
  const minutes = Number(offsetMinutes)
  if (hours > 23 || minutes > 59) return err('malformed_time')
  const offset = (hours * 60 + minutes) * 60_000_000 * (sign === '-' ? -1 : 1)
  const micros = millis * 1000 + Number(fraction.padEnd(6, '0')) - offset
  return Number.isSafeInteger(micros) ? ok(micros) : err('malformed_time')
}
