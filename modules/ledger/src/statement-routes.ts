import { badField, notFound, problem, rawReply } from '@huitong/http'
import { publicId } from '@huitong/kernel'
import { type AccountStatement, readStatement } from './account-statement.ts'
import { ACCOUNT_ID } from './ledger-views.ts'
import { readDay } from './point-request.ts'
import type { ReadRoutes } from './read-routes.ts'
import { LEDGER_READ, readId } from './route-parts.ts'
import { fitsCamt, statementCamt } from './statement-camt.ts'
import { statementCsv } from './statement-csv.ts'
import { statementPdf } from './statement-pdf.ts'

/** Entries of one file over HTTP. The command line writes longer ones. */
const ENTRIES_MAX = 20_000

type Format = {
  readonly ending: string
  readonly contentType: string
  readonly write: (statement: AccountStatement) => string | Promise<Uint8Array>
}

const FORMATS: readonly Format[] = [
  { ending: 'csv', contentType: 'text/csv; charset=utf-8', write: statementCsv },
  { ending: 'xml', contentType: 'application/xml; charset=utf-8', write: statementCamt },
  { ending: 'pdf', contentType: 'application/pdf', write: statementPdf },
]

/** Statements of a period as files: CSV, PDF and camt.053. `institution` is how people call it; it stands on the statement. */
export function registerStatementRoutes(reads: ReadRoutes, institution: string): void {
  for (const { ending, contentType, write } of FORMATS) {
    reads.rawRoute({
      method: 'GET',
      url: `/v1/ledger/accounts/:id/statement.${ending}`,
      access: LEDGER_READ,
      summary: `Statement of an account for the accounting days from … to …, as ${ending}`,
      handler: async ({ params, rawTarget }, { history }) => {
        const id = readId(ACCOUNT_ID, params.id ?? '', 'account')
        const { from, to } = periodOf(rawTarget)
        const read = await readStatement(history, { id, from, to, institution, entriesMax: ENTRIES_MAX })
        if (!read.ok) {
          switch (read.error) {
            case 'account_unknown':
              throw notFound('account')
            case 'period_backwards':
              throw badField('to', 'not_before_from', 'is before from')
            case 'too_many_entries':
              throw badField('to', 'too_many_entries', `the period has more than ${ENTRIES_MAX} entries; ask for less`)
          }
        }
        if (ending === 'xml' && !fitsCamt(read.value)) {
          throw problem(
            422,
            'amounts_too_long',
            'camt.053 has 18 digits for an amount; ask for a shorter period or CSV.',
          )
        }
        const name = `${publicId(ACCOUNT_ID, id)}-${read.value.number}.${ending}`
        const headers = { 'content-disposition': `attachment; filename="${name}"` }
        return async () => rawReply(await write(read.value), { contentType, headers })
      },
    })
  }
}

function periodOf(rawTarget: string) {
  const query = new URLSearchParams(rawTarget.split('?')[1] ?? '')
  for (const name of query.keys()) {
    if (name !== 'from' && name !== 'to') throw badField(name, 'unknown_field', 'is not known here')
    if (query.getAll(name).length > 1) throw badField(name, 'type', 'comes twice')
  }
  const [from, to] = [query.get('from'), query.get('to')]
  if (from === null) throw badField('from', 'required', 'is missing')
  if (to === null) throw badField('to', 'required', 'is missing')
  return { from: readDay('from', from), to: readDay('to', to) }
}
