import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { vi } from 'vitest'
import { runCli } from '../src/index.ts'

const MAIN = join(import.meta.dirname, '../src/main.ts')

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `huitong` with these arguments to its end, as a process of its own. */
export function huitong(...args: readonly string[]): Promise<Ended> {
  return huitongWith({}, ...args)
}

type Environment = Readonly<Record<string, string>>

/** The same with these variables. */
export async function huitongWith(environment: Environment, ...args: readonly string[]): Promise<Ended> {
  const child = launch(args, environment)
  const texts = { stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk: Buffer) => {
    texts.stdout += chunk.toString('utf8')
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    texts.stderr += chunk.toString('utf8')
  })
  const [code] = await once(child, 'close')
  return { code: typeof code === 'number' ? code : null, ...texts }
}

/** `huitong start`, until stopped. */
export async function startHuitong(data: string, environment: Environment = {}): Promise<{ stop(): Promise<void> }> {
  const child = await launchUntil('Huitong is ready at ', ['start', '--data', data, '--port', '0'], environment)
  return { stop: () => child.signal('SIGTERM').then(() => undefined) }
}

/** A `huitong` that goes on by itself. */
export interface Launched {
  /** Everything that it said so far. */
  readonly shown: string
  /** Sends the signal and waits for the end; its exit code, null when the signal killed it. */
  signal(name: NodeJS.Signals): Promise<number | null>
}

/** Runs `huitong` until it has said something. */
export async function launchUntil(
  said: string,
  args: readonly string[],
  environment: Environment = {},
): Promise<Launched> {
  const child = launch(args, environment)
  const ended = once(child, 'close')
  let shown = ''
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      shown += chunk.toString('utf8')
      if (shown.includes(said)) resolve()
    })
    child.stderr?.on('data', (chunk: Buffer) => {
      shown += chunk.toString('utf8')
    })
    void ended.then(() => reject(new Error(`it ended: ${shown}`)))
  })
  return {
    get shown() {
      return shown
    },
    signal: async (name) => {
      child.kill(name)
      const [code] = await ended
      return typeof code === 'number' ? code : null
    },
  }
}

function launch(args: readonly string[], environment: Environment): ChildProcess {
  const { DATABASE_URL: _, HUITONG_READ_URL: __, ...env } = process.env
  return spawn(process.execPath, [MAIN, ...args], { env: { ...env, ...environment }, stdio: 'pipe' })
}

/** Runs `huitong` in this process, which saves the start of another one: what it writes is caught. */
export async function huitongHere(...args: readonly string[]): Promise<Ended> {
  const texts = { stdout: '', stderr: '' }
  const streams = ['stdout', 'stderr'] as const
  const caught = streams.map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((chunk) => {
      texts[name] += String(chunk)
      return true
    }),
  )
  try {
    const code = await runCli(args)
    return { code, ...texts }
  } finally {
    for (const one of caught) one.mockRestore()
  }
}
