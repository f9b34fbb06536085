import { beijingDay, type LocalDate, type Micros, type Money, scaleOf } from '@huitong/kernel'
import { Decimal } from 'decimal.js'
import { type IsoFault, isoFault } from './iso-fault.ts'

/*
 * What must hold in a message beyond its schema, without looking at anything else. Each returns the fault, or undefined when the rule
 * holds. What needs a participant table or an earlier message is the receiver's to look at.
 */

/** The first fault of several rules, in their order. */
export function firstFault(...faults: readonly (IsoFault | undefined)[]): IsoFault | undefined {
  return faults.find((fault) => fault !== undefined)
}

/** The first fault among the items of a list. */
export function faultAmong<T>(items: readonly T[], rule: (item: T) => IsoFault | undefined): IsoFault | undefined {
  for (const item of items) {
    const fault = rule(item)
    if (fault !== undefined) return fault
  }
  return undefined
}

export function countFault(stated: number, items: readonly unknown[], path = 'GrpHdr/NbOfTxs'): IsoFault | undefined {
  return stated === items.length ? undefined : isoFault('wrong_count', path, `${stated} stated, ${items.length} there`)
}

/** The control sum adds the numbers, whatever their currencies. */
export function sumFault(
  stated: string | undefined,
  amounts: readonly Money[],
  path = 'GrpHdr/CtrlSum',
): IsoFault | undefined {
  if (stated === undefined) return undefined
  const sum = amounts.reduce((total, amount) => total.plus(decimal(amount)), new Decimal(0))
  return sum.equals(stated) ? undefined : isoFault('wrong_sum', path, `${stated} stated, ${sum.toFixed()} there`)
}

/** The total has one currency, which every amount must then have. */
export function totalFault(stated: Money | undefined, amounts: readonly Money[], path: string): IsoFault | undefined {
  if (stated === undefined) return undefined
  const sum = amounts.reduce((total, { minor }) => total + minor, 0n)
  const one = amounts.every(({ currency }) => currency === stated.currency)
  return one && sum === stated.minor ? undefined : isoFault('wrong_sum', path)
}

export function settlementDayFault(settles: LocalDate | undefined, createdAt: Micros, path: string) {
  return settles === undefined || settles >= beijingDay(createdAt) ? undefined : isoFault('day_before_message', path)
}

export function sameAgentFault(from: string, to: string, path = 'GrpHdr/InstdAgt'): IsoFault | undefined {
  return from === to ? isoFault('same_agent', path) : undefined
}

export function codeFault(code: string | undefined, set: ReadonlySet<string>, path: string): IsoFault | undefined {
  return code === undefined || set.has(code)
    ? undefined
    : isoFault('unknown_code', path, `"${code}" is not in the code set`)
}

export function repeatedFault(references: readonly string[], path: string): IsoFault | undefined {
  const seen = new Set<string>()
  for (const reference of references) {
    if (seen.has(reference)) return isoFault('repeated_reference', path, `"${reference}" stands twice`)
    seen.add(reference)
  }
  return undefined
}

/** What comes back may not be more than what was sent, nor in another currency. */
export function moreThanOriginalFault(back: Money, original: Money | undefined, path: string): IsoFault | undefined {
  if (original === undefined) return undefined
  return back.currency === original.currency && back.minor <= original.minor
    ? undefined
    : isoFault('more_than_original', path)
}

/** The rate says how many units of the instructed currency one unit of the settlement currency costs; half a minor unit is rounding. */
export function rateFault(
  settled: Money,
  instructed: Money | undefined,
  rate: string | undefined,
  path: string,
): IsoFault | undefined {
  if (instructed === undefined) return undefined
  if (instructed.currency === settled.currency) {
    return instructed.minor >= settled.minor
      ? undefined
      : isoFault('rate_disagrees', path, 'more settles than was instructed')
  }
  if (rate === undefined || !new Decimal(rate).isPositive() || new Decimal(rate).isZero()) {
    return isoFault('rate_disagrees', path, 'two currencies and no rate')
  }
  const expected = decimal(instructed).div(rate)
  const off = expected.minus(decimal(settled)).abs()
  const halfUnit = new Decimal(10).pow(-scaleOf(settled.currency)).div(2)
  return off.lessThanOrEqualTo(halfUnit)
    ? undefined
    : isoFault('rate_disagrees', path, `the rate gives ${expected.toFixed(6)}`)
}

/** An amount as a decimal number of the currency's units. */
function decimal({ minor, currency }: Money): Decimal {
  return new Decimal(minor.toString()).div(new Decimal(10).pow(scaleOf(currency)))
}
