import { REPORTS } from '@huitong/ledger'
import type { Command } from 'commander'
import { showChart } from './ledger-chart-command.ts'
import { closeDay, closeYear, finalizeDays, showDays, showTie, yearOption } from './ledger-day-commands.ts'
import { basisOption, closingOption, dayOption, type ReportOptions, showReport } from './ledger-report-command.ts'
import { keyOption, type LedgerOptions, limitOption } from './options.ts'

/** The commands of `huitong ledger` on charts, days and years. `withLedger` adds the options that all of its commands take. */
export function addAccountingCommands(
  ledger: Command,
  withLedger: (command: Command) => Command,
  onExit: (code: number) => void,
): void {
  withLedger(ledger.command('chart').description("the institution's chart of accounts")).action(showChart)
  withLedger(ledger.command('days').description('closed accounting days, newest first'))
    .option('--limit <n>', 'at most so many', limitOption, 31)
    .action(showDays)
  withLedger(
    ledger.command('tie').description('whether accounts add up to their subjects, as of the last batch'),
  ).action(async (options: LedgerOptions) => onExit(await showTie(options)))
  withKey(withLedger(ledger.command('close-day').description('end the open accounting day; traffic goes on')))
    .option('--next <day>', 'the day that begins; the one after it unless told', dayOption)
    .action(closeDay)
  withKey(withLedger(ledger.command('finalize-days').description('end back-dating into a day and all before it')))
    .argument('<day>', 'the last day that becomes final, for good', dayOption)
    .action(finalizeDays)
  withLedger(ledger.command('close-year').description('carry income and expenses of a year into retained earnings'))
    .argument('<year>', 'such as 2026; its last day must be final', yearOption)
    .option('--reopen', 'take that back')
    .action(closeYear)
  for (const name of REPORTS) {
    const command = withLedger(
      ledger.command(name).description(`${name.replace('-', ' ')} of the open day, or of other days`),
    )
      .option('--from <day>', 'first day, such as 2026-11-22; that of --to unless told', dayOption)
      .option('--to <day>', 'last day; the open one unless told', dayOption)
      .option(
        '--basis <basis>',
        'booking, or value: back-dated transfers on the day that they belong to',
        basisOption,
        'booking',
      )
      .option('--csv', 'as CSV')
    if (name !== 'income-statement') {
      command.option('--closing <when>', 'after, or before: without what closed a year in these days', closingOption)
    }
    command.action((options: ReportOptions) => showReport(name, options))
  }
}

function withKey(command: Command): Command {
  return command.option('--key <key>', 'Idempotency-Key of an earlier try', keyOption)
}
