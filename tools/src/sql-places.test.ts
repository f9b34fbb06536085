import { describe, expect, test } from 'vitest'
import { repositoryOf } from './repository.ts'
import { checkSqlPlaces } from './sql-places.ts'

function rulesBroken(path: string, text: string): readonly string[] {
  return checkSqlPlaces(repositoryOf(new Map([[path, text]]))).map((violation) => violation.rule)
}

describe('where SQL may stand', () => {
  const statement = 'await tx`select 1`'
  test.each<[string, readonly string[]]>([
    ['modules/ledger/src/account-store.ts', []],
    ['modules/ledger/test/account.pg.test.ts', []],
    ['packages/pg/src/migrator.ts', []],
    ['packages/jobs/src/relay.ts', []],
    ['packages/committer/src/head.ts', []],
    ['packages/testing/src/institution.ts', []],
    ['bench/src/ledger.ts', []],
    ['modules/ledger/src/account-queries.ts', ['sql-place']],
    ['packages/http/src/server.ts', ['sql-place']],
    ['apps/server/src/main.ts', ['sql-place']],
  ])('%s', (path, rules) => {
    expect(rulesBroken(path, statement)).toEqual(rules)
  })
})

describe('what counts as SQL', () => {
  test.each<[string, readonly string[]]>([
    ['sql`a fragment of any kind`', ['sql-place']],
    ['session.tx`select 1`', ['sql-place']],
    ['tx<Row[]>`select 1`', ['sql-place']],
    ['other`\n  insert into t values (1)`', ['sql-place']],
    ['tx.unsafe(text)', ['sql-place']],
    ['html`<b>select a seat</b>`', []],
    ['const text = `select ${noun}`', []],
  ])('%s', (text, rules) => {
    expect(rulesBroken('apps/server/src/a.ts', text)).toEqual(rules)
  })
})

describe('arrays in statements', () => {
  test.each<[string, readonly string[]]>([
    ['tx`select ${ids}::bigint[]`', ['bare-array']],
    ['tx`select ${times}::timestamp with time zone[]`', ['bare-array']],
    ['tx`select ${[1, 2]}`', ['bare-array']],
    ['tx`select ${sql.array(ids)}`', ['bare-array']],
    ['tx`select ${arrayText(ids)}::text::bigint[]`', []],
    ['tx`select ${id}::bigint`', []],
    ['tx`select ${bigints(ids)}`', []],
  ])('%s', (text, rules) => {
    expect(rulesBroken('modules/ledger/src/account-store.ts', text)).toEqual(rules)
  })
})
