import { testDatabase } from '@huitong/testing'
import { expect, test } from 'vitest'
import * as arrays from '../src/index.ts'

const int8Max = 9_223_372_036_854_775_807n
const awkward = [
  '',
  'plain',
  'NULL',
  'null',
  '{}',
  '{"a",b}',
  'a,b',
  ' padded ',
  '"',
  '\\',
  '\\"\\\\"',
  "it's",
  'line\nbreak\r\ttab',
  '汇通 money flows',
  '🀄️👩‍👩‍👧',
  '\u0001\u007f\u0085\ufeff',
  null,
]

/** Each type: the literal, PostgreSQL's type, and the elements as they must come back. */
const cases: readonly [string, string, readonly unknown[]][] = [
  [
    arrays.int8Array([1, -2, 0, null, int8Max, -int8Max - 1n, 9_007_199_254_740_991]),
    'int8',
    [1n, -2n, 0n, null, int8Max, -int8Max - 1n, 9_007_199_254_740_991n],
  ],
  [arrays.int4Array([2_147_483_647, -2_147_483_648, null]), 'int4', [2_147_483_647, -2_147_483_648, null]],
  [arrays.int2Array([32_767, -32_768, null, 5n]), 'int2', [32_767, -32_768, null, 5]],
  [arrays.textArray(awkward), 'text', awkward],
  [arrays.boolArray([true, false, null, true]), 'boolean', [true, false, null, true]],
  [
    arrays.byteaArray([Buffer.from([0, 1, 92, 34, 255]), new Uint8Array(0), null]),
    'bytea',
    [Buffer.from([0, 1, 92, 34, 255]), Buffer.alloc(0), null],
  ],
  [
    arrays.timestamptzArray([0, 1_795_389_602_278_971, -1, -8_000_000_000_000_000, null]),
    'timestamptz',
    [0, 1_795_389_602_278_971, -1, -8_000_000_000_000_000, null],
  ],
  [
    arrays.dateArray(['2026-11-22', '0001-01-01', '9999-12-31', null]),
    'date',
    ['2026-11-22', '0001-01-01', '9999-12-31', null],
  ],
  [
    arrays.jsonbArray(['{"a":["\\"\\\\",null]}', '"NULL"', '12.5', null]),
    'jsonb',
    [{ a: ['"\\', null] }, 'NULL', 12.5, null],
  ],
  [
    arrays.numericArray(['0.10', '-123456789012345678901234567890.5', 7n, null]),
    'numeric',
    ['0.10', '-123456789012345678901234567890.5', '7', null],
  ],
]

test.each(cases)('the array %s comes through the server as %s[]', async (literal, type, expected) => {
  const { owner } = testDatabase()
  const rows = await owner.unsafe(
    `select element from unnest($1::text::${type}[]) with ordinality as list (element, place) order by place`,
    [literal],
  )
  expect(rows.map((row) => row.element)).toEqual(expected)
  const [empty] = await owner.unsafe(`select cardinality($1::text::${type}[]) as size`, [arrays.int8Array([])])
  expect(empty?.size).toBe(0)
})

test('what a type cannot hold throws instead of being stored otherwise', () => {
  expect(() => arrays.textArray(['a\0b'])).toThrow('U+0000')
  expect(() => arrays.textArray(['\ud800'])).toThrow('lone surrogate')
  expect(() => arrays.jsonbArray(['"\udc00"'])).toThrow('lone surrogate')
  expect(() => arrays.int8Array([1.5])).toThrow('exact integer')
  expect(() => arrays.int8Array([2 ** 53])).toThrow('exact integer')
  expect(() => arrays.int8Array([int8Max + 1n])).toThrow('out of range')
  expect(() => arrays.int2Array([32_768])).toThrow('out of range')
  expect(() => arrays.int4Array([-2_147_483_649n])).toThrow('out of range')
  expect(() => arrays.dateArray(['2026-1-1'])).toThrow('not a day')
  expect(() => arrays.numericArray(['1e5'])).toThrow('plain decimal')
  expect(() => arrays.numericArray(['NaN'])).toThrow('plain decimal')
})
