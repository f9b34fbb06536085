import { createHash } from 'node:crypto'
import type { Committer } from '@huitong/committer'
import { type CurrencyCode, formatAmount, invariant } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import { normalBalance } from './account.ts'
import { journalBalances } from './balance-reader.ts'
import { exportAccountPage } from './export-store.ts'
import type { ImportLine } from './import-line.ts'
import { listImportRefusals } from './import-store.ts'
import type { LedgerCommands } from './ledger-commands.ts'
import { checkAssertions } from './plain-text-assertions.ts'
import type { PlainAccount, PlainClass, PlainJournal, PlainTransaction } from './plain-text-journal.ts'
import { pairedLegs } from './plain-text-legs.ts'
import type { SubjectCode } from './subjects.ts'

export interface PlainImportOptions {
  readonly db: InstitutionDatabase
  readonly committer: Committer
  readonly commands: LedgerCommands
  readonly onProgress?: (done: number, total: number) => void
}

interface RefusedPlainLine {
  readonly line: number
  readonly code: string
  readonly detail: string
}

export interface PlainImportReport {
  readonly transactions: number
  readonly accounts: number
  /** Of accounts and transactions together. */
  readonly accepted: number
  readonly repeated: number
  /** Everything of the file that did not come in, or was not true, by line. */
  readonly refused: readonly RefusedPlainLine[]
  readonly assertionsHeld: number
  readonly balances: readonly { readonly account: string; readonly balance: string }[]
}

/** The subject on which accounts of each class are opened: one that is in the chart of every kind of institution. */
const SUBJECT_OF: Readonly<Record<PlainClass, SubjectCode>> = {
  asset: '1002',
  liability: '2003',
  equity: '4001',
  income: '5007',
  expense: '6001',
}

/** Transactions in a command; all of one day. */
const PIECE = 200

/**
 * Brings a plain-text journal into books of its own. The accounting day walks along with the dates, so every transaction stands in the
 * batch of its day. A transaction is known by what it says: the same file again changes nothing, and one that has grown brings in what is
 * new; what is then older than the accounting day is entered as of its own date.
 */
export async function importPlainJournal(
  journal: PlainJournal,
  fileHash: string,
  options: PlainImportOptions,
): Promise<PlainImportReport> {
  const { db, committer, onProgress } = options
  const lines: ImportLine[] = [...journal.accounts.map(accountLine)]
  const first = lines.length + 1
  const seen = new Map<string, number>()
  let last = await enter(options, fileHash, 1, lines)
  for (let at = 0; at < journal.transactions.length; ) {
    const date = journal.transactions[at]?.date ?? ''
    let end = at + 1
    while (end - at < PIECE && journal.transactions[end]?.date === date) end += 1
    await openDay(options, date)
    const effectiveOn = date < committer.status().accountingDay ? date : null
    const piece = journal.transactions
      .slice(at, end)
      .map((one, index) => transactionLine(one, first + at + index, referenceOf(one, seen), effectiveOn))
    last = await enter(options, fileHash, first + at, piece)
    at = end
    onProgress?.(at, journal.transactions.length)
  }
  await committer.flush()
  const entered = await refusedLines(db, fileHash)
  const leftOut = new Set(entered.map((one) => one.line - first).filter((index) => index >= 0))
  const { held, failed } = checkAssertions(journal, leftOut)
  const placed = entered.map(({ line, code, detail }) => ({
    line: journal.transactions[line - first]?.line ?? 0,
    code,
    detail,
  }))
  return {
    transactions: journal.transactions.length,
    accounts: journal.accounts.length,
    accepted: last.accepted,
    repeated: last.repeated,
    refused: [...journal.refusals, ...placed, ...failed].toSorted((a, b) => a.line - b.line),
    assertionsHeld: held,
    balances: await balancesOf(db),
  }
}

function accountName({ name, currency }: { readonly name: string; readonly currency: CurrencyCode }): string {
  return `${name} ${currency}`
}

function accountLine(account: PlainAccount, index: number): ImportLine {
  const reference = accountName(account)
  const subject = SUBJECT_OF[account.class]
  const record = { type: 'account', reference, subject, currency: account.currency, floorMinor: null } as const
  return { line: index + 1, is: 'record', record }
}

/** By what it says, and how many before it say the same. */
function referenceOf({ date, description, postings }: PlainTransaction, seen: Map<string, number>): string {
  const said = JSON.stringify([
    date,
    description,
    postings.map((one) => [one.account, String(one.minor), one.currency]),
  ])
  const digest = createHash('sha256').update(said).digest('hex').slice(0, 32)
  const count = (seen.get(digest) ?? 0) + 1
  seen.set(digest, count)
  return `journal:${digest}:${count}`
}

function transactionLine(
  transaction: PlainTransaction,
  line: number,
  reference: string,
  effectiveOn: string | null,
): ImportLine {
  const legs = pairedLegs(transaction).map(({ debit, credit, minor, currency }) => ({
    debit: { reference: accountName({ name: debit, currency }) },
    credit: { reference: accountName({ name: credit, currency }) },
    amountMinor: minor,
    currency,
    code: 'adjustment' as const,
  }))
  return { line, is: 'record', record: { type: 'transfer', reference, legs, effectiveOn } }
}

async function enter(
  { committer, commands }: PlainImportOptions,
  id: string,
  firstLine: number,
  lines: readonly ImportLine[],
): Promise<{ readonly accepted: number; readonly repeated: number }> {
  const input = { id, firstLine, endLine: firstLine + lines.length, lines }
  const outcome = await committer.submit({ kind: commands.importLines, input }, 'bulk')
  if (outcome.status !== 'done') throw new Error(`the journal could not be brought in: ${JSON.stringify(outcome)}`)
  return outcome.answer
}

async function openDay({ committer, commands }: PlainImportOptions, date: string): Promise<void> {
  if (date <= committer.status().accountingDay) return
  const outcome = await committer.submit({ kind: commands.closeDay, input: { next: date } }, 'bulk')
  if (outcome.status !== 'done') throw new Error(`the day ${date} could not be opened: ${JSON.stringify(outcome)}`)
}

const PAGE = 1000

async function refusedLines(db: InstitutionDatabase, id: string): Promise<readonly RefusedPlainLine[]> {
  const all: RefusedPlainLine[] = []
  for (;;) {
    const after = all.at(-1)?.line ?? 0
    const page = await db.read((tx) => listImportRefusals(tx, id, after, PAGE))
    all.push(...page.slice(0, PAGE))
    if (page.length <= PAGE) return all
  }
}

/** Every account that a file named, with its balance on the side on which it grows. */
async function balancesOf(db: InstitutionDatabase): Promise<PlainImportReport['balances']> {
  const lines: { readonly account: string; readonly balance: string }[] = []
  let after: number | undefined = 0
  while (after !== undefined) {
    const from: number = after
    after = await db.read(async (tx) => {
      const page = await exportAccountPage(tx, from, PAGE)
      const balances = await journalBalances(
        tx,
        page.map((one) => one.account.id),
      )
      for (const { account, reference } of page) {
        const balance = balances.get(account.id)
        invariant(balance !== undefined, `account ${account.id} has no balance`)
        if (reference === null) continue
        lines.push({ account: reference, balance: formatAmount(normalBalance(account, balance), account.currency) })
      }
      return page.length < PAGE ? undefined : page.at(-1)?.account.id
    })
  }
  return lines.toSorted((a, b) => (a.account < b.account ? -1 : 1))
}
