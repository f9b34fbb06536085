import { spawn } from 'node:child_process'

/** One check: a program and its arguments, run from the root of the repository. */
export type Step = {
  readonly name: string
  readonly program: string
  readonly arguments: readonly string[]
  /** Shows its output as it comes, for steps that take long; the others speak only when they fail. */
  readonly live?: boolean
}

type Ended = { readonly code: number; readonly output: string }

/**
 * Runs the steps one after another and stops at the first that fails. `say` gets one line per step, with its time in
 * seconds, and the whole output of a failed one. Returns the exit code of the run.
 */
export async function runSteps(steps: readonly Step[], say: (line: string) => void): Promise<number> {
  for (const step of steps) {
    const startedAt = performance.now()
    const { code, output } = await runStep(step)
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)
    say(`${code === 0 ? 'ok    ' : 'FAILED'} ${step.name.padEnd(12)} ${seconds} s`)
    if (code !== 0) {
      say(output)
      return code
    }
    for (const line of output.split('\n')) if (line.startsWith('warning: ')) say(`       ${line}`)
  }
  return 0
}

function runStep(step: Step): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(step.program, step.arguments, { stdio: ['ignore', ...outputOf(step)] })
    let output = ''
    const collect = (chunk: Buffer) => {
      output += chunk.toString()
    }
    child.stdout?.on('data', collect)
    child.stderr?.on('data', collect)
    child.on('error', (error) => resolve({ code: 127, output: `${step.program} does not start: ${error.message}` }))
    // A step that a signal ended has no exit code, and has not passed.
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

function outputOf(step: Step): ['inherit', 'inherit'] | ['pipe', 'pipe'] {
  return step.live === true ? ['inherit', 'inherit'] : ['pipe', 'pipe']
}
