import { type CurrencyCode, counterOf, invariant } from '@huitong/kernel'
import { int8Array, type ReadTx } from '@huitong/pg'
import { type Account, type Balance, ZERO_BALANCE } from './account.ts'
import { type AccountRow, accountOf } from './account-store.ts'
import { type BalanceReader, journalBalances } from './balance-reader.ts'
import type { Hold } from './hold.ts'
import { type HoldRow, holdOf } from './hold-store.ts'
import { batchOf, POSITIONS_PER_BATCH, positionOf } from './location.ts'
import type { Transfer } from './transfer.ts'
import { type TransferRow, transferOf } from './transfer-store.ts'

/** An account with its balance as of the newest committed batch. */
export interface AccountView {
  readonly account: Account
  readonly balance: Balance
}

/** A transfer with the batch that it stands in. */
export interface JournaledTransfer extends Transfer {
  readonly batch: number
  /** µs. */
  readonly at: number
  /** Of its batch. */
  readonly accountingDay: string
}

export type JournaledRow = TransferRow & { readonly at: number; readonly accounting_day: string }

async function viewsOf(
  tx: ReadTx,
  rows: readonly AccountRow[],
  balances: BalanceReader,
): Promise<readonly AccountView[]> {
  const accounts = rows.map(accountOf)
  const found = await balances(
    tx,
    accounts.map((account) => account.id),
  )
  return accounts.map((account) => ({ account, balance: found.get(account.id) ?? ZERO_BALANCE }))
}

/** Balances come from `balances`: the committer's memory where it is at hand, else the tables and the journal's tail. */
export async function findAccount(
  tx: ReadTx,
  id: number,
  balances: BalanceReader = journalBalances,
): Promise<AccountView | undefined> {
  const rows = await tx.sql<AccountRow[]>`
    select * from ledger_accounts where id = ${id}`
  const [view] = await viewsOf(tx, rows, balances)
  return view
}

/** Currency of an account that a journaled transfer names, so that it must exist. */
export async function currencyOf(tx: ReadTx, id: number): Promise<CurrencyCode> {
  const rows = await tx.sql<AccountRow[]>`
    select * from ledger_accounts where id = ${id}`
  const [account] = rows.map(accountOf)
  invariant(account !== undefined, `there is no account ${id}`)
  return account.currency
}

export interface AccountFilter {
  readonly subject?: string
  readonly owner?: string
  readonly afterId: number
  /** Only accounts before this id, which were opened by some batch. */
  readonly beforeId?: number
  readonly limit: number
}

/** Accounts by id; up to limit + 1 of them. */
export async function listAccounts(
  tx: ReadTx,
  filter: AccountFilter,
  balances: BalanceReader = journalBalances,
): Promise<readonly AccountView[]> {
  return viewsOf(tx, await accountRows(tx, filter), balances)
}

/** These accounts, without balances. */
export async function accountsOf({ sql }: ReadTx, ids: readonly number[]): Promise<readonly Account[]> {
  const rows = await sql<AccountRow[]>`
    select * from ledger_accounts
    where id = any (${int8Array(ids)}::text::int8[]) order by id`
  return rows.map(accountOf)
}

/** The same without balances. */
export async function listAccountRows(tx: ReadTx, filter: AccountFilter): Promise<readonly Account[]> {
  return (await accountRows(tx, filter)).map(accountOf)
}

/** Each filter is a statement of its own, so that each is planned for its index. */
function accountRows({ sql }: ReadTx, filter: AccountFilter): PromiseLike<readonly AccountRow[]> {
  const { subject, owner, afterId, limit } = filter
  const beforeId = filter.beforeId ?? Number.MAX_SAFE_INTEGER
  const ofSubject = subject === undefined ? sql`` : sql`and subject = ${subject}`
  const ofOwner = owner === undefined ? sql`` : sql`and owner = ${owner}`
  return sql<AccountRow[]>`
    select * from ledger_accounts
    where id > ${afterId} and id < ${beforeId} ${ofSubject} ${ofOwner}
    order by id limit ${limit + 1}`
}

/** One line of an account's statement. */
export interface StatementEntry {
  readonly sequence: number
  readonly side: 'debit' | 'credit'
  readonly otherAccount: number
  readonly balanceMinor: bigint
  /** Where the entry before it stands; null on the account's first. */
  readonly previous: number | null
  readonly transfer: JournaledTransfer
}

/**
 * Entries of an account, newest first, from the location of the first one to show; up to `limit` of them. Follows the links from
 * entry to entry, one look-up by primary key each.
 */
