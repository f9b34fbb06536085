import { beijingDay, invariant, localDate } from '@huitong/kernel'

/*
 * Numbers of 28 digits, as merchants' systems expect them: the day in Beijing, a series, and the id. The id stands in the number
 * whole, so a look-up by number is one by id and needs no index of its own.
 */

/** First four digits after the day. */
const SERIES = { trade: '2200', transfer: '1100', authorisation: '1000', operation: '1001' } as const
export type NumberSeries = keyof typeof SERIES

const SUFFIX_END = 1_000_000_000_000_000
const NUMBER = /^(\d{4})(\d{2})(\d{2})(\d{4})(\d)(\d{15})$/

/**
 * `yyyyMMdd` + series + one digit + 15 digits. The one digit is 1 for ids below 10^15 and goes up by one for every further 10^15
 * (9 is followed by 0), which covers every id there can be.
 */
export function longNumber(series: NumberSeries, id: number, createdAt: number): string {
  invariant(Number.isSafeInteger(id) && id > 0, `not an id: ${id}`)
  const high = Math.floor(id / SUFFIX_END)
  const suffix = String(id - high * SUFFIX_END).padStart(15, '0')
  return `${beijingDay(createdAt).replaceAll('-', '')}${SERIES[series]}${(high + 1) % 10}${suffix}`
}

/** The id in a number, or undefined when it is not one of the series. Whoever finds the row compares its whole number. */
export function idInLongNumber(series: NumberSeries, text: string): number | undefined {
  const match = NUMBER.exec(text)
  if (match === null) return undefined
  const [, year, month, day, found, digit, suffix] = match
  if (found !== SERIES[series] || !localDate(`${year}-${month}-${day}`).ok) return undefined
  const id = ((Number(digit) + 9) % 10) * SUFFIX_END + Number(suffix)
  return Number.isSafeInteger(id) && id > 0 ? id : undefined
}

/** Whether the row's creation day is the one in the number: the same id under another day is another number. */
export function isNumberOf(series: NumberSeries, text: string, id: number, createdAt: number): boolean {
  return longNumber(series, id, createdAt) === text
}
