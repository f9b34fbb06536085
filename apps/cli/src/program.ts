import { CHECKPOINTS_KEPT } from '@huitong/ledger'
import { Command, Option } from 'commander'
import { addAccountCommands } from './account-program.ts'
import { addAccountingCommands } from './accounting-program.ts'
import { restoreBackup, takeBackup } from './backup-command.ts'
import { advanceClock, hireStaff, paymentCode, signInLink } from './demo-commands.ts'
import { archiveJournal, restoreJournal } from './ledger-archive-command.ts'
import { exportLedger } from './ledger-export-command.ts'
import { freezeAccount, liftFreeze } from './ledger-freeze-commands.ts'
import { importFile } from './ledger-import-command.ts'
import { importJournal } from './ledger-import-journal-command.ts'
import { showLiabilities } from './ledger-liabilities-command.ts'
import { findByMetadata, showMetadata } from './ledger-metadata-command.ts'
import { postTransfer } from './ledger-post-command.ts'
import { addNounCommands, addObjectCommands } from './ledger-program.ts'
import { proveTransfer } from './ledger-proof-command.ts'
import { showAccounts } from './ledger-read-commands.ts'
import { reverseTransfer } from './ledger-reverse-command.ts'
import { showSets } from './ledger-sets-command.ts'
import { statementCommand } from './ledger-statement-command.ts'
import { listOfTemplates, putTemplate, runTemplate, showTemplate } from './ledger-template-commands.ts'
import {
  DEFAULT_DATA,
  DEFAULT_INSTITUTION,
  dayOption,
  durationOption,
  fileOption,
  folderOption,
  fromOption,
  keyOption,
  limitOption,
  versionOption,
} from './options.ts'
import { addStaffCommands } from './staff-program.ts'
import { runStandby } from './standby-command.ts'
import { startCommand } from './start-command.ts'

