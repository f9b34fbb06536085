import {
  type CurrencyCode,
  currencyCode,
  invariant,
  isJsonObject,
  type JsonObject,
  parseJsonStrict,
} from '@huitong/kernel'
import { int8Array, type ReadTx } from '@huitong/pg'
import { refuseArchivedId } from './archive-store.ts'
import type { EntryLine } from './journal-entry.ts'
import { readEntryLine } from './journal-entry-data.ts'
import { findTransfer, type JournaledTransfer } from './ledger-read-store.ts'
import { movesMoney } from './transfer.ts'
import { type TransferRow, transferOf } from './transfer-store.ts'

/** A journal entry as it stands in the journal. */
export interface JournaledEntry {
  readonly id: number
  readonly batch: number
  /** µs. */
  readonly at: number
  /** As they were given; of a posting in legs, what its transfers come to. */
  readonly lines: readonly EntryLine[]
  /** With the currency of each. */
  readonly transfers: readonly (JournaledTransfer & { readonly currency: CurrencyCode })[]
  /** What it says of itself beside its lines. */
  readonly facts: JsonObject
}

/** The entry that a transfer belongs to, by the id of any of its transfers; undefined when there is none. */
export async function findEntry(tx: ReadTx, id: number): Promise<JournaledEntry | undefined> {
  const found = await findTransfer(tx, id)
  if (found === undefined) await refuseArchivedId(tx, id)
  if (found === undefined || found.entry === null) return undefined
  const { batch, at, entry, accountingDay } = found
  const rows = await tx.sql<TransferRow[]>`
    select * from ledger_transfers where batch = ${batch} and entry = ${entry} order by position`
  const [event] = await tx.sql<{ data: string }[]>`
    select data from ledger_events where account_id = ${entry} and batch = ${batch} and kind = 'entry_posted'`
  const transfers = rows.map((row) => ({ ...transferOf(row), batch, at, accountingDay }))
  const currencies = await currenciesOf(tx, [...new Set(transfers.flatMap(({ debit, credit }) => [debit, credit]))])
  const currencyOf = (account: number): CurrencyCode => {
    const currency = currencies.get(account)
    invariant(currency !== undefined, `account ${account} is not there`)
    return currency
  }
  const data = event === undefined ? undefined : parseJsonStrict(event.data)
  invariant(data === undefined || (data.ok && isJsonObject(data.value)), `the entry ${entry} cannot be read`)
  const { lines, ...facts } = data?.ok === true && isJsonObject(data.value) ? data.value : {}
  return {
    ...{ id: entry, batch, at, facts },
    lines: Array.isArray(lines) ? lines.map((line) => lineOf(line, currencyOf)) : linesOf(transfers, currencyOf),
    transfers: transfers.map((transfer) => ({ ...transfer, currency: currencyOf(transfer.debit) })),
  }
}

/** Currencies of accounts. */
async function currenciesOf(tx: ReadTx, ids: readonly number[]): Promise<ReadonlyMap<number, CurrencyCode>> {
  const rows = await tx.sql<{ id: bigint; currency: string }[]>`
    select id, currency from ledger_accounts where id = any (${int8Array(ids)}::text::int8[])`
  return new Map(
    rows.map((row) => {
      const code = currencyCode(row.currency)
      invariant(code.ok, `account ${row.id} has the unknown currency ${row.currency}`)
      return [Number(row.id), code.value]
    }),
  )
}

function lineOf(line: unknown, currencyOf: (account: number) => CurrencyCode): EntryLine {
  const parsed = readEntryLine(line)
  invariant(parsed !== undefined, 'a journaled line cannot be read')
  return { ...parsed, currency: currencyOf(parsed.account) }
}

/** What transfers come to: one line for each account and side, in the order in which they occur. Promises are no lines. */
function linesOf(transfers: readonly JournaledTransfer[], currencyOf: (account: number) => CurrencyCode): EntryLine[] {
  const lines = new Map<string, EntryLine>()
  for (const { debit, credit, amountMinor, kind } of transfers) {
    if (!movesMoney(kind)) continue
    for (const [side, account] of [
      ['debit', debit],
      ['credit', credit],
    ] as const) {
      const before = lines.get(`${side} ${account}`)?.amountMinor ?? 0n
      const currency = currencyOf(account)
      lines.set(`${side} ${account}`, { side, account, amountMinor: before + amountMinor, currency })
    }
  }
  return [...lines.values()]
}
