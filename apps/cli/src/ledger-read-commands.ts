import { formatAmount, microsToIso, parsePublicId, publicId } from '@huitong/kernel'
import {
  type AccountView,
  availableMinor,
  findAccount,
  listAccounts,
  normalBalance,
  type StatementEntry,
  SUBJECTS,
  statement,
} from '@huitong/ledger'
import { CliError, EXIT } from './cli-error.ts'
import { withReads } from './open-reads.ts'
import type { LedgerOptions } from './options.ts'
import { printJson, printLine, printTable } from './output.ts'

interface ListOptions extends LedgerOptions {
  readonly subject?: string
  readonly owner?: string
  readonly limit: number
}

/** `huitong ledger accounts` */
export async function showAccounts(options: ListOptions): Promise<void> {
  const { subject, owner, limit } = options
  const filter = { ...(subject === undefined ? {} : { subject }), ...(owner === undefined ? {} : { owner }) }
  const views = await withReads(options.data, options.institution, (db) =>
    db.read((tx) => listAccounts(tx, { ...filter, afterId: 0, limit })),
  )
  const accounts = views.slice(0, limit).map(accountLine)
  if (options.json) return printJson(accounts)
  printTable(
    [
      { title: 'Account', value: (line) => line.id },
      { title: 'Subject', value: (line) => `${line.subject} ${line.subjectName}` },
      { title: 'Owner', value: (line) => line.owner ?? '' },
      { title: 'State', value: (line) => line.state },
      { title: 'Balance', value: (line) => line.balance, right: true },
      { title: 'Available', value: (line) => line.available ?? 'no floor', right: true },
      { title: 'Currency', value: (line) => line.currency },
    ],
    accounts,
  )
  if (views.length > limit) printLine(`More than ${limit}; see --limit, --subject and --owner.`)
}

function accountLine({ account, balance }: AccountView) {
  const { currency, subject, owner, state, floorMinor } = account
  return {
    id: publicId('acct', account.id),
    subject,
    subjectName: SUBJECTS[subject].name,
    owner,
    state,
    currency,
    balance: formatAmount(normalBalance(account, balance), currency),
    available: floorMinor === null ? null : formatAmount(availableMinor(account, balance), currency),
  }
}

/** `huitong ledger statement ACCOUNT` */
export async function showStatement(
  accountText: string,
  options: LedgerOptions & { readonly limit: number },
): Promise<void> {
  const id = parsePublicId('acct', accountText)
  if (!id.ok) throw new CliError(EXIT.usage, `${accountText} is not the id of an account.`)
  const { view, entries } = await withReads(options.data, options.institution, (db) =>
    db.read(async (tx) => {
      const view = await findAccount(tx, id.value)
      const newest = view?.balance.lastEntry ?? null
      return { view, entries: newest === null ? [] : await statement(tx, id.value, newest, options.limit + 1) }
    }),
  )
  if (view === undefined) throw new CliError(EXIT.refused, `There is no account ${accountText}.`)
  const account = accountLine(view)
  const lines = entries.slice(0, options.limit).map((entry) => entryLine(entry, view))
  if (options.json) return printJson({ account, entries: lines })
  printLine(`${account.id}  ${account.subject} ${account.subjectName}  ${account.owner ?? ''}`)
  printLine(`Balance ${account.balance} ${account.currency}, newest entries first`)
  printTable(
    [
      { title: 'Entry', value: (line) => String(line.sequence), right: true },
      { title: 'Time', value: (line) => line.at },
      { title: 'Kind', value: (line) => line.kind },
      { title: 'Other account', value: (line) => line.otherAccount },
      { title: 'Debit', value: (line) => (line.side === 'debit' ? line.amount : ''), right: true },
      { title: 'Credit', value: (line) => (line.side === 'credit' ? line.amount : ''), right: true },
      { title: 'Balance', value: (line) => line.balance, right: true },
    ],
    lines,
  )
  if (entries.length > options.limit) printLine(`More than ${options.limit}; see --limit.`)
  else if ((entries.at(-1)?.previous ?? (entries.length === 0 ? view.balance.lastEntry : null)) !== null) {
    printLine('Older entries are in the archive; ledger restore-archive brings them back.')
  }
}

function entryLine(entry: StatementEntry, { account }: AccountView) {
  const { transfer } = entry
  return {
    sequence: entry.sequence,
    at: microsToIso(transfer.at),
    batch: transfer.batch,
    transfer: publicId('tran', transfer.id),
    kind: `${transfer.kind} ${transfer.code}`,
    side: entry.side,
    otherAccount: publicId('acct', entry.otherAccount),
    amount: formatAmount(transfer.amountMinor, account.currency),
    balance: formatAmount(entry.balanceMinor, account.currency),
  }
}
