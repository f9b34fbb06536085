import { findEntry, journalEntryBody } from '@huitong/ledger'
import { CliError, EXIT } from './cli-error.ts'
import { askWithKey, type KeyedOptions, printPosted } from './keyed-request.ts'
import { idOf, showOne } from './ledger-read.ts'
import type { LedgerOptions } from './options.ts'

export interface EntryOptions extends KeyedOptions {
  readonly debit: readonly string[]
  readonly credit: readonly string[]
  readonly currency: string
  readonly code: string
}

/** `huitong ledger entry post`: any number of debit and credit lines that balance in each currency. */
export async function postEntry(options: EntryOptions): Promise<void> {
  const { debit, credit, code } = options
  const lines = [
    ...debit.map((line) => lineOf('debit', line, options.currency)),
    ...credit.map((line) => lineOf('credit', line, options.currency)),
  ]
  const answer = await askWithKey(options, '/v1/ledger/entries', { lines, code })
  if (!options.json) printPosted(`Posted entry ${String(answer.entry)}`, answer)
}

/** `ACCOUNT=AMOUNT`, or `ACCOUNT=AMOUNT:CURRENCY`. */
function lineOf(side: 'debit' | 'credit', text: string, usual: string) {
  const [, account = '', amount = '', currency = usual] = /^([^=]+)=([^:]+)(?::(.+))?$/.exec(text) ?? []
  if (account === '')
    throw new CliError(EXIT.usage, `${text} is not of the form ACCOUNT=AMOUNT or ACCOUNT=AMOUNT:CURRENCY.`)
  return { side, account, amount, currency }
}

/** `huitong ledger entry show ID`: by the id of any of its transfers. */
export async function showEntry(entry: string, options: LedgerOptions): Promise<void> {
  const id = idOf('tran', entry)
  await showOne(options, `entry ${entry}`, async (tx) => {
    const found = await findEntry(tx, id)
    return found === undefined ? undefined : journalEntryBody(found)
  })
}
