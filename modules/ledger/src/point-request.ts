import { Day, Timestamp } from '@huitong/contract'
import { badField } from '@huitong/http'
import { addDays, isoToMicros, type LocalDate, localDate, microsToIso } from '@huitong/kernel'
import Type from 'typebox'
import type { AccountHistory } from './account-history.ts'
import type { JournalPoint, PointWanted } from './journal-point.ts'

const Batch = (description: string) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description }))

/** As of when something is told: at most one of these. */
export const AS_OF_QUERY = {
  as_of: Type.Optional(Timestamp),
  as_of_batch: Batch('The balance after this batch'),
  as_of_day: Type.Optional(Day),
}

/** A stretch of the journal: at most one of `from…` and one of `to…`. */
export const BETWEEN_QUERY = {
  from: Type.Optional(Timestamp),
  from_batch: Batch('The first batch'),
  from_day: Type.Optional(Day),
  to: Type.Optional(Timestamp),
  to_batch: Batch('The last batch'),
  to_day: Type.Optional(Day),
}

export const PointBody = Type.Object(
  {
    batch: Type.Integer({ description: '0: before the first batch' }),
    at: Type.Union([Timestamp, Type.Null()]),
    accountingDay: Type.Union([Type.String(), Type.Null()]),
    final: Type.Boolean({
      description: 'False while batches to come may still belong before this time or into this day',
    }),
  },
  { $id: 'LedgerPoint' },
)

export function pointBody({ batch, at, accountingDay, final }: JournalPoint) {
  return { batch, at: batch === 0 ? null : microsToIso(at), accountingDay, final }
}

interface Given {
  readonly time?: string | undefined
  readonly batch?: number | undefined
  readonly day?: string | undefined
}

type Edge = 'as_of' | 'from' | 'to'

export interface AsOfQuery {
  readonly as_of?: string
  readonly as_of_batch?: number
  readonly as_of_day?: string
}

/** What `as_of…` asks for; undefined when it asks for nothing. */
export function asOfWanted(query: AsOfQuery): PointWanted | undefined {
  return wanted('as_of', { time: query.as_of, batch: query.as_of_batch, day: query.as_of_day })
}

export interface BetweenQuery {
  readonly from?: string
  readonly from_batch?: number
  readonly from_day?: string
  readonly to?: string
  readonly to_batch?: number
  readonly to_day?: string
}

/** The points after which and up to which: times from inclusive to exclusive, batches and days inclusive. */
export function betweenWanted(query: BetweenQuery): { readonly after: PointWanted; readonly to: PointWanted } {
  const after = wanted('from', { time: query.from, batch: query.from_batch, day: query.from_day })
  const to = wanted('to', { time: query.to, batch: query.to_batch, day: query.to_day })
  return { after: after ?? { at: 0 }, to: to ?? 'newest' }
}

function wanted(edge: Edge, given: Given): PointWanted | undefined {
  const { time, batch, day } = given
  const count = Object.values(given).filter((value) => value !== undefined).length
  if (count > 1) throw badField(edge, 'one_of', `give one of ${edge}, ${edge}_batch and ${edge}_day`)
  if (time !== undefined) {
    const at = isoToMicros(time)
    if (!at.ok) throw badField(edge, at.error, 'is not a time')
    return { at: edge === 'as_of' ? at.value : at.value - 1 }
  }
  if (batch !== undefined) return { batch: edge === 'from' ? Math.max(0, batch - 1) : batch }
  if (day !== undefined)
    return { day: edge === 'from' ? addDays(readDay(`${edge}_day`, day), -1) : readDay(`${edge}_day`, day) }
  return undefined
}

export function readDay(field: string, text: string): LocalDate {
  const day = localDate(text)
  if (!day.ok) throw badField(field, day.error, 'is not a day')
  return day.value
}

/** The point, which must be there. */
export async function pointOf(history: AccountHistory, wanted: PointWanted, field: string): Promise<JournalPoint> {
  if (typeof wanted === 'object' && 'batch' in wanted && wanted.batch === 0) {
    return { batch: 0, at: 0, accountingDay: null, lastCounter: 0, final: true }
  }
  const point = await history.point(wanted)
  if (point === undefined) throw badField(field, 'known_batch', 'is not a batch of the journal yet')
  return point
}
