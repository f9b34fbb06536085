import { createHash } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import {
  importPlainJournal,
  type PlainImportReport,
  type PlainJournal,
  readBeancount,
  readHledger,
} from '@huitong/ledger'
import { CliError, EXIT } from './cli-error.ts'
import { writeRefusals } from './import-refusals.ts'
import { DEFAULT_INSTITUTION, type LedgerOptions } from './options.ts'
import { printJson, printLine, printTable } from './output.ts'
import { progressBar } from './progress-bar.ts'

/** Books that are made by an import when no other name was given. */
const OWN_BOOKS = 'books'

export interface JournalImportOptions extends LedgerOptions {
  readonly refused?: string
  readonly dryRun?: boolean
}

/** `huitong ledger import --format hledger FILE`: a plain-text journal, into books of its own. */
export async function importJournal(
  path: string,
  format: 'hledger' | 'beancount',
  options: JournalImportOptions,
): Promise<number> {
  const bytes = await readFile(path).catch(() => {
    throw new CliError(EXIT.usage, `There is no file ${path}.`)
  })
  const text = bytes.toString('utf8')
  const journal = format === 'hledger' ? readHledger(text) : readBeancount(text)
  const report = options.dryRun ? readOnly(journal) : await enter(journal, bytes, options)
  const refusedFile = options.refused ?? `${path}.refused.csv`
  if (report.refused.length === 0) await rm(refusedFile, { force: true })
  else await writeRefusals(refusedFile, path, inOrder(report.refused))
  if (options.json) printJson(report)
  else tell(path, report, refusedFile, options.dryRun === true)
  return report.refused.length === 0 ? 0 : EXIT.partly
}

function readOnly(journal: PlainJournal): PlainImportReport {
  const { transactions, accounts, refusals } = journal
  const counts = { transactions: transactions.length, accounts: accounts.length }
  return { ...counts, accepted: 0, repeated: 0, refused: refusals, assertionsHeld: 0, balances: [] }
}

async function enter(journal: PlainJournal, bytes: Buffer, options: JournalImportOptions): Promise<PlainImportReport> {
  const schema = options.institution === DEFAULT_INSTITUTION ? OWN_BOOKS : options.institution
  const firstDay = journal.transactions[0]?.date
  if (firstDay === undefined) return readOnly(journal)
  // It is most of the program, so it is loaded only here.
  const { openOwnBooks } = await import('@huitong/server')
  const url = process.env.DATABASE_URL
  const databaseUrl = url === '' ? undefined : url
  const books = await openOwnBooks({ dataDir: options.data, databaseUrl, schema, firstDay })
  const bar = progressBar(options.json)
  try {
    return await importPlainJournal(journal, createHash('sha256').update(bytes).digest('hex'), {
      ...books,
      onProgress: (done, total) => bar.show(done, total, `${done} transactions`),
    })
  } finally {
    bar.end()
    await books.close()
  }
}

async function* inOrder(refused: PlainImportReport['refused']) {
  yield* refused
}

function tell(path: string, report: PlainImportReport, refusedFile: string, dry: boolean): void {
  const { transactions, accounts, accepted, repeated, refused, assertionsHeld, balances } = report
  if (balances.length > 0) {
    printTable(
      [
        { title: 'Account', value: (line) => line.account },
        { title: 'Balance', value: (line) => line.balance, right: true },
      ],
      balances,
    )
  }
  if (dry) printLine(`${path}: ${transactions} transactions could be read. Nothing was changed.`)
  else {
    printLine(
      `${path}: ${transactions} transactions on ${accounts} accounts: ${accepted} came in, ${repeated} were there before.`,
    )
    printLine(`${assertionsHeld} balance assertions hold.`)
  }
  if (refused.length > 0) printLine(`${refused.length} lines were refused or are not true: ${refusedFile}`)
}
