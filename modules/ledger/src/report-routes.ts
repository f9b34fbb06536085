import { Day } from '@huitong/contract'
import { badField, rawReply, reply } from '@huitong/http'
import Type from 'typebox'
import { readDay } from './point-request.ts'
import type { ReadRoutes } from './read-routes.ts'
import type { ReadSource } from './read-source.ts'
import { countsYearEnd, makeReports, REPORTS, type ReportName } from './report.ts'
import { type ReportPeriod, readMovements } from './report-store.ts'
import { ReportBody, reportBody, reportCsv } from './report-views.ts'
import { LEDGER_READ, LEDGER_TAGS } from './route-parts.ts'
import { readKind } from './settings-store.ts'

interface ReportQuery {
  readonly from?: string
  readonly to?: string
  readonly basis?: 'booking' | 'value'
  readonly closing?: 'before' | 'after'
}

/** Reports of a day or a stretch of days, as JSON and as files. */
export function registerReportRoutes(reads: ReadRoutes): void {
  function periodOf(
    name: ReportName,
    { from, to, basis = 'booking', closing = 'after' }: ReportQuery,
    openDay: string,
  ): ReportPeriod {
    const last = to === undefined ? openDay : readDay('to', to)
    const first = from === undefined ? last : readDay('from', from)
    if (first > last) throw badField('from', 'after_to', 'is after `to`')
    return { from: first, to: last, basis, yearEnd: countsYearEnd(name, closing) }
  }

  function reportsOf({ db }: ReadSource, name: ReportName, period: ReportPeriod) {
    return db.read(async (tx) => makeReports(name, await readKind(tx), await readMovements(tx, period)))
  }

  for (const name of REPORTS) {
    const title = name.replace('-', ' ')
    reads.route({
      method: 'GET',
      url: `/v1/ledger/reports/${name}`,
      access: LEDGER_READ,
      summary: `The ${title} of a day or a stretch of days, one for each currency`,
      description:
        'Of the open day unless told. `basis=value` counts back-dated transfers on the day that they belong to; `closing=before` leaves out what closed a year in these days. An income statement always does.',
      tags: LEDGER_TAGS,
      schema: {
        querystring: Type.Object({
          from: Type.Optional(Day),
          to: Type.Optional(Day),
          basis: Type.Optional(Type.Union([Type.Literal('booking'), Type.Literal('value')])),
          closing: Type.Optional(Type.Union([Type.Literal('before'), Type.Literal('after')])),
        }),
        response: { 200: Type.Object({ from: Day, to: Day, basis: Type.String(), reports: Type.Array(ReportBody) }) },
      },
      handler: async ({ query }, source) => {
        const period = periodOf(name, query, source.openDay)
        const { from, to, basis } = period
        return reply({ from, to, basis, reports: (await reportsOf(source, name, period)).map(reportBody) })
      },
    })

    reads.rawRoute({
      method: 'GET',
      url: `/v1/ledger/reports/${name}.csv`,
      access: LEDGER_READ,
      summary: `The ${title} as CSV, with the same parameters`,
      handler: async ({ rawTarget }, source) => {
        const period = periodOf(name, queryOf(rawTarget), source.openDay)
        const text = reportCsv(await reportsOf(source, name, period))
        const headers = { 'content-disposition': `attachment; filename="${name}-${period.from}-${period.to}.csv"` }
        return () => rawReply(text, { contentType: 'text/csv; charset=utf-8', headers })
      },
    })
  }
}

const PARAMETERS: readonly string[] = ['from', 'to', 'basis', 'closing']

/** A raw route has no schema: the parameters are judged here as the schema of the other does. */
function queryOf(rawTarget: string): ReportQuery {
  const query = new URLSearchParams(rawTarget.split('?')[1] ?? '')
  for (const name of query.keys()) {
    if (!PARAMETERS.includes(name)) throw badField(name, 'unknown_field', 'is not known here')
    if (query.getAll(name).length > 1) throw badField(name, 'type', 'comes twice')
  }
  const [from, to] = [query.get('from'), query.get('to')]
  const basis = query.get('basis') ?? 'booking'
  const closing = query.get('closing') ?? 'after'
  if (basis !== 'booking' && basis !== 'value') throw badField('basis', 'one_of', 'must be booking or value')
  if (closing !== 'before' && closing !== 'after') throw badField('closing', 'one_of', 'must be before or after')
  return { ...(from === null ? {} : { from }), ...(to === null ? {} : { to }), basis, closing }
}
