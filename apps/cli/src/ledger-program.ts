import { TRANSFER_CODES } from '@huitong/ledger'
import { Argument, type Command, Option } from 'commander'
import { correct, deduct, openAccount, setMetadata, setPostingPolicy, setState } from './ledger-change-commands.ts'
import { postEntry, showEntry } from './ledger-entry-commands.ts'
import { showEvents } from './ledger-events-command.ts'
import { exchange, revalue, showPositions } from './ledger-fx-commands.ts'
import {
  captureHold,
  createHold,
  extendHold,
  increaseHold,
  listHolds,
  showHold,
  voidHold,
} from './ledger-hold-commands.ts'
import {
  showAccount,
  showBuffer,
  showCheckpoint,
  showFreezes,
  showHead,
  showReversal,
  showTransfer,
  showYears,
} from './ledger-look-commands.ts'
import { cancelScheduled, listScheduled, schedulePosting, showScheduled } from './ledger-scheduled-commands.ts'
import { addToSet, createSet, removeFromSet, showMembers, showSet } from './ledger-set-commands.ts'
import { batchOption, dayOption, keyOption, limitOption } from './options.ts'

type With = (command: Command) => Command

const ACCOUNT = 'such as acct_00000000300r'
const TRANSFER = 'such as tran_00000000300r'
const SCHEDULED = 'such as schp_00000000300r'
const DECIMAL = 'decimal text, such as 88.88'

const withKey = (command: Command): Command =>
  command.option('--key <key>', 'Idempotency-Key of an earlier try', keyOption)
const withCurrency = (command: Command): Command => command.option('--currency <code>', 'ISO 4217', 'CNY')
const withCode = (command: Command): Command =>
  command.option('--code <code>', `what it is: ${Object.keys(TRANSFER_CODES).slice(0, 3).join(', ')} …`, 'adjustment')
const withLimit = (command: Command): Command => command.option('--limit <n>', 'at most so many', limitOption, 50)
const withSides = (command: Command): Command =>
  withCode(
    withCurrency(
      command
        .requiredOption('--debit <account>', 'the account that is debited')
        .requiredOption('--credit <account>', 'the account that is credited')
        .requiredOption('--amount <amount>', DECIMAL),
    ),
  )
const more = (text: string, before: readonly string[]): readonly string[] => [...before, text]

/** The commands of `huitong ledger` on holds, entries, exchange and sets, each under the name of its noun. */
export function addNounCommands(ledger: Command, withLedger: With): void {
  const changing = (parent: Command, name: string, description: string): Command =>
    withKey(withLedger(parent.command(name).description(description)))

  const hold = ledger.command('hold').description('amounts that are promised')
  withSides(changing(hold, 'create', "promise an amount between two of the institution's own accounts"))
    .option('--expires <time>', 'such as 2026-11-22T08:30:00Z')
    .action(createHold)
  withCurrency(changing(hold, 'capture', 'post a hold, or a part of it').argument('<hold>', TRANSFER))
    .argument('<amount>', DECIMAL)
    .option('--keep-rest', 'let the rest be promised further instead of giving it back')
    .action(captureHold)
  withCurrency(changing(hold, 'increase', 'promise more under a hold').argument('<hold>', TRANSFER))
    .argument('<amount>', DECIMAL)
    .action(increaseHold)
  changing(hold, 'void', 'give back what a hold promises').argument('<hold>', TRANSFER).action(voidHold)
  changing(hold, 'extend', 'move the expiry of a hold to a later time')
    .argument('<hold>', TRANSFER)
    .argument('<time>', 'such as 2026-11-22T08:30:00Z')
    .action(extendHold)
  withLedger(hold.command('show').description('one hold')).argument('<hold>', TRANSFER).action(showHold)
  withLimit(withLedger(hold.command('list').description('what is promised out of an account')))
    .argument('<account>', ACCOUNT)
    .action(listHolds)

  const scheduled = ledger.command('scheduled').description('postings that are decided at a later time')
  withSides(changing(scheduled, 'create', "schedule a transfer between two of the institution's own accounts"))
    .requiredOption('--due <time>', 'such as 2026-11-22T08:30:00Z')
    .option('--any-account', 'of customers and merchants too; a second person has to approve it')
    .action(schedulePosting)
  changing(scheduled, 'cancel', 'cancel one that has not been decided yet')
    .argument('<posting>', SCHEDULED)
    .action(cancelScheduled)
  withLedger(scheduled.command('show').description('one scheduled posting, and what became of it'))
    .argument('<posting>', SCHEDULED)
    .action(showScheduled)
  withLimit(withLedger(scheduled.command('list').description('scheduled postings, by id')))
    .option('--state <state>', 'waiting, posted, refused or cancelled; all unless told')
    .action(listScheduled)

  const entry = ledger.command('entry').description('entries of debit and credit lines')
  const line = 'ACCOUNT=AMOUNT or ACCOUNT=AMOUNT:CURRENCY; may be told several times'
  withCode(withCurrency(changing(entry, 'post', 'post lines that balance in each currency')))
    .requiredOption('--debit <line>', line, more, [])
    .requiredOption('--credit <line>', line, more, [])
    .action(postEntry)
  withLedger(entry.command('show').description('one entry, by any of its transfers'))
    .argument('<transfer>', TRANSFER)
    .action(showEntry)

  const fx = ledger.command('fx').description('exchange of currencies through the positions')
  const rounding = new Option('--rounding <name>', 'how the other side is rounded').default('half_even')
  changing(fx, 'exchange', 'exchange one currency for another at a rate, in one entry')
    .requiredOption('--sell <account>', 'the account whose money is sold')
    .requiredOption('--sell-currency <code>', 'ISO 4217')
    .option('--sell-amount <amount>', 'tell this one')
    .requiredOption('--buy <account>', 'the account that gets the other currency')
    .requiredOption('--buy-currency <code>', 'ISO 4217')
    .option('--buy-amount <amount>', 'or this one')
    .requiredOption('--base <code>', 'the currency whose unit the rates are the price of')
    .requiredOption('--mid-rate <rate>', 'exact decimal text, such as 7.1234')
    .option('--applied-rate <rate>', 'tell one of these three: the rate')
    .option('--spread-bps <bps>', 'the spread in hundredths of a percent')
    .option('--spread <rate>', 'the spread as a difference of rates')
    .addOption(rounding)
    .option('--post-spread', 'post the spread to income now')
    .action(exchange)
  withLedger(fx.command('positions').description('positions by currency')).action(showPositions)
  changing(fx, 'revalue', 'value the positions at rates and post the gain or the loss')
    .requiredOption('--base <code>', 'the currency in which they are valued')
    .requiredOption('--rate <rate>', 'CURRENCY=RATE; may be told several times', more, [])
    .addOption(rounding)
    .action(revalue)

  const set = ledger.command('set').description('sets of accounts; ledger sets lists them')
  changing(set, 'create', 'make a set, at the top or below another')
    .argument('<name>', 'as people call it')
    .option('--parent <set>', 'such as aset_00000000300r')
    .action(createSet)
  const withMember = (command: Command): Command =>
    command.argument('<set>', 'such as aset_00000000300r').argument('<account>', ACCOUNT)
  withMember(changing(set, 'add', 'count an account in a set from now on')).action(addToSet)
  withMember(changing(set, 'remove', 'count an account in a set no longer')).action(removeFromSet)
  withLedger(set.command('show').description('a set with what its members have together'))
    .argument('<set>', 'such as aset_00000000300r')
    .action(showSet)
  withLimit(withLedger(set.command('members').description('accounts that count in a set')))
    .argument('<set>', 'such as aset_00000000300r')
    .action(showMembers)
}

