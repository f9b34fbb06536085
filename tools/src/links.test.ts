import { expect, test } from 'vitest'
import { checkLinks } from './links.ts'

const there = new Set(['README.md', 'docs/adr', 'docs/adr/0002-schema.md'])

test.each<[string, string, number]>([
  ['a page beside', 'see [it](0002-schema.md)', 0],
  ['a folder above', 'see [all](../adr/)', 0],
  ['the root', 'see [it](../../README.md#try-it)', 0],
  ['a place in the same page', 'see [it](#below)', 0],
  ['another site', 'see [it](https://example.com/none)', 0],
  ['a page that is not there', 'see [it](0003-none.md)', 1],
  ['two of them on a line', '[a](a.md) and [b](b.md)', 2],
  ['an example in code', 'write `[it](none.md)`\n```\n[it](none.md)\n```', 0],
])('%s', (_, text, count) => {
  const exists = (path: string) => there.has(path.replace(/\/$/, ''))
  expect(checkLinks('docs/adr/0001-a.md', text, exists)).toHaveLength(count)
})

test('a broken link names its line', () => {
  const [violation] = checkLinks('README.md', '# Title\n\n`code`\n[it](none.md)\n', () => false)
  expect(violation).toMatchObject({ file: 'README.md', line: 4 })
})
