import { Day } from '@huitong/contract'
import { csvText } from '@huitong/formats'
import { badField, type HttpApp, rawReply, reply } from '@huitong/http'
import { addDays, beijingDay, type LocalDate, localDate, startOfBeijingDay } from '@huitong/kernel'
import Type from 'typebox'
import { ReportBody, reportLine } from './clearing-views.ts'
import { CLEARING_READ, CLEARING_TAGS, type ClearingRouteParts } from './route-parts.ts'

const HEADER = ['day', 'member', 'mode', 'sent', 'sent_amount', 'received', 'received_amount', 'rejected']

/** What each participant sent and received on a day, by which it checks its own books. */
export function addReportRoutes(http: HttpApp, { queries, clock }: ClearingRouteParts): void {
  async function linesOf(day: LocalDate) {
    const lines = await queries.report(startOfBeijingDay(day), startOfBeijingDay(addDays(day, 1)))
    return lines.map(reportLine)
  }

  function dayOf(text: string | null | undefined): LocalDate {
    if (text === undefined || text === null) return beijingDay(clock.now())
    const day = localDate(text)
    if (!day.ok) throw badField('day', day.error, 'is not a day')
    return day.value
  }

  http.route({
    method: 'GET',
    url: '/v1/clearing/reports/day',
    access: CLEARING_READ,
    summary: 'What each participant sent and received on a day, by mode; today unless told',
    description:
      'Payments count on the day in Beijing on which they ended. Of net payments the windows tell what moved.',
    tags: CLEARING_TAGS,
    schema: { querystring: Type.Object({ day: Type.Optional(Day) }), response: { 200: ReportBody } },
    handler: async ({ query }) => {
      const day = dayOf(query.day)
      return reply({ day, lines: await linesOf(day) })
    },
  })

  http.rawRoute({
    method: 'GET',
    url: '/v1/clearing/reports/day.csv',
    access: CLEARING_READ,
    summary: 'The same as CSV',
    handler: async ({ rawTarget }) => {
      const query = new URLSearchParams(rawTarget.split('?')[1] ?? '')
      for (const name of query.keys()) if (name !== 'day') throw badField(name, 'unknown_field', 'is not known here')
      const day = dayOf(query.get('day'))
      const rows = (await linesOf(day)).map((line) => [day, ...Object.values(line).map(String)])
      const headers = { 'content-disposition': `attachment; filename="clearing-${day}.csv"` }
      return rawReply(csvText([HEADER, ...rows]), { contentType: 'text/csv; charset=utf-8', headers })
    },
  })
}
