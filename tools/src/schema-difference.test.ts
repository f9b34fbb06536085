import { expect, test } from 'vitest'
import { schemaDifference } from './schema-difference.ts'

test.each<[string, string, string, readonly string[]]>([
  ['equal schemas do not differ', 'a\nb\n', 'a\nb\n', []],
  ['a column that a migration added', 'a\n', 'a\nb\n', ['+ b']],
  ['a column that nobody migrated', 'a\nb\n', 'a\n', ['- b']],
  ['a changed column', 'a int4\n', 'a int8\n', ['- a int4', '+ a int8']],
  ['a line that occurs once too often', 'a\na\n', 'a\n', ['- a']],
  ['another order', 'a\nb\n', 'b\na\n', ['  the same lines in another order']],
])('%s', (_, file, database, difference) => {
  expect(schemaDifference(file, database)).toEqual(difference)
})
