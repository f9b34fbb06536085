import { type ChildProcess, spawn } from 'node:child_process'
import type { SystemUser } from './unprivileged-user.ts'

export interface ProgramEnd {
  readonly code: number | null
  readonly output: string
}

/** What PostgreSQL's programs see of our environment: nothing that could change how they behave. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
}

/**
 * Starts a PostgreSQL program inside `folder`. The folder is entered before the user is given up, so it may lie below
 * folders that only root can enter. The program gets a session of its own: Ctrl-C in our terminal must not reach it
 * before we have drained.
 */
export function spawnProgram(
  path: string,
  args: readonly string[],
  folder: string,
  user: SystemUser | undefined,
): ChildProcess {
  const identity = user === undefined ? {} : { uid: user.uid, gid: user.gid }
  return spawn(path, args, { cwd: folder, env: cleanEnvironment(), detached: true, stdio: 'pipe', ...identity })
}

/** Runs a program to its end with `input` on its standard input. A program that cannot be started rejects. */
export function runProgram(
  path: string,
  args: readonly string[],
  folder: string,
  user: SystemUser | undefined,
  input = '',
): Promise<ProgramEnd> {
  return new Promise((resolve, reject) => {
    const child = spawnProgram(path, args, folder, user)
    const chunks: Buffer[] = []
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString('utf8') }))
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  })
}
