import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const MAIN = join(import.meta.dirname, '../src/main.ts')

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The server as its users start it: a process of its own. */
export class Program {
  readonly #child: ChildProcess
  #stdout = ''
  #stderr = ''
  readonly #ended: Promise<Ended>

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const { DATABASE_URL: _, ...inherited } = process.env
    this.#child = spawn(process.execPath, [MAIN, ...args], { env: { ...inherited, ...env }, stdio: 'pipe' })
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.#stdout += chunk.toString('utf8')
    })
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr += chunk.toString('utf8')
    })
    this.#ended = once(this.#child, 'close').then(([code]) => ({
      code: typeof code === 'number' ? code : null,
      stdout: this.#stdout,
      stderr: this.#stderr,
    }))
  }

  /** Waits for the ready line and gives its address. */
  async ready(): Promise<string> {
    for (;;) {
      const url = /^Huitong is ready at (http:\S+)$/m.exec(this.#stdout)?.[1]
      if (url !== undefined) return url
      const waited = await Promise.race([this.#ended, new Promise((resolve) => setTimeout(resolve, 50, 'waiting'))])
      if (waited !== 'waiting') throw new Error(`the program ended before it was ready: ${this.#stderr}`)
    }
  }

  get output(): string {
    return this.#stdout
  }

  ended(): Promise<Ended> {
    return this.#ended
  }

  signal(name: NodeJS.Signals): Promise<Ended> {
    this.#child.kill(name)
    return this.#ended
  }
}
