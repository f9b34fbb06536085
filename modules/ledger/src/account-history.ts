import type { Committer } from '@huitong/committer'
import { counterOf, makeId } from '@huitong/kernel'
import type { InstitutionDatabase, ReadTx } from '@huitong/pg'
import { type Account, type Balance, ZERO_BALANCE } from './account.ts'
import { balancesAsOf, type KnownEntries } from './as-of-store.ts'
import type { Books } from './books.ts'
import { type EntryFilter, isUnfiltered, matches } from './entry-filter.ts'
import { readEntries } from './entry-store.ts'
import type { JournalPoint, PointWanted } from './journal-point.ts'
import { findPoint } from './journal-point-store.ts'
import { type AccountFilter, listAccountRows, type StatementEntry } from './ledger-read-store.ts'

/**
 * What accounts were and what moved on them, as of any batch. Reads in two steps: first the batch that is meant; then, after whoever
 * holds the newest balances in memory was asked, everything else in one snapshot. So memory is never behind the batch.
 */
export interface AccountHistory {
  /** The batch that is meant, if it is there. */
  point(wanted: PointWanted): Promise<JournalPoint | undefined>
  /** Accounts that were opened by then, by id, with their balances; up to limit + 1. */
  list(point: JournalPoint, filter: AccountFilter): Promise<readonly DatedAccount[]>
  find(point: JournalPoint, id: number): Promise<DatedAccount | undefined>
  /** Balances of accounts that exist. */
  balances(point: JournalPoint, ids: readonly number[]): Promise<ReadonlyMap<number, Balance>>
  /** The stretch of an account's entries after one batch and up to another; undefined if there is no such account. */
  stretch(id: number, after: JournalPoint, to: JournalPoint): Promise<Stretch | undefined>
  entries(stretch: Stretch, query: EntryQuery): Promise<EntryPage>
}

/** An account with its balance as of a batch. What is said of the account itself is as of now. */
export interface DatedAccount {
  readonly account: Account
  readonly balance: Balance
}

export interface Stretch {
  readonly account: Account
  readonly after: JournalPoint
  readonly to: JournalPoint
  readonly opening: Balance
  readonly closing: Balance
}

interface EntryQuery {
  readonly order: 'newest' | 'oldest'
  readonly filter: EntryFilter
  /** Number of the entry to go on with. */
  readonly from?: number
  readonly limit: number
}

interface EntryPage {
  readonly entries: readonly StatementEntry[]
  /** Number of the entry to go on with; null at the end. */
  readonly next: number | null
}

/** Entries that are looked through for one page at most, so that a filter that fits nothing cannot hold a connection for long. */
export const SCAN_MAX = 2000
const SCAN_CHUNK = 500

/** Where the newest entries stand as far as memory has them. */
type Remembered = (ids: readonly number[]) => Promise<KnownEntries>

/** For the program that runs the committer. */
export function rememberedEntries(committer: Committer, books: Books): Remembered {
  return async (ids) => {
    const found = await committer.view(() =>
      ids.flatMap((id) => {
        const balance = books.peekBalance(id)
        return balance === undefined ? [] : [[id, balance.lastEntry] as const]
      }),
    )
    return new Map(found ?? [])
  }
}

/** Without `remembered` the newest entries are read from the balance rows and, if need be, the journal's tail. */
export function createAccountHistory(
  db: Pick<InstitutionDatabase, 'read'>,
  remembered: Remembered = async () => new Map(),
): AccountHistory {
  async function balances(point: JournalPoint, ids: readonly number[]): Promise<ReadonlyMap<number, Balance>> {
    const known = await remembered(ids)
    return db.read((tx) => balancesAsOf(tx, ids, point.batch, known))
  }

  const list: AccountHistory['list'] = async (point, filter) => {
    const beforeId = idBound(point)
    const accounts = await db.read((tx) => listAccountRows(tx, { ...filter, beforeId }))
    const found = await balances(
      point,
      accounts.map((account) => account.id),
    )
    return accounts.map((account) => ({ account, balance: found.get(account.id) ?? ZERO_BALANCE }))
  }

  return {
    point: (wanted) => db.read((tx) => findPoint(tx, wanted)),
    list,
    find: async (point, id) => {
      if (counterOf(id) > point.lastCounter) return undefined
      const [found] = await list(point, { afterId: id - 1, limit: 0 })
      return found?.account.id === id ? found : undefined
    },
    balances,
    stretch: async (id, after, to) => {
      const known = await remembered([id])
      return db.read(async (tx) => {
        const [account] = await listAccountRows(tx, { afterId: id - 1, limit: 0 })
        if (account?.id !== id) return undefined
        const closing = (await balancesAsOf(tx, [id], to.batch, known)).get(id) ?? ZERO_BALANCE
        const opening =
          after.batch >= to.batch
            ? closing
            : ((await balancesAsOf(tx, [id], after.batch, new Map([[id, closing.lastEntry]]))).get(id) ?? ZERO_BALANCE)
        return { account, after, to, opening, closing }
      })
    },
    entries: (stretch, query) => db.read((tx) => pageOfStretch(tx, stretch, query)),
  }
}

/** The first id that was not given out by then. */
function idBound(point: JournalPoint): number {
  return makeId(point.lastCounter + 1, 0)
}

async function pageOfStretch(tx: ReadTx, stretch: Stretch, query: EntryQuery): Promise<EntryPage> {
  const { closing, opening, account } = stretch
  const { filter, limit, order } = query
  if (closing.lastEntry === null) return { entries: [], next: null }
  const last = { sequence: closing.sequence, location: closing.lastEntry }
  const first = opening.sequence + 1
  const chunk = isUnfiltered(filter) ? limit : SCAN_CHUNK
  const found: StatementEntry[] = []
  const newestFirst = order === 'newest'
  let next = query.from ?? (newestFirst ? last.sequence : first)
  for (let scanned = 0; next >= first && next <= last.sequence; ) {
    if (scanned >= SCAN_MAX) return { entries: found, next }
    const low = newestFirst ? Math.max(first, next - chunk + 1) : next
    const high = newestFirst ? next : Math.min(last.sequence, next + chunk - 1)
    const entries = await readEntries(tx, account.id, low, high, last)
    for (const entry of newestFirst ? entries.toReversed() : entries) {
      if (!matches(entry, filter)) continue
      if (found.length === limit) return { entries: found, next: entry.sequence }
      found.push(entry)
    }
    scanned += entries.length
    next = newestFirst ? low - 1 : high + 1
    if (found.length === limit) break
  }
  return { entries: found, next: next >= first && next <= last.sequence ? next : null }
}