/** The commands of `huitong ledger` that show or change one thing. */
export function addObjectCommands(ledger: Command, withLedger: With): void {
  const changing = (name: string, description: string): Command =>
    withKey(withLedger(ledger.command(name).description(description)))
  const looking = (name: string, description: string): Command =>
    withLedger(ledger.command(name).description(description))

  withCurrency(changing('open', "open an account of the institution's own"))
    .requiredOption('--subject <code>', 'chart subject, such as 1002')
    .option('--floor <amount>', 'its balance may not fall below it; none unless told')
    .action(openAccount)
  changing('state', 'freeze, reopen or close an account')
    .argument('<account>', ACCOUNT)
    .addArgument(new Argument('<state>', 'what it becomes').choices(['open', 'frozen', 'closed']))
    .action(setState)
  changing('posting-policy', 'post to an account at once, or in sums when the day closes')
    .argument('<account>', ACCOUNT)
    .addArgument(new Argument('<policy>', 'how').choices(['immediate', 'summarised']))
    .action(setPostingPolicy)
  withCurrency(changing('deduct', 'take frozen money on a judicial freeze; a second person has to approve it'))
    .argument('<freeze>', 'such as frze_00000000300r')
    .requiredOption('--to <account>', "an account of the institution's own")
    .requiredOption('--amount <amount>', DECIMAL)
    .action(deduct)
  withSides(changing('correct', 'take back a transfer and post what it should have been, as one entry'))
    .argument('<transfer>', `${TRANSFER}; with --entry the id of an entry`)
    .option('--entry', 'all transfers of the entry')
    .action(correct)
  changing('set-metadata', 'set and take away what hangs on an account, or add to a transfer')
    .argument('<id>', `${ACCOUNT} or tran_…`)
    .argument('[pairs...]', 'KEY=VALUE')
    .option('--remove <key>', 'take a key away; may be told several times', more, [])
    .action(setMetadata)

  looking('account', 'one account, as it is or was')
    .argument('<account>', ACCOUNT)
    .option('--as-of <time>', 'such as 2026-11-22T08:30:00Z')
    .option('--as-of-batch <n>', 'after this batch', batchOption)
    .option('--as-of-day <day>', 'at the end of this accounting day', dayOption)
    .action(showAccount)
  looking('transfer', 'one transfer').argument('<transfer>', TRANSFER).action(showTransfer)
  looking('reversal', 'how much of a transfer was taken back').argument('<transfer>', TRANSFER).action(showReversal)
  withLimit(looking('freezes', 'freezes of an account, ended ones too'))
    .argument('<account>', ACCOUNT)
    .action(showFreezes)
  looking('buffer', 'what waits to be posted to an account when the day closes')
    .argument('<account>', ACCOUNT)
    .action(showBuffer)
  looking('years', 'years that were ever closed').action(showYears)
  looking('head', 'the end of the journal').action(showHead)
  looking('events', 'what happened, in the order of the journal, one event a line')
    .option('--after <place>', 'such as 12-3; the beginning unless told, or with --follow the end')
    .option('--follow', 'go on as things happen, until stopped')
    .option('--limit <n>', 'at most so many, without --follow', limitOption, 100)
    .option('--type <type>', 'such as transfer.posted or hold.*; may be told several times', more, [])
    .option('--account <account>', 'of this account; may be told several times', more, [])
    .option('--owner <owner>', 'of accounts of this owner')
    .option('--subject <code>', 'of accounts of this chart subject')
    .option('--template <name>', 'of entries by this template')
    .action(showEvents)
  looking('checkpoint', 'what the running server says of the checkpoints that it writes').action(showCheckpoint)
}
