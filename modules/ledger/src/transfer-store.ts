import { COPY_FROM_ROWS, copyStatement, type LogDefinition, type UnsentStatement } from '@huitong/committer'
import { invariant } from '@huitong/kernel'
import { BinaryRows, dateArray, int2Array, int4Array, int8Array, type Sql, timestamptzArray } from '@huitong/pg'
import { hasFacts, passingTransferBytes } from './journal-form.ts'
import { locationOf } from './location.ts'
import { TRANSFER_CODES, TRANSFER_KINDS, type Transfer, transferCodeOf, transferKindOf } from './transfer.ts'

export interface TransferRow {
  readonly batch: bigint
  readonly position: number
  readonly id: bigint
  readonly kind: number
  readonly debit_account: bigint
  readonly credit_account: bigint
  readonly amount_minor: bigint
  readonly released_minor: bigint
  readonly hold_id: bigint | null
  readonly hold_expires_at: number | null
  readonly code: number
  readonly reference: bigint | null
  readonly effective_on: string | null
  readonly reverses: bigint | null
  readonly entry: bigint | null
  readonly debit_sequence: bigint
  readonly debit_balance_minor: bigint
  readonly debit_previous: bigint | null
  readonly credit_sequence: bigint
  readonly credit_balance_minor: bigint
  readonly credit_previous: bigint | null
}

export function transferOf(row: TransferRow): Transfer {
  const kind = transferKindOf(row.kind)
  const code = transferCodeOf(row.code)
  invariant(
    kind !== undefined && code !== undefined,
    `transfer ${row.id} has the unknown kind ${row.kind} or code ${row.code}`,
  )
  return {
    position: row.position,
    id: Number(row.id),
    kind,
    debit: Number(row.debit_account),
    credit: Number(row.credit_account),
    amountMinor: row.amount_minor,
    releasedMinor: row.released_minor,
    hold: row.hold_id === null ? null : Number(row.hold_id),
    holdExpiresAt: row.hold_expires_at,
    code,
    reference: row.reference === null ? null : Number(row.reference),
    effectiveOn: row.effective_on,
    reverses: row.reverses === null ? null : Number(row.reverses),
    entry: row.entry === null ? null : Number(row.entry),
    debitSequence: Number(row.debit_sequence),
    debitBalanceMinor: row.debit_balance_minor,
    debitPrevious: row.debit_previous === null ? null : Number(row.debit_previous),
    creditSequence: Number(row.credit_sequence),
    creditBalanceMinor: row.credit_balance_minor,
    creditPrevious: row.credit_previous === null ? null : Number(row.credit_previous),
  }
}

export function placedOf(row: TransferRow): PlacedTransfer {
  return { location: locationOf(Number(row.batch), row.position), transfer: transferOf(row) }
}

export const transferLog: LogDefinition<Transfer> = {
  name: 'ledger_transfers',
  leaf: (transfer) => ({ position: transfer.position, bytes: passingTransferBytes(transfer) }),
  append: (sql, transfers, batch) => [
    transfers.length >= COPY_FROM_ROWS
      ? copyTransfers(sql, transfers, batch.number)
      : insertTransfers(sql, transfers, batch.number),
  ],
}

const COLUMNS = `batch, position, id, kind, debit_account, credit_account, amount_minor, released_minor, hold_id,
  hold_expires_at, code, reference,
  debit_sequence, debit_balance_minor, debit_previous, credit_sequence, credit_balance_minor, credit_previous`

/** What few transfers have: columns that a batch without one of these leaves out. */
const FACT_COLUMNS = ', effective_on, reverses, entry'

