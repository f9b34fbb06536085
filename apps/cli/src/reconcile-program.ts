import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { parsePublicId, systemClock } from '@huitong/kernel'
import {
  METADATA_KEYS,
  reconcileStatement,
  STATEMENT_FORMATS,
  type StatementFormat,
  statementBody,
  WINDOW_DAYS,
} from '@huitong/reconciliation'
import { caseOfDifferences } from '@huitong/server'
import { type Command, Option } from 'commander'
import { CliError, EXIT } from './cli-error.ts'
import { withInstitution } from './open-database.ts'
import { keyOption, type LedgerOptions, limitOption } from './options.ts'
import { printFields, printJson } from './output.ts'
import { change, queryOf, showThing, showThings } from './staff-asking.ts'
import type { StaffOptions } from './staff-commands.ts'

type Listing = StaffOptions & { readonly limit: number }
type Changing = StaffOptions & { readonly key?: string; readonly note: string }

interface FileOptions extends LedgerOptions {
  readonly account: string
  readonly format: StatementFormat
  readonly windowDays: number
}

/** `huitong reconcile`: statements of others against the ledger. */
export function addReconcileCommands(
  program: Command,
  asStaff: (command: Command) => Command,
  withLedger: (command: Command) => Command,
): void {
  const group = program.command('reconcile').description('statements of others against the ledger')
  withLedger(group.command('file').description('holds a file against an account, beside the running server'))
    .argument('<file>', 'CSV with the columns day,amount,reference[,text], or camt.053')
    .requiredOption('--account <account>', 'such as acct_00000000300r')
    .addOption(new Option('--format <format>', 'of the file').choices([...STATEMENT_FORMATS]).default('csv'))
    .option('--window-days <n>', 'how far apart a line and an entry may be', limitOption, WINDOW_DAYS)
    .action(reconcileFile)
  asStaff(group.command('statements').description('what was held against the ledger, newest first'))
    .option('--limit <n>', 'at most so many', limitOption, 50)
    .action((options: Listing) =>
      showThings(options, '/v1/reconciliation/statements', [
        ...['id', 'account', 'firstDay', 'lastDay', 'lines', 'matched', 'differing', 'madeAt'],
      ]),
    )
  asStaff(group.command('statement').description('one statement, with what each rule found'))
    .argument('<statement>', 'such as rstm_00000000300r')
    .action((id: string, options: StaffOptions) =>
      showThing(options, `/v1/reconciliation/statements/${encodeURIComponent(id)}`),
    )
  asStaff(group.command('differences').description('what does not agree'))
    .option('--statement <statement>', 'of this statement')
    .option('--state <state>', 'open, booked, matched, noted or matched_later; all unless told')
    .option('--limit <n>', 'at most so many', limitOption, 50)
    .action(({ statement, state, ...options }: Listing & { readonly statement?: string; readonly state?: string }) =>
      showThings(options, `/v1/reconciliation/differences${queryOf({ statement, state })}`, [
        ...['id', 'kind', 'state', 'day', 'ageDays', 'line', 'transfer', 'amount', 'currency', 'reference'],
      ]),
    )
  const settling = (name: string, description: string): Command =>
    asStaff(group.command(name).description(description))
      .argument('<difference>', 'such as rdif_00000000300r')
      .requiredOption('--note <text>', 'why')
      .option('--key <key>', 'Idempotency-Key of an earlier try', keyOption)
  settling('book', 'proposes to book a difference against another account')
    .requiredOption('--against <account>', 'suspense, or income or expense to write it off')
    .action((id: string, { against, note, ...options }: Changing & { readonly against: string }) =>
      change(options, differencePath(id, 'book'), { against, note }, ({ transfer }) => `Booked: ${String(transfer)}`),
    )
  settling('settle', 'proposes to settle a difference without booking')
    .option('--transfer <transfer>', 'that belongs to it')
    .action((id: string, { transfer, note, ...options }: Changing & { readonly transfer?: string }) =>
      change(
        options,
        differencePath(id, 'settle'),
        { note, ...(transfer === undefined ? {} : { transfer }) },
        () => 'Settled.',
      ),
    )
}

function differencePath(id: string, verb: 'book' | 'settle'): string {
  return `/v1/reconciliation/differences/${encodeURIComponent(id)}/${verb}`
}

/** In a process of its own: a million lines take a core for some seconds, which payments would miss. */
async function reconcileFile(file: string, options: FileOptions): Promise<void> {
  const { account: text, format, windowDays, data, institution } = options
  if (!existsSync(file)) throw new CliError(EXIT.usage, `There is no file ${file}.`)
  const account = parsePublicId('acct', text)
  if (!account.ok) throw new CliError(EXIT.usage, `${text} is not the id of an account.`)
  const bytes = await readFile(file)
  const clock = systemClock()
  const done = await withInstitution(data, institution, (db) =>
    reconcileStatement(
      { db, clock, onDifferences: caseOfDifferences({ db, clock }) },
      { account: account.value, format, bytes, windowDays, metadataKeys: METADATA_KEYS, by: 'operator' },
    ),
  )
  if (!done.ok) {
    const { error } = done
    if (error.code === 'statement_unreadable') throw new CliError(EXIT.refused, `${file}:${error.line}: ${error.what}.`)
    throw new CliError(
      EXIT.refused,
      error.code === 'account_unknown' ? `There is no account ${text}.` : 'The file has no line.',
    )
  }
  if (options.json === true) printJson(statementBody(done.value))
  else printFields(statementBody(done.value))
}
