import { type Command, Option } from 'commander'
import { keyOption, limitOption } from './options.ts'
import { change, queryOf, showAll, showThing, showThings } from './staff-asking.ts'
import type { StaffOptions } from './staff-commands.ts'

type Listing = StaffOptions & { readonly limit: number }
type Changing = StaffOptions & { readonly key?: string }

const accountPath = (id: string) => `/v1/bank/accounts/${encodeURIComponent(id)}`
const paymentPath = (reference: string) => `/v1/bank/payments/${encodeURIComponent(reference)}`
const ACCOUNT = 'such as acct_00000000300r'
const YUAN = 'decimal text in yuan, such as 128.50'
const REFERENCE = 'of a transfer its UETR'

/** `huitong bank`: current accounts and payments of a bank. `asStaff` adds the options of who asks where. */
export function addBankCommands(program: Command, asStaff: (command: Command) => Command): void {
  const bank = program.command('bank').description('a bank: current accounts and payments over the clearing house')
  const looking = (name: string, description: string): Command => asStaff(bank.command(name).description(description))
  const changing = (name: string, description: string): Command =>
    looking(name, description).option('--key <key>', 'Idempotency-Key of an earlier try', keyOption)
  const withLimit = (command: Command): Command => command.option('--limit <n>', 'at most so many', limitOption, 50)

  withLimit(looking('accounts', 'current accounts'))
    .option('--customer <customer>', 'of this customer, such as cust_00000000300r')
    .action(({ customer, ...options }: Listing & { readonly customer?: string }) =>
      showThings(options, `/v1/bank/accounts${queryOf({ customer })}`, [
        ...['id', 'number', 'customer', 'state', 'balance', 'available', 'spentToday'],
      ]),
    )
  looking('account', 'one current account')
    .argument('<account>', ACCOUNT)
    .action((id: string, options: StaffOptions) => showThing(options, accountPath(id)))
  changing('deposit', 'proposes to book cash that was brought to the counter')
    .argument('<account>', ACCOUNT)
    .argument('<amount>', YUAN)
    .action((id: string, amount: string, options: Changing) =>
      change(options, `${accountPath(id)}/deposits`, { amount }, () => `Booked ${amount} CNY.`),
    )
  for (const [verb, description] of [
    ['freeze', 'freezes an account, as a precaution of the bank'],
    ['thaw', 'proposes to open a frozen account again'],
    ['close', 'closes an account that has nothing left'],
  ] as const) {
    changing(verb, description)
      .argument('<account>', ACCOUNT)
      .action((id: string, options: Changing) =>
        change(
          options,
          `${accountPath(id)}/${verb}`,
          {},
          () => `${id}: ${verb === 'close' ? 'closed' : `${verb} done`}.`,
        ),
      )
  }

  looking('agreements', 'debit agreements of an account: which platforms may take how much')
    .argument('<account>', ACCOUNT)
    .action((account: string, options: StaffOptions) =>
      showAll(options, `/v1/bank/agreements${queryOf({ account })}`, [
        ...['id', 'platform', 'state', 'singleMax', 'dayMax', 'spentToday', 'madeAt'],
      ]),
    )
  changing('end-agreement', 'lets a platform take no more money')
    .argument('<agreement>', 'as agreements lists it')
    .action((id: string, options: Changing) =>
      change(options, `/v1/bank/agreements/${encodeURIComponent(id)}/end`, {}, () => `${id}: ended.`),
    )

  withLimit(looking('payments', 'payments over the clearing house, newest first'))
    .option('--account <account>', 'of this account')
    .addOption(
      new Option('--state <state>', 'how they stand').choices([
        ...['queued', 'sent', 'unknown', 'accepted', 'settled', 'rejected'],
      ]),
    )
    .addOption(new Option('--way <way>', 'out of, or into, an account').choices(['out', 'in']))
    .option('--attention', 'that somebody has to look at: contradicted, in suspense, asked back')
    .action(
      ({
        account,
        state,
        way,
        attention,
        ...options
      }: Listing & { account?: string; state?: string; way?: string; attention?: boolean }) =>
        showThings(
          options,
          `/v1/bank/payments${queryOf({ account, state, way, attention: attention === true ? 'true' : undefined })}`,
          ['reference', 'kind', 'way', 'account', 'peerBank', 'amount', 'mode', 'state', 'reason', 'madeAt'],
        ),
    )
  looking('payment', 'one payment')
    .argument('<reference>', REFERENCE)
    .action((reference: string, options: StaffOptions) => showThing(options, paymentPath(reference)))
  changing('send', "proposes a customer's credit transfer, as he asked at the counter")
    .requiredOption('--account <account>', 'that pays')
    .requiredOption('--amount <amount>', YUAN)
    .requiredOption('--payee-bank <member>', 'such as 990200000028')
    .requiredOption('--payee-account <number>', 'its account number')
    .requiredOption('--payee-name <name>', 'as the other bank has it')
    .option('--remittance <text>', 'what for')
    .addOption(new Option('--mode <mode>', 'how it settles').choices(['gross', 'net']).default('net'))
    .action(
      ({
        account,
        amount,
        payeeBank,
        payeeAccount,
        payeeName,
        remittance,
        mode,
        ...options
      }: Changing &
        Readonly<Record<'account' | 'amount' | 'payeeBank' | 'payeeAccount' | 'payeeName' | 'mode', string>> & {
          readonly remittance?: string
        }) => {
        const body = {
          ...{ account, amount, payeeBank, payeeAccount, payeeName, mode },
          ...(remittance === undefined ? {} : { remittance }),
        }
        return change(options, '/v1/bank/payments', body, ({ reference }) => `Sent: ${String(reference)}`)
      },
    )
  changing('return', 'proposes to return what came in, wholly or in part')
    .argument('<reference>', REFERENCE)
    .argument('<amount>', YUAN)
    .requiredOption('--reason <code>', 'of ISO 20022, such as AC04')
    .action((reference: string, amount: string, { reason, ...options }: Changing & { readonly reason: string }) =>
      change(options, `${paymentPath(reference)}/returns`, { amount, reason }, () => `Returned ${amount} CNY.`),
    )
  changing('clear-suspense', 'proposes to book what waited in suspense on its account')
    .argument('<reference>', REFERENCE)
    .action((reference: string, options: Changing) =>
      change(options, `${paymentPath(reference)}/clear-suspense`, {}, () => 'Booked.'),
    )
}
