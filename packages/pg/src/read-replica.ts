import { fileURLToPath } from 'node:url'
import { invariant } from '@huitong/kernel'
import type { ConnectionOptions } from './connection-options.ts'
import { connectionPool } from './connection-pool.ts'
import { parseDatabaseUrl } from './external.ts'
import { findRunning } from './find-running.ts'
import { type InstitutionDatabase, institutionDatabase } from './institution-database.ts'
import { ServerStartError } from './server-error.ts'
import { ConnectionLost, openSingleConnection, type SessionSettings } from './single-connection.ts'

/** A copy of the database that PostgreSQL keeps up to date, for reads alone. It may be away, or behind, at any time. */
export interface ReadReplica {
  /** For people: host and port, or the folder. */
  readonly place: string
  institution(schema: string): Pick<InstitutionDatabase, 'schema' | 'read'>
  close(): Promise<void>
}

export interface ReadReplicaOptions {
  /** 8 unless told. */
  readonly connectionsMax?: number
  /** The longest that a statement may take, after which PostgreSQL cancels it. 10 s unless told. */
  readonly statementMs?: number
}

/**
 * `postgres://user:password@host:port/database`, or `file:///folder` for the embedded standby in that folder, whose address and
 * password are found there at each connection. Opens nothing yet. Throws `ServerStartError` for a text that is neither.
 */
export function openReadReplica(readUrl: string, options: ReadReplicaOptions = {}): ReadReplica {
  const { place, find } = targetOf(readUrl)
  const statementMs = options.statementMs ?? 10_000
  const session = readingSession(statementMs)
  const pool = connectionPool(
    async (more) => openSingleConnection(await find(), { ...session, ...more }, statementMs + SILENCE_BEYOND_MS),
    options.connectionsMax ?? 8,
  )
  return {
    place,
    institution: (schema) => {
      const { read } = institutionDatabase(pool, schema)
      return { schema, read }
    },
    close: () => pool.close(),
  }
}

/** What is wrong with such an address, in a sentence; undefined if nothing is. */
export function readUrlFault(readUrl: string): string | undefined {
  try {
    targetOf(readUrl)
    return undefined
  } catch (error) {
    if (error instanceof ServerStartError) return error.message
    throw error
  }
}

/** Longer than a statement may take: then it is the network or the machine that is gone. */
const SILENCE_BEYOND_MS = 2000

/** Set for the session, so that it holds on a replica that could be written to as well. */
function readingSession(statementMs: number): SessionSettings {
  return {
    application_name: 'huitong_reads',
    default_transaction_read_only: 'on',
    statement_timeout: String(statementMs),
    lock_timeout: '1000',
    idle_in_transaction_session_timeout: String(statementMs),
  }
}

interface Target {
  readonly place: string
  readonly find: () => Promise<ConnectionOptions>
}

function targetOf(readUrl: string): Target {
  if (!readUrl.startsWith('file:')) {
    const connection = parseDatabaseUrl(readUrl, 'HUITONG_READ_URL')
    return { place: `${connection.host}:${connection.port}`, find: async () => connection }
  }
  const folder = folderOf(readUrl)
  return {
    place: folder,
    find: async () => {
      const found = await findRunning(folder)
      if (found === undefined) throw new ConnectionLost(`no standby runs on ${folder}`)
      return found.connection
    },
  }
}

function folderOf(readUrl: string): string {
  try {
    const folder = fileURLToPath(readUrl)
    invariant(folder.length > 1, 'a folder is more than the root')
    return folder
  } catch (error) {
    throw new ServerStartError('unreachable', 'HUITONG_READ_URL is not of the form file:///folder.', { cause: error })
  }
}
