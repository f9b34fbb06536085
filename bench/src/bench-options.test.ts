import { describe, expect, it, test } from 'vitest'
import { type Bench, readWords } from './bench-options.ts'

const bench: Bench = {
  about: 'Something',
  rows: ['fast', 'slow'],
  run: async () => {
    throw new Error('nothing is run here')
  },
}
const read = (line: string) => readWords(line.split(' ').filter(Boolean), { some: bench })

describe('the words of a benchmark', () => {
  it('are read with what is otherwise meant', () => {
    const otherwise = { json: false, seconds: 60, preload: 5_000_000, only: [] }
    expect(read('some')).toEqual({ type: 'run', bench, options: otherwise })
    expect(read('some --json --seconds 5 --preload 0 --only slow,fast')).toEqual({
      ...{ type: 'run', bench },
      options: { json: true, seconds: 5, preload: 0, only: ['slow', 'fast'] },
    })
  })

  test.each(['--help', 'some --help', 'some --help --seconds 3'])('%s tells what can be asked for', (line) => {
    expect(read(line)).toMatchObject({ type: 'help', text: expect.stringContaining('rows: fast, slow') })
  })

  test.each([
    ['', 'which benchmark'],
    ['other', 'which benchmark'],
    ['constructor', 'which benchmark'],
    ['some other', 'one benchmark at a time'],
    ['some --second 5', "Unknown option '--second'"],
    ['some -h', "Unknown option '-h'"],
    ['some --seconds', 'argument missing'],
    ['some --seconds five', '--seconds takes a whole number from 1'],
    ['some --seconds 0', '--seconds takes a whole number from 1'],
    ['some --preload -1', 'argument'],
    ['some --preload 1e6', '--preload takes a whole number from 0'],
    ['some --only fast,sloth', 'some has no row sloth'],
  ])('%s is refused', (line, message) => {
    expect(() => read(line)).toThrow(message)
  })
})
