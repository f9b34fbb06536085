import { mkdir, realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import { runnableBinaries } from './binaries-cache.ts'
import { type Cluster, clusterFolder, prepareCluster, writeServerFiles } from './cluster.ts'
import type { ConnectionOptions } from './connection-options.ts'
import { embeddedConnection, listenSettings } from './embedded-listen.ts'
import { type FolderLock, lockFolder } from './folder-lock.ts'
import { stopLeftoverServer } from './leftover-server.ts'
import { launch, type RunningServer } from './running-server.ts'
import { fileSystemError } from './server-error.ts'
import { serverSettings } from './server-settings.ts'
import { postgresUser } from './unprivileged-user.ts'

export interface EmbeddedOptions {
  /** Made when missing; PostgreSQL's files go to `postgres/` inside it. */
  readonly dataDir: string
  /** Receives the server's own log, line by line. */
  readonly log?: (line: string) => void
  /** Listens on 127.0.0.1 at this port too; without it only the socket inside the data folder is open. */
  readonly port?: number
  /** Settings of PostgreSQL that replace ours, such as `{ fsync: 'off' }` in tests. */
  readonly settings?: Readonly<Record<string, string>>
}

export interface EmbeddedServer {
  readonly connection: ConnectionOptions
  readonly dataDir: string
  /** PostgreSQL's own folder and the user it runs as; backups copy from here. */
  readonly cluster: Cluster
  readonly pid: number
  /** Of PostgreSQL, such as `18.4`. */
  readonly version: string
  /** Settles when the server process is gone, for whatever reason. */
  readonly exited: Promise<void>
  /** `fast` lets nobody finish but writes everything down; `immediate` is a crash that the next start recovers from. */
  stop(mode?: 'fast' | 'immediate'): Promise<void>
}

/**
 * Starts the PostgreSQL that npm brought, in `dataDir`, making the cluster on the first start (0.8 s, later 50 ms). Throws
 * `ServerStartError`; `DataFolderInUse` when another living process holds the folder. A server that a killed process left
 * running there is stopped first.
 *
 * We speak to it over a Unix socket in its folder: a round trip takes about 65 µs against 80 over TCP on the loopback, and there is no
 * port that a stranger could reach. Where that path is longer than a socket's name may be (103 bytes), TCP on 127.0.0.1 is used.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const asked = resolve(options.dataDir)
  let lock: FolderLock | undefined
  try {
    await mkdir(asked, { recursive: true, mode: 0o700 })
    const dataDir = await realpath(asked)
    lock = await lockFolder(dataDir)
    return await startLocked(dataDir, options, lock)
  } catch (error) {
    await lock?.release()
    throw fileSystemError(error, asked)
  }
}

async function startLocked(dataDir: string, options: EmbeddedOptions, lock: FolderLock): Promise<EmbeddedServer> {
  const folder = clusterFolder(dataDir)
  const user = await postgresUser(folder)
  const cluster: Cluster = { dataDir, folder, user, binaries: await runnableBinaries(user) }
  await stopLeftoverServer(folder)
  const password = await prepareCluster(cluster)
  const listen = await listenSettings(folder, options.port)
  await writeServerFiles(cluster, serverSettings(listen, options.settings ?? {}))
  const server = await launch(cluster, options.log)
  return {
    connection: embeddedConnection(folder, listen, password),
    dataDir,
    cluster,
    pid: server.pid,
    version: cluster.binaries.version.split('-')[0] ?? cluster.binaries.version,
    exited: server.exited,
    stop: (mode = 'fast') => stopOnce(server, lock, mode),
  }
}

async function stopOnce(server: RunningServer, lock: FolderLock, mode: 'fast' | 'immediate'): Promise<void> {
  await server.stop(mode)
  await lock.release()
}
