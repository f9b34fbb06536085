import { reply } from '@huitong/http'
import Type from 'typebox'
import { type ChartLine, chartOf } from './chart.ts'
import { INSTITUTION_KINDS, type InstitutionKind } from './institution-kind.ts'
import type { ReadRoutes } from './read-routes.ts'
import { readKind } from './settings-store.ts'

const SubjectBody = Type.Object(
  {
    code: Type.String({ examples: ['2001'] }),
    name: Type.String(),
    nameZh: Type.String(),
    class: Type.String({ examples: ['asset', 'liability', 'equity', 'income', 'expense'] }),
    parent: Type.Union([Type.String(), Type.Null()]),
    depth: Type.Integer({ description: '0 for the heading of a class' }),
    heldFor: Type.String({ examples: ['institution', 'customer', 'merchant', 'participant'] }),
    posting: Type.Boolean({ description: 'Whether accounts may be opened on it; false of headings' }),
    currencies: Type.Union([Type.Array(Type.String()), Type.Null()], { description: 'Null: any' }),
  },
  { $id: 'LedgerSubject' },
)

const ChartBody = Type.Object({ kind: Type.String(), kindZh: Type.String(), subjects: Type.Array(SubjectBody) })

export function registerChartRoutes(reads: ReadRoutes): void {
  reads.route({
    method: 'GET',
    url: '/v1/ledger/chart',
    access: { callers: ['staff'], scope: 'ledger:read' },
    summary: "The institution's chart of accounts, in the order of a report",
    tags: ['Ledger'],
    schema: { response: { 200: ChartBody } },
    handler: async (_request, { db }) => reply(chartBody(await db.read(readKind))),
  })
}

/** How a chart looks from outside. */
export function chartBody(kind: InstitutionKind) {
  return { kind, kindZh: INSTITUTION_KINDS[kind], subjects: chartOf(kind).map(subjectBody) }
}

function subjectBody({ code, subject, depth }: ChartLine) {
  const { name, nameZh, parent, heldFor, posting, currencies } = subject
  return {
    ...{ code, name, nameZh, class: subject.class, parent, depth, heldFor, posting },
    currencies: currencies === 'any' ? null : [...currencies],
  }
}
