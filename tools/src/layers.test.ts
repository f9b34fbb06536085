import { describe, expect, test } from 'vitest'
import { checkLayers } from './layers.ts'
import { repositoryOf } from './repository.ts'

const declared: Readonly<Record<string, readonly string[]>> = {
  'packages/kernel': [],
  'packages/pg': ['@huitong/kernel', 'postgres'],
  'packages/http': ['@huitong/kernel', '@huitong/pg'],
  'packages/testing': ['@huitong/kernel'],
  'packages/oracle': [],
  'modules/ledger': ['@huitong/kernel', '@huitong/payments', '@huitong/party'],
  'modules/party': ['@huitong/kernel', '@huitong/ledger'],
  'modules/payments': ['@huitong/ledger'],
  'apps/server': ['@huitong/ledger', '@huitong/payments', '@huitong/cli'],
  'apps/cli': ['@huitong/server'],
  bench: ['@huitong/server'],
}

/** Judges a small repository in which the given files stand beside the package.json files above. */
function rulesBroken(files: Readonly<Record<string, string>>): readonly string[] {
  const texts = new Map(Object.entries(files))
  texts.set('package.json', JSON.stringify({ devDependencies: { vitest: '1.0.0' } }))
  for (const [folder, names] of Object.entries(declared)) {
    const name = `@huitong/${folder.split('/').at(-1)}`
    const dependencies = Object.fromEntries(names.map((each) => [each, '0.1.0']))
    texts.set(`${folder}/package.json`, JSON.stringify({ name, dependencies }))
  }
  return checkLayers(repositoryOf(texts)).map((violation) => violation.rule)
}

describe('arrows that hold', () => {
  test.each<[string, string, string]>([
    ['a module stands on a package', 'modules/ledger/src/a.ts', `import { money } from '@huitong/kernel'`],
    ['a module stands on a lower module', 'modules/payments/src/a.ts', `import { post } from '@huitong/ledger'`],
    ['a program composes modules', 'apps/server/src/a.ts', `import { pay } from '@huitong/payments'`],
    ['the command line composes as the server does', 'apps/cli/src/a.ts', `import { start } from '@huitong/server'`],
    ['a benchmark enters through a program', 'bench/src/a.ts', `import { start } from '@huitong/server'`],
    ['Node itself is always there', 'packages/kernel/src/a.ts', `import { join } from 'node:path'`],
    ['a test uses the tools of the root', 'packages/kernel/src/a.test.ts', `import { test } from 'vitest'`],
    ['a test uses the test world', 'modules/ledger/test/a.ts', `import { institution } from '@huitong/testing'`],
    ['a test uses the oracle', 'modules/ledger/test/a.ts', `import { books } from '@huitong/oracle'`],
    ['a test goes through its own door', 'packages/kernel/test/a.ts', `import { money } from '@huitong/kernel'`],
    ['a test reaches into its own package', 'packages/kernel/test/a.ts', `import { x } from '../src/money.ts'`],
  ])('%s', (_, path, text) => {
    expect(rulesBroken({ [path]: text })).toEqual([])
  })
})