export async function statement(
  tx: ReadTx,
  account: number,
  from: number,
  limit: number,
): Promise<readonly StatementEntry[]> {
  const rows = await tx.sql<JournaledRow[]>`
    with recursive entries as (
      select t.*, 1 as line from ledger_transfers t
      where t.batch = ${batchOf(from)} and t.position = ${positionOf(from)}
        and ${account} in (t.debit_account, t.credit_account)
      union all
      select t.*, e.line + 1
      from entries e
      join ledger_transfers t
        on t.batch = (case when e.debit_account = ${account} then e.debit_previous else e.credit_previous end) / ${POSITIONS_PER_BATCH}::int8
        and t.position = ((case when e.debit_account = ${account} then e.debit_previous else e.credit_previous end) % ${POSITIONS_PER_BATCH}::int8)::int4
      where e.line < ${limit})
    select entries.*, b.at, b.accounting_day from entries join ledger_batches b on b.number = entries.batch order by line`
  return rows.map((row) => entryOf(row, account))
}

/** A transfer as one of its two accounts sees it. */
export function entryOf(row: JournaledRow, account: number): StatementEntry {
  const transfer = journaled(row)
  const debits = transfer.debit === account
  return {
    sequence: debits ? transfer.debitSequence : transfer.creditSequence,
    side: debits ? 'debit' : 'credit',
    otherAccount: debits ? transfer.credit : transfer.debit,
    balanceMinor: debits ? transfer.debitBalanceMinor : transfer.creditBalanceMinor,
    previous: debits ? transfer.debitPrevious : transfer.creditPrevious,
    transfer,
  }
}

function journaled(row: JournaledRow): JournaledTransfer {
  return { ...transferOf(row), batch: Number(row.batch), at: row.at, accountingDay: row.accounting_day }
}

/** Ids grow with batches, so the batch that gave an id out is found without an index on transfers. */
export async function findTransfer(tx: ReadTx, id: number): Promise<JournaledTransfer | undefined> {
  const rows = await tx.sql<JournaledRow[]>`
    select t.*, b.at, b.accounting_day from (
      select number, at, accounting_day from ledger_batches where last_counter >= ${counterOf(id)} order by last_counter, number limit 1) b
    join ledger_transfers t on t.batch = b.number
    where t.id = ${id}`
  return rows.map(journaled)[0]
}

export async function findHold(tx: ReadTx, id: number): Promise<Hold | undefined> {
  const rows = await tx.sql<HoldRow[]>`select * from ledger_holds where id = ${id}`
  return rows.map(holdOf)[0]
}

/** Pending holds that debit an account, by id; up to limit + 1 of them. */
export async function pendingHolds(
  tx: ReadTx,
  account: number,
  afterId: number,
  limit: number,
): Promise<readonly Hold[]> {
  const rows = await tx.sql<HoldRow[]>`
    select * from ledger_holds where debit_account = ${account} and state = 1 and id > ${afterId}
    order by id limit ${limit + 1}`
  return rows.map(holdOf)
}

/** Holds past their expiry that still count, oldest first. */
export async function dueHolds(tx: ReadTx, now: string, limit: number): Promise<readonly number[]> {
  const rows = await tx.sql<{ id: bigint }[]>`
    select id from ledger_holds where state = 1 and expires_at <= ${now}::text::timestamptz order by expires_at limit ${limit}`
  return rows.map((row) => Number(row.id))
}

export interface HeadView {
  readonly number: number
  readonly hash: Buffer
  readonly at: number
  /** Of the batches to come; after a day close it is later than that of the last batch. */
  readonly accountingDay: string
  /** Of the last batch, which is what its seal and a signed head name; empty before the first batch. */
  readonly batchDay: string
  readonly flushed: number
  /** Mutations of the last batch. */
  readonly count: number
}

export async function readHead(tx: ReadTx): Promise<HeadView> {
  const [row] = await tx.sql<
    {
      number: bigint
      hash: Buffer
      at: number
      accounting_day: string | null
      batch_day: string | null
      flushed: bigint
      count: number | null
    }[]
  >`
    select h.number, h.hash, h.at, h.accounting_day, b.accounting_day as batch_day, h.flushed, b.count
    from ledger_head h left join ledger_batches b on b.number = h.number`
  return {
    number: Number(row?.number ?? 0),
    hash: row?.hash ?? Buffer.alloc(0),
    at: row?.at ?? 0,
    accountingDay: row?.accounting_day ?? '',
    batchDay: row?.batch_day ?? '',
    flushed: Number(row?.flushed ?? 0),
    count: row?.count ?? 0,
  }
}

/** Money that the institution owes customers and merchants, by currency. As of the last write-back: some seconds old. */
export async function liabilities(
  tx: ReadTx,
): Promise<readonly { readonly currency: string; readonly minor: bigint }[]> {
  const rows = await tx.sql<{ currency: string; minor: string }[]>`
    select a.currency, sum(b.credits_posted - b.debits_posted)::text as minor
    from ledger_accounts a join ledger_balances b on b.account_id = a.id
    where a.subject like '2%' group by a.currency order by a.currency`
  return rows.map((row) => ({ currency: row.currency, minor: BigInt(row.minor) }))
}
