import { describe, expect, test } from 'vitest'
import { repositoryOf } from './repository.ts'
import { checkSizes } from './sizes.ts'

function judged(path: string, lines: number): string {
  const { warnings, violations } = checkSizes(repositoryOf(new Map([[path, 'const a = 1\n'.repeat(lines)]])))
  if (violations.length > 0) return 'refused'
  return warnings.length > 0 ? 'warned' : 'fine'
}

describe('the length of a file', () => {
  test.each<[string, number, string]>([
    ['modules/ledger/src/hold.ts', 300, 'fine'],
    ['modules/ledger/src/hold.ts', 301, 'warned'],
    ['modules/ledger/src/hold.ts', 500, 'warned'],
    ['modules/ledger/src/hold.ts', 501, 'refused'],
    ['modules/ledger/src/hold.test.ts', 501, 'fine'],
    ['modules/ledger/test/hold.pg.test.ts', 501, 'fine'],
    ['packages/kernel/src/currency-data.ts', 501, 'fine'],
  ])('%s with %i lines is %s', (path, lines, answer) => {
    expect(judged(path, lines)).toBe(answer)
  })
})
