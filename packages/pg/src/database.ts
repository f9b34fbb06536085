import postgres from 'postgres'
import type { ConnectionOptions } from './connection-options.ts'
import { connectionPool } from './connection-pool.ts'
import { type DedicatedConnection, type DedicatedOptions, openDedicated } from './dedicated-connection.ts'
import { type InstitutionDatabase, institutionDatabase } from './institution-database.ts'
import { driverDefaults, openSingleConnection, sessionSettings } from './single-connection.ts'
import type { Sql } from './sql.ts'

export interface Database {
  readonly connection: ConnectionOptions
  /** The login user, without an institution: for what concerns the whole server. Two connections at most. */
  readonly owner: Sql
  institution(schema: string): InstitutionDatabase
  /** A connection of one's own, outside the cap; the committer's. The caller closes it. */
  dedicated(schema: string, options?: DedicatedOptions): Promise<DedicatedConnection>
  /** Waits for work under way, then closes the shared connections; dedicated ones stay their callers'. */
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** Connections shared by all institutions; 16 unless told. */
  readonly connectionsMax?: number
}

/** Opens nothing yet: connections come with the first work. */
export function openDatabase(connection: ConnectionOptions, options: DatabaseOptions = {}): Database {
  const owner = postgres({
    ...driverDefaults,
    max: 2,
    user: connection.user,
    password: connection.password,
    database: connection.database,
    host: connection.host,
    port: connection.port,
    connection: sessionSettings,
    ...(connection.ssl === undefined ? {} : { ssl: connection.ssl }),
  })
  const pool = connectionPool((session) => openSingleConnection(connection, session), options.connectionsMax ?? 16)
  return {
    connection,
    owner,
    institution: (schema) => institutionDatabase(pool, schema),
    dedicated: (schema, dedicatedOptions) => openDedicated(connection, schema, dedicatedOptions),
    close: async () => {
      await pool.close()
      await owner.end({ timeout: 5 })
    },
  }
}
