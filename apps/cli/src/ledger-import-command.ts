import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { csvColumns } from '@huitong/ledger'
import { CliError, EXIT } from './cli-error.ts'
import { dryRun } from './import-dry-run.ts'
import { filePieces, hashOfFile } from './import-pieces.ts'
import { type RefusedLine, writeRefusals } from './import-refusals.ts'
import { countsOf, type ImportCounts, type PieceFormat, sendPieces } from './import-sender.ts'
import type { LedgerOptions } from './options.ts'
import { printJson, printLine } from './output.ts'
import { progressBar } from './progress-bar.ts'
import { findServer, problemText, type RunningServer } from './running-server.ts'

export interface ImportOptions extends LedgerOptions {
  readonly format: 'csv' | 'jsonl'
  readonly refused?: string
  readonly again?: string
  readonly dryRun?: boolean
}

/** `huitong ledger import FILE`. Returns the exit code: refused lines are no error of the program. */
export async function importFile(path: string, options: ImportOptions): Promise<number> {
  if (!existsSync(path)) throw new CliError(EXIT.usage, `There is no file ${path}.`)
  const format = await formatOf(path, options.format)
  const refusedFile = options.refused ?? `${path}.refused.csv`
  if (options.dryRun) return await dryRun(path, format, refusedFile, options)
  const server = await findServer(options)
  const id = importId(await hashOfFile(path), options.again)
  const before = await importedSoFar(server, id)
  if (before.nextLine > 1 && !options.json) printLine(`Line ${before.nextLine} is the first that has not come in yet.`)
  const bar = progressBar(options.json)
  const { size } = await stat(path)
  let last = before
  // The first line of a CSV file names the columns.
  const fromLine = Math.max(before.nextLine, format.format === 'csv' ? 2 : 1)
  const pieces = filePieces(path, fromLine)
  try {
    if (fromLine === 2) await sendPieces(server, id, format, headerOnly(), () => undefined)
    await sendPieces(server, id, format, pieces, (piece, counts) => {
      if (counts.nextLine > last.nextLine) last = counts
      bar.show(piece.bytes, size, `${piece.endLine - 1} lines, ${last.refused} refused`)
    })
  } catch (error) {
    bar.end()
    if (!(error instanceof CliError)) throw error
    throw new CliError(error.exitCode, `${error.message}\nRun the same command again to go on from there.`)
  }
  bar.end()
  if (last.refused > 0) await writeRefusals(refusedFile, path, refusalsOf(server, id))
  else await rm(refusedFile, { force: true })
  return tell(path, last, refusedFile, options.json === true)
}

/** The same file comes in once, unless it is told to come in again under a label. */
function importId(fileHash: string, label: string | undefined): string {
  return label === undefined ? fileHash : createHash('sha256').update(`${fileHash}\n${label}`).digest('hex')
}

/** The line of the columns counts as a line that came in, with nothing in it. */
async function* headerOnly() {
  yield { firstLine: 1, endLine: 2, text: '', bytes: 0 }
}

async function formatOf(path: string, format: 'csv' | 'jsonl'): Promise<PieceFormat> {
  if (format === 'jsonl') return { format }
  for await (const piece of filePieces(path)) {
    const columns = csvColumns((piece.text.split('\n')[0] ?? '').replace(/\r$/, ''))
    if (!columns.ok) throw new CliError(EXIT.usage, columns.error)
    return { format, columns: columns.value }
  }
  throw new CliError(EXIT.usage, `The file ${path} is empty.`)
}

async function importedSoFar(server: RunningServer, id: string): Promise<ImportCounts> {
  const { status, fields } = await server.ask('GET', `/v1/ledger/imports/${id}`)
  if (status === 200 || status === 404) return countsOf(fields)
  throw new CliError(EXIT.refused, problemText(fields, status))
}

async function* refusalsOf(server: RunningServer, id: string): AsyncGenerator<RefusedLine> {
  let cursor = ''
  do {
    const { status, fields } = await server.ask('GET', `/v1/ledger/imports/${id}/refusals?limit=200${cursor}`)
    if (status !== 200) throw new CliError(EXIT.refused, problemText(fields, status))
    if (Array.isArray(fields.items)) for (const item of fields.items) yield refusedLine(item)
    cursor = typeof fields.nextCursor === 'string' ? `&cursor=${encodeURIComponent(fields.nextCursor)}` : ''
  } while (cursor !== '')
}

function refusedLine(item: unknown): RefusedLine {
  const fields = new Map(typeof item === 'object' && item !== null ? Object.entries(item) : [])
  const text = (name: string): string => String(fields.get(name) ?? '')
  return { line: Number(fields.get('line') ?? 0), code: text('code'), detail: text('detail') }
}

function tell(path: string, counts: ImportCounts, refusedFile: string, json: boolean): number {
  const { accepted, repeated, refused } = counts
  const lines = counts.nextLine - 1
  if (json) printJson({ lines, accepted, repeated, refused, ...(refused > 0 ? { refusedFile } : {}) })
  else {
    printLine(`${path}: ${lines} lines, ${accepted} came in, ${repeated} were there before, ${refused} were refused.`)
    if (refused > 0) printLine(`The refused lines and why: ${refusedFile}`)
  }
  return refused > 0 ? EXIT.partly : 0
}
