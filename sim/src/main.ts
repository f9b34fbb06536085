import { parseArgs } from 'node:util'
import { runLedgerSim } from './ledger-sim.ts'

const HELP = `npm run sim -- ledger [options]

  --operations N    commands in all (100000)
  --seed N          the same seed makes the same run (of the clock)
  --accounts N      accounts that money moves between (100)
  --wave N          commands that are submitted at once (2000)
  --fault-every N   waves between a crash or takeover and the next (50)
  --help            this
`

/** Throws when an option is unknown or its value is none that it takes. */
function optionsOf(words: readonly string[]) {
  const text = { type: 'string' } as const
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      ...{ operations: text, seed: text, accounts: text, wave: text, 'fault-every': text },
      help: { type: 'boolean' },
    },
  })
  const number = (name: Exclude<keyof typeof values, 'help'>, otherwise: number): number => {
    const given = values[name]
    if (given === undefined) return otherwise
    if (!/^[1-9]\d{0,14}$/.test(given)) throw new Error(`--${name} takes a whole number above zero`)
    return Number(given)
  }
  return {
    help: values.help === true,
    names: positionals,
    ledger: {
      operations: number('operations', 100_000),
      seed: number('seed', (Date.now() % 1_000_000) + 1),
      accounts: number('accounts', 100),
      wave: number('wave', 2000),
      faultEvery: number('fault-every', 50),
    },
  }
}

async function main(): Promise<number> {
  const { help, names, ledger } = optionsOf(process.argv.slice(2))
  if (help) {
    process.stdout.write(HELP)
    return 0
  }
  if (names.length !== 1 || names[0] !== 'ledger') throw new Error('which simulation? One of: ledger')
  const { differences } = await runLedgerSim({ ...ledger, log: (line) => process.stdout.write(`${line}\n`) })
  return differences.length === 0 ? 0 : 1
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof Error)) throw error
  process.stderr.write(`${'code' in error || error.stack === undefined ? error.message : error.stack}\n`)
  process.exitCode = 2
}
