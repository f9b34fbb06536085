import { join } from 'node:path'
import { embeddedDatabase, embeddedUser } from './cluster.ts'
import type { ConnectionOptions } from './connection-options.ts'
import { freePort } from './free-port.ts'
import type { ListenSettings } from './server-settings.ts'

const socketPort = 5432

/** A socket's address holds 104 bytes on the strictest system, the last of them zero. */
function socketFits(folder: string): boolean {
  return Buffer.byteLength(join(folder, '.s.PGSQL.65535')) <= 103
}

/** Where an embedded server in `folder` listens: on its socket alone where that can be reached by its path, unless a port is asked for. */
export async function listenSettings(folder: string, port: number | undefined): Promise<ListenSettings> {
  if (port !== undefined) return { tcpAddress: '127.0.0.1', port }
  if (socketFits(folder)) return { tcpAddress: '', port: socketPort }
  return { tcpAddress: '127.0.0.1', port: await freePort() }
}

/** How we reach a server that listens so. */
export function embeddedConnection(folder: string, listen: ListenSettings, password: string): ConnectionOptions {
  return {
    host: socketFits(folder) ? folder : '127.0.0.1',
    port: listen.port,
    user: embeddedUser,
    password,
    database: embeddedDatabase,
  }
}
