import { once } from 'node:events'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { removeStandby, type Standby, startStandby } from '@huitong/pg'
import { CliError, EXIT } from './cli-error.ts'
import type { DataOptions } from './options.ts'
import { printLine } from './output.ts'

interface StandbyCommandOptions extends DataOptions {
  /** Make the copy anew. */
  readonly anew?: boolean
}

/** `huitong standby DIR`: a standby of the embedded server, until stopped. */
export async function runStandby(directory: string, { data, anew }: StandbyCommandOptions): Promise<void> {
  if ((process.env.DATABASE_URL ?? '') !== '')
    throw new CliError(
      EXIT.usage,
      'DATABASE_URL names a PostgreSQL of your own: make a standby of it with its own tools.',
    )
  const dataDir = resolve(directory)
  const stop = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]).then(() => 'stop' as const)
  if (anew === true) await removeStandby(dataDir)
  for (;;) {
    const standby = await startStandby({ dataDir, primaryDir: data, log: tellTrouble })
    tellReady(standby, data)
    const end = await Promise.race([
      stop,
      standby.exited.then(() => 'exited' as const),
      standby.outdated.then(() => 'outdated' as const),
    ])
    await standby.stop()
    if (end === 'stop') return
    if (end === 'exited') throw new CliError(EXIT.failed, 'The standby stopped by itself; what it said last is above.')
    printLine('The primary no longer has the log that this standby needs next; it is copied anew.')
    await removeStandby(dataDir)
  }
}

function tellReady({ dataDir, copied }: Standby, data: string): void {
  printLine(`The standby in ${dataDir} ${copied ? 'was copied and ' : ''}follows the server in ${data}.`)
  printLine(`Reads come from it when that server is started with HUITONG_READ_URL=${pathToFileURL(dataDir).href}`)
  printLine('Ctrl-C stops the standby; the copy is kept.')
}

/** PostgreSQL's own words, where something is wrong. That the primary is away is said each time it is tried. */
function tellTrouble(line: string): void {
  if (/^(?:WARNING|ERROR|FATAL|PANIC):/.test(line)) process.stderr.write(`${line}\n`)
}
