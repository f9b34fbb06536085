import { chmod, cp, lstat, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type PlatformBinaries, platformBinaries } from './platform-binaries.ts'
import { runProgram } from './program.ts'
import { errorCode, ServerStartError } from './server-error.ts'
import type { SystemUser } from './unprivileged-user.ts'

/**
 * A folder with bin/, lib/ and share/ that `user` can run. When the installed one cannot be reached by that user (it may
 * lie below root's home) it is copied once to a world-readable folder of ours; 60 MB, 50 ms.
 */
export async function runnableBinaries(user: SystemUser | undefined): Promise<PlatformBinaries> {
  const installed = await platformBinaries()
  if (await runs(installed.folder, user)) return installed
  const cached = { folder: await cachedCopy(installed), version: installed.version }
  if (await runs(cached.folder, user)) return cached
  const who = user === undefined ? 'this user' : `the user ${user.name}`
  throw new ServerStartError('start_failed', `The embedded PostgreSQL in ${cached.folder} cannot be run by ${who}.`)
}

async function runs(folder: string, user: SystemUser | undefined): Promise<boolean> {
  try {
    const end = await runProgram(join(folder, 'bin', 'postgres'), ['--version'], '/', user)
    return end.code === 0
  } catch {
    return false
  }
}

async function cachedCopy(installed: PlatformBinaries): Promise<string> {
  const target = join(tmpdir(), `huitong-postgres-${installed.version}-${process.getuid?.() ?? 0}`)
  if (await isOurs(target)) return target
  const fresh = await mkdtemp(`${target}-`)
  await cp(installed.folder, fresh, { recursive: true, verbatimSymlinks: true })
  await makeReadable(fresh)
  try {
    await rename(fresh, target)
    return target
  } catch (error) {
    // Somebody was faster: another start of ours, or a stranger whose folder must not be trusted.
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES', 'ENOTDIR'].includes(errorCode(error) ?? '')) throw error
    if (!(await isOurs(target))) return fresh
    await rm(fresh, { recursive: true, force: true })
    return target
  }
}

/** True for a real folder that we own and nobody else may write; it got its name only when it was complete. */
async function isOurs(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined)
  return found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & 0o022) === 0
}

async function makeReadable(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isDirectory()) await chmod(path, 0o755)
    else if (entry.isFile()) await chmod(path, ((await lstat(path)).mode & 0o755) | 0o444)
  }
  await chmod(folder, 0o755)
}
