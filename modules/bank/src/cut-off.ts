import {
  type BusinessCalendar,
  beijingDay,
  coversDay,
  err,
  isBusinessDay,
  type Micros,
  nextBusinessDay,
  ok,
  type Result,
  startOfBeijingDay,
} from '@huitong/kernel'
import type { Mode } from './payment.ts'

/** When gross payments are sent: on business days between these times of day, µs from midnight in Beijing. */
export interface Hours {
  readonly calendar: BusinessCalendar
  readonly from: Micros
  readonly until: Micros
}

const HOUR = 3_600_000_000

/** As China's large-value system has had it: half past eight to a quarter past five on business days. */
export const GROSS_FROM = 8.5 * HOUR
export const GROSS_UNTIL = 17.25 * HOUR

/** When a payment made now is sent: at once, or at the next opening. Net payments go round the clock. */
export function sentAt(
  mode: Mode,
  now: Micros,
  { calendar, from, until }: Hours,
): Result<Micros, 'day_not_in_calendar'> {
  if (mode === 'net') return ok(now)
  const today = beijingDay(now)
  if (!coversDay(calendar, today)) return err('day_not_in_calendar')
  const open = startOfBeijingDay(today)
  if (isBusinessDay(calendar, today)) {
    if (now < open + from) return ok(open + from)
    if (now < open + until) return ok(now)
  }
  // The last days of a calendar have no next business day in it.
  if (calendar.last <= today) return err('day_not_in_calendar')
  const next = nextBusinessDay(calendar, today)
  return ok(startOfBeijingDay(next) + from)
}
