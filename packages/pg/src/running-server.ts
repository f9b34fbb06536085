import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Cluster, folderFromInside, startFailure } from './cluster.ts'
import { readPostmasterFile } from './leftover-server.ts'
import { spawnProgram } from './program.ts'
import { ServerStartError } from './server-error.ts'

/** A PostgreSQL server that is our child. */
export interface RunningServer {
  readonly pid: number
  readonly exited: Promise<void>
  stop(mode: 'fast' | 'immediate'): Promise<void>
}

/** Shared memory and lock files of processes killed a moment ago go away within seconds. */
const staleRemains = /lock file|shared memory block|is another postmaster/

const retryForMillis = 10_000

/** Crash recovery replays at most `max_wal_size` twice over; minutes on a slow disk. */
const readyWithinMillis = 600_000

/** Starts the server and waits until it accepts connections, recovery included. */
export async function launch(cluster: Cluster, log?: (line: string) => void): Promise<RunningServer> {
  const firstTry = performance.now()
  for (;;) {
    const attempt = await launchOnce(cluster, log)
    if (attempt.running !== undefined) return attempt.running
    const mayRetry = staleRemains.test(attempt.output) && performance.now() - firstTry < retryForMillis
    if (!mayRetry) throw startFailure(attempt.output, cluster.dataDir)
    await sleep(200)
  }
}

interface Attempt {
  readonly running: RunningServer | undefined
  readonly output: string
}

async function launchOnce(cluster: Cluster, log: ((line: string) => void) | undefined): Promise<Attempt> {
  const program = join(cluster.binaries.folder, 'bin', 'postgres')
  const child = spawnProgram(program, ['-D', folderFromInside(cluster.folder)], cluster.folder, cluster.user)
  const tail = collectLog(child, log)
  let ended = false
  const exited = new Promise<void>((resolve) => {
    const end = (): void => {
      ended = true
      resolve()
    }
    child.once('close', end)
    child.once('error', end)
  })
  const started = performance.now()
  while (!ended) {
    const file = await readPostmasterFile(cluster.folder)
    if (file?.ready === true && file.pid === child.pid) {
      return { running: { pid: file.pid, exited, stop: (mode) => stop(child, exited, mode) }, output: '' }
    }
    if (performance.now() - started > readyWithinMillis) {
      child.kill('SIGINT')
      throw new ServerStartError(
        'start_failed',
        `PostgreSQL in ${cluster.dataDir} did not become ready in ten minutes.`,
      )
    }
    await sleep(5)
  }
  return { running: undefined, output: tail.join('\n') }
}

/** Passes complete lines on and keeps the last fifty, from which a failed start is explained. */
function collectLog(child: ChildProcess, log: ((line: string) => void) | undefined): readonly string[] {
  const tail: string[] = []
  let rest = ''
  const take = (chunk: Buffer): void => {
    const lines = `${rest}${chunk.toString('utf8')}`.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      tail.push(line)
      if (tail.length > 50) tail.shift()
      log?.(line)
    }
  }
  child.stdout?.on('data', take)
  child.stderr?.on('data', take)
  child.stdin?.on('error', () => undefined)
  child.stdin?.end()
  return tail
}

async function stop(child: ChildProcess, exited: Promise<void>, mode: 'fast' | 'immediate'): Promise<void> {
  child.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT')
  await exited
}
