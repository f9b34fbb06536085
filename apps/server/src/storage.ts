import { type Database, openDatabase, openExternal, startEmbedded } from '@huitong/pg'
import type { Logger } from 'pino'
import type { Config } from './options.ts'

/** The PostgreSQL that this program works on. */
export interface Storage {
  readonly database: Database
  /** For people: `PostgreSQL 18.4, embedded`. */
  readonly description: string
  /** Settles when an embedded server is gone without having been stopped by us; never for an external one. */
  readonly lost: Promise<void>
  /** Closes connections and stops an embedded server. */
  stop(): Promise<void>
}

export async function openStorage(config: Config, log: Logger): Promise<Storage> {
  if (config.databaseUrl !== undefined) {
    const external = await openExternal(config.databaseUrl)
    const database = openDatabase(external.connection)
    return {
      database,
      description: `PostgreSQL ${external.version} at ${external.connection.host}:${external.connection.port}`,
      lost: new Promise(() => undefined),
      stop: () => database.close(),
    }
  }
  const server = await startEmbedded({
    dataDir: config.dataDir,
    log: (line) => log[levelOf(line)]({ source: 'postgresql' }, line),
  })
  const database = openDatabase(server.connection)
  let stopping = false
  return {
    database,
    description: `PostgreSQL ${server.version}, embedded`,
    lost: new Promise((resolve) => {
      void server.exited.then(() => {
        if (!stopping) resolve()
      })
    }),
    stop: async () => {
      stopping = true
      // What hangs on to a connection must not keep the server from being stopped.
      await Promise.race([database.close(), new Promise((resolve) => setTimeout(resolve, 5000).unref())])
      await server.stop('fast')
    },
  }
}

/** PostgreSQL says how bad a line is at its start. Lines without a level continue the one before. */
function levelOf(line: string): 'debug' | 'warn' | 'error' {
  if (/^(?:FATAL|PANIC):/.test(line)) return 'error'
  return /^(?:ERROR|WARNING):/.test(line) ? 'warn' : 'debug'
}
