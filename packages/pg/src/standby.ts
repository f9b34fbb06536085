import { mkdir, realpath, rename, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { readSystemIdentifier } from './backup-manifest.ts'
import { apartFrom, copyBase, refuseTablespaces } from './base-copy.ts'
import { runnableBinaries } from './binaries-cache.ts'
import { type Cluster, clusterFolder, embeddedUser, passwordFile, readPassword, writeServerFiles } from './cluster.ts'
import type { ConnectionOptions } from './connection-options.ts'
import { embeddedConnection, listenSettings } from './embedded-listen.ts'
import { type FoundServer, findRunning } from './find-running.ts'
import { lockFolder } from './folder-lock.ts'
import { stopLeftoverServer } from './leftover-server.ts'
import { syncFolder, writeOwnedFile } from './owned-file.ts'
import { relayToPrimary } from './primary-relay.ts'
import { realPath } from './real-path.ts'
import { launch } from './running-server.ts'
import { errorCode, fileSystemError, ServerStartError } from './server-error.ts'
import { serverSettings } from './server-settings.ts'
import { openSingleConnection } from './single-connection.ts'
import { postgresUser } from './unprivileged-user.ts'

export interface StandbyOptions {
  /** The standby's own folder, made when missing. */
  readonly dataDir: string
  /** The data folder of the embedded server that it follows. */
  readonly primaryDir: string
  /** Receives the standby's own log, line by line. */
  readonly log?: (line: string) => void
  /** Settings of PostgreSQL that replace ours. */
  readonly settings?: Readonly<Record<string, string>>
}

/** A PostgreSQL that follows another one and answers reads. */
export interface Standby {
  readonly connection: ConnectionOptions
  readonly dataDir: string
  readonly pid: number
  /** Whether this start copied the primary. */
  readonly copied: boolean
  readonly exited: Promise<void>
  /** Settles when the primary no longer has the log that this one needs next: it must be stopped, removed and made anew. */
  readonly outdated: Promise<void>
  stop(): Promise<void>
}

/** The file by which PostgreSQL knows that a folder is a standby's. */
const signalFile = 'standby.signal'

/**
 * Starts a hot standby of the embedded server in `primaryDir`. The first start copies that server, which must run; later ones go on
 * where the last one ended, and wait for the primary if it is away. Throws `ServerStartError` or `BackupError`.
 */
export async function startStandby(options: StandbyOptions): Promise<Standby> {
  const closing = new AsyncDisposableStack()
  const asked = resolve(options.dataDir)
  try {
    await apartFrom(await primaryCluster(options.primaryDir), options.dataDir, 'standby')
    await mkdir(asked, { recursive: true, mode: 0o700 })
    const dataDir = await realpath(asked)
    const lock = await lockFolder(dataDir)
    closing.defer(() => lock.release())
    return await startLocked(dataDir, options, closing)
  } catch (error) {
    await closing.disposeAsync()
    throw fileSystemError(error, asked)
  }
}

/** Removes the copy, if there is one, so that the next start makes it anew. A folder that is no standby's, or in use, is refused. */
export async function removeStandby(dataDir: string): Promise<void> {
  const folder = clusterFolder(resolve(dataDir))
  if (!(await isThere(folder))) return
  const lock = await lockFolder(resolve(dataDir))
  try {
    await requireStandby(folder)
    await stopLeftoverServer(folder)
    await rm(folder, { recursive: true })
  } finally {
    await lock.release()
  }
}

/** The folder of a primary that may or may not run. */
async function primaryCluster(primaryDir: string): Promise<Pick<Cluster, 'dataDir' | 'folder'>> {
  const dataDir = await realPath(primaryDir)
  const folder = clusterFolder(dataDir)
  if (await isThere(folder)) return { dataDir, folder }
  throw new ServerStartError('primary_away', `There is no server in ${dataDir} to make a standby of.`)
}

async function startLocked(dataDir: string, options: StandbyOptions, closing: AsyncDisposableStack): Promise<Standby> {
  const { primaryDir } = options
  const folder = clusterFolder(dataDir)
  const user = await postgresUser(folder)
  const cluster: Cluster = { dataDir, folder, user, binaries: await runnableBinaries(user) }
  await stopLeftoverServer(folder)
  const copying = (await isThere(folder)) ? undefined : await copyPrimary(cluster, primaryDir)
  try {
    await requireStandby(folder)
    await requireSameServer(folder, primaryDir)
    const password = await takePassword(dataDir, primaryDir)
    const relay = await relayToPrimary(primaryDir)
    closing.defer(() => relay.close())
    const listen = await listenSettings(folder, undefined)
    const following = followingSettings(relay.port, password)
    await writeServerFiles(cluster, serverSettings(listen, { ...following, ...options.settings }))
    const outdated = Promise.withResolvers<void>()
    const server = await launch(cluster, (line) => {
      if (/requested WAL segment \S+ has already been removed/.test(line)) outdated.resolve()
      options.log?.(line)
    })
    closing.defer(() => server.stop('fast'))
    return {
      connection: embeddedConnection(folder, listen, password),
      dataDir,
      pid: server.pid,
      copied: copying !== undefined,
      exited: server.exited,
      outdated: outdated.promise,
      stop: () => closing.disposeAsync(),
    }
  } finally {
    await copying?.end()
  }
}

/**
 * What makes the server a standby that serves reads. Its oldest reader is told to the primary, which then keeps the rows that it may
 * still look at, for as long as both are connected; what conflicts all the same may hold the log up for a second and is then cancelled.
 */
function followingSettings(port: number, password: string): Readonly<Record<string, string>> {
  return {
    hot_standby: 'on',
    primary_conninfo: `host=127.0.0.1 port=${port} user=${embeddedUser} password=${password} sslmode=disable application_name=huitong_standby`,
    hot_standby_feedback: 'on',
    max_standby_streaming_delay: '1s',
    wal_receiver_status_interval: '1s',
    wal_receiver_timeout: '10s',
    wal_retrieve_retry_interval: '500ms',
    archive_mode: 'off',
  }
}

interface Copying {
  /** Lets go of the log that the primary kept for the copy. */
  end(): Promise<void>
}

/** Copies the primary into the cluster's folder. The primary keeps what comes after until `end`. */
async function copyPrimary(cluster: Cluster, primaryDir: string): Promise<Copying> {
  const primary = await requirePrimary(primaryDir)
  await refuseTablespaces(primary.cluster.folder)
  const draft = `${cluster.folder}.draft`
  await rm(draft, { recursive: true, force: true })
  const connection = await openSingleConnection(primary.connection)
  try {
    const { sql } = connection
    // Of this session only: it goes away with it, however it ends.
    await sql`select pg_create_physical_replication_slot('huitong_copy_' || pg_backend_pid(), true, true)`
    await copyBase(sql, primary.cluster.folder, draft, { waitForArchive: false, user: cluster.user })
    await writeOwnedFile(join(draft, signalFile), '', cluster.user)
    await rename(draft, cluster.folder)
    await syncFolder(cluster.dataDir)
    return { end: () => connection.close() }
  } catch (error) {
    await connection.close()
    await rm(draft, { recursive: true, force: true })
    throw error
  }
}

async function requirePrimary(primaryDir: string): Promise<FoundServer> {
  const found = await findRunning(primaryDir)
  if (found !== undefined) return found
  throw new ServerStartError('primary_away', `No server runs on ${primaryDir}; the first start of a standby copies it.`)
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false
    throw error
  }
}

async function requireStandby(folder: string): Promise<void> {
  if (await isThere(join(folder, signalFile))) return
  throw new ServerStartError('not_a_standby', `The folder ${folder} is that of a server of its own and no standby.`)
}

async function requireSameServer(folder: string, primaryDir: string): Promise<void> {
  const [own, primary] = await Promise.all([
    readSystemIdentifier(folder),
    readSystemIdentifier(clusterFolder(resolve(primaryDir))),
  ])
  if (own === primary) return
  throw new ServerStartError(
    'not_a_standby',
    `The folder ${folder} is the standby of another server than ${primaryDir}.`,
  )
}

/** The primary's password is the standby's too, for its roles are copied. */
async function takePassword(dataDir: string, primaryDir: string): Promise<string> {
  const password = (await readPassword(resolve(primaryDir))) ?? (await readPassword(dataDir))
  if (password === undefined) {
    throw new ServerStartError('permission_denied', `The password of the server in ${primaryDir} cannot be read.`)
  }
  await writeOwnedFile(passwordFile(dataDir), `${password}\n`, undefined)
  return password
}
