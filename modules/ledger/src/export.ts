import { formatAmount, microsToIso, publicId } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import { refuseArchived } from './archive-store.ts'
import {
  type BatchRange,
  batchesOfDays,
  type ExportedAccount,
  type ExportedTransfer,
  exportAccountPage,
  exportTransferPage,
} from './export-store.ts'
import { ACCOUNT_ID, TRANSFER_ID } from './ledger-views.ts'
import { movesMoney } from './transfer.ts'

/** What can be written to a file, and the columns of each. `books` is what `ledger import` reads. */
export const EXPORT_COLUMNS = {
  accounts: ['id', 'reference', 'subject', 'currency', 'owner', 'floor', 'state'],
  transfers: [
    ...[
      'id',
      'reference',
      'batch',
      'position',
      'at',
      'accounting_day',
      'effective_on',
      'kind',
      'code',
      'debit',
      'credit',
    ],
    ...['currency', 'amount', 'released', 'hold', 'reverses', 'entry'],
  ],
  entries: [
    ...['account', 'sequence', 'side', 'amount', 'balance', 'currency', 'other_account', 'transfer', 'kind', 'code'],
    ...['batch', 'at', 'accounting_day', 'effective_on'],
  ],
  books: ['type', 'reference', 'subject', 'currency', 'floor', 'debit', 'credit', 'amount', 'code'],
} as const

export type ExportWhat = keyof typeof EXPORT_COLUMNS

export interface ExportOptions {
  readonly what: ExportWhat
  /** Accounting days, both included; null leaves a side open. Accounts are of all days. */
  readonly from: string | null
  readonly to: string | null
  readonly onProgress?: (done: number, total: number) => void
}

/** Values by column, in the order of `EXPORT_COLUMNS`; null where there is none. */
export type ExportRow = readonly (string | null)[]

/** Rows in a query; each query is a transaction of its own, so that no snapshot grows old. */
const PAGE = 5000

/**
 * Streams a part of the ledger, some thousand rows at a time. It ends with the last batch that is there at the start: what stands in
 * the journal never changes, so the pages fit together.
 */
export async function* exportRows(
  db: Pick<InstitutionDatabase, 'read'>,
  { what, from, to, onProgress }: ExportOptions,
): AsyncGenerator<readonly ExportRow[]> {
  const range = await db.read(async (tx) => {
    const batches = await batchesOfDays(tx, from, to)
    if (what !== 'accounts') await refuseArchived(tx.sql, batches.first)
    return batches
  })
  if (what === 'accounts') for await (const page of accountPages(db)) yield page.map(accountRow)
  if (what === 'books') for await (const page of accountPages(db)) yield page.map(bookAccountRow)
  if (what === 'accounts') return
  for await (const page of transferPages(db, range, onProgress)) {
    if (what === 'transfers') yield page.map(transferRow)
    else if (what === 'entries') yield page.filter(isMovement).flatMap(entryRows)
    else yield page.filter(isMovement).map(bookTransferRow)
  }
}

async function* accountPages(db: Pick<InstitutionDatabase, 'read'>): AsyncGenerator<readonly ExportedAccount[]> {
  let after: number | undefined = 0
  while (after !== undefined) {
    const from: number = after
    const page = await db.read((tx) => exportAccountPage(tx, from, PAGE))
    if (page.length > 0) yield page
    after = page.length < PAGE ? undefined : page.at(-1)?.account.id
  }
}

async function* transferPages(
  db: Pick<InstitutionDatabase, 'read'>,
  { first, last }: BatchRange,
  onProgress?: (done: number, total: number) => void,
): AsyncGenerator<readonly ExportedTransfer[]> {
  let after = { batch: first, position: -1 }
  for (;;) {
    const from = after
    const page = await db.read((tx) => exportTransferPage(tx, from, last, PAGE))
    const end = page.at(-1)
    if (end === undefined) return
    yield page
    onProgress?.(end.batch - first + 1, last - first + 1)
    after = { batch: end.batch, position: end.transfer.position }
  }
}

function isMovement({ transfer }: ExportedTransfer): boolean {
  return movesMoney(transfer.kind)
}

function accountId(id: number): string {
  return publicId(ACCOUNT_ID, id)
}

function transferId(id: number | null): string | null {
  return id === null ? null : publicId(TRANSFER_ID, id)
}

function accountRow({ account, reference }: ExportedAccount): ExportRow {
  const { id, subject, currency, owner, floorMinor, state } = account
  const floor = floorMinor === null ? null : formatAmount(floorMinor, currency)
  return [accountId(id), reference, subject, currency, owner, floor, state]
}

function transferRow({ transfer, batch, at, accountingDay, currency, reference }: ExportedTransfer): ExportRow {
  return [
    ...[transferId(transfer.id), reference, String(batch), String(transfer.position), microsToIso(at), accountingDay],
    ...[transfer.effectiveOn, transfer.kind, transfer.code, accountId(transfer.debit), accountId(transfer.credit)],
    ...[currency, formatAmount(transfer.amountMinor, currency), formatAmount(transfer.releasedMinor, currency)],
    ...[transferId(transfer.hold), transferId(transfer.reverses), transferId(transfer.entry)],
  ]
}

/** Both sides of a transfer as lines of their accounts' statements. */
function entryRows({ transfer, batch, at, accountingDay, currency }: ExportedTransfer): readonly ExportRow[] {
  const { debit, credit, debitSequence, creditSequence, debitBalanceMinor, creditBalanceMinor } = transfer
  const amount = formatAmount(transfer.amountMinor, currency)
  const common = [transferId(transfer.id), transfer.kind, transfer.code, String(batch), microsToIso(at), accountingDay]
  const side = (name: string, own: number, other: number, sequence: number, balance: bigint): ExportRow => [
    ...[accountId(own), String(sequence), name, amount, formatAmount(balance, currency), currency, accountId(other)],
    ...[...common, transfer.effectiveOn],
  ]
  return [
    side('debit', debit, credit, debitSequence, debitBalanceMinor),
    side('credit', credit, debit, creditSequence, creditBalanceMinor),
  ]
}

/** An account that no file named gets its id as its name, marked so that it is not taken for an id of the other ledger. */
function nameOf(id: number, reference: string | null): string {
  return reference ?? `account:${accountId(id)}`
}

function bookAccountRow({ account, reference }: ExportedAccount): ExportRow {
  const { id, subject, currency, floorMinor } = account
  const floor = floorMinor === null ? null : formatAmount(floorMinor, currency)
  return ['account', nameOf(id, reference), subject, currency, floor, null, null, null, null]
}

function bookTransferRow({
  transfer,
  currency,
  reference,
  debitReference,
  creditReference,
}: ExportedTransfer): ExportRow {
  return [
    ...['transfer', reference ?? `transfer:${transferId(transfer.id)}`, null, currency, null],
    ...[nameOf(transfer.debit, debitReference), nameOf(transfer.credit, creditReference)],
    ...[formatAmount(transfer.amountMinor, currency), transfer.code],
  ]
}
