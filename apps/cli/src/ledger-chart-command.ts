import { chartBody, readKind } from '@huitong/ledger'
import { withReads } from './open-reads.ts'
import type { LedgerOptions } from './options.ts'
import { printJson, printLine, printTable } from './output.ts'

/** `huitong ledger chart` */
export async function showChart(options: LedgerOptions): Promise<void> {
  const kind = await withReads(options.data, options.institution, (db) => db.read(readKind))
  const chart = chartBody(kind)
  if (options.json) return printJson(chart)
  printLine(`Chart of accounts of a ${kind.replaceAll('_', ' ')} ${chart.kindZh}`)
  printTable(
    [
      { title: 'Subject', value: (line) => `${'  '.repeat(line.depth)}${line.code} ${line.name}` },
      { title: '科目', value: (line) => line.nameZh },
      { title: 'Class', value: (line) => line.class },
      { title: 'Held for', value: (line) => (line.posting ? line.heldFor : '') },
      { title: 'Currencies', value: (line) => (line.posting ? (line.currencies?.join(' ') ?? 'any') : 'heading') },
    ],
    chart.subjects,
  )
}
