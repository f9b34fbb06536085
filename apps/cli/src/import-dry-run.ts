import { rm, stat } from 'node:fs/promises'
import { type ImportedTransfer, type ImportFormat, knownAccountReferences, readImportLine } from '@huitong/ledger'
import type { InstitutionDatabase } from '@huitong/pg'
import { EXIT } from './cli-error.ts'
import { filePieces } from './import-pieces.ts'
import { type RefusedLine, writeRefusals } from './import-refusals.ts'
import type { PieceFormat } from './import-sender.ts'
import { withInstitution } from './open-database.ts'
import type { LedgerOptions } from './options.ts'
import { printJson, printLine } from './output.ts'
import { progressBar } from './progress-bar.ts'

/**
 * Reads a whole file and changes nothing: whether each line can be read, and whether each account that it names is in the ledger or
 * in an earlier line. Balances are judged only when the lines come in.
 */
export async function dryRun(
  path: string,
  format: PieceFormat,
  refusedFile: string,
  options: LedgerOptions,
): Promise<number> {
  const refusals: RefusedLine[] = []
  const lines = await withInstitution(options.data, options.institution, (db) =>
    judgeFile(db, path, format, refusals, options.json === true),
  )
  if (refusals.length === 0) await rm(refusedFile, { force: true })
  else await writeRefusals(refusedFile, path, inOrder(refusals))
  if (options.json) printJson({ dryRun: true, lines, refused: refusals.length })
  else {
    printLine(`${path}: ${lines} lines, ${refusals.length} would be refused. Nothing was changed.`)
    if (refusals.length > 0) printLine(`The lines and why: ${refusedFile}`)
  }
  return refusals.length === 0 ? 0 : EXIT.partly
}

async function judgeFile(
  db: InstitutionDatabase,
  path: string,
  pieceFormat: PieceFormat,
  refusals: RefusedLine[],
  quiet: boolean,
): Promise<number> {
  const { columns } = pieceFormat
  const format: ImportFormat = columns === undefined ? { type: 'jsonl' } : { type: 'csv', columns }
  const defined = new Set<string>()
  const bar = progressBar(quiet)
  const { size } = await stat(path)
  let count = 0
  for await (const piece of filePieces(path)) {
    count = piece.endLine - 1
    const named: { readonly line: number; readonly record: ImportedTransfer }[] = []
    for (const [index, raw] of piece.text.split('\n').entries()) {
      const line = piece.firstLine + index
      if (line === 1 && format.type === 'csv') continue
      const read = readImportLine(raw.endsWith('\r') ? raw.slice(0, -1) : raw, line, format)
      if (read?.is === 'fault') refusals.push({ line, ...read.fault })
      else if (read?.record.type === 'account') defined.add(read.record.reference)
      else if (read?.record.type === 'transfer') named.push({ line, record: read.record })
    }
    const wanted = new Set(named.flatMap(({ record }) => referencesOf(record)).filter((one) => !defined.has(one)))
    const known = wanted.size === 0 ? new Set() : await db.read((tx) => knownAccountReferences(tx, [...wanted]))
    for (const { line, record } of named) {
      const missing = referencesOf(record).find((one) => !defined.has(one) && !known.has(one))
      if (missing !== undefined)
        refusals.push({ line, code: 'account_unknown', detail: `There is no account ${missing}.` })
    }
    bar.show(piece.bytes, size, `${count} lines, ${refusals.length} would be refused`)
  }
  bar.end()
  return count
}

function referencesOf(record: ImportedTransfer): readonly string[] {
  return record.legs.flatMap((leg) =>
    [leg.debit, leg.credit].flatMap((name) => ('reference' in name ? [name.reference] : [])),
  )
}

async function* inOrder(refusals: readonly RefusedLine[]): AsyncGenerator<RefusedLine> {
  yield* refusals.toSorted((a, b) => a.line - b.line)
}
