import { xml } from '@huitong/formats'
import {
  type CurrencyCode,
  currencyCode,
  err,
  formatAmount,
  isoToMicros,
  type LocalDate,
  localDate,
  type Micros,
  type Money,
  microsToIso,
  ok,
  parseAmount,
} from '@huitong/kernel'
import { type Field, leaf } from './field.ts'
import { isoFault } from './iso-fault.ts'

/** A time; without an offset from UTC it is refused. Written in Beijing time to the millisecond, as the participants' days are Beijing's. */
export function time(path: string): Field<Micros> {
  return leaf(path, {
    read(element, where) {
      const read = isoToMicros(element.text)
      return read.ok ? read : err(isoFault('malformed_time', where, `"${element.text}" is no time with an offset`))
    },
    write: (value, name) => xml(name, beijingTime(value)),
  })
}

export function day(path: string): Field<LocalDate> {
  return leaf(path, {
    read(element, where) {
      const read = localDate(element.text)
      return read.ok ? read : err(isoFault('malformed_time', where, `"${element.text}" is no day`))
    },
    write: (value, name) => xml(name, value),
  })
}

/** An amount with its currency, above zero unless said otherwise. */
export function amount(path: string, { allowZero = false }: { readonly allowZero?: boolean } = {}): Field<Money> {
  return leaf(path, {
    read(element, where) {
      const code = currencyCode(element.attributes.get('Ccy') ?? '')
      if (!code.ok) return err(isoFault('unknown_currency', `${where}/@Ccy`))
      const minor = parseAmount(element.text, code.value, { allowZero })
      if (minor.ok) return ok({ minor: minor.value, currency: code.value })
      return err(isoFault('malformed_amount', where, `"${element.text}" ${code.value}: ${minor.error}`))
    },
    write: ({ minor, currency }, name) => xml(name, formatAmount(minor, currency), { Ccy: currency }),
  })
}

/** The code of a currency. */
export function currency(path: string): Field<CurrencyCode> {
  return leaf(path, {
    read(element, where) {
      const code = currencyCode(element.text)
      return code.ok ? code : err(isoFault('unknown_currency', where))
    },
    write: (value, name) => xml(name, value),
  })
}

function beijingTime(micros: Micros): string {
  const local = microsToIso(micros + 8 * 3_600_000_000)
  return `${local.slice(0, 23)}+08:00`
}
