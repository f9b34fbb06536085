import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runSteps, type Step } from './steps.ts'

/**
 * `npm run check`: everything a change must pass, the quick checks first. `--no-tests` leaves out the tests, for those
 * who run `npm test` themselves.
 */
const root = join(import.meta.dirname, '../..')
const installed = (name: string) => join(root, 'node_modules/.bin', name)
const own = (name: string, ...rest: readonly string[]): Step => ({
  name,
  program: process.execPath,
  arguments: [join(import.meta.dirname, `${name}.ts`), ...rest],
})

const steps: readonly Step[] = [
  { name: 'biome', program: installed('biome'), arguments: ['check', '--error-on-warnings', '.'] },
  own('layers'),
  own('sizes'),
  own('sql-places'),
  own('links'),
  own('references'),
  { name: 'types', program: installed('tsc'), arguments: ['--noEmit', '-p', '.'] },
  { name: 'knip', program: installed('knip'), arguments: ['--no-progress', '--no-config-hints'] },
  own('schema-check'),
]
const tests: Step = { name: 'tests', program: installed('vitest'), arguments: ['run'], live: true }

const { values } = parseArgs({ options: { 'no-tests': { type: 'boolean', default: false } } })
process.chdir(root)
process.exitCode = await runSteps(values['no-tests'] ? steps : [...steps, tests], (line) => console.log(line))
