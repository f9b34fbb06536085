import { createInstitution } from '@huitong/testing'
import { expect, test } from 'vitest'
import { BinaryRows, copyRows } from '../src/index.ts'

const int8Max = 9_223_372_036_854_775_807n

test('every type comes through a binary copy as it went in', async () => {
  const { dedicated } = await createInstitution([])
  const { sql } = await dedicated({})
  await sql`create temporary table wide (n int4, a int8, b int8, c int4, d int2, e bool, f text, g bytea, h timestamptz, i date,
    j uuid, k jsonb)`
  const uuid = Buffer.from('00112233445566778899aabbccddeeff', 'hex')
  const rows = new BinaryRows(12, 64)
  rows.beginRow().int4(1).int8(9_007_199_254_740_991).int8(int8Max).int4(2_147_483_647).int2(32_767).bool(true)
  rows
    .text('汇通 "\\\n🀄️')
    .bytea(Buffer.from([0, 255]))
    .timestamptz(1_795_389_602_278_971)
    .date('2026-11-22')
  rows.uuid(uuid).jsonb('{"a":1}').endRow()
  rows
    .beginRow()
    .int4(2)
    .int8(-9_007_199_254_740_991)
    .int8(-int8Max - 1n)
    .int4(-2_147_483_648)
    .int2(-32_768)
    .bool(false)
  rows
    .text('')
    .bytea(new Uint8Array(0))
    .timestamptz(-8_000_000_000_000_000)
    .date('0001-01-01')
    .uuid(uuid)
    .jsonb('[]')
    .endRow()
  rows.beginRow().int4(3).int8(-1).int8(-4_294_967_296).int4(0).int2(0).bool(false)
  rows
    .text('x'.repeat(100_000))
    .bytea(Buffer.alloc(70_000, 7))
    .timestamptz(0)
    .date('1969-12-31')
    .uuid(uuid)
    .jsonb('null')
    .endRow()
  rows.beginRow().int4(4)
  for (let column = 1; column < 12; column += 1) rows.null()
  rows.endRow()
  expect(rows.rows).toBe(4)
  expect(await copyRows(sql, 'copy wide from stdin (format binary)', rows.finish())).toBe(4)
  const found = await sql`select a, b, c, d, e, f, g, h, i, j, k from wide order by n`.values()
  const id = '00112233-4455-6677-8899-aabbccddeeff'
  expect([...found]).toEqual([
    [
      9_007_199_254_740_991n,
      int8Max,
      2_147_483_647,
      32_767,
      true,
      '汇通 "\\\n🀄️',
      Buffer.from([0, 255]),
      1_795_389_602_278_971,
      '2026-11-22',
      id,
      { a: 1 },
    ],
    [
      -9_007_199_254_740_991n,
      -int8Max - 1n,
      -2_147_483_648,
      -32_768,
      false,
      '',
      Buffer.alloc(0),
      -8_000_000_000_000_000,
      '0001-01-01',
      id,
      [],
    ],
    [-1n, -4_294_967_296n, 0, 0, false, 'x'.repeat(100_000), Buffer.alloc(70_000, 7), 0, '1969-12-31', id, null],
    Array.from({ length: 11 }, () => null),
  ])
})

test('a builder is used again after each finish and holds nothing of the rows before', async () => {
  const { dedicated } = await createInstitution([])
  const { sql } = await dedicated({})
  await sql`create temporary table narrow (a int8 primary key)`
  const rows = new BinaryRows(1)
  rows.beginRow().int8(1).endRow()
  const first = rows.finish()
  rows.beginRow().int8(2).endRow()
  const second = rows.finish()
  await sql`begin`
  await copyRows(sql, 'copy narrow from stdin (format binary)', first)
  await copyRows(sql, 'copy narrow from stdin (format binary)', second)
  await sql`commit`
  expect(await sql`select array_agg(a order by a) as all from narrow`).toEqual([{ all: [1n, 2n] }])
})

test('a broken rule rejects the copy and its transaction, and the connection lives on', async () => {
  const { dedicated } = await createInstitution([])
  const { sql } = await dedicated({})
  await sql`create temporary table narrow (a int8 primary key)`
  const rows = new BinaryRows(1)
  for (const size of [2, 200_000]) {
    for (let row = 0; row < size; row += 1) rows.beginRow().int8(Math.max(1, row)).endRow()
    const [, copied, ended] = await Promise.allSettled([
      sql`begin`.execute(),
      copyRows(sql, 'copy narrow from stdin (format binary)', rows.finish()),
    ]).then(async (settled) => [...settled, await sql`commit`])
    expect(copied).toMatchObject({ status: 'rejected', reason: { code: '23505' } })
    expect(ended).toMatchObject({ command: 'ROLLBACK' })
  }
  await expect(copyRows(sql, 'copy nowhere from stdin (format binary)', rows.finish())).rejects.toThrow('nowhere')
  await expect(copyRows(sql, 'select 1', rows.finish())).rejects.toThrow('takes rows')
  expect(await sql`select count(*) from narrow`).toEqual([{ count: 0n }])
})

test('a row with a wrong number of columns throws', () => {
  const rows = new BinaryRows(2)
  expect(() => rows.beginRow().int4(1).endRow()).toThrow('1 of 2 columns')
  expect(() => rows.beginRow()).toThrow('inside another')
  expect(() => rows.finish()).toThrow('not ended')
})
