import { expect, test } from 'vitest'
import { runSteps, type Step } from './steps.ts'

function step(name: string, script: string): Step {
  return { name, program: process.execPath, arguments: ['--eval', script] }
}

async function run(steps: readonly Step[]): Promise<{ code: number; said: string }> {
  const lines: string[] = []
  const code = await runSteps(steps, (line) => lines.push(line))
  return { code, said: lines.join('\n') }
}

test('steps that pass say one line each and keep their output to themselves', async () => {
  const { code, said } = await run([step('one', 'console.log("chatter")'), step('two', '')])
  expect(code).toBe(0)
  expect(said).toMatch(/^ok {5}one +\d+\.\d s\nok {5}two +\d+\.\d s$/)
})

test('the first step that fails ends the run with its code and its output', async () => {
  const { code, said } = await run([step('one', 'console.error("why"); process.exit(3)'), step('two', '')])
  expect(code).toBe(3)
  expect(said).toContain('FAILED one')
  expect(said).toContain('why')
  expect(said).not.toContain('two')
})

test('warnings of a step that passes are shown', async () => {
  const { said } = await run([step('one', 'console.warn("warning: a long file")')])
  expect(said).toContain('warning: a long file')
})

test('a step that a signal ends has failed', async () => {
  const { code } = await run([step('one', 'process.kill(process.pid, "SIGKILL")')])
  expect(code).toBe(1)
})

test('a program that is not there has failed', async () => {
  const { code, said } = await run([{ name: 'one', program: '/no/such/program', arguments: [] }])
  expect(code).toBe(127)
  expect(said).toContain('does not start')
})
