import type { Committer } from '@huitong/committer'
import { encodeCursor, PAGE_LIMIT_DEFAULT, PAGE_QUERY, Page, pageOf } from '@huitong/contract'
import { badField, type HttpApp, notFound, outcomeToReply, problem, reply } from '@huitong/http'
import type { InstitutionDatabase } from '@huitong/pg'
import Type, { type Static } from 'typebox'
import { csvColumns } from './import-csv.ts'
import { IMPORT_FIELDS } from './import-fields.ts'
import type { ImportLine } from './import-line.ts'
import { type ImportFormat, readImportLine } from './import-reader.ts'
import { type ImportRefusal, listImportRefusals, readImport } from './import-store.ts'
import type { LedgerCommands } from './ledger-commands.ts'
import { isLedgerRefusalCode, LEDGER_REFUSALS } from './ledger-refusals.ts'
import { afterCursor, LEDGER_READ } from './route-parts.ts'

export interface ImportRoutesOptions {
  readonly db: InstitutionDatabase
  readonly committer: Committer
  readonly commands: LedgerCommands
}

const TAGS = ['Import'] as const
const ByImport = Type.Object({
  id: Type.String({
    pattern: '^[0-9a-f]{64}$',
    description: 'SHA-256 of the file, hexadecimal: the same file comes in once',
  }),
})

/** A piece is decided in one go, so it must not be much larger than a batch. */
const LINES_MAX = 5000
const LEGS_MAX = 10_000

const PieceBody = Type.Object({
  format: Type.Union([Type.Literal('csv'), Type.Literal('jsonl')]),
  columns: Type.Optional(
    Type.Array(Type.String({ maxLength: 40 }), {
      maxItems: 20,
      description: `CSV only, of ${IMPORT_FIELDS.join(', ')}`,
    }),
  ),
  firstLine: Type.Integer({ minimum: 1, description: 'Number of the first line in the file' }),
  text: Type.String({ description: 'Whole lines, separated by U+000A' }),
})

const ImportBody = Type.Object(
  {
    nextLine: Type.Integer({ description: 'The first line that has not come in yet' }),
    accepted: Type.Integer(),
    repeated: Type.Integer({ description: 'Lines whose reference was there already; they have no second effect' }),
    refused: Type.Integer(),
  },
  { $id: 'LedgerImport' },
)

const RefusalBody = Type.Object({ line: Type.Integer(), code: Type.String(), detail: Type.String() })

/** Files of accounts and transfers, piece by piece. Each line has a verdict of its own. */
export function registerImportRoutes(http: HttpApp, { db, committer, commands }: ImportRoutesOptions): void {
  http.route({
    method: 'POST',
    url: '/v1/ledger/imports/:id/lines',
    access: { callers: ['staff'], scope: 'ledger:post' },
    summary: 'Bring in the next lines of a file',
    description:
      'Lines that came in before are passed over, so a piece may be sent again at any time; one that comes too early is refused. ' +
      'A file with accounts needs the scope ledger:operate too.',
    tags: TAGS,
    schema: { params: ByImport, body: PieceBody, response: { 200: ImportBody } },
    handler: async ({ caller, params, body }) => {
      const { lines, endLine } = readPiece(body)
      if (opensAccounts(lines) && !caller.scopes.has('ledger:operate')) {
        return problem(403, 'scope_missing', 'To open accounts, the scope ledger:operate is needed.')
      }
      const input = { id: params.id, firstLine: body.firstLine, endLine, lines }
      const outcome = await committer.submit({ kind: commands.importLines, input }, 'bulk')
      return outcomeToReply(outcome, {
        done: (answer) => answer,
        refused: ({ code }) => (isLedgerRefusalCode(code) ? { status: 409, detail: LEDGER_REFUSALS[code] } : undefined),
      })
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/ledger/imports/:id',
    access: LEDGER_READ,
    summary: 'How far a file has come in',
    tags: TAGS,
    schema: { params: ByImport, response: { 200: ImportBody } },
    handler: async ({ params }) => {
      const found = await db.read((tx) => readImport(tx, params.id))
      return found === undefined ? notFound('import') : reply(found)
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/ledger/imports/:id/refusals',
    access: LEDGER_READ,
    summary: 'The refused lines of a file, by number',
    tags: TAGS,
    schema: { params: ByImport, querystring: Type.Object(PAGE_QUERY), response: { 200: Page(RefusalBody) } },
    handler: async ({ params, query }) => {
      const limit = query.limit ?? PAGE_LIMIT_DEFAULT
      const after = afterCursor('import-refusals', query.cursor, 0)
      const rows = await db.read((tx) => listImportRefusals(tx, params.id, after, limit))
      return reply(pageOf(rows, limit, refusalBody, (last) => encodeCursor('import-refusals', [last.line])))
    },
  })
}

function refusalBody({ line, code, detail }: ImportRefusal) {
  return { line, code, detail }
}

function readPiece(body: Static<typeof PieceBody>): {
  readonly lines: readonly ImportLine[]
  readonly endLine: number
} {
  const format = formatOf(body)
  const texts = body.text.split('\n')
  if (texts.length > LINES_MAX) throw badField('text', 'line_count', `may have ${LINES_MAX} lines`)
  const lines: ImportLine[] = []
  let legs = 0
  for (const [index, text] of texts.entries()) {
    const line = readImportLine(text.endsWith('\r') ? text.slice(0, -1) : text, body.firstLine + index, format)
    if (line === undefined) continue
    lines.push(line)
    if (line.is === 'record' && line.record.type === 'transfer') legs += line.record.legs.length
  }
  if (legs > LEGS_MAX) throw badField('text', 'leg_count', `may have ${LEGS_MAX} legs in all`)
  return { lines, endLine: body.firstLine + texts.length }
}

function formatOf({ format, columns }: Static<typeof PieceBody>): ImportFormat {
  if (format === 'jsonl') {
    if (columns !== undefined) throw badField('columns', 'not_allowed', 'has no meaning for JSON lines')
    return { type: 'jsonl' }
  }
  const read = csvColumns((columns ?? []).join())
  if (!read.ok) throw badField('columns', 'known_columns', read.error)
  return { type: 'csv', columns: read.value }
}

function opensAccounts(lines: readonly ImportLine[]): boolean {
  return lines.some((line) => line.is === 'record' && line.record.type === 'account')
}
