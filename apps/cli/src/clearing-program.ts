import { type Command, Option } from 'commander'
import { dayOption, keyOption, limitOption } from './options.ts'
import { change, queryOf, showThing, showThings } from './staff-asking.ts'
import type { StaffOptions } from './staff-commands.ts'

type Listing = StaffOptions & { readonly limit: number }
type Changing = StaffOptions & { readonly key?: string }

const memberPath = (member: string) => `/v1/clearing/participants/${encodeURIComponent(member)}`
const YUAN = 'decimal text in yuan, such as 1000.00'

/** `huitong clearing`: participants, payments and windows of a clearing house. `asStaff` adds the options of who asks where. */
export function addClearingCommands(program: Command, asStaff: (command: Command) => Command): void {
  const clearing = program.command('clearing').description('the clearing house: participants, payments, windows')
  const looking = (name: string, description: string): Command =>
    asStaff(clearing.command(name).description(description))
  const changing = (name: string, description: string): Command =>
    looking(name, description).option('--key <key>', 'Idempotency-Key of an earlier try', keyOption)
  const withLimit = (command: Command): Command => command.option('--limit <n>', 'at most so many', limitOption, 50)

  withLimit(looking('participants', 'who takes part, with what each has')).action((options: Listing) =>
    showThings(options, '/v1/clearing/participants', ['member', 'name', 'status', 'posted', 'available', 'cap']),
  )
  looking('participant', 'one participant')
    .argument('<member>', 'its number, such as 990100000011')
    .action((member: string, options: StaffOptions) => showThing(options, memberPath(member)))
  changing('admit', 'proposes to admit a participant')
    .argument('<member>', 'twelve digits, or a BIC')
    .requiredOption('--name <name>', 'as people call it')
    .action((member: string, options: Changing & { readonly name: string }) =>
      change(options, '/v1/clearing/participants', { member, name: options.name }, () => `${member} takes part.`),
    )
  for (const [verb, description, said] of [
    ['fund', 'proposes to book what a participant paid in', 'Booked'],
    ['withdraw', 'proposes to pay out of a position', 'Paid out'],
    ['cap', 'proposes how far a net position may go below nothing', 'Cap set to'],
  ] as const) {
    changing(verb, description)
      .argument('<member>', 'its number')
      .argument('<amount>', YUAN)
      .action((member: string, amount: string, options: Changing) =>
        change(options, `${memberPath(member)}/${verb}`, { amount }, () => `${said} ${amount} CNY for ${member}.`),
      )
  }
  for (const [verb, description] of [
    ['suspend', 'stops a participant: what is in flight ends, nothing new begins'],
    ['resume', 'proposes to let a suspended participant take part again'],
  ] as const) {
    changing(verb, description)
      .argument('<member>', 'its number')
      .action((member: string, options: Changing) =>
        change(options, `${memberPath(member)}/${verb}`, {}, ({ status }) => `${member} is ${String(status)}.`),
      )
  }

  withLimit(looking('payments', 'payments, newest first'))
    .option('--payer <member>', 'that it pays')
    .option('--payee <member>', 'that it is paid')
    .addOption(new Option('--state <state>', 'how they stand').choices(['forwarded', 'settled', 'rejected']))
    .addOption(new Option('--mode <mode>', 'how they settle').choices(['gross', 'net']))
    .option('--window <n>', 'that count in this window', limitOption)
    .action(
      ({
        payer,
        payee,
        state,
        mode,
        window,
        ...options
      }: Listing & { payer?: string; payee?: string; state?: string; mode?: string; window?: number }) =>
        showThings(options, `/v1/clearing/payments${queryOf({ payer, payee, state, mode, window })}`, [
          ...['reference', 'kind', 'payer', 'payee', 'amount', 'mode', 'state', 'reason', 'receivedAt'],
        ]),
    )
  looking('payment', 'one payment')
    .argument('<reference>', 'of a transfer its UETR')
    .action((reference: string, options: StaffOptions) =>
      showThing(options, `/v1/clearing/payments/${encodeURIComponent(reference)}`),
    )
  withLimit(looking('windows', 'netting windows, newest first')).action((options: Listing) =>
    showThings(options, '/v1/clearing/windows', [
      'window',
      'state',
      'payments',
      'gross',
      'net',
      'openedAt',
      'settledAt',
    ]),
  )
  looking('window', 'one netting window, with the positions in it')
    .argument('<n>', 'its number', limitOption)
    .action((number: number, options: StaffOptions) => showThing(options, `/v1/clearing/windows/${number}`))
  changing('settle', 'settles the open window now')
    .argument('<n>', 'its number: asked twice, the next one stays open', limitOption)
    .action((number: number, options: Changing) =>
      change(
        options,
        `/v1/clearing/windows/${number}/settle`,
        {},
        ({ payments, gross, net }) =>
          `Settled: ${String(payments)} payments of ${String(gross)} CNY moved ${String(net)} CNY.`,
      ),
    )
  looking('report', 'what each participant sent and received on a day')
    .option('--day <day>', 'in Beijing; today unless told', dayOption)
    .action(({ day, ...options }: StaffOptions & { readonly day?: string }) =>
      showThing(options, `/v1/clearing/reports/day${queryOf({ day })}`),
    )
}
