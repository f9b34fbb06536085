import { parseArgs } from 'node:util'

export interface BenchOptions {
  readonly json: boolean
  readonly seconds: number
  /** Transfers that are stored before anything is measured. */
  readonly preload: number
  /** Only rows whose name is in this list; all when empty. */
  readonly only: readonly string[]
}

/** A benchmark: the names of its rows, of which a caller may choose, and how it is run. */
export interface Bench {
  readonly about: string
  readonly rows: readonly string[]
  run(options: BenchOptions): Promise<void>
}

const OPTIONS_TEXT = `  --seconds N       so long each row is measured (60)
  --preload N       transfers that are stored first; only of ledger (5000000)
  --only ROW,…      these rows only
  --json            one JSON object a line
  --help            this
`

/** What was asked for: a run, or only to be told what could be. */
export type BenchAsked =
  | { readonly type: 'help'; readonly text: string }
  | { readonly type: 'run'; readonly bench: Bench; readonly options: BenchOptions }

/** Throws a `BenchUsage` about the first word that is none of its options, or no value for one. */
export function readWords(words: readonly string[], benches: Readonly<Record<string, Bench>>): BenchAsked {
  const { values, positionals } = parse(words)
  const [name, more] = positionals
  const bench = name === undefined || !Object.hasOwn(benches, name) ? undefined : benches[name]
  if (values.help === true && name === undefined) return { type: 'help', text: helpOf(benches) }
  if (bench === undefined) throw new BenchUsage(`which benchmark? One of: ${Object.keys(benches).join(', ')}`)
  if (more !== undefined) throw new BenchUsage(`one benchmark at a time, and not ${more}, too`)
  if (values.help === true) return { type: 'help', text: helpOf({ [name ?? '']: bench }) }
  const only = (values.only ?? '').split(',').filter(Boolean)
  const unknown = only.find((row) => !bench.rows.includes(row))
  if (unknown !== undefined) throw new BenchUsage(`${name} has no row ${unknown}; it has ${bench.rows.join(', ')}`)
  const options = {
    ...{ json: values.json === true, only },
    seconds: wholeNumber('seconds', values.seconds, 60, 1),
    preload: wholeNumber('preload', values.preload, 5_000_000, 0),
  }
  return { type: 'run', bench, options }
}

/** A message for the person at the keyboard. */
export class BenchUsage extends Error {}

function parse(words: readonly string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  const options = { seconds: text, preload: text, only: text, json: flag, help: flag }
  try {
    return parseArgs({ args: [...words], allowPositionals: true, options })
  } catch (error) {
    throw new BenchUsage(error instanceof Error ? error.message : String(error))
  }
}

function wholeNumber(name: string, given: string | undefined, otherwise: number, min: number): number {
  if (given === undefined) return otherwise
  if (!/^\d{1,12}$/.test(given) || Number(given) < min)
    throw new BenchUsage(`--${name} takes a whole number from ${min}`)
  return Number(given)
}

function helpOf(benches: Readonly<Record<string, Bench>>): string {
  const lines = Object.entries(benches).map(
    ([name, { about, rows }]) => `  ${name.padEnd(16)}  ${about}\n${' '.repeat(20)}rows: ${rows.join(', ')}\n`,
  )
  return `npm run bench -- NAME [options]\n\n${lines.join('')}\n${OPTIONS_TEXT}`
}
