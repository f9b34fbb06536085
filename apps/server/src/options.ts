import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { err, ok, type Result } from '@huitong/kernel'
import { CHECKPOINTS_KEPT } from '@huitong/ledger'
import { readUrlFault } from '@huitong/pg'
import { publicOrigin } from './public-origin.ts'

export const USAGE = `Usage: npm start -- [options]

  --data DIR    where everything is kept (default .huitong)
  --port N      port to listen on; 0 takes any free one (default 8080)
  --host ADDR   address to listen on (default 127.0.0.1)
  --demo        make this a demo world: invented customers, merchants and money, and a clock that can be moved
  --no-demo     start with empty books
  --dormant-after-days N
                put accounts of customers and merchants to sleep that did not move for so many days (default: never)
  --checkpoints N
                keep the signed checkpoints of the newest N verifications, one after each close of a day (default 3);
                0 writes none
  --read-lag-max-seconds N
                do not read from a replica that has lacked something for longer (default 5)
  --read-fallback primary|refuse
                what becomes of reads that the replica cannot answer (default primary)
  --help        show this

Without either, the embedded PostgreSQL gets a demo world and one by DATABASE_URL gets none. The first start settles it
for good.

Environment: DATABASE_URL uses that PostgreSQL (15 or newer) instead of the embedded one;
HUITONG_READ_URL is a replica that the ledger's reads come from, postgres://… or file:///folder of a standby of ours;
HUITONG_ORIGIN is where browsers reach this, such as https://pay.example.com, when that is not this machine;
HUITONG_INSTITUTIONS is a file that names the institutions to host (default DIR/institutions.json; without one a demo has
four and real books one), or own for the wallet platform alone. The first listens on --port, the others on the next ones;
HUITONG_LOG_LEVEL is debug, info, warn or error (default info; the log is DIR/huitong.log).
`

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
type LogLevel = (typeof LOG_LEVELS)[number]

/** All that the program is told from outside, judged once. */
export interface Config {
  readonly dataDir: string
  readonly host: string
  readonly port: number
  readonly databaseUrl: string | undefined
  /** Whether a demo world was asked for, or asked not to be; undefined when nothing was said. */
  readonly demo: boolean | undefined
  readonly logLevel: LogLevel
  /** Where browsers reach the program, as an origin; undefined for this machine itself. */
  readonly origin: string | undefined
  /** After how many days without an entry accounts of customers and merchants become dormant; undefined: never. */
  readonly dormantAfterDays: number | undefined
  /** How many signed checkpoints are kept; 0: the server writes none. */
  readonly checkpointsKept: number
  /** A file that names the institutions, which may be missing when nobody asked for it; `own`: the wallet platform alone. */
  readonly institutions: InstitutionsConfig
  /** The replica that reads come from; undefined without one. */
  readonly reads: ReadsConfig | undefined
}

type InstitutionsConfig = 'own' | { readonly path: string; readonly needed: boolean }

export interface ReadsConfig {
  readonly url: string
  readonly lagMaxSeconds: number
  readonly fallback: 'primary' | 'refuse'
}

/** The configuration, or the sentence that says what is wrong with it. `help` asks for the usage only. */
export function readConfig(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Result<Config | 'help', string> {
  const parsed = parsedOptions(args)
  if (!parsed.ok) return parsed
  const values = parsed.value
  if (values.help === true) return ok('help')
  const port = /^\d{1,5}$/.test(values.port ?? '8080') ? Number(values.port ?? '8080') : 65_536
  if (port > 65_535) return err(`--port must be a whole number from 0 to 65535, not "${values.port}".`)
  const logLevel = LOG_LEVELS.find((level) => level === (env.HUITONG_LOG_LEVEL ?? 'info'))
  if (logLevel === undefined) return err(`HUITONG_LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}.`)
  const dormant = values['dormant-after-days']
  if (dormant !== undefined && !/^[1-9]\d{0,4}$/.test(dormant))
    return err(`--dormant-after-days must be a whole number from 1 to 99999, not "${dormant}".`)
  const checkpoints = values.checkpoints ?? String(CHECKPOINTS_KEPT)
  if (!/^(?:0|[1-9]\d{0,2})$/.test(checkpoints))
    return err(`--checkpoints must be a whole number from 0 to 999, not "${checkpoints}".`)
  if (values.data === '' || values.host === '') return err('--data and --host must not be empty.')
  const databaseUrl = env.DATABASE_URL
  const reads = readsConfig(values, env.HUITONG_READ_URL)
  if (!reads.ok) return reads
  const origin = publicOrigin(env.HUITONG_ORIGIN)
  if (!origin.ok) return origin
  return ok({
    dataDir: resolve(values.data ?? '.huitong'),
    host: values.host ?? '127.0.0.1',
    port,
    databaseUrl: databaseUrl === '' ? undefined : databaseUrl,
    demo: values.demo,
    logLevel,
    origin: origin.value,
    dormantAfterDays: dormant === undefined ? undefined : Number(dormant),
    checkpointsKept: Number(checkpoints),
    institutions: institutionsConfig(values.data ?? '.huitong', env.HUITONG_INSTITUTIONS),
    reads: reads.value,
  })
}

function institutionsConfig(data: string, named: string | undefined): InstitutionsConfig {
  if (named === 'own') return 'own'
  if (named !== undefined && named !== '') return { path: resolve(named), needed: true }
  return { path: resolve(data, 'institutions.json'), needed: false }
}

function readsConfig(values: Options, url: string | undefined): Result<ReadsConfig | undefined, string> {
  const lag = values['read-lag-max-seconds']
  const fallback = values['read-fallback'] ?? 'primary'
  if (lag !== undefined && !/^[1-9]\d{0,3}$/.test(lag))
    return err(`--read-lag-max-seconds must be a whole number from 1 to 9999, not "${lag}".`)
  if (fallback !== 'primary' && fallback !== 'refuse') return err('--read-fallback must be primary or refuse.')
  const fault = url === undefined || url === '' ? undefined : readUrlFault(url)
  if (fault !== undefined) return err(fault)
  if (url !== undefined && url !== '') return ok({ url, lagMaxSeconds: Number(lag ?? '5'), fallback })
  if (lag === undefined && values['read-fallback'] === undefined) return ok(undefined)
  return err('--read-lag-max-seconds and --read-fallback are about the replica that HUITONG_READ_URL names; set it.')
}

interface Options {
  readonly data?: string | undefined
  readonly port?: string | undefined
  readonly host?: string | undefined
  readonly demo?: boolean | undefined
  readonly 'dormant-after-days'?: string | undefined
  readonly checkpoints?: string | undefined
  readonly 'read-lag-max-seconds'?: string | undefined
  readonly 'read-fallback'?: string | undefined
  readonly help?: boolean | undefined
}

function parsedOptions(args: readonly string[]): Result<Options, string> {
  try {
    const { values } = parseArgs({
      args: [...args],
      allowNegative: true,
      options: {
        data: { type: 'string' },
        port: { type: 'string' },
        host: { type: 'string' },
        demo: { type: 'boolean' },
        'dormant-after-days': { type: 'string' },
        checkpoints: { type: 'string' },
        'read-lag-max-seconds': { type: 'string' },
        'read-fallback': { type: 'string' },
        help: { type: 'boolean' },
      },
    })
    return ok(values)
  } catch (error) {
    // parseArgs says what it did not like only by throwing.
    return err(error instanceof Error ? (error.message.split('. ')[0] ?? error.message) : String(error))
  }
}
