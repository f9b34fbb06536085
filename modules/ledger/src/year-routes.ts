import type { Committer } from '@huitong/committer'
import { badField, type HttpApp, outcomeToReply, reply } from '@huitong/http'
import { publicId } from '@huitong/kernel'
import type { InstitutionDatabase, ReadTx } from '@huitong/pg'
import Type from 'typebox'
import type { LedgerCommands } from './ledger-commands.ts'
import { refused } from './ledger-refused.ts'
import { TRANSFER_ID } from './ledger-views.ts'
import type { ReadRoutes } from './read-routes.ts'
import { LEDGER_OPERATE, LEDGER_READ, LEDGER_TAGS } from './route-parts.ts'
import { YEAR_MAX, YEAR_MIN } from './year-end.ts'
import { closeYear, listYears, reopenYear } from './year-end-jobs.ts'

export interface YearRoutesOptions {
  readonly db: InstitutionDatabase
  readonly reads: ReadRoutes
  readonly committer: Committer
  readonly commands: LedgerCommands
}

const YearBody = Type.Object(
  {
    year: Type.Integer(),
    state: Type.String({ examples: ['open', 'closing', 'closed'] }),
    entries: Type.Array(Type.String({ description: 'The entries that carried its result, in order' })),
  },
  { $id: 'LedgerYear' },
)

/** Closing the income and expenses of a year into retained earnings. */
export function registerYearRoutes(http: HttpApp, options: YearRoutesOptions): void {
  options.reads.route({
    method: 'GET',
    url: '/v1/ledger/years',
    access: LEDGER_READ,
    summary: 'Years that were ever closed, newest first',
    tags: LEDGER_TAGS,
    schema: { response: { 200: Type.Object({ items: Type.Array(YearBody) }) } },
    handler: async (_request, { db }) => {
      return reply({ items: await db.read(yearBodies) })
    },
  })

  http.route({
    method: 'PUT',
    url: '/v1/ledger/years/:year',
    access: LEDGER_OPERATE,
    summary: 'Close a year, or open it again',
    description:
      'Its last day must be final. `count` tells how many accounts were closed, or entries taken back: none when the year was closed already, so that this may be repeated. When it was interrupted, it goes on where it was.',
    tags: LEDGER_TAGS,
    schema: {
      params: Type.Object({ year: Type.String({ maxLength: 4 }) }),
      body: Type.Object({ state: Type.Union([Type.Literal('closed'), Type.Literal('open')]) }),
      response: { 200: Type.Object({ year: Type.Integer(), state: Type.String(), count: Type.Integer() }) },
    },
    handler: async ({ caller, params, body }) => {
      const year = /^\d{4}$/.test(params.year) ? Number(params.year) : 0
      if (year < YEAR_MIN || year > YEAR_MAX)
        return badField('year', 'range', `is no year from ${YEAR_MIN} to ${YEAR_MAX}`)
      const change = body.state === 'closed' ? closeYear : reopenYear
      const { outcome, count } = await change(options, year, caller.id)
      return outcomeToReply(outcome, { done: () => ({ year, state: body.state, count }), refused })
    },
  })
}

/** Years that were ever closed, newest first. */
export async function yearBodies(tx: ReadTx) {
  const years = await listYears(tx)
  return years.map(({ year, state, entries }) => ({
    ...{ year, state },
    entries: entries.map((entry) => publicId(TRANSFER_ID, entry)),
  }))
}
