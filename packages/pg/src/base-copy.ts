import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { invariant } from '@huitong/kernel'
import { BackupError } from './backup-error.ts'
import type { Cluster } from './cluster.ts'
import { copyFolder } from './copy-folder.ts'
import { giveFolder } from './owned-file.ts'
import { isWithin, realPath } from './real-path.ts'
import type { Sql } from './sql.ts'
import type { SystemUser } from './unprivileged-user.ts'

/** Folders whose content belongs to the running server alone; they are laid out empty. */
const emptied = /^(?:pg_wal|pg_dynshmem|pg_notify|pg_replslot|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans)\/./
const leftOut = /^(?:postmaster\.(?:pid|opts)|\.s\.PGSQL\..*|wal_archive|wal_restore|backup_label.*|tablespace_map.*)$/
const temporary = /(?:^|\/)(?:pgsql_tmp.*|pg_internal\.init.*|t\d+_\d+(?:_.*)?)$/

function belongsInBackup(path: string): boolean {
  const unixPath = path.replaceAll('\\', '/')
  return !emptied.test(unixPath) && !leftOut.test(unixPath) && !temporary.test(unixPath)
}

/** Where a copy is complete: the copy and the log from its first segment up to here are one consistent whole. */
export interface BaseCopyEnd {
  readonly label: string
  readonly segment: string
  readonly at: number
}

/**
 * Copies the files of the running server in `folder` to `target` by PostgreSQL's own backup functions, with the label that says from
 * where the log must be replayed. The session behind `sql` must stay: one that ends before calls the copy off.
 */
export async function copyBase(
  sql: Sql,
  folder: string,
  target: string,
  { waitForArchive, user }: { readonly waitForArchive: boolean; readonly user?: SystemUser | undefined },
): Promise<BaseCopyEnd> {
  await sql`select pg_backup_start('huitong', true)`
  await copyFolder(folder, target, belongsInBackup, user)
  const [end] = await sql<{ label: string; segment: string; at: number }[]>`
    select labelfile as label, pg_walfile_name(lsn) as segment, clock_timestamp() as at
    from pg_backup_stop(${waitForArchive})`
  invariant(end !== undefined, 'pg_backup_stop gave no answer')
  await writeFile(join(target, 'backup_label'), end.label, { mode: 0o600, flush: true })
  await giveFolder(join(target, 'backup_label'), user)
  return end
}

export async function refuseTablespaces(folder: string): Promise<void> {
  if ((await readdir(join(folder, 'pg_tblspc'))).length === 0) return
  throw new BackupError(
    'tablespaces_not_supported',
    'The server has tablespaces outside its folder; copy it by other means.',
  )
}

/**
 * The target's real path. Inside the data folder a copy would copy itself, and would be lost with what it is to replace; around the
 * data folder it could not be moved away from it.
 */
export async function apartFrom(
  cluster: Pick<Cluster, 'dataDir' | 'folder'>,
  directory: string,
  noun: 'backup' | 'standby',
): Promise<string> {
  if (directory === '') throw new BackupError('target_not_named', `Name the folder that the ${noun} goes to.`)
  const target = await realPath(directory)
  for (const folder of [await realPath(cluster.dataDir), await realPath(cluster.folder)]) {
    if (!isWithin(target, folder) && !isWithin(folder, target)) continue
    const message = `The ${noun} may not go to ${target}: it must lie apart from the data folder ${folder}.`
    throw new BackupError('target_overlaps_data', message)
  }
  return target
}