/** All commands. `onExit` hears of an exit code other than 0 that is no error. */
export function createProgram(onExit: (code: number) => void): Command {
  const program = new Command('huitong').description('Huitong 汇通 for operators and developers').version('0.1.0')
  program
    .command('start')
    .description('start the server, as npm start does; start --help says more')
    .allowUnknownOption()
    .allowExcessArguments()
    .helpOption(false)
    .action(async (_options, command: Command) => onExit(await startCommand(command.args)))

  withData(program.command('backup').description('copy the running embedded server into a new folder'))
    .argument('<dir>', 'a folder that is missing or empty')
    .action(takeBackup)
  withData(program.command('restore').description('lay a backup out as a new data folder'))
    .argument('<dir>', 'a folder that backup made')
    .option('--to <time>', 'the state at this time, such as 2026-11-22T08:30:00Z')
    .action(restoreBackup)
  withData(program.command('standby').description('run a standby of the embedded server, for reads, until stopped'))
    .argument('<dir>', 'its folder; the first start copies the running server into it')
    .option('--anew', 'make the copy anew')
    .action(runStandby)

  const ledger = program.command('ledger').description('look at the ledger, post to it, check it')
  withLedger(ledger.command('accounts').description('accounts with their balances'))
    .option('--subject <code>', 'only of this chart subject, such as 2001')
    .option('--owner <owner>', 'only of this owner')
    .option('--limit <n>', 'at most so many', limitOption, 50)
    .action(showAccounts)
  withLedger(ledger.command('statement').description('entries of one account, newest first, or a period as a file'))
    .argument('<account>', 'such as acct_00000000300r')
    .option('--limit <n>', 'at most so many', limitOption, 50)
    .option('--from <day>', 'first accounting day of a file')
    .option('--to <day>', 'last accounting day of a file')
    .addOption(new Option('--format <format>', 'what file').choices(['csv', 'pdf', 'camt053']))
    .option('--out <file>', 'the file, which must not be there yet', fileOption)
    .action(statementCommand)
  withLedger(ledger.command('sets').description('sets of accounts with what their members have together'))
    .option('--limit <n>', 'at most so many', limitOption, 50)
    .action(showSets)
  withLedger(ledger.command('metadata').description('what hangs on an account or a transfer'))
    .argument('<id>', 'such as acct_00000000300r or tran_…')
    .option('--history', 'what was set when, newest first')
    .option('--limit <n>', 'at most so many changes', limitOption, 50)
    .action(showMetadata)
  withLedger(ledger.command('find').description('accounts or transfers by their metadata'))
    .argument('<key>', 'such as order')
    .addOption(new Option('--of <object>', 'what to find').choices(['account', 'transfer']).default('transfer'))
    .option('--value <text>', 'exactly this value')
    .option('--prefix <text>', 'values that begin so')
    .option('--limit <n>', 'at most so many', limitOption, 50)
    .action(findByMetadata)
  withLedger(ledger.command('post').description("one transfer between the institution's own accounts"))
    .requiredOption('--debit <account>', 'the account that is debited')
    .requiredOption('--credit <account>', 'the account that is credited')
    .requiredOption('--amount <amount>', 'decimal text, such as 88.88')
    .option('--currency <code>', 'ISO 4217', 'CNY')
    .option('--code <code>', 'what the transfer is', 'adjustment')
    .option('--effective-on <day>', 'the accounting day that it belongs to; the open one unless told', dayOption)
    .option('--any-account', "on customers' and merchants' accounts too; a second person has to approve it")
    .option('--key <key>', 'Idempotency-Key of an earlier try', keyOption)
    .action(postTransfer)
  withLedger(ledger.command('export').description('write a part of the ledger to a file'))
    .addOption(
      new Option('--what <what>', 'which part')
        .choices(['accounts', 'transfers', 'entries', 'books'])
        .makeOptionMandatory(),
    )
    .addOption(new Option('--format <format>', 'how to write it').choices(['csv', 'jsonl']).default('csv'))
    .option('--from <day>', 'first accounting day, such as 2026-11-22', dayOption)
    .option('--to <day>', 'last accounting day', dayOption)
    .option('--out <file>', 'the file; standard output unless told', fileOption)
    .action(exportLedger)
  withLedger(ledger.command('import').description('bring in accounts and transfers from a file'))
    .argument('<file>', 'CSV, JSON lines, or a plain-text journal, which comes into books of its own')
    .addOption(
      new Option('--format <format>', 'how to read it')
        .choices(['csv', 'jsonl', 'hledger', 'beancount'])
        .default('csv'),
    )
    .option('--refused <file>', 'where refused lines go; FILE.refused.csv unless told', fileOption)
    .option('--again <label>', 'bring in a file once more that came in before')
    .option('--dry-run', 'say what would be refused, and change nothing')
    .action(async (file, options) => {
      const { format } = options
      const isJournal = format === 'hledger' || format === 'beancount'
      onExit(await (isJournal ? importJournal(file, format, options) : importFile(file, options)))
    })
  withLedger(ledger.command('archive').description('move old stretches of the journal into files'))
    .requiredOption('--before <day>', 'only what ended before this accounting day', dayOption)
    .requiredOption('--to <dir>', 'the folder', folderOption)
    .action(archiveJournal)
  withLedger(ledger.command('restore-archive').description('bring an archived stretch of the journal back'))
    .argument('<dir>', 'the folder that archive wrote to')
    .action(restoreJournal)
  withLedger(ledger.command('proof').description('proof that a transfer stands in the journal, for third parties'))
    .argument('<transfer>', 'such as tran_00000000300r')
    .option('--heads <file>', 'signed heads; those of the data folder unless told', fileOption)
    .action(proveTransfer)
  withLedger(
    ledger.command('reverse').description("take back a transfer or an entry between the institution's own accounts"),
  )
    .argument('<transfer>', 'such as tran_00000000300r; with --entry the id of an entry')
    .option('--amount <amount>', 'only a part; decimal text, such as 88.88')
    .option('--currency <code>', 'ISO 4217, of the amount', 'CNY')
    .option('--entry', 'all transfers of the entry')
    .option('--key <key>', 'Idempotency-Key of an earlier try', keyOption)
    .action(reverseTransfer)
  withLedger(
    ledger.command('liabilities').description('state and sign what is owed to customers and merchants'),
  ).action(showLiabilities)
  withLedger(ledger.command('freeze').description('freeze an account, wholly or an amount of it'))
    .argument('<account>', 'such as acct_00000000300r')
    .requiredOption('--cause <cause>', 'judicial, risk, dispute or hold')
    .requiredOption('--reference <text>', 'number of the document or case, no name')
    .option('--amount <amount>', 'what must stay in the account; the whole account unless told')
    .option('--currency <code>', 'ISO 4217, of the amount', 'CNY')
    .option('--incoming', 'let nothing in either; only without an amount')
    .option('--expires <time>', 'such as 2026-11-22T08:30:00Z')
    .option('--key <key>', 'Idempotency-Key of an earlier try', keyOption)
    .action(freezeAccount)
  withLedger(ledger.command('lift').description('lift a freeze'))
    .argument('<freeze>', 'such as frze_00000000300r')
    .option('--key <key>', 'Idempotency-Key of an earlier try', keyOption)
    .action(liftFreeze)
  addAccountCommands(ledger, withLedger)
  addObjectCommands(ledger, withLedger)
  addNounCommands(ledger, withLedger)
  withLedger(ledger.command('verify').description('replay the journal and check everything that hangs on it'))
    .option('--heads <file>', 'signed heads; those of the data folder unless told', fileOption)
    .option('--public-key <file>', 'the key that they are checked by', fileOption)
    .option(
      '--from <where>',
      'start, checkpoint, or hash from this batch on; the newest checkpoint unless told',
      fromOption,
    )
    .option('--checkpoint', 'write a signed checkpoint when nothing was found')
    .option('--keep <n>', 'with --checkpoint: so many of the newest stay', limitOption, CHECKPOINTS_KEPT)
    .option('--archive <dir>', 'where the archived stretches of the journal are', folderOption)
    .action(async (options) => {
      const { verify } = await import('./ledger-verify-command.ts')
      onExit(await verify(options))
    })
  addAccountingCommands(ledger, withLedger, onExit)

  const template = ledger.command('template').description('postings by name')
  withLedger(template.command('list').description('the newest version of each template'))
    .option('--limit <n>', 'at most so many', limitOption, 50)
    .action(listOfTemplates)
  withLedger(template.command('show').description('the definition of a template'))
    .argument('<name>', 'such as channel-collection')
    .option('--version <n>', 'this version instead of the newest', versionOption)
    .action(showTemplate)
  withLedger(template.command('put').description('publish a template, or a new version of it'))
    .argument('<name>', 'such as channel-collection')
    .argument('<file>', 'its definition as JSON', fileOption)
    .action(putTemplate)
  withLedger(template.command('run').description('post by a template'))
    .argument('<name>', 'such as channel-collection')
    .argument('[arguments...]', 'PARAMETER=VALUE for each parameter')
    .option('--dry-run', 'say what would be posted and change nothing')
    .option('--version <n>', 'refuse if another version is the newest', versionOption)
    .option('--key <key>', 'Idempotency-Key of an earlier try', keyOption)
    .action(runTemplate)

  addStaffCommands(program, withData)

  const demo = program.command('demo').description('what stands in for the world around the demo')
  withData(demo.command('payment-code').description('a fresh payment code of a customer, for a merchant to scan'))
    .requiredOption('--customer <who>', 'id, user number or name, such as 林晓雨; demo.json lists them')
    .option('--json', 'as JSON')
    .action(paymentCode)
  withData(demo.command('sign-in').description('a sign-in link of a customer'))
    .requiredOption('--customer <who>', 'id, user number or name')
    .option('--json', 'as JSON')
    .action(signInLink)
  withData(demo.command('staff').description('hires somebody for customer service and prints a sign-in link'))
    .argument('<name>', 'as colleagues say it')
    .option('--json', 'as JSON')
    .action(hireStaff)
  withData(demo.command('advance').description("move the demo's clock forward"))
    .argument('<time>', 'such as 10d, 36h, 5m', durationOption)
    .action(advanceClock)
  return program
}

function withData(command: Command): Command {
  return command.addOption(
    new Option('--data <dir>', 'the data folder').default(DEFAULT_DATA, '.huitong').argParser(folderOption),
  )
}

function withLedger(command: Command): Command {
  return withData(command)
    .option('--institution <schema>', 'the institution', DEFAULT_INSTITUTION)
    .option('--json', 'as JSON')
}
