import { type Command, Option } from 'commander'
import { keyOption, limitOption, millionthsOption } from './options.ts'
import { change, queryOf, showAll, showThing, showThings } from './staff-asking.ts'
import type { StaffOptions } from './staff-commands.ts'

type Listing = StaffOptions & { readonly limit: number }

const YUAN = 'decimal text in yuan, such as 5000.00'
const MEMBER = 'its number in the clearing system, such as 990100000011'

/** `huitong channels`: banks whose cards can be bound, and what customers bring in and take out. `asStaff` adds the options of who asks where. */
export function addChannelCommands(program: Command, asStaff: (command: Command) => Command): void {
  const channels = program.command('channels').description('ways to banks: top-ups and withdrawals of customers')
  const looking = (name: string, description: string): Command =>
    asStaff(channels.command(name).description(description))

  looking('banks', 'banks whose cards can be bound').action((options: StaffOptions) =>
    showAll(options, '/v1/channels/banks', ['member', 'name', 'state', 'singleMax', 'dayMax']),
  )
  looking('set-bank', 'lets cards of a bank be bound, on other terms, or takes no new orders for it')
    .argument('<member>', MEMBER)
    .requiredOption('--name <name>', 'as customers read it')
    .addOption(new Option('--state <state>', 'paused: no new orders').choices(['open', 'paused']).default('open'))
    .requiredOption('--single-max <amount>', `at once at most: ${YUAN}`)
    .requiredOption('--day-max <amount>', `on a day at most: ${YUAN}`)
    .option('--capacity <n>', 'orders a second that it takes; as many as come unless told', limitOption)
    .option('--cost-millionths <n>', 'what it charges of each amount, in millionths', millionthsOption)
    .option('--key <key>', 'Idempotency-Key of an earlier try', keyOption)
    .action(
      (
        member: string,
        {
          name,
          state,
          singleMax,
          dayMax,
          capacity,
          costMillionths,
          ...options
        }: StaffOptions & {
          readonly key?: string
          readonly name: string
          readonly state: string
          readonly singleMax: string
          readonly dayMax: string
          readonly capacity?: number
          readonly costMillionths?: number
        },
      ) =>
        change(
          options,
          `/v1/channels/banks/${encodeURIComponent(member)}`,
          { name, state, singleMax, dayMax, capacity, costMillionths },
          () => `${member}: ${state}.`,
          'put',
        ),
    )
  looking('health', 'how each bank did in the last minute').action((options: StaffOptions) =>
    showAll(options, '/v1/channels/health', [
      ...['member', 'name', 'gate', 'settled', 'declined', 'failed', 'success', 'medianSeconds', 'p99Seconds'],
    ]),
  )
  looking('orders', 'top-ups and withdrawals, newest first')
    .option('--limit <n>', 'at most so many', limitOption, 50)
    .option('--customer <customer>', 'of this customer, such as cust_00000000300r')
    .option('--bank <member>', 'of this bank')
    .addOption(new Option('--kind <kind>', 'which way').choices(['top_up', 'withdrawal', 'payment']))
    .addOption(
      new Option('--state <state>', 'how they stand').choices(['sent', 'unknown', 'accepted', 'settled', 'rejected']),
    )
    .option('--attention', 'those that somebody has to look at')
    .action(
      ({
        customer,
        bank,
        kind,
        state,
        attention,
        ...options
      }: Listing & {
        readonly customer?: string
        readonly bank?: string
        readonly kind?: string
        readonly state?: string
        readonly attention?: boolean
      }) =>
        showThings(
          options,
          `/v1/channels/orders${queryOf({ customer, bank, kind, state, attention: attention === true ? 'true' : undefined })}`,
          ['id', 'kind', 'customer', 'bank', 'amount', 'state', 'reason', 'madeAt'],
        ),
    )
  looking('order', 'one top-up or withdrawal')
    .argument('<order>', 'such as chor_00000000300r')
    .action((id: string, options: StaffOptions) => showThing(options, `/v1/channels/orders/${encodeURIComponent(id)}`))
}
