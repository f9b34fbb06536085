import { localDate } from '@huitong/kernel'
import {
  countsYearEnd,
  makeReports,
  type ReportBasis,
  type ReportClosing,
  type ReportName,
  readHead,
  readKind,
  readMovements,
  reportBody,
  reportCsv,
} from '@huitong/ledger'
import { InvalidArgumentError } from 'commander'
import { CliError, EXIT } from './cli-error.ts'
import { withReads } from './open-reads.ts'
import type { LedgerOptions } from './options.ts'
import { printJson, printLine, printTable } from './output.ts'

export interface ReportOptions extends LedgerOptions {
  readonly from?: string
  readonly to?: string
  readonly basis: ReportBasis
  readonly closing?: ReportClosing
  readonly csv?: boolean
}

export function dayOption(text: string): string {
  const day = localDate(text)
  if (!day.ok) throw new InvalidArgumentError('Write a day as 2026-11-22.')
  return day.value
}

export function basisOption(text: string): ReportBasis {
  if (text !== 'booking' && text !== 'value') throw new InvalidArgumentError('It must be booking or value.')
  return text
}

export function closingOption(text: string): ReportClosing {
  if (text !== 'before' && text !== 'after') throw new InvalidArgumentError('It must be before or after.')
  return text
}

/** `huitong ledger trial-balance`, `balance-sheet` and `income-statement` */
export async function showReport(name: ReportName, options: ReportOptions): Promise<void> {
  const { basis, closing = 'after' } = options
  const yearEnd = countsYearEnd(name, closing)
  const { reports, from, to } = await withReads(options.data, options.institution, (db) =>
    db.read(async (tx) => {
      const to = options.to ?? (await readHead(tx)).accountingDay
      const from = options.from ?? to
      if (from > to) throw new CliError(EXIT.usage, `${from} is after ${to}.`)
      const reports = makeReports(name, await readKind(tx), await readMovements(tx, { from, to, basis, yearEnd }))
      return { reports, from, to }
    }),
  )
  if (options.csv) {
    process.stdout.write(reportCsv(reports))
    return
  }
  const bodies = reports.map(reportBody)
  if (options.json) return printJson({ from, to, basis, reports: bodies })
  printLine(`${name.replace('-', ' ')} from ${from} to ${to} by ${basis} date`)
  for (const { currency, lines, debits, credits, result, balanced } of bodies) {
    printTable(
      [
        { title: currency, value: (line) => `${'  '.repeat(line.depth)}${line.code} ${line.name}` },
        { title: 'Opening', value: (line) => line.opening, right: true },
        { title: 'Debits', value: (line) => line.debits, right: true },
        { title: 'Credits', value: (line) => line.credits, right: true },
        { title: 'Closing', value: (line) => line.closing, right: true },
      ],
      lines,
    )
    printLine(`Debits ${debits}, credits ${credits}, result ${result}. ${balanced ? 'Balanced.' : 'NOT BALANCED.'}`)
  }
}