function insertTransfers(sql: Sql, transfers: readonly Transfer[], batch: number): UnsentStatement {
  return sql`
    insert into ledger_transfers (
      batch, position, id, kind, debit_account, credit_account, amount_minor, released_minor, hold_id,
      hold_expires_at, code, reference,
      debit_sequence, debit_balance_minor, debit_previous, credit_sequence, credit_balance_minor, credit_previous, effective_on, reverses, entry)
    select ${batch}::int8, added.* from unnest(
      ${int4Array(transfers.map((transfer) => transfer.position))}::text::int4[],
      ${int8Array(transfers.map((transfer) => transfer.id))}::text::int8[],
      ${int2Array(transfers.map((transfer) => TRANSFER_KINDS[transfer.kind]))}::text::int2[],
      ${int8Array(transfers.map((transfer) => transfer.debit))}::text::int8[],
      ${int8Array(transfers.map((transfer) => transfer.credit))}::text::int8[],
      ${int8Array(transfers.map((transfer) => transfer.amountMinor))}::text::int8[],
      ${int8Array(transfers.map((transfer) => transfer.releasedMinor))}::text::int8[],
      ${int8Array(transfers.map((transfer) => transfer.hold))}::text::int8[],
      ${timestamptzArray(transfers.map((transfer) => transfer.holdExpiresAt))}::text::timestamptz[],
      ${int2Array(transfers.map((transfer) => TRANSFER_CODES[transfer.code]))}::text::int2[],
      ${int8Array(transfers.map((transfer) => transfer.reference))}::text::int8[],
      ${int8Array(transfers.map((transfer) => transfer.debitSequence))}::text::int8[],
      ${int8Array(transfers.map((transfer) => transfer.debitBalanceMinor))}::text::int8[],
      ${int8Array(transfers.map((transfer) => transfer.debitPrevious))}::text::int8[],
      ${int8Array(transfers.map((transfer) => transfer.creditSequence))}::text::int8[],
      ${int8Array(transfers.map((transfer) => transfer.creditBalanceMinor))}::text::int8[],
      ${int8Array(transfers.map((transfer) => transfer.creditPrevious))}::text::int8[],
      ${dateArray(transfers.map((transfer) => transfer.effectiveOn))}::text::date[],
      ${int8Array(transfers.map((transfer) => transfer.reverses))}::text::int8[],
      ${int8Array(transfers.map((transfer) => transfer.entry))}::text::int8[]
    ) as added`
}

function copyTransfers(sql: Sql, transfers: readonly Transfer[], batch: number): UnsentStatement {
  const withFacts = transfers.some(hasFacts)
  const rows = new BinaryRows(withFacts ? 21 : 18, transfers.length * (withFacts ? 224 : 192))
  for (const transfer of transfers) {
    rows
      .beginRow()
      .int8(batch)
      .int4(transfer.position)
      .int8(transfer.id)
      .int2(TRANSFER_KINDS[transfer.kind])
      .int8(transfer.debit)
      .int8(transfer.credit)
      .int8(transfer.amountMinor)
      .int8(transfer.releasedMinor)
    orNull(rows, transfer.hold)
    if (transfer.holdExpiresAt === null) rows.null()
    else rows.timestamptz(transfer.holdExpiresAt)
    rows.int2(TRANSFER_CODES[transfer.code])
    orNull(rows, transfer.reference)
    rows.int8(transfer.debitSequence).int8(transfer.debitBalanceMinor)
    orNull(rows, transfer.debitPrevious)
    rows.int8(transfer.creditSequence).int8(transfer.creditBalanceMinor)
    orNull(rows, transfer.creditPrevious)
    if (withFacts) {
      if (transfer.effectiveOn === null) rows.null()
      else rows.date(transfer.effectiveOn)
      orNull(rows, transfer.reverses)
      orNull(rows, transfer.entry)
    }
    rows.endRow()
  }
  return copyStatement(
    sql,
    `copy ledger_transfers (${COLUMNS}${withFacts ? FACT_COLUMNS : ''}) from stdin (format binary)`,
    rows,
  )
}

function orNull(rows: BinaryRows, value: number | null): void {
  if (value === null) rows.null()
  else rows.int8(value)
}

/** Full batches have thousands of transfers, and all of a chunk is in memory at once. */
const CHUNK_BATCHES = 100

export interface PlacedTransfer {
  readonly location: number
  readonly transfer: Transfer
}

/** All transfers of batches after this one, in order, a hundred batches at a time. */
export async function* transfersAfter(sql: Sql, batch: number): AsyncGenerator<readonly PlacedTransfer[]> {
  const [last] = await sql<{ number: bigint }[]>`select coalesce(max(number), 0) as number from ledger_batches`
  const end = Number(last?.number ?? 0)
  for (let from = batch; from < end; from += CHUNK_BATCHES) {
    const rows = await sql<TransferRow[]>`
      select * from ledger_transfers
      where batch > ${from} and batch <= ${Math.min(from + CHUNK_BATCHES, end)}
      order by batch, position`
    if (rows.length > 0) yield rows.map(placedOf)
  }
}
