import { parseArgs } from 'node:util'
import { runLedgerSim } from './ledger-sim.ts'
import { runTradeSim } from './trades/trade-sim.ts'

const HELP = `npm run sim -- ledger [options]      commands of the ledger
npm run sim -- trades [options]      payments over HTTP

  --operations N    commands or steps in all (100000, 2000)
  --seed N          the same seed draws the same (of the clock)
  --help            this

ledger:
  --accounts N      accounts that money moves between (100)
  --wave N          commands that are submitted at once (2000)
  --fault-every N   waves between a crash or takeover and the next (50)

trades:
  --customers N     buyers (20)
  --at-once N       steps under way at once (12)
`

/** Throws when an option is unknown or its value is none that it takes. */
function optionsOf(words: readonly string[]) {
  const text = { type: 'string' } as const
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      ...{
        operations: text,
        seed: text,
        accounts: text,
        wave: text,
        'fault-every': text,
        customers: text,
        'at-once': text,
      },
      help: { type: 'boolean' },
    },
  })
  const number = (name: Exclude<keyof typeof values, 'help'>, otherwise: number): number => {
    const given = values[name]
    if (given === undefined) return otherwise
    if (!/^[1-9]\d{0,14}$/.test(given)) throw new Error(`--${name} takes a whole number above zero`)
    return Number(given)
  }
  const seed = number('seed', (Date.now() % 1_000_000) + 1)
  return {
    help: values.help === true,
    names: positionals,
    ledger: {
      ...{ operations: number('operations', 100_000), seed, accounts: number('accounts', 100) },
      ...{ wave: number('wave', 2000), faultEvery: number('fault-every', 50) },
    },
    trades: {
      ...{ operations: number('operations', 2000), seed, customers: Math.max(3, number('customers', 20)) },
      atOnce: number('at-once', 12),
    },
  }
}

async function main(): Promise<number> {
  const { help, names, ledger, trades } = optionsOf(process.argv.slice(2))
  if (help) {
    process.stdout.write(HELP)
    return 0
  }
  const log = (line: string) => process.stdout.write(`${line}\n`)
  const [name, ...more] = names
  if (more.length > 0 || (name !== 'ledger' && name !== 'trades'))
    throw new Error('which simulation? One of: ledger, trades')
  const { differences } =
    name === 'ledger' ? await runLedgerSim({ ...ledger, log }) : await runTradeSim({ ...trades, log })
  return differences.length === 0 ? 0 : 1
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof Error)) throw error
  process.stderr.write(`${'code' in error || error.stack === undefined ? error.message : error.stack}\n`)
  process.exitCode = 2
}
