import { type Bench, BenchUsage, readWords } from './bench-options.ts'
import { CLEARING_BENCH } from './clearing/clearing-bench.ts'
import { LEDGER_BENCH } from './ledger/ledger-bench.ts'
import { PAYMENTS_BENCH } from './payments/payments-bench.ts'
import { RECONCILE_BENCH } from './reconcile/reconcile-bench.ts'

/** One file a benchmark, each with its baselines in the same run. */
const BENCHES: Readonly<Record<string, Bench>> = {
  ledger: LEDGER_BENCH,
  payments: PAYMENTS_BENCH,
  clearing: CLEARING_BENCH,
  reconcile: RECONCILE_BENCH,
}

try {
  const asked = readWords(process.argv.slice(2), BENCHES)
  if (asked.type === 'help') process.stdout.write(asked.text)
  else await asked.bench.run(asked.options)
} catch (error) {
  if (!(error instanceof BenchUsage)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