describe('planted violations', () => {
  test.each<[string, string, string, string]>([
    ['arrow', 'a package imports a module', 'packages/pg/src/a.ts', `import { post } from '@huitong/ledger'`],
    ['arrow', 'a module imports a program', 'modules/ledger/src/a.ts', `import { start } from '@huitong/server'`],
    ['arrow', 'a module imports one above it', 'modules/ledger/src/a.ts', `import { pay } from '@huitong/payments'`],
    ['arrow', 'a module imports a sibling', 'modules/party/src/a.ts', `import { post } from '@huitong/ledger'`],
    ['arrow', 'only a type is imported', 'modules/party/src/a.ts', `import type { Account } from '@huitong/ledger'`],
    ['arrow', 'one of several names is a type', 'modules/party/src/a.ts', `import { type T } from '@huitong/ledger'`],
    ['arrow', 'a name is re-exported', 'modules/party/src/a.ts', `export { post } from '@huitong/ledger'`],
    ['arrow', 'a type is re-exported', 'modules/party/src/a.ts', `export type { Account } from '@huitong/ledger'`],
    ['arrow', 'an import is dynamic', 'modules/party/src/a.ts', `await import('@huitong/ledger')`],
    ['arrow', 'a type is imported in place', 'modules/party/src/a.ts', `type A = import('@huitong/ledger').Account`],
    ['arrow', 'the kernel imports anything', 'packages/kernel/src/a.ts', `import { sql } from '@huitong/pg'`],
    ['arrow', 'a foundation imports out of order', 'packages/http/src/a.ts', `import { sql } from '@huitong/pg'`],
    [
      'arrow',
      'a source file imports the test world',
      'modules/ledger/src/a.ts',
      `import { a } from '@huitong/testing'`,
    ],
    ['arrow', 'the server imports the command line', 'apps/server/src/a.ts', `import { a } from '@huitong/cli'`],
    ['deep-import', 'a door is passed', 'modules/payments/src/a.ts', `import { a } from '@huitong/ledger/src/a.ts'`],
    [
      'leaves-package',
      'a path leaves its package',
      'packages/pg/src/a.ts',
      `import { a } from '../../kernel/src/a.ts'`,
    ],
    ['undeclared', 'a workspace is not declared', 'bench/src/a.ts', `import { post } from '@huitong/ledger'`],
    ['undeclared', 'a library is not declared', 'packages/kernel/src/a.ts', `import sql from 'postgres'`],
    ['undeclared', 'a source file uses a tool', 'packages/kernel/src/a.ts', `import { test } from 'vitest'`],
    ['own-door', 'a source file imports its own door', 'packages/pg/src/a.ts', `import { a } from '@huitong/pg'`],
    ['computed-import', 'a name is computed', 'packages/pg/src/a.ts', `await import(process.argv[2])`],
    ['export-star', 'a door exports all', 'packages/pg/src/a.ts', `export * from './b.ts'`],
    ['export-star', 'a door exports all types', 'packages/pg/src/a.ts', `export type * from './b.ts'`],
    ['cycle', 'a file imports itself', 'packages/pg/src/a.ts', `import { a } from './a.ts'`],
  ])('%s: %s', (rule, _, path, text) => {
    expect(rulesBroken({ [path]: text })).toEqual([rule])
  })

  test('cycle: files of a package go round, over a type', () => {
    expect(
      rulesBroken({
        'packages/pg/src/a.ts': `import { b } from './b.ts'`,
        'packages/pg/src/b.ts': `export { c } from './c.ts'`,
        'packages/pg/src/c.ts': `import type { A } from './a.ts'`,
      }),
    ).toEqual(['cycle'])
  })

  test('place: a module that no table knows', () => {
    const repository = repositoryOf(
      new Map([
        ['modules/casino/package.json', '{ "name": "@huitong/casino" }'],
        ['modules/casino/src/index.ts', ''],
      ]),
    )
    expect(checkLayers(repository).map(({ rule }) => rule)).toEqual(['place'])
  })
})

test('a violation names its file and line', () => {
  const repository = repositoryOf(
    new Map([
      ['packages/pg/package.json', '{ "name": "@huitong/pg" }'],
      ['packages/pg/src/a.ts', `import { readFile } from 'node:fs'\n\nimport sql from 'postgres'\n`],
    ]),
  )
  expect(checkLayers(repository)).toMatchObject([{ file: 'packages/pg/src/a.ts', line: 3 }])
})

test('a check that sees no files fails', () => {
  expect(() => repositoryOf(new Map([['package.json', '{}']]))).toThrow('no source files')
})

test('a file that does not parse fails the check', () => {
  expect(() => rulesBroken({ 'packages/pg/src/a.ts': 'import {' })).toThrow('does not parse')
})
