import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ConnectionOptions, findRunning } from '@huitong/pg'
import { fieldsIn } from './answer-fields.ts'

/** The server as its users start it, in a process of its own, with a demo world in a folder of its own. */
export interface ServerProcess {
  readonly dataDir: string
  readonly host: string
  readonly port: number
  /** A bearer token of the founding operator. */
  readonly operatorToken: string
  readonly pid: number
  readonly postmasterPid: number
  readonly connection: ConnectionOptions
  stop(): Promise<void>
}

const ROOT = join(import.meta.dirname, '../../..')

export async function startServerProcess(): Promise<ServerProcess> {
  const folder = await mkdtemp(join(process.env.HUITONG_BENCH_DIR ?? tmpdir(), 'huitong-bench-'))
  const dataDir = join(folder, 'data')
  const child = spawn(process.execPath, [...(await startWords()), '--data', dataDir, '--port', '0'], {
    cwd: ROOT,
    env: { ...process.env, HUITONG_INSTITUTIONS: 'own' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      await once(child, 'close')
    }
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await ready(child)
    const { url, token, pid } = fieldsIn(await readFile(join(dataDir, 'server.json'), 'utf8'))
    const running = await findRunning(dataDir)
    if (running === undefined) throw new Error(`no PostgreSQL runs on ${dataDir}`)
    const [postmaster] = (await readFile(join(running.cluster.folder, 'postmaster.pid'), 'utf8')).split('\n')
    const { hostname, port } = new URL(String(url))
    return {
      dataDir,
      host: hostname,
      port: Number(port),
      operatorToken: String(token),
      pid: Number(pid) || (child.pid ?? 0),
      postmasterPid: Number(postmaster),
      connection: running.connection,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** What `npm start` runs, after the word `node`; options for a profile of the server may stand before it. */
async function startWords(): Promise<readonly string[]> {
  const manifest = fieldsIn(await readFile(join(ROOT, 'package.json'), 'utf8'))
  const { scripts } = manifest
  const start = typeof scripts === 'object' && scripts !== null && 'start' in scripts ? String(scripts.start) : ''
  const [program, ...words] = start.split(' ')
  if (program !== 'node') throw new Error(`npm start is not a program for Node: ${start}`)
  return [...(process.env.HUITONG_BENCH_SERVER_OPTIONS ?? '').split(' ').filter(Boolean), ...words]
}

async function ready(child: ChildProcess): Promise<void> {
  let printed = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    printed += chunk.toString('utf8')
  })
  while (!printed.includes('Huitong is ready at ')) {
    if (child.exitCode !== null) throw new Error('the server ended before it was ready')
    await sleep(50)
  }
}
