import { REOPEN_REASONS } from '@huitong/ledger'
import { type Command, Option } from 'commander'
import { reopenAccount, setCeiling, setCreditLimit, setFloor } from './ledger-account-commands.ts'
import { keyOption } from './options.ts'

/** The commands of `huitong ledger` that change an account apart from its money. `withLedger` adds the options that all of its commands take. */
export function addAccountCommands(ledger: Command, withLedger: (command: Command) => Command): void {
  const changing = (name: string, description: string): Command =>
    withLedger(ledger.command(name).description(description))
      .argument('<account>', 'such as acct_00000000300r')
      .option('--key <key>', 'Idempotency-Key of an earlier try', keyOption)
  changing('credit-limit', 'give an account a credit line, change it, or take it away with 0')
    .argument('<limit>', 'how much it may owe, such as 500.00')
    .action(setCreditLimit)
  changing('ceiling', 'bound the balance of an account from above')
    .argument('[amount]', 'such as 10000.00; the bound is taken away unless told')
    .action(setCeiling)
  changing('floor', "bound the balance of one of the institution's own accounts from below")
    .argument('[amount]', 'such as 0.00 or, after two dashes, -50.00; the floor is taken away unless told')
    .action(setFloor)
  changing('reopen', 'open a closed account again')
    .addOption(new Option('--reason <reason>', 'why').choices([...REOPEN_REASONS]).makeOptionMandatory())
    .action(reopenAccount)
}
