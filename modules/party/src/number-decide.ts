import type { WorkingSet } from '@huitong/committer'
import { numberSeriesTable } from './number-store.ts'
import { type NumberSeries, publicNumber } from './public-number.ts'

/** Gives out public numbers within decide. A number that a refused command took is given out again. */
export interface NextNumber {
  need(series: NumberSeries): void
  take(series: NumberSeries): string
}

export function createNextNumber(set: WorkingSet): NextNumber {
  const lastOrdinals = set.table(numberSeriesTable)
  return {
    need: (series) => lastOrdinals.need(series),
    take: (series) => {
      const ordinal = (lastOrdinals.get(series) ?? 0) + 1
      lastOrdinals.put(series, ordinal)
      return publicNumber(series, ordinal)
    },
  }
}
