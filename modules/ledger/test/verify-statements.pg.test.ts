import { seededChance } from '@huitong/kernel'
import type { Sql } from '@huitong/pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stateLiabilities } from '../src/liabilities.ts'
import { verifyLedger } from '../src/verify.ts'
import { type LedgerWorld, move, startLedgerWorld } from './ledger-world.ts'
import { institutionKey } from './verify-history.ts'

let world: LedgerWorld
let owner: Sql
let wallet: number
let transfer: number

beforeAll(async () => {
  world = await startLedgerWorld()
  owner = (await world.institution.dedicated({})).sql
  const { committer, commands } = world
  const bank = await world.open('1002')
  wallet = await world.openWallet()
  const pay = async (amountMinor: bigint) => {
    const input = { legs: [move(bank, wallet, amountMinor)], raw: false }
    const outcome = await committer.submit({ kind: commands.post, input })
    return outcome.status === 'done' ? (outcome.answer.transfers[0] ?? 0) : 0
  }
  const state = (seed: number) =>
    stateLiabilities({ db: world.institution.db, key: institutionKey.privateKey, chance: seededChance(seed) })
  transfer = await pay(500n)
  await state(1)
  await pay(70n)
  await state(2)
  // Not stated: what comes after a statement is none of its business.
  await pay(3n)
})

afterAll(() => world.committer.stop())

async function findings(): Promise<readonly string[]> {
  const signedHeads = { heads: [], publicKey: institutionKey.publicKey }
  const report = await verifyLedger(world.institution.db, { signedHeads })
  return report.findings.map(({ code, what, expected, found }) => `${code} ${what}: ${expected}, not ${found}`)
}

async function changed(change: () => Promise<unknown>, back: () => Promise<unknown>): Promise<readonly string[]> {
  expect(await findings()).toEqual([])
  await change()
  try {
    return await findings()
  } finally {
    await back()
    expect(await findings()).toEqual([])
  }
}

/** A change of each column that betrays itself, and its way back. */
const OTHER: Readonly<Record<string, readonly [change: string, back: string]>> = {
  bytea: ['set_byte($, 0, get_byte($, 0) # 1)', 'set_byte($, 0, get_byte($, 0) # 1)'],
  int8: ['$ + 1', '$ - 1'],
  int4: ['$ + 1', '$ - 1'],
  int2: ['$ + 1', '$ - 1'],
  numeric: ['$ + 1', '$ - 1'],
  date: ['$ + 1', '$ - 1'],
  timestamptz: ["$ + interval '1 second'", "$ - interval '1 second'"],
  text: ["$ || 'x'", "rtrim($, 'x')"],
}

describe('every column of the newest statement and of its tree', () => {
  it.each(['ledger_liability_statements', 'ledger_liability_chunks'])(
    'of %s is held against the rest',
    async (table) => {
      const columns = await owner<{ column: string; type: string }[]>`
      select a.attname as column, t.typname as type
      from pg_attribute a join pg_type t on t.oid = a.atttypid
      where a.attrelid = ${table}::regclass and a.attnum > 0 and not a.attisdropped`
      expect(columns.length).toBeGreaterThan(4)
      const rows = await owner.unsafe<{ level?: number }[]>(
        `select * from ${table} where batch = (select max(batch) from ${table}) order by 3`,
      )
      expect(rows).toHaveLength(table.endsWith('chunks') ? 3 : 1)
      const unseen: string[] = []
      for (const { level } of rows) {
        for (const { column, type } of columns) {
          const [change = '', back = ''] = OTHER[type] ?? []
          const key = `${table}.${column} ${level ?? ''}`
          const [row] = await owner.unsafe<{ ctid: string }[]>(
            `update ${table} set ${column} = ${change.replaceAll('$', column)} where ctid = (
             select ctid from ${table} where batch = (select max(batch) from ${table}) ${level === undefined ? '' : `and level = ${level}`} limit 1)
           returning ctid::text as ctid`,
          )
          if ((await findings()).length === 0) unseen.push(key)
          await owner.unsafe(
            `update ${table} set ${column} = ${back.replaceAll('$', column)} where ctid = '${row?.ctid}'`,
          )
          expect([key, await findings()]).toEqual([key, []])
        }
      }
      expect(unseen).toEqual([])
    },
  )
})

describe('a statement of what is owed', () => {
  it('is what the journal says at its batch, or betrays who changed it', async () => {
    const add = (minor: number) => owner`
      update ledger_liability_statements set total_minor = total_minor + ${minor} where total_minor in (500, 501)`
    const found = await changed(
      () => add(1),
      () => add(-1),
    )
    expect(found).toEqual([
      'liability_differs total in CNY: 500, not 501',
      "liability_differs signature in CNY: the institution's, not another",
    ])
  })

  it('counts all accounts of others', async () => {
    const add = (count: number) =>
      owner`update ledger_liability_statements set count = count + ${count} where total_minor = 570`
    const found = await changed(
      () => add(1),
      () => add(-1),
    )
    expect(found).toEqual([
      'liability_differs count in CNY: 1, not 2',
      "liability_differs signature in CNY: the institution's, not another",
      'liability_differs tree in CNY: the signed root, not 1 leaves',
    ])
  })

  it('belongs to a batch of the journal', async () => {
    const move = (by: number) =>
      owner`update ledger_liability_statements set batch = batch + ${by} where total_minor = 570`
    // The statement of one batch under the number of another one, and of none.
    const other = await changed(
      () => move(1),
      () => move(-1),
    )
    expect(other.map((line) => line.slice(0, line.indexOf(':')))).toEqual([
      ...['hash', 'time', 'total', 'signature', 'tree'].map((what) => `liability_differs ${what} in CNY`),
      ...['node', 'leaf', 'place'].map(() => 'liability_differs piece of a tree'),
    ])
    const none = await changed(
      () => move(1000),
      () => move(-1000),
    )
    expect(none.slice(0, 1)).toEqual([
      expect.stringMatching(/^liability_differs batch in CNY: a batch of the journal, not 10\d\d$/),
    ])
  })
})

describe('a reference from a file', () => {
  it('names an account that is there', async () => {
    await owner`insert into ledger_account_references (reference, account_id) values ('wallet-1', ${wallet})`
    const found = await changed(
      () => owner`update ledger_account_references set account_id = 7`,
      () => owner`update ledger_account_references set account_id = ${wallet}`,
    )
    expect(found).toEqual(['reference_differs reference wallet-1: undefined, not undefined'])
  })

  it('names a transfer that is there', async () => {
    await owner`insert into ledger_transfer_references (reference, transfer_id) values ('line-1', ${transfer})`
    const found = await changed(
      () => owner`update ledger_transfer_references set transfer_id = transfer_id + 1`,
      () => owner`update ledger_transfer_references set transfer_id = transfer_id - 1`,
    )
    expect(found).toEqual(['reference_differs reference line-1: undefined, not undefined'])
  })
})
