import { execFile } from 'node:child_process'
import { readdir, readFile, readlink, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode, ServerStartError } from './server-error.ts'

/** What postmaster.pid says: the server's process, and whether it accepts connections. */
export interface PostmasterFile {
  readonly pid: number
  readonly ready: boolean
}

export async function readPostmasterFile(folder: string): Promise<PostmasterFile | undefined> {
  const text = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return ''
    throw error
  })
  const lines = text.split('\n')
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 1) return undefined
  return { pid, ready: lines[7]?.trim() === 'ready' }
}

/** A zombie is not alive: in a container whose first process reaps nobody, a killed server stays one for ever. */
export async function isAlive(pid: number): Promise<boolean> {
  if (process.platform === 'linux') {
    const status = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')
    return status !== '' && !/^\d+ \(.*\) [ZX]/.test(status)
  }
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}

/**
 * Stops the server that a killed program left running in this folder, so that the new one starts with the settings of
 * today; taking it over would keep the old ones. Then removes the lock files of a server that is gone: its pid may by now
 * be another program's, which PostgreSQL would take for a living server.
 */
export async function stopLeftoverServer(folder: string): Promise<void> {
  const found = await readPostmasterFile(folder)
  if (found === undefined) return
  if (await isServerOf(found.pid, folder)) {
    for (const [signal, patience] of stopSignals) {
      process.kill(found.pid, signal)
      if (await isGone(found.pid, patience)) break
    }
    if (await isAlive(found.pid)) {
      const message = `PostgreSQL process ${found.pid} of an earlier start does not stop; stop it by hand.`
      throw new ServerStartError('start_failed', message)
    }
  }
  await rm(join(folder, 'postmaster.pid'), { force: true })
  for (const name of await readdir(folder)) {
    if (/^\.s\.PGSQL\.\d+(?:\.lock)?$/.test(name)) await rm(join(folder, name), { force: true })
  }
}

const stopSignals = [
  ['SIGINT', 10_000],
  ['SIGQUIT', 5000],
  ['SIGKILL', 2000],
] as const

async function isGone(pid: number, patienceMillis: number): Promise<boolean> {
  for (let waited = 0; waited < patienceMillis; waited += 20) {
    if (!(await isAlive(pid))) return true
    await sleep(20)
  }
  return !(await isAlive(pid))
}

/** True when the process is a PostgreSQL server that works in this very folder, and not a newer owner of the same pid. */
async function isServerOf(pid: number, folder: string): Promise<boolean> {
  if (!(await isAlive(pid))) return false
  if (process.platform === 'linux') {
    const [workingFolder, wanted] = await Promise.all([readlink(`/proc/${pid}/cwd`).catch(() => ''), realpath(folder)])
    return workingFolder === wanted
  }
  const command = await new Promise<string>((resolve) => {
    execFile('ps', ['-o', 'command=', '-p', String(pid)], (_error, stdout) => resolve(stdout))
  })
  return command.includes('postgres') && command.includes(folder)
}
