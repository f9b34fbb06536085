import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { huitong } from './cli.ts'

let root: string
let data: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'huitong-journal-'))
  data = join(root, 'data')
})

afterAll(() => rm(root, { recursive: true, force: true }))

const JOURNAL = `2025-12-31 Opening
  assets:bank  CNY 1,000.00
  equity:opening

2026-01-05 Tea and bread
  expenses:food   12.50 CNY
  expenses:food    7.50 CNY
  assets:bank     = CNY 980.00

~ monthly
  expenses:rent  CNY 1
  assets:bank

2026-01-09 Wrong
  assets:bank  CNY -1
  expenses:rent  CNY 2
`

test('a newcomer tries it on books of his own, in an empty folder and without a server', async () => {
  const file = join(root, 'books.journal')
  await writeFile(file, JOURNAL)
  const first = await huitong('ledger', 'import', file, '--format', 'hledger', '--data', data)
  expect([first.code, first.stderr]).toEqual([6, ''])
  expect(first.stdout).toMatch(/assets:bank CNY +980\.00 *\n/)
  expect(first.stdout).toMatch(/expenses:food CNY +20\.00 *\n/)
  expect(first.stdout).toContain('2 transactions on 3 accounts: 5 came in, 0 were there before.')
  expect(first.stdout).toContain('1 balance assertions hold.')
  const refused = (await readFile(`${file}.refused.csv`, 'utf8')).trimEnd().split('\n')
  expect(refused.slice(1).map((line) => line.split(',').slice(0, 2))).toEqual([
    ['10', 'not_supported'],
    ['14', 'not_balanced'],
  ])
  const verified = await huitong('ledger', 'verify', '--institution', 'books', '--data', data)
  expect([verified.code, verified.stdout]).toEqual([0, expect.stringContaining('Sound: nothing was found.')])
}, 300_000)

test('a journal that has grown brings in what is new, also on an earlier day, and nothing twice', async () => {
  const file = join(root, 'books.journal')
  const later = `${JOURNAL.slice(0, JOURNAL.indexOf('~'))}2026-01-05 Tea and bread
  expenses:food   12.50 CNY
  expenses:food    7.50 CNY
  assets:bank     = CNY 960.00

2026-02-01 Salary
  assets:bank   CNY 5,000 = CNY 5,960.00
  income:salary
`
  await writeFile(file, later)
  const grown = await huitong('ledger', 'import', file, '--format', 'hledger', '--data', data, '--json')
  expect([grown.code, grown.stderr]).toEqual([0, ''])
  expect(JSON.parse(grown.stdout)).toMatchObject({
    transactions: 4,
    accepted: 3,
    repeated: 5,
    refused: [],
    assertionsHeld: 3,
    balances: [
      { account: 'assets:bank CNY', balance: '5960.00' },
      { account: 'equity:opening CNY', balance: '1000.00' },
      { account: 'expenses:food CNY', balance: '40.00' },
      { account: 'income:salary CNY', balance: '5000.00' },
    ],
  })
  const again = await huitong('ledger', 'import', file, '--format', 'hledger', '--data', data, '--json')
  expect(JSON.parse(again.stdout).balances).toEqual(JSON.parse(grown.stdout).balances)
  const verified = await huitong('ledger', 'verify', '--institution', 'books', '--data', data)
  expect(verified.code).toBe(0)
}, 300_000)

test('a beancount file comes in the same way, beside them', async () => {
  const file = join(root, 'main.beancount')
  await writeFile(
    file,
    `2026-01-01 open Assets:Cash EUR
2026-01-02 * "Gift"
  Assets:Cash  20.00 EUR
  Income:Gifts
2026-01-03 balance Assets:Cash 21.00 EUR
`,
  )
  const args = ['ledger', 'import', file, '--format', 'beancount', '--institution', 'beans', '--data', data]
  const dry = await huitong(...args, '--dry-run')
  expect([dry.code, dry.stdout]).toEqual([
    0,
    expect.stringContaining('1 transactions could be read. Nothing was changed.'),
  ])
  const ended = await huitong(...args, '--json')
  expect([ended.code, ended.stderr]).toEqual([6, ''])
  expect(JSON.parse(ended.stdout)).toMatchObject({
    accepted: 3,
    refused: [{ line: 5, code: 'assertion_failed', detail: 'Assets:Cash was to have 21.00 EUR and has 20.00 EUR.' }],
  })
}, 300_000)
