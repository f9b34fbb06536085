import { createLog } from '@huitong/http'
import pino, { type DestinationStream } from 'pino'
import { openDataFolder } from './data-folder.ts'
import { EXIT_UNFORESEEN, EXIT_USAGE } from './exit-codes.ts'
import { readConfig, USAGE } from './options.ts'
import { readyLines } from './ready-line.ts'
import { startServer } from './start.ts'
import { startFailure } from './start-failure.ts'
import { StartStopped } from './start-patience.ts'

/** The whole life of the program. Returns its exit code. */
export async function runServer(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const read = readConfig(args, env)
  if (!read.ok) {
    process.stderr.write(`${read.error}\n\n${USAGE}`)
    return EXIT_USAGE
  }
  if (read.value === 'help') {
    process.stdout.write(USAGE)
    return 0
  }
  const config = read.value
  try {
    const folder = await openDataFolder(config.dataDir)
    const log = createLog({ level: config.logLevel, destination: logDestination(folder.logFile) })
    const stop = new AbortController()
    const asked = whenAsked()
    void asked.then(() => stop.abort())
    const server = await startServer(config, log, stop.signal)
    process.stdout.write(readyLines(server))
    const reason = await Promise.race([asked, server.lost.then(() => 'lost' as const)])
    log.info({ reason }, 'stopping')
    await server.stop()
    return reason === 'stop' ? 0 : EXIT_UNFORESEEN
  } catch (error) {
    if (error instanceof StartStopped) return 0
    const failure = startFailure(error, config)
    process.stderr.write(`${failure.message}\n`)
    if (!failure.foreseen && error instanceof Error) process.stderr.write(`${error.stack}\n`)
    return failure.exitCode
  }
}

/** The log's file. What cannot be written to it, such as on a full disk, is lost, and the program goes on: that is said once. */
function logDestination(path: string): DestinationStream {
  const destination = pino.destination({ dest: path, mode: 0o600 })
  let told = false
  destination.on('error', (error) => {
    if (!told) process.stderr.write(`The log ${path} cannot be written now: ${error.message}\n`)
    told = true
  })
  return destination
}

/** Settles when the program is to end. The second signal does not wait for anything any more. */
function whenAsked(): Promise<'stop' | 'broken'> {
  return new Promise((resolve) => {
    let asked = false
    const stop = (): void => {
      if (asked) process.exit(EXIT_UNFORESEEN)
      asked = true
      resolve('stop')
    }
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
    for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
      process.on(event, (error: unknown) => {
        process.stderr.write(
          `Stopping after an error that nobody foresaw: ${error instanceof Error ? error.stack : error}\n`,
        )
        resolve('broken')
      })
    }
  })
}
