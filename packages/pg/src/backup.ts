import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { invariant } from '@huitong/kernel'
import { BackupError } from './backup-error.ts'
import { type BackupManifest, manifestFile, readSystemIdentifier } from './backup-manifest.ts'
import { apartFrom, copyBase, refuseTablespaces } from './base-copy.ts'
import { passwordFile } from './cluster.ts'
import { copyFolder, isVacant } from './copy-folder.ts'
import type { FoundServer } from './find-running.ts'
import { giveFolder, syncFolder, writeOwnedFile } from './owned-file.ts'
import { errorCode } from './server-error.ts'
import { archiveFolder } from './server-settings.ts'
import { openSingleConnection } from './single-connection.ts'
import type { Sql } from './sql.ts'

/**
 * Copies the running embedded server into `directory` (missing or empty): `base/`, the log that makes it consistent in `wal/`, and
 * last of all `backup.json`, without which it counts as no backup. The server works on meanwhile. From then on the server
 * keeps its log in its own folder, so that `restore` can go to any time after this backup as long as that folder is there; each
 * backup removes the log from before the previous one. Throws `BackupError`.
 */
export async function backup(server: FoundServer, directory: string): Promise<BackupManifest> {
  const target = await apartFrom(server.cluster, directory, 'backup')
  if (!(await isVacant(target))) {
    throw new BackupError('target_not_empty', `The folder ${target} is not empty; a backup needs one of its own.`)
  }
  await mkdir(target, { recursive: true, mode: 0o700 })
  const connection = await openSingleConnection(server.connection)
  try {
    await refuseUnsupported(connection.sql, server)
    await keepLog(server)
    return await copyServer(connection.sql, server, target)
  } finally {
    // A connection that closes before the end calls the backup off.
    await connection.close()
  }
}

async function refuseUnsupported(sql: Sql, server: FoundServer): Promise<void> {
  const [row] = await sql<{ mode: string }[]>`select current_setting('archive_mode') as mode`
  if (row?.mode !== 'on') {
    throw new BackupError('archive_off', 'The server runs with archive_mode off, so it keeps no log to restore from.')
  }
  await refuseTablespaces(server.cluster.folder)
}

async function keepLog({ cluster }: FoundServer): Promise<void> {
  const folder = join(cluster.folder, archiveFolder)
  try {
    await mkdir(folder, { mode: 0o700 })
    await giveFolder(folder, cluster.user)
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  }
}

async function copyServer(sql: Sql, server: FoundServer, target: string): Promise<BackupManifest> {
  const { folder, dataDir, binaries } = server.cluster
  const end = await copyBase(sql, folder, join(target, 'base'), { waitForArchive: true })
  const firstSegment = /START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)/.exec(end.label)?.[1]
  invariant(firstSegment !== undefined, 'the backup label names no first segment')
  const archive = join(folder, archiveFolder)
  await copyFolder(archive, join(target, 'wal'), (name) => isNeeded(name, firstSegment, end.segment))
  await writeOwnedFile(join(target, 'postgres.password'), await readFile(passwordFile(dataDir), 'utf8'), undefined)
  const manifest: BackupManifest = {
    format: 1,
    postgresVersion: binaries.version,
    systemIdentifier: await readSystemIdentifier(folder),
    firstSegment,
    lastSegment: end.segment,
    takenAtMicros: end.at,
    sourceFolder: folder,
  }
  await syncFolder(target)
  await writeOwnedFile(join(target, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`, undefined)
  await syncFolder(target)
  await pruneArchive(archive)
  return manifest
}

function isNeeded(name: string, first: string, last: string): boolean {
  if (name.endsWith('.history')) return true
  return /^[0-9A-F]{24}$/.test(name) && name >= first && name <= last
}

/** PostgreSQL notes each backup in the archive by a file named after its first segment; the newest two stay restorable. */
async function pruneArchive(archive: string): Promise<void> {
  const names = (await readdir(archive)).sort()
  const keptFrom = names
    .filter((name) => name.endsWith('.backup'))
    .at(-2)
    ?.slice(0, 24)
  if (keptFrom === undefined) return
  for (const name of names) {
    if (/^[0-9A-F]{24}/.test(name) && name.slice(0, 24) < keptFrom) await rm(join(archive, name), { force: true })
  }
}
