import { type CurrencyCode, currencyCode, invariant } from '@huitong/kernel'
import type { ReadTx } from '@huitong/pg'
import type { Account } from './account.ts'
import { type AccountRow, accountOf } from './account-store.ts'
import type { Transfer } from './transfer.ts'
import { type TransferRow, transferOf } from './transfer-store.ts'

/** Batches with numbers from `first` to `last`; none when `first` is the greater. */
export interface BatchRange {
  readonly first: number
  readonly last: number
}

/** The batches of the accounting days from one to another, both included; null leaves a side open. Days grow with batches. */
export async function batchesOfDays(tx: ReadTx, from: string | null, to: string | null): Promise<BatchRange> {
  const [row] = await tx.sql<{ first: bigint | null; last: bigint | null }[]>`
    select
      (select number from ledger_batches where accounting_day >= coalesce(${from}::text::date, '-infinity'::date)
       order by accounting_day, number limit 1) as first,
      (select number from ledger_batches where accounting_day <= coalesce(${to}::text::date, 'infinity'::date)
       order by accounting_day desc, number desc limit 1) as last`
  const last = Number(row?.last ?? 0)
  return { first: Number(row?.first ?? last + 1), last }
}

export interface ExportedAccount {
  readonly account: Account
  /** What a file named it when it came in, else null. */
  readonly reference: string | null
}

/** Accounts by id, after one. */
export async function exportAccountPage(tx: ReadTx, after: number, limit: number): Promise<readonly ExportedAccount[]> {
  const rows = await tx.sql<(AccountRow & { readonly reference: string | null })[]>`
    with page as materialized (
      select id, subject, currency, owner, floor_minor, state from ledger_accounts where id > ${after} order by id limit ${limit})
    select page.*, r.reference
    from page left join ledger_account_references r on r.account_id = page.id
    order by page.id`
  return rows.map((row) => ({ account: accountOf(row), reference: row.reference }))
}

export interface ExportedTransfer {
  readonly transfer: Transfer
  readonly batch: number
  /** µs. */
  readonly at: number
  readonly accountingDay: string
  readonly currency: CurrencyCode
  readonly reference: string | null
  /** What files named the accounts, else null. */
  readonly debitReference: string | null
  readonly creditReference: string | null
}

interface ExportedRow extends TransferRow {
  readonly at: number
  readonly accounting_day: string
  readonly currency: string
  readonly name: string | null
  readonly debit_name: string | null
  readonly credit_name: string | null
}

/** Transfers in the order of the journal, after a place and up to a batch. */
export async function exportTransferPage(
  tx: ReadTx,
  after: { readonly batch: number; readonly position: number },
  last: number,
  limit: number,
): Promise<readonly ExportedTransfer[]> {
  const rows = await tx.sql<ExportedRow[]>`
    with page as materialized (
      select * from ledger_transfers
      where (batch, position) > (${after.batch}::int8, ${after.position}::int4) and batch <= ${last}
        and batch >= ${after.batch}
      order by batch, position limit ${limit})
    select page.*, b.at, b.accounting_day, a.currency, r.reference as name, d.reference as debit_name, c.reference as credit_name
    from page
    join ledger_batches b on b.number = page.batch
    join ledger_accounts a on a.id = page.debit_account
    left join ledger_transfer_references r on r.transfer_id = page.id
    left join ledger_account_references d on d.account_id = page.debit_account
    left join ledger_account_references c on c.account_id = page.credit_account
    order by page.batch, page.position`
  return rows.map((row) => {
    const currency = currencyCode(row.currency)
    invariant(currency.ok, `account ${row.debit_account} has the unknown currency ${row.currency}`)
    return {
      transfer: transferOf(row),
      batch: Number(row.batch),
      at: row.at,
      accountingDay: row.accounting_day,
      currency: currency.value,
      reference: row.name,
      debitReference: row.debit_name,
      creditReference: row.credit_name,
    }
  })
}
