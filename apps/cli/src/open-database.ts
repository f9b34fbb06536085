import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Database,
  findRunning,
  type InstitutionDatabase,
  institutionExists,
  openDatabase,
  openExternal,
  type Sql,
  startEmbedded,
} from '@huitong/pg'
import { CliError, EXIT } from './cli-error.ts'

/**
 * Runs `work` on an institution's tables, reading only, whether a server runs or not: beside a running one through its PostgreSQL,
 * else by starting the embedded one for as long as it takes.
 */
export async function withInstitution<T>(
  dataDir: string,
  schema: string,
  work: (db: InstitutionDatabase) => Promise<T>,
): Promise<T> {
  const opened = await open(dataDir)
  try {
    await requireSchema(opened.database, schema)
    return await work(opened.database.institution(schema))
  } finally {
    await opened.close()
  }
}

/** The same on one connection as the owner of the tables, for what concerns their partitions and not their rows. */
export async function withOwner<T>(dataDir: string, schema: string, work: (sql: Sql) => Promise<T>): Promise<T> {
  const opened = await open(dataDir)
  try {
    await requireSchema(opened.database, schema)
    const connection = await opened.database.dedicated(schema)
    try {
      return await work(connection.sql)
    } finally {
      await connection.close()
    }
  } finally {
    await opened.close()
  }
}

interface Opened {
  readonly database: Database
  close(): Promise<void>
}

async function open(dataDir: string): Promise<Opened> {
  const databaseUrl = process.env.DATABASE_URL
  if (databaseUrl !== undefined && databaseUrl !== '') {
    const database = openDatabase((await openExternal(databaseUrl)).connection)
    return { database, close: () => database.close() }
  }
  if (!existsSync(join(dataDir, 'postgres'))) {
    throw new CliError(EXIT.usage, `There is no data in ${dataDir}; name the folder with --data.`)
  }
  const running = await findRunning(dataDir)
  if (running !== undefined) {
    const database = openDatabase(running.connection)
    return { database, close: () => database.close() }
  }
  const server = await startEmbedded({ dataDir })
  const database = openDatabase(server.connection)
  return {
    database,
    close: async () => {
      await database.close()
      await server.stop()
    },
  }
}

async function requireSchema(database: Database, schema: string): Promise<void> {
  if (!(await institutionExists(database, schema)))
    throw new CliError(EXIT.usage, `There is no institution ${schema} in this database.`)
}
