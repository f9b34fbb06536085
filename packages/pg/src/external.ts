import type { ConnectionOptions } from './connection-options.ts'
import { errorCode, ServerStartError } from './server-error.ts'
import { openSingleConnection } from './single-connection.ts'

export interface ExternalServer {
  readonly connection: ConnectionOptions
  /** Of PostgreSQL, such as `16.9`. */
  readonly version: string
}

/** The oldest PostgreSQL that has all that we use. */
export const oldestMajorVersion = 15

/**
 * Reads `postgres://user:password@host:port/database?sslmode=require`, which stands in the variable `name`. Throws `ServerStartError`
 * without showing the password.
 */
export function parseDatabaseUrl(databaseUrl: string, name: string): ConnectionOptions {
  const url = URL.parse(databaseUrl)
  if (url === null || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    throw new ServerStartError('unreachable', `${name} is not of the form postgres://user:password@host:port/database.`)
  }
  const ssl = sslModes[url.searchParams.get('sslmode') ?? 'disable']
  if (ssl === undefined) throw new ServerStartError('unreachable', `${name} names an sslmode that is not known.`)
  const user = decodeURIComponent(url.username)
  return {
    host: url.searchParams.get('host') ?? (decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1') || '127.0.0.1'),
    port: Number(url.port || '5432'),
    user,
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)) || user,
    ...(ssl === 'off' ? {} : { ssl }),
  }
}

const sslModes: Readonly<Record<string, 'off' | 'prefer' | 'require' | 'verify-full'>> = {
  disable: 'off',
  prefer: 'prefer',
  require: 'require',
  'verify-full': 'verify-full',
}

/** Checks that the server answers, lets us in and is new enough. Throws `ServerStartError`: `unreachable` or `too_old`. */
export async function openExternal(databaseUrl: string): Promise<ExternalServer> {
  const connection = parseDatabaseUrl(databaseUrl, 'DATABASE_URL')
  const place = `${connection.host}:${connection.port}`
  const single = await openSingleConnection(connection).catch((error: unknown) => {
    const reason = error instanceof Error && error.message !== '' ? error.message : (errorCode(error) ?? 'no answer')
    throw new ServerStartError('unreachable', `PostgreSQL at ${place} cannot be used: ${reason}.`, { cause: error })
  })
  try {
    const [row] = await single.sql<{ number: number; version: string }[]>`
      select current_setting('server_version_num')::int4 as number, current_setting('server_version') as version`
    const version = row?.version ?? 'unknown'
    if (row === undefined || row.number < oldestMajorVersion * 10_000) {
      const message = `PostgreSQL at ${place} is version ${version}; version ${oldestMajorVersion} or newer is needed.`
      throw new ServerStartError('too_old', message)
    }
    return { connection, version }
  } finally {
    await single.close()
  }
}
