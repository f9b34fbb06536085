import type { ReadTx } from '@huitong/pg'
import { TRANSFER_CODES, type TransferCode } from './transfer.ts'

/** Holds of one purpose that still count, with what is left of them and the business object that they name. */
export async function pendingHolds(
  { sql }: ReadTx,
  code: TransferCode,
): Promise<ReadonlyMap<number, { readonly remainingMinor: bigint; readonly reference: number | null }>> {
  const rows = await sql<{ id: bigint; remaining_minor: bigint; reference: bigint | null }[]>`
    select id, remaining_minor, reference from ledger_holds where state = 1 and code = ${TRANSFER_CODES[code]}`
  return new Map(
    rows.map((row) => [
      Number(row.id),
      { remainingMinor: row.remaining_minor, reference: row.reference === null ? null : Number(row.reference) },
    ]),
  )
}
