import { expect, test } from 'vitest'
import { tablesOutside } from './table-names.ts'

test('tables carry the name of their module', () => {
  const schema =
    'create table ledger_accounts (\n);\ncreate table accounts (\n);\ncreate table schema_migrations (\n);\n'
  expect(tablesOutside(schema, 'ledger')).toEqual(['accounts'])
})
