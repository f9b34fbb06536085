import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { giveFolder, syncFolder, writeOwnedFile } from './owned-file.ts'
import type { PlatformBinaries } from './platform-binaries.ts'
import { runProgram } from './program.ts'
import { errorCode, ServerStartError } from './server-error.ts'
import { hostRules } from './server-settings.ts'
import type { SystemUser } from './unprivileged-user.ts'

/** The login and the database of every embedded server. */
export const embeddedUser = 'huitong'
export const embeddedDatabase = 'huitong'

/**
 * PostgreSQL's own files inside our data folder, and whom they belong to. On Linux the programs are told to work in
 * /proc/self/cwd, for they are started inside the folder and may be unable to reach it by its full path.
 */
export interface Cluster {
  readonly dataDir: string
  readonly folder: string
  readonly user: SystemUser | undefined
  readonly binaries: PlatformBinaries
}

export function clusterFolder(dataDir: string): string {
  return join(dataDir, 'postgres')
}

/** The folder as PostgreSQL's programs, started inside `folder`, should name it. */
export function folderFromInside(folder: string): string {
  return process.platform === 'linux' ? '/proc/self/cwd' : folder
}

/** Makes the cluster when there is none, and checks that this PostgreSQL can open it. Returns the password. */
export async function prepareCluster(cluster: Cluster): Promise<string> {
  const found = await majorVersion(cluster.folder)
  if (found === undefined) return await createCluster(cluster)
  const ours = cluster.binaries.version.split('.')[0]
  if (found !== ours) {
    const message = `The data folder ${cluster.dataDir} was written by PostgreSQL ${found}; this program brings PostgreSQL ${ours}.`
    throw new ServerStartError('wrong_version', message)
  }
  return (await readPassword(cluster.dataDir)) ?? (await resetPassword(cluster, cluster.folder))
}

async function majorVersion(folder: string): Promise<string | undefined> {
  try {
    return (await readFile(join(folder, 'PG_VERSION'), 'utf8')).trim()
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/**
 * Everything happens in a sibling folder that gets its name at the end, so an interrupted first start leaves nothing that
 * a second could mistake for a cluster.
 */
async function createCluster(cluster: Cluster): Promise<string> {
  const draft = `${cluster.folder}.draft`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { mode: 0o700 })
  await giveFolder(draft, cluster.user)
  const end = await runProgram(
    join(cluster.binaries.folder, 'bin', 'initdb'),
    [
      ...['-D', folderFromInside(draft), '-U', embeddedUser, '--auth=trust', '--encoding=UTF8'],
      ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--data-checksums'],
    ],
    draft,
    cluster.user,
  )
  if (end.code !== 0) throw startFailure(end.output, cluster.dataDir)
  const password = await resetPassword(cluster, draft, `create database ${embeddedDatabase};\n`)
  await rename(draft, cluster.folder)
  await syncFolder(cluster.dataDir)
  return password
}

/** Settings and sign-in rules, owned by the user that PostgreSQL runs as. */
export async function writeServerFiles(cluster: Cluster, settings: string): Promise<void> {
  await chmod(cluster.folder, 0o700)
  await writeOwnedFile(join(cluster.folder, 'postgresql.conf'), settings, cluster.user)
  await writeOwnedFile(join(cluster.folder, 'pg_hba.conf'), hostRules, cluster.user)
}

export function passwordFile(dataDir: string): string {
  return join(dataDir, 'postgres.password')
}

export async function readPassword(dataDir: string): Promise<string | undefined> {
  const text = await readFile(passwordFile(dataDir), 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return ''
    throw error
  })
  return text.trim() === '' ? undefined : text.trim()
}

/**
 * Sets a new random password in single-user mode, where none is asked for, then keeps it in the data folder. Single-user mode
 * reads one command a line.
 */
async function resetPassword(cluster: Cluster, folder: string, more = ''): Promise<string> {
  const password = randomBytes(24).toString('base64url')
  const end = await runProgram(
    join(cluster.binaries.folder, 'bin', 'postgres'),
    ['--single', '-D', folderFromInside(folder), 'postgres'],
    folder,
    cluster.user,
    `alter role ${embeddedUser} with password '${password}';\n${more}`,
  )
  if (end.code !== 0 || /\b(?:ERROR|FATAL|PANIC):/.test(end.output)) throw startFailure(end.output, cluster.dataDir)
  await writeOwnedFile(passwordFile(cluster.dataDir), `${password}\n`, undefined)
  return password
}

/** What PostgreSQL wrote before it gave up, as one of the operator's sentences. */
export function startFailure(output: string, dataDir: string): ServerStartError {
  const cause = new Error(output.trim().slice(-4000))
  if (/No space left on device|Disk quota exceeded/.test(output)) {
    return new ServerStartError('disk_full', `The disk that holds ${dataDir} is full.`, { cause })
  }
  if (/[Pp]ermission denied|Operation not permitted|Read-only file system/.test(output)) {
    const message = `PostgreSQL may not read or write the data folder ${dataDir}.`
    return new ServerStartError('permission_denied', message, { cause })
  }
  if (/incompatible with server|initialized by PostgreSQL version/.test(output)) {
    const message = `The data folder ${dataDir} was written by another version of PostgreSQL.`
    return new ServerStartError('wrong_version', message, { cause })
  }
  const lines = output.trim().split('\n')
  // Of a setting it cannot read PostgreSQL names the setting first and gives up in a second line.
  const reason =
    lines.find((line) => /parameter "|unrecognized configuration/.test(line)) ??
    lines.findLast((line) => /FATAL|PANIC|ERROR|error:/.test(line)) ??
    lines.at(-1) ??
    ''
  return new ServerStartError('start_failed', `PostgreSQL did not start in ${dataDir}: ${reason.trim()}`, { cause })
}
