import {
  addDays,
  beijingDay,
  err,
  isoToMicros,
  MICROS_PER_SECOND,
  type Micros,
  microsToIso,
  ok,
  type Result,
  startOfBeijingDay,
} from '@huitong/kernel'

const BEIJING_OFFSET: Micros = 8 * 3600 * MICROS_PER_SECOND
const MINUTE: Micros = 60 * MICROS_PER_SECOND
const UNITS = { m: MINUTE, h: 60 * MINUTE, d: 1440 * MINUTE } as const
const LIFE_MAX: Micros = 15 * UNITS.d

/** `yyyy-MM-dd HH:mm:ss` in Beijing; with `millis` also `.SSS`, which one field of notifications has. */
export function alipayTime(at: Micros, options: { readonly millis?: boolean } = {}): string {
  const iso = microsToIso(at + BEIJING_OFFSET)
  return iso.slice(0, options.millis === true ? 23 : 19).replace('T', ' ')
}

/** Reads `yyyy-MM-dd HH:mm:ss` as a time in Beijing. */
export function readAlipayTime(written: string): Result<Micros, string> {
  const form = 'must be a time such as 2026-11-22 13:05:00, in Beijing'
  if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(written)) return err(form)
  const read = isoToMicros(`${written.replace(' ', 'T')}+08:00`)
  return read.ok ? read : err(form)
}

/** How long an order may wait: for a length of time, or until the day ends in Beijing (`1c`). */
export type AlipayLife = { readonly micros: Micros } | { readonly until: 'midnight' }

/** Reads `1m` to `15d` (m, h, d, whole numbers) or `1c`. */
export function readAlipayLife(written: string): Result<AlipayLife, string> {
  if (written === '1c') return ok({ until: 'midnight' })
  const match = /^([1-9][0-9]{0,4})([mhd])$/.exec(written)
  const unit = match?.[2]
  if (match === null || (unit !== 'm' && unit !== 'h' && unit !== 'd')) return err(LIFE_FORM)
  const micros = Number(match[1]) * UNITS[unit]
  return micros <= LIFE_MAX ? ok({ micros }) : err(LIFE_FORM)
}

const LIFE_FORM = 'must be 1m to 15d in whole m, h or d, or 1c'

/** When a life that begins now is over. */
export function endOfLife(life: AlipayLife, now: Micros): Micros {
  return 'micros' in life ? now + life.micros : startOfBeijingDay(addDays(beijingDay(now), 1))
}
