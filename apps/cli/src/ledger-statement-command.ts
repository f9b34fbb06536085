import { open } from 'node:fs/promises'
import { localDate, parsePublicId } from '@huitong/kernel'
import {
  type AccountStatement,
  createAccountHistory,
  fitsCamt,
  readStatement,
  statementCamt,
  statementCsv,
  statementPdf,
} from '@huitong/ledger'
import { CliError, EXIT } from './cli-error.ts'
import { showStatement } from './ledger-read-commands.ts'
import { withReads } from './open-reads.ts'
import type { LedgerOptions } from './options.ts'
import { printJson, printLine } from './output.ts'

export interface StatementOptions extends LedgerOptions {
  readonly limit: number
  readonly from?: string
  readonly to?: string
  readonly format?: 'csv' | 'pdf' | 'camt053'
  readonly out?: string
}

/** Entries of one file. A PDF of so many has 4,700 pages, and all of a statement is in memory. */
const ENTRIES_MAX = 200_000

const WRITERS: Readonly<
  Record<'csv' | 'pdf' | 'camt053', (statement: AccountStatement) => string | Promise<Uint8Array>>
> = { csv: statementCsv, pdf: statementPdf, camt053: statementCamt }

/** `huitong ledger statement ACCOUNT`: the newest entries, or with `--format` the statement of a period as a file. */
export async function statementCommand(accountText: string, options: StatementOptions): Promise<void> {
  const { format, from, to, out } = options
  if (format === undefined && from === undefined && to === undefined && out === undefined) {
    return showStatement(accountText, options)
  }
  if (format === undefined || from === undefined || to === undefined || out === undefined) {
    throw new CliError(EXIT.usage, 'A statement as a file needs --from, --to, --format and --out.')
  }
  const id = parsePublicId('acct', accountText)
  if (!id.ok) throw new CliError(EXIT.usage, `${accountText} is not the id of an account.`)
  const [first, last] = [localDate(from), localDate(to)]
  if (!first.ok || !last.ok) throw new CliError(EXIT.usage, 'Days are written as 2026-11-22.')
  const { institutionName } = await import('@huitong/server')
  const read = await withReads(options.data, options.institution, (db) =>
    readStatement(createAccountHistory(db), {
      ...{ id: id.value, from: first.value, to: last.value },
      ...{ institution: institutionName(options.institution), entriesMax: ENTRIES_MAX },
    }),
  )
  if (!read.ok) {
    const reasons = {
      account_unknown: `There is no account ${accountText}.`,
      period_backwards: '--to is before --from.',
      too_many_entries: `The period has more than ${ENTRIES_MAX} entries; ask for less.`,
    } as const
    throw new CliError(EXIT.refused, reasons[read.error])
  }
  if (format === 'camt053' && !fitsCamt(read.value)) {
    throw new CliError(
      EXIT.refused,
      'camt.053 has 18 digits for an amount; ask for a shorter period or another format.',
    )
  }
  await writeNew(out, await WRITERS[format](read.value))
  const { entries, final } = read.value
  if (options.json) return printJson({ file: out, entries: entries.length, final })
  printLine(`${out}: ${entries.length} entries${final ? '' : '; the period is not closed yet'}`)
}

/** Never over a file that is there. */
async function writeNew(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    throw new CliError(EXIT.refused, `${path} cannot be written: ${reason}`)
  })
  try {
    await file.writeFile(content)
  } finally {
    await file.close()
  }
}
