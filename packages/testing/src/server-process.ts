import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { killTree } from './kill-tree.ts'

export interface ServerProcessOptions {
  readonly dataDir: string
  readonly port: number
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** 180 s unless told. */
  readonly readyWithinMillis?: number
}

/** The whole program as its users run it, in a process of its own, so that it can be killed. */
export interface ServerProcess {
  readonly pid: number
  /** What stands in the line `Huitong is ready at …`. */
  readonly baseUrl: string
  /** Everything it printed so far. */
  output(): string
  /** `kill -9` of the program and of the PostgreSQL under it, at the same moment. */
  kill9(): Promise<void>
  /** `kill -9` of the program alone: PostgreSQL is left running. */
  kill9ProgramOnly(): Promise<void>
  /** Asks it to stop and waits; the exit code. */
  stop(): Promise<number | null>
}

const program = join(import.meta.dirname, '../../../apps/server/src/main.ts')

/** Starts the program and waits for its ready line; rejects with all it printed when it ends before. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const child = spawn(
    process.execPath,
    [program, '--data', options.dataDir, '--port', String(options.port), ...(options.args ?? [])],
    { env: { ...process.env, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const printed = collect(child)
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  const baseUrl = await readyLine(child, printed, ended, options.readyWithinMillis ?? 180_000)
  const pid = child.pid ?? 0
  return {
    pid,
    baseUrl,
    output: () => printed.text,
    kill9: async () => {
      const postgres = await postgresPid(options.dataDir)
      await Promise.all([killTree(pid), ...(postgres === undefined ? [] : [killTree(postgres)])])
      await ended
    },
    kill9ProgramOnly: async () => {
      child.kill('SIGKILL')
      await ended
    },
    stop: async () => {
      child.kill('SIGTERM')
      return await ended
    },
  }
}

/** The PostgreSQL of a data folder, also when the program that started it is gone. */
export async function postgresPid(dataDir: string): Promise<number | undefined> {
  const text = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number(text.split('\n')[0])
  return Number.isInteger(pid) && pid > 1 ? pid : undefined
}

interface Printed {
  text: string
  notify: () => void
}

function collect(child: ChildProcess): Printed {
  const printed: Printed = { text: '', notify: () => undefined }
  const take = (chunk: Buffer): void => {
    printed.text += chunk.toString('utf8')
    printed.notify()
  }
  child.stdout?.on('data', take)
  child.stderr?.on('data', take)
  return printed
}

function readyLine(
  child: ChildProcess,
  printed: Printed,
  ended: Promise<number | null>,
  withinMillis: number,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`the server was not ready in ${withinMillis} ms:\n${printed.text}`))
    }, withinMillis)
    printed.notify = () => {
      const url = /^Huitong is ready at (http:\/\/\S+)$/m.exec(printed.text)?.[1]
      if (url === undefined) return
      clearTimeout(timer)
      resolve(url)
    }
    void ended.then((code) => {
      clearTimeout(timer)
      reject(new Error(`the server ended with code ${code} before it was ready:\n${printed.text}`))
    })
  })
}
