import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withInstitution } from '../src/open-database.ts'
import { huitong, startHuitong } from './cli.ts'

let root: string
let data: string
let server: { stop(): Promise<void> } | undefined

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'huitong-import-'))
  data = join(root, 'data')
  server = await startHuitong(data)
}, 300_000)

afterAll(async () => {
  await server?.stop()
  await rm(root, { recursive: true, force: true })
}, 240_000)

const HEADER = 'type,reference,subject,currency,debit,credit,amount'

/** A file of many transfers among ten accounts; every hundredth line cannot be read. */
function manyLines(name: string, count: number): readonly string[] {
  const accounts = Array.from({ length: 10 }, (_, index) => `account,${name}-${index},2003,CNY,,,`)
  const transfers = Array.from({ length: count }, (_, index) =>
    index % 100 === 99
      ? `transfer,"${name}-${index}`
      : `transfer,${name}-t${index},,CNY,${name}-${index % 10},${name}-${(index + 1) % 10},0.01`,
  )
  return [HEADER, ...accounts, ...transfers]
}

test('a file comes in once; what was refused is written down with number, reason and text', async () => {
  const file = join(root, 'books.csv')
  await writeFile(file, `${manyLines('a', 1200).join('\r\n')}\r\n`)
  const dry = await huitong('ledger', 'import', file, '--dry-run', '--data', data)
  expect([dry.code, dry.stderr]).toEqual([6, ''])
  expect(dry.stdout).toContain('1211 lines, 12 would be refused. Nothing was changed.')
  const first = await huitong('ledger', 'import', file, '--data', data, '--json')
  expect([first.code, first.stderr]).toEqual([6, ''])
  expect(JSON.parse(first.stdout)).toMatchObject({ lines: 1211, accepted: 1198, repeated: 0, refused: 12 })
  const refused = (await readFile(`${file}.refused.csv`, 'utf8')).trimEnd().split('\n')
  expect(refused).toHaveLength(13)
  expect(refused[1]).toBe('111,line_malformed,A quote is not where it may be.,"transfer,""a-99"')
  const again = await huitong('ledger', 'import', file, '--data', data, '--json')
  expect(JSON.parse(again.stdout)).toEqual(JSON.parse(first.stdout))
  const labelled = await huitong('ledger', 'import', file, '--again', 'x', '--data', data, '--json')
  expect(JSON.parse(labelled.stdout)).toMatchObject({ accepted: 0, repeated: 1198, refused: 12 })
}, 300_000)

test('an import that was killed goes on where it stopped, and each line has one effect', async () => {
  const file = join(root, 'killed.csv')
  // Without names, so that nothing but the position in the file keeps a line from coming in twice.
  const lines = manyLines('k', 30_000).map((line) => line.replace(/^transfer,k-t\d+,/, 'transfer,,'))
  await writeFile(file, lines.join('\n'))
  const before = await transfers()
  const main = join(import.meta.dirname, '../src/main.ts')
  const child = spawn(process.execPath, [main, 'ledger', 'import', file, '--data', data], { stdio: 'ignore' })
  const ended = once(child, 'close')
  while ((await transfers()) <= before && child.exitCode === null)
    await new Promise((resolve) => setTimeout(resolve, 20))
  child.kill('SIGKILL')
  await ended
  const finished = await huitong('ledger', 'import', file, '--data', data, '--json')
  expect([finished.code, finished.stderr]).toEqual([6, ''])
  expect(JSON.parse(finished.stdout)).toMatchObject({ lines: 30_011, accepted: 29_710, repeated: 0, refused: 300 })
  expect(await transfers()).toBe(before + 29_700)
}, 240_000)

async function transfers(): Promise<number> {
  const [row] = await withInstitution(data, 'yunhe_pay', (db) =>
    db.read((tx) => tx.sql<{ count: bigint }[]>`select count(*) from ledger_transfers`),
  )
  return Number(row?.count ?? 0)
}

describe('mistakes of the user', () => {
  test('are told in a sentence', async () => {
    const none = await huitong('ledger', 'import', join(root, 'nowhere.csv'), '--data', data)
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('There is no file')])
    const file = join(root, 'colours.csv')
    await writeFile(file, 'type,colour\n')
    const columns = await huitong('ledger', 'import', file, '--data', data)
    expect([columns.code, columns.stderr]).toEqual([2, expect.stringContaining('it has "colour"')])
    expect(existsSync(`${file}.refused.csv`)).toBe(false)
  })
})

test('what was written out comes in again elsewhere with the same balances', async () => {
  const lines = (await huitong('ledger', 'export', '--what', 'books', '--data', data)).stdout.split('\n')
  expect(lines[0]).toBe('type,reference,subject,currency,floor,debit,credit,amount,code')
  // Customers' accounts come with customers; the books of the institution's own accounts are what a file can bring in.
  const own = lines.filter((line, index) => index === 0 || /\ba-\d/.test(line))
  const file = join(root, 'out.csv')
  await writeFile(file, own.map((line) => line.replaceAll(/\ba-(\w+)/g, 'copy-$1')).join('\n'))
  const copied = await huitong('ledger', 'import', file, '--data', data, '--json')
  expect([copied.code, JSON.parse(copied.stdout)]).toMatchObject([0, { accepted: 1198, refused: 0 }])
  const accounts = (await huitong('ledger', 'export', '--what', 'accounts', '--format', 'jsonl', '--data', data)).stdout
  const ids = new Map(
    accounts
      .trimEnd()
      .split('\n')
      .map((line): { id: string; reference?: string } => JSON.parse(line))
      .map((account) => [account.reference, account.id]),
  )
  const list = await huitong('ledger', 'accounts', '--subject', '2003', '--limit', '1000', '--data', data, '--json')
  const balances = new Map(JSON.parse(list.stdout).map((one: { id: string; balance: string }) => [one.id, one.balance]))
  for (let index = 0; index < 10; index += 1) {
    expect(balances.get(ids.get(`copy-${index}`))).toBe(balances.get(ids.get(`a-${index}`)))
  }
  expect(balances.get(ids.get('a-0'))).not.toBe(undefined)
}, 300_000)

test('a period is written to a file that appears whole: every entry twice, once for each side', async () => {
  const file = join(root, 'entries.csv')
  const ended = await huitong('ledger', 'export', '--what', 'entries', '--out', file, '--data', data, '--json')
  expect([ended.code, ended.stderr]).toEqual([0, ''])
  const entries = (await readFile(file, 'utf8')).trimEnd().split('\n')
  expect(entries.length).toBe(JSON.parse(ended.stdout).rows + 1)
  const transfersOut = await huitong('ledger', 'export', '--what', 'transfers', '--data', data)
  expect(transfersOut.stdout.trimEnd().split('\n').length - 1).toBe(await transfers())
  expect(existsSync(`${file}.part`)).toBe(false)
  const past = await huitong('ledger', 'export', '--what', 'transfers', '--to', '2020-01-01', '--data', data)
  expect(past.stdout.split('\n')).toHaveLength(2)
  const noDay = await huitong('ledger', 'export', '--what', 'transfers', '--to', 'yesterday', '--data', data)
  expect(noDay.code).toBe(2)
}, 300_000)
