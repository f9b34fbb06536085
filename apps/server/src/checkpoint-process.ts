import { type ChildProcess, fork } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import type { CheckpointAnswer, CheckpointOrder } from './checkpoint-order.ts'

export interface CheckpointProcess {
  readonly answer: Promise<CheckpointAnswer>
  /** Ends it at once, wherever it is. */
  kill(): void
}

/** What a process that ended in an unforeseen way said last. */
const LAST_WORDS = 2000

/** Verifies and writes in a process of the lowest priority (nice 19): it takes what payments leave of the machine. */
export function startCheckpointProcess(order: CheckpointOrder): CheckpointProcess {
  const child = fork(new URL('./checkpoint-child.ts', import.meta.url), [], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  // Before it has made threads of its own, which take over what it has.
  lower(child.pid)
  return { answer: answerOf(child, order), kill: () => child.kill('SIGKILL') }
}

function lower(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW)
  } catch {
    // It ended already, or this machine lets nobody do that: then it is a process like any other.
  }
}

function answerOf(child: ChildProcess, order: CheckpointOrder): Promise<CheckpointAnswer> {
  return new Promise((resolve) => {
    let lastWords = ''
    let answer: CheckpointAnswer | undefined
    const failed = (message: string) => resolve(answer ?? { outcome: 'failed', message })
    child.stderr?.on('data', (chunk: Buffer) => {
      lastWords = `${lastWords}${chunk.toString('utf8')}`.slice(-LAST_WORDS)
    })
    // A process of our own program; its message has the form that it is written with.
    child.once('message', (message: CheckpointAnswer) => {
      answer = message
    })
    child.once('error', (error) => failed(error.message))
    child.once('close', (code, signal) =>
      failed(`the process ended by ${signal ?? `code ${code}`}. ${lastWords}`.trim()),
    )
    child.send(order, (error) => {
      if (error !== null) failed(error.message)
    })
  })
}
