import { createConnection, type NetConnectOpts, type Socket } from 'node:net'
import { join } from 'node:path'
import { atMost } from '@huitong/kernel'
import postgres from 'postgres'
import type { ConnectionOptions } from './connection-options.ts'
import { driverTypes } from './driver-types.ts'
import type { Sql } from './sql.ts'

/** One connection for its whole life. Statements sent without awaiting each other run in order, in one go. */
export interface SingleConnection {
  readonly sql: Sql
  /** True when the connection is gone; every statement then rejects. */
  readonly closed: boolean
  /** Settles when the connection is gone, for whatever reason. */
  readonly ended: Promise<void>
  /** Lets what was sent end, for five seconds at most. What is sent after this call rejects. */
  close(): Promise<void>
}

export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost'
}

export const driverDefaults = {
  types: driverTypes,
  idle_timeout: undefined,
  // The driver would end an old connection even inside a transaction.
  max_lifetime: null,
  connect_timeout: 30,
  onnotice: () => undefined,
}

/** Settings of PostgreSQL that a connection begins with, by name. */
export type SessionSettings = Readonly<Record<string, string>>

/** Session settings: all times in UTC, as `driver-types` reads them, and the shortest exact text of each value. */
export const sessionSettings = { TimeZone: 'UTC', DateStyle: 'ISO, YMD', application_name: 'huitong' }

/**
 * Connects, signs in and returns; rejects with the driver's error when either fails.
 *
 * The driver reconnects by itself, and statements that wait would then run on the new connection: outside the transaction they
 * belong to and without its schema. So it is given one socket and never a second; when that closes, all that waits rejects.
 *
 * Its sockets also take writes of up to 16 MB at once: when a socket reports that its buffers (64 KB, and the system's) are full, the
 * driver stops sending until everything before has been answered, which would cost a batch a round trip per statement.
 *
 * `silenceMs`: a connection on which nothing was heard for so long is given up, be it still being made, waiting for an answer or idle.
 */
export async function openSingleConnection(
  options: ConnectionOptions,
  session: SessionSettings = {},
  silenceMs?: number,
): Promise<SingleConnection> {
  const only = await openSocket(options, silenceMs)
  let socket: Socket | undefined = only
  let closed = false
  let reportEnd: () => void = () => undefined
  const ended = new Promise<void>((resolve) => {
    reportEnd = resolve
  })
  const settings = {
    ...driverDefaults,
    max: 1,
    max_pipeline: 10_000,
    user: options.user,
    password: options.password,
    database: options.database,
    host: options.host,
    port: options.port,
    connection: { ...sessionSettings, ...session },
    socket: (): Socket => {
      if (socket === undefined) throw new ConnectionLost('the connection to PostgreSQL was lost')
      socket = undefined
      return only
    },
    onclose: () => {
      closed = true
      void driver.end({ timeout: 0 })
      reportEnd()
    },
    ...(options.ssl === undefined ? {} : { ssl: options.ssl }),
  }
  const driver = postgres(settings)
  await driver`select 1`
  return {
    sql: driver,
    get closed() {
      return closed
    },
    ended,
    close: async () => {
      if (closed) return
      // The driver's own way to end forgets statements that wait behind one whose types are being asked for: they would never settle.
      // So this takes its turn after them, and then lets go of the socket, which rejects whatever came later.
      await atMost(CLOSING_MS, Promise.allSettled([driver`select 1`]))
      only.end(TERMINATE)
      const impatient = setTimeout(() => only.destroy(), CLOSING_MS)
      await ended
      clearTimeout(impatient)
    },
  }
}

const CLOSING_MS = 5000
/** PostgreSQL's message of a client that leaves. */
const TERMINATE = Buffer.from([0x58, 0, 0, 0, 4])
function openSocket(options: ConnectionOptions, silenceMs: number | undefined): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ ...socketAddress(options), ...{ writableHighWaterMark: 16 * 1024 * 1024 } })
    socket.once('error', reject)
    if (silenceMs !== undefined) {
      socket.setTimeout(silenceMs, () => socket.destroy(new ConnectionLost('PostgreSQL was silent for too long')))
    }
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(socket)
    })
  })
}

/** The server's address as Node's sockets take it. */
export function socketAddress({ host, port }: Pick<ConnectionOptions, 'host' | 'port'>): NetConnectOpts {
  if (host.startsWith('/')) return { path: join(host, `.s.PGSQL.${port}`) }
  return { host, port, noDelay: true }
}
