import type { Command } from 'commander'
import { keyOption, limitOption } from './options.ts'
import { change, showThing, showThings } from './staff-asking.ts'
import type { StaffOptions } from './staff-commands.ts'

const YUAN = 'decimal text in yuan, such as 5000.00'

/** `huitong reserve`: what covers customers' money. `asStaff` adds the options of who asks where. */
export function addReserveCommands(program: Command, asStaff: (command: Command) => Command): void {
  const reserve = program.command('reserve').description('the customer reserve: what customers have is covered')
  const looking = (name: string, description: string): Command =>
    asStaff(reserve.command(name).description(description))

  looking('show', 'what customers have and what covers it, now').action((options: StaffOptions) =>
    showThing(options, '/v1/reserve'),
  )
  looking('days', 'the report of each accounting day, newest first')
    .option('--limit <n>', 'at most so many', limitOption, 31)
    .action((options: StaffOptions & { readonly limit: number }) =>
      showThings(options, '/v1/reserve/days', ['day', 'customers', 'reserve', 'inTransit', 'surplus']),
    )
  for (const [verb, noun, description, said] of [
    ['contribute', 'contributions', 'proposes to put own money into the reserve', 'Put into the reserve'],
    [
      'release',
      'releases',
      'proposes to take what customers do not have out of the reserve',
      'Taken out of the reserve',
    ],
  ] as const) {
    looking(verb, description)
      .argument('<amount>', YUAN)
      .option('--key <key>', 'Idempotency-Key of an earlier try', keyOption)
      .action((amount: string, options: StaffOptions & { readonly key?: string }) =>
        change(options, `/v1/reserve/${noun}`, { amount }, () => `${said}: ${amount} CNY.`),
      )
  }
}
