import { mkdir, readdir, readFile, realpath, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Micros, microsToIso } from '@huitong/kernel'
import { BackupError } from './backup-error.ts'
import { type BackupManifest, readManifest, readSystemIdentifier } from './backup-manifest.ts'
import { runnableBinaries } from './binaries-cache.ts'
import { type Cluster, clusterFolder, passwordFile, writeServerFiles } from './cluster.ts'
import { copyDurably, copyFolder, isVacant } from './copy-folder.ts'
import { lockFolder } from './folder-lock.ts'
import { giveFolder, syncFolder, writeOwnedFile } from './owned-file.ts'
import { launch } from './running-server.ts'
import { fileSystemError, ServerStartError } from './server-error.ts'
import { archiveFolder, serverSettings } from './server-settings.ts'
import { postgresUser } from './unprivileged-user.ts'

export interface RestoreOptions {
  /** The state to go to: everything committed up to and including this moment. All there is when missing. */
  readonly to?: Micros
  readonly log?: (line: string) => void
}

/** The folder, inside the cluster's, from which the log is replayed. */
const logFolder = 'wal_restore'

/**
 * Lays a backup out as the data folder `dataDir` (missing or empty), replays the log and ends with a server that
 * `startEmbedded` can start. The log is what the backup holds and, where the server that it was taken from is still there, all that this one
 * wrote since. Throws `BackupError` and leaves `dataDir` empty when it cannot be done.
 */
export async function restore(directory: string, dataDir: string, options: RestoreOptions = {}): Promise<void> {
  if (directory === '') throw new BackupError('not_a_backup', 'Name the folder of the backup.')
  const source = resolve(directory)
  const manifest = await readManifest(source)
  refuseTime(manifest, options.to)
  const target = resolve(dataDir)
  if (!(await isVacant(target))) {
    throw new BackupError('target_not_empty', `The folder ${target} is not empty; restore into a new one.`)
  }
  try {
    await mkdir(target, { recursive: true, mode: 0o700 })
    const lock = await lockFolder(target)
    try {
      await restoreLocked(source, manifest, await realpath(target), options)
    } finally {
      await lock.release()
    }
  } catch (error) {
    throw fileSystemError(error, target)
  }
}

function refuseTime(manifest: BackupManifest, to: Micros | undefined): void {
  if (to === undefined || to >= manifest.takenAtMicros) return
  const message = `The backup was complete at ${microsToIso(manifest.takenAtMicros)} and cannot show an earlier time.`
  throw new BackupError('time_before_backup', message)
}

async function restoreLocked(
  source: string,
  manifest: BackupManifest,
  dataDir: string,
  options: RestoreOptions,
): Promise<void> {
  const folder = clusterFolder(dataDir)
  const draft = `${folder}.draft`
  const user = await postgresUser(folder)
  const cluster: Cluster = { dataDir, folder: draft, user, binaries: await runnableBinaries(user) }
  if (major(cluster.binaries.version) !== major(manifest.postgresVersion)) {
    const message = `The backup is of PostgreSQL ${manifest.postgresVersion}; this program brings ${cluster.binaries.version}.`
    throw new BackupError('wrong_version', message)
  }
  try {
    await copyFolder(join(source, 'base'), draft, () => true, user)
    await gatherLog(source, manifest, cluster)
    await replay(cluster, options)
    await rm(join(draft, logFolder), { recursive: true })
    await writeOwnedFile(passwordFile(dataDir), await readFile(join(source, 'postgres.password'), 'utf8'), undefined)
    await rename(draft, folder)
    await syncFolder(dataDir)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    await rm(passwordFile(dataDir), { force: true })
    throw error
  }
}

function major(version: string): string | undefined {
  return version.split('.')[0]
}

/**
 * The log that the source server has not finished or not yet archived comes first and the archive after it: what moves from the one
 * to the other meanwhile is then seen in at least one place, and whole segments replace half-written ones.
 */
async function gatherLog(source: string, manifest: BackupManifest, cluster: Cluster): Promise<void> {
  const target = join(cluster.folder, logFolder)
  await mkdir(target, { mode: 0o700 })
  await giveFolder(target, cluster.user)
  const original = await readSystemIdentifier(manifest.sourceFolder).catch(() => undefined)
  const sources = [join(source, 'wal')]
  if (original === manifest.systemIdentifier) {
    sources.unshift(join(manifest.sourceFolder, 'pg_wal'), join(manifest.sourceFolder, archiveFolder))
  }
  for (const folder of sources) {
    for (const name of await readdir(folder)) {
      const isSegment = /^[0-9A-F]{24}$/.test(name) && name >= manifest.firstSegment
      if (isSegment || /^[0-9A-F]{8}\.history$/.test(name)) {
        await copyDurably(join(folder, name), join(target, name), cluster.user)
      }
    }
  }
}

async function replay(cluster: Cluster, options: RestoreOptions): Promise<void> {
  const goal: Record<string, string> =
    options.to === undefined
      ? {}
      : {
          // Zone abbreviations, such as Z, are not known yet when this setting is read.
          recovery_target_time: microsToIso(options.to).replace('T', ' ').replace('Z', '+00'),
          recovery_target_inclusive: 'on',
          recovery_target_action: 'promote',
        }
  const settings = serverSettings(
    { tcpAddress: '', port: 5432 },
    { hot_standby: 'off', restore_command: `cp "${logFolder}/%f" "%p"`, ...goal },
  )
  await writeServerFiles(cluster, settings)
  await writeOwnedFile(join(cluster.folder, 'recovery.signal'), '', cluster.user)
  try {
    const server = await launch(cluster, options.log)
    await server.stop('fast')
  } catch (error) {
    throw explain(error, options.to)
  }
}

function explain(error: unknown, to: Micros | undefined): unknown {
  if (!(error instanceof ServerStartError) || error.code !== 'start_failed') return error
  const output = error.cause instanceof Error ? error.cause.message : ''
  const time = to === undefined ? 'the end' : microsToIso(to)
  if (/recovery ended before configured recovery target/.test(output)) {
    const message = `The log ends before ${time}; leave the time out to restore all there is.`
    return new BackupError('time_not_reached', message, { cause: error })
  }
  return new BackupError('restore_failed', `The backup could not be brought to ${time}: ${error.message}`, {
    cause: error,
  })
}
