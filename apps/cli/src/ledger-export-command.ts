import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { rename } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import { csvText, EXPORT_COLUMNS, type ExportRow, type ExportWhat, exportRows } from '@huitong/ledger'
import { withReads } from './open-reads.ts'
import type { LedgerOptions } from './options.ts'
import { printJson, printLine } from './output.ts'
import { progressBar } from './progress-bar.ts'

export interface ExportCommandOptions extends LedgerOptions {
  readonly what: ExportWhat
  readonly format: 'csv' | 'jsonl'
  readonly from?: string
  readonly to?: string
  readonly out?: string
}

/** `huitong ledger export`: to a file, which appears whole or not at all, or to the standard output. */
export async function exportLedger(options: ExportCommandOptions): Promise<void> {
  const { what, format, from = null, to = null, out } = options
  const columns: readonly string[] = EXPORT_COLUMNS[what]
  const draft = out === undefined ? undefined : `${out}.part`
  const target = draft === undefined ? process.stdout : createWriteStream(draft, { mode: 0o600 })
  const bar = progressBar(options.json)
  let rows = 0

  async function write(text: string): Promise<void> {
    if (!target.write(text)) await once(target, 'drain')
  }

  await withReads(options.data, options.institution, async (db) => {
    if (format === 'csv') await write(`${columns.join()}\n`)
    const onProgress = (done: number, total: number): void => bar.show(done, total, `${rows} rows`)
    for await (const page of exportRows(db, { what, from, to, onProgress })) {
      rows += page.length
      const lines = page.map((row) => (format === 'csv' ? csvLine(row) : jsonLine(columns, row)))
      await write(lines.join(''))
    }
  })
  bar.end()
  if (draft === undefined || out === undefined || target === process.stdout) return
  target.end()
  await finished(target)
  await rename(draft, out)
  if (options.json) printJson({ file: out, rows })
  else printLine(`${out}: ${rows} rows.`)
}

function csvLine(row: ExportRow): string {
  return `${row.map((value) => (value === null ? '' : csvText(value))).join()}\n`
}

/** Fields without a value are left out. */
function jsonLine(columns: readonly string[], row: ExportRow): string {
  return `${JSON.stringify(Object.fromEntries(columns.flatMap((column, index) => (row[index] == null ? [] : [[column, row[index]]]))))}\n`
}
