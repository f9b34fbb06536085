import { readFile, realpath } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Cluster, clusterFolder, embeddedDatabase, embeddedUser, readPassword } from './cluster.ts'
import type { ConnectionOptions } from './connection-options.ts'
import { isAlive, readPostmasterFile } from './leftover-server.ts'
import { platformBinaries } from './platform-binaries.ts'
import { fileSystemError } from './server-error.ts'
import { postgresUser } from './unprivileged-user.ts'

/** An embedded server that another process started and may stop at any time. */
export interface FoundServer {
  readonly connection: ConnectionOptions
  readonly cluster: Cluster
}

/** The embedded server that runs on `dataDir`, for commands that work beside a running program; undefined when none does. */
export async function findRunning(dataDir: string): Promise<FoundServer | undefined> {
  const folder = clusterFolder(await realpath(resolve(dataDir)).catch(() => resolve(dataDir)))
  try {
    const file = await readPostmasterFile(folder)
    const password = await readPassword(join(folder, '..'))
    if (file?.ready !== true || password === undefined || !(await isAlive(file.pid))) return undefined
    const lines = (await readFile(join(folder, 'postmaster.pid'), 'utf8')).split('\n')
    const tcpAddress = lines[5]?.trim() ?? ''
    const user = await postgresUser(folder)
    return {
      connection: {
        host: tcpAddress === '' ? folder : tcpAddress,
        port: Number(lines[3]),
        user: embeddedUser,
        password,
        database: embeddedDatabase,
      },
      cluster: { dataDir: join(folder, '..'), folder, user, binaries: await platformBinaries() },
    }
  } catch (error) {
    throw fileSystemError(error, dataDir)
  }
}
