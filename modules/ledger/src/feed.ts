import { invariant, microsToIso, publicId } from '@huitong/kernel'
import type { InstitutionDatabase, ReadTx } from '@huitong/pg'
import type { Account } from './account.ts'
import { accountsOfRow, dataOfRow, type FeedData, templateOfRow } from './feed-data.ts'
import { type FeedEventType, type FeedPosition, positionText, TYPE_OF_EVENT, typeOfTransfer } from './feed-event.ts'
import { type FeedRow, readFeedRows, refuseArchivedPlace } from './feed-store.ts'
import { ACCOUNT_ID } from './ledger-ids.ts'
import { accountsOf } from './ledger-read-store.ts'

/** Which events are wanted; what is not told does not narrow. */
export interface FeedFilter {
  readonly types?: readonly FeedEventType[]
  /** Any of these accounts. */
  readonly accounts?: readonly number[]
  /** An account of this owner, of this chart subject. */
  readonly owner?: string
  readonly subject?: string
  /** Entries by this template, and its versions. */
  readonly template?: string
}

export interface FeedEvent {
  /** Its place, by which it is told from every other one. */
  readonly id: string
  readonly type: FeedEventType
  /** Time and accounting day of its batch. */
  readonly at: string
  readonly accountingDay: string
  /** Public ids. */
  readonly accounts: readonly string[]
  readonly data: FeedData
}

export interface FeedPage {
  readonly events: readonly FeedEvent[]
  /** Where to go on: after everything that was looked at, whether it was wanted or not. */
  readonly next: FeedPosition
  /** Everything that is committed was looked at. */
  readonly atEnd: boolean
}

/** Mutations that are looked at for one page, so that a filter that fits nothing cannot hold a connection for long. */
const SCAN_MAX = 2000

/** The events after a place that a filter lets through, at most `limit`. */
export async function readFeed(
  db: Pick<InstitutionDatabase, 'read'>,
  after: FeedPosition,
  filter: FeedFilter,
  limit: number,
): Promise<FeedPage> {
  return await db.read(async (tx) => {
    await refuseArchivedPlace(tx, after)
    const scan = isOpen(filter) ? limit : SCAN_MAX
    const rows = await readFeedRows(tx, after, scan)
    const accounts = await accountsById(tx, rows)
    const currencyOf = (id: number) => known(accounts, id).currency
    const events: FeedEvent[] = []
    let next = after
    for (const [index, row] of rows.entries()) {
      if (lets(filter, row, accounts)) events.push(eventOf(row, currencyOf))
      next = { batch: row.batch, position: row.position }
      if (events.length === limit) return { events, next, atEnd: index === rows.length - 1 && rows.length < scan }
    }
    return { events, next, atEnd: rows.length < scan }
  })
}

function isOpen(filter: FeedFilter): boolean {
  return Object.keys(filter).length === 0
}

async function accountsById(tx: ReadTx, rows: readonly FeedRow[]): Promise<ReadonlyMap<number, Account>> {
  const ids = [...new Set(rows.flatMap(accountsOfRow))]
  return new Map((await accountsOf(tx, ids)).map((account) => [account.id, account]))
}

function known(accounts: ReadonlyMap<number, Account>, id: number): Account {
  const account = accounts.get(id)
  invariant(account !== undefined, `the account ${id} of an event is there`)
  return account
}

function lets(filter: FeedFilter, row: FeedRow, accounts: ReadonlyMap<number, Account>): boolean {
  const { types, accounts: wanted, owner, subject, template } = filter
  if (types !== undefined && !types.includes(typeOf(row))) return false
  if (template !== undefined && templateOfRow(row) !== template) return false
  if (wanted === undefined && owner === undefined && subject === undefined) return true
  return accountsOfRow(row).some((id) => {
    const account = known(accounts, id)
    return (
      (wanted === undefined || wanted.includes(id)) &&
      (owner === undefined || account.owner === owner) &&
      (subject === undefined || account.subject === subject)
    )
  })
}

function typeOf(row: FeedRow): FeedEventType {
  if (row.from === 'transfers') return typeOfTransfer(row.transfer)
  return row.from === 'buffered' ? 'transfer.buffered' : TYPE_OF_EVENT[row.kind]
}

function eventOf(row: FeedRow, currencyOf: (account: number) => Account['currency']): FeedEvent {
  return {
    id: positionText(row),
    type: typeOf(row),
    at: microsToIso(row.at),
    accountingDay: row.accountingDay,
    accounts: accountsOfRow(row).map((account) => publicId(ACCOUNT_ID, account)),
    data: dataOfRow(row, currencyOf),
  }
}
