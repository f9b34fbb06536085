import { parsePublicId } from '@huitong/kernel'
import type { ReadTx } from '@huitong/pg'
import { CliError, EXIT } from './cli-error.ts'
import { withReads } from './open-reads.ts'
import type { LedgerOptions } from './options.ts'
import { printFields, printItems, printJson, printLine } from './output.ts'

const NOUNS = {
  acct: 'an account',
  tran: 'a transfer',
  frze: 'a freeze',
  aset: 'a set of accounts',
  schp: 'a scheduled posting',
} as const

/** The number of a public id on the command line. */
export function idOf(prefix: keyof typeof NOUNS, text: string): number {
  const id = parsePublicId(prefix, text)
  if (!id.ok) throw new CliError(EXIT.usage, `${text} is not the id of ${NOUNS[prefix]}.`)
  return id.value
}

/** Reads one thing of the ledger and shows it; `what` names it when it is not there. */
export async function showOne(
  options: LedgerOptions,
  what: string,
  read: (tx: ReadTx) => Promise<object | undefined>,
): Promise<void> {
  const found = await withReads(options.data, options.institution, (db) => db.read(read))
  if (found === undefined) throw new CliError(EXIT.refused, `There is no ${what}.`)
  if (options.json) printJson(found)
  else printFields(found)
}

export type ListOptions = LedgerOptions & { readonly limit: number }

/** Reads up to one more than the limit and shows a list; undefined says that what it is of is not there. */
export async function showList(
  options: ListOptions,
  what: string,
  read: (tx: ReadTx) => Promise<readonly object[] | undefined>,
): Promise<void> {
  const found = await withReads(options.data, options.institution, (db) => db.read(read))
  if (found === undefined) throw new CliError(EXIT.refused, `There is no ${what}.`)
  const shown = found.slice(0, options.limit)
  if (options.json) return printJson(shown)
  printItems(shown)
  if (found.length > options.limit) printLine(`More than ${options.limit}; see --limit.`)
}
