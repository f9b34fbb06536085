import { describe, expect, test } from 'vitest'
import { InvariantError } from './assert.ts'
import {
  addBusinessDays,
  businessCalendar,
  coversDay,
  isBusinessDay,
  nextBusinessDay,
  OutsideCalendarError,
} from './calendar.ts'
import { CHINA_2026 } from './calendar-cn-2026.ts'
import { isoToMicros } from './iso-time.ts'
import { addDays, beijingDay, type LocalDate, localDate, startOfBeijingDay, weekday } from './local-date.ts'

function day(text: string): LocalDate {
  const read = localDate(text)
  if (!read.ok) throw new Error(`no day: ${text}`)
  return read.value
}

function micros(text: string): number {
  const read = isoToMicros(text)
  if (!read.ok) throw new Error(`no time: ${text}`)
  return read.value
}

describe('days', () => {
  test.each(['2026-2-1', '2026-02-29', '2026-02-30', '2026-00-01', '', '2026-01-01 ', '20260101'])(
    '%j is no day',
    (text) => {
      expect(localDate(text)).toEqual({ ok: false, error: 'malformed_date' })
    },
  )

  test('a day begins in Beijing at 16:00 UTC of the day before', () => {
    expect(beijingDay(micros('2026-11-21T15:59:59.999999Z'))).toBe('2026-11-21')
    expect(beijingDay(micros('2026-11-21T16:00:00Z'))).toBe('2026-11-22')
    expect(startOfBeijingDay(day('2026-11-22'))).toBe(micros('2026-11-21T16:00:00Z'))
    expect(beijingDay(micros('1969-12-31T15:59:59Z'))).toBe('1969-12-31')
  })

  test('days are added across months and leap days', () => {
    expect(addDays(day('2024-02-28'), 1)).toBe('2024-02-29')
    expect(addDays(day('2026-03-01'), -1)).toBe('2026-02-28')
    expect(addDays(day('2026-12-31'), 1)).toBe('2027-01-01')
  })

  test.each([
    ['2026-11-22', 7],
    ['2026-11-23', 1],
    ['1970-01-01', 4],
    ['1969-12-31', 3],
    ['1949-10-01', 6],
  ])('%s is weekday %i', (text, number) => {
    expect(weekday(day(text))).toBe(number)
  })
})

describe('the business days of China in 2026', () => {
  const rows: readonly (readonly [string, boolean, string])[] = [
    ['2026-01-01', false, 'New Year'],
    ['2026-01-02', false, 'New Year, a Friday'],
    ['2026-01-04', true, 'a Sunday to make up'],
    ['2026-02-14', true, 'a Saturday to make up'],
    ['2026-02-16', false, 'Spring Festival, a Monday'],
    ['2026-02-23', false, 'last day of Spring Festival, a Monday'],
    ['2026-02-24', true, 'after Spring Festival'],
    ['2026-02-28', true, 'a Saturday to make up'],
    ['2026-04-06', false, 'Tomb-Sweeping, a Monday'],
    ['2026-05-05', false, 'Labour Day, a Tuesday'],
    ['2026-05-09', true, 'a Saturday to make up'],
    ['2026-06-19', false, 'Dragon Boat, a Friday'],
    ['2026-09-20', true, 'a Sunday to make up'],
    ['2026-09-25', false, 'Mid-Autumn, a Friday'],
    ['2026-10-07', false, 'National Day, a Wednesday'],
    ['2026-10-08', true, 'after National Day'],
    ['2026-10-10', true, 'a Saturday to make up'],
    ['2026-11-20', true, 'a plain Friday'],
    ['2026-11-22', false, 'a plain Sunday'],
    ['2026-12-31', true, 'a plain Thursday'],
  ]
  test.each(rows)('%s: business day %s (%s)', (text, open) => {
    expect(isBusinessDay(CHINA_2026, day(text))).toBe(open)
  })

  test('there are 248: 261 weekdays, 19 of them holidays, 6 weekends to make up', () => {
    let count = 0
    for (let at = CHINA_2026.first; at <= CHINA_2026.last; at = addDays(at, 1)) {
      if (isBusinessDay(CHINA_2026, at)) count += 1
    }
    expect(count).toBe(248)
  })

  test('the next one is found over holidays and made-up weekends', () => {
    expect(nextBusinessDay(CHINA_2026, day('2026-09-30'))).toBe('2026-10-08')
    expect(nextBusinessDay(CHINA_2026, day('2026-02-13'))).toBe('2026-02-14')
    expect(nextBusinessDay(CHINA_2026, day('2026-02-14'))).toBe('2026-02-24')
  })

  test('T+n counts business days after the day', () => {
    expect(addBusinessDays(CHINA_2026, day('2026-11-20'), 1)).toBe('2026-11-23')
    expect(addBusinessDays(CHINA_2026, day('2026-11-21'), 1)).toBe('2026-11-23')
    expect(addBusinessDays(CHINA_2026, day('2026-09-30'), 3)).toBe('2026-10-10')
    expect(addBusinessDays(CHINA_2026, day('2026-11-21'), 0)).toBe('2026-11-23')
    expect(addBusinessDays(CHINA_2026, day('2026-11-20'), 0)).toBe('2026-11-20')
    expect(() => addBusinessDays(CHINA_2026, day('2026-11-20'), -1)).toThrow(InvariantError)
  })

  test('a day that the calendar does not know is refused, never guessed', () => {
    expect(coversDay(CHINA_2026, day('2027-01-01'))).toBe(false)
    expect(() => isBusinessDay(CHINA_2026, day('2027-01-01'))).toThrow(OutsideCalendarError)
    expect(() => isBusinessDay(CHINA_2026, day('2025-12-31'))).toThrow(OutsideCalendarError)
    expect(() => nextBusinessDay(CHINA_2026, day('2026-12-31'))).toThrow(OutsideCalendarError)
  })
})

describe('calendar data that contradict themselves', () => {
  const sound = { name: 'x', source: 'x', first: '2026-01-01', last: '2026-12-31', holidays: [], workingWeekends: [] }
  test.each([
    ['a working weekend on a Monday', { ...sound, workingWeekends: ['2026-11-23'] }],
    ['a holiday outside the calendar', { ...sound, holidays: [{ name: 'x', from: '2027-01-01', to: '2027-01-01' }] }],
    ['a day that does not exist', { ...sound, workingWeekends: ['2026-02-30'] }],
    [
      'a holiday that is a working day',
      {
        ...sound,
        holidays: [{ name: 'x', from: '2026-11-22', to: '2026-11-22' }],
        workingWeekends: ['2026-11-22'],
      },
    ],
  ])('are refused: %s', (_, data) => {
    expect(() => businessCalendar(data)).toThrow(InvariantError)
  })
})
