import type { ReadTx } from '@huitong/pg'
import type { PartnerReceipt, PartnerTaking } from './partner.ts'
import { type ReceiptRow, receiptOf } from './partner-store.ts'
import type { ListBounds } from './payments-read-store.ts'
import type { Payer } from './wallet-transfer.ts'

/** What partners' customers paid to this owner, newest first, up to limit + 1. */
export async function selectPartnerReceipts(
  tx: ReadTx,
  owner: Payer,
  { limit, after }: ListBounds,
): Promise<readonly PartnerReceipt[]> {
  const { createdAt, id } = after ?? { createdAt: 9_000_000_000_000_000, id: Number.MAX_SAFE_INTEGER }
  const rows = await tx.sql<ReceiptRow[]>`
    select * from payments_partner_receipts
    where owner_kind = ${owner.kind} and owner_id = ${owner.id} and (received_at, id) < (${createdAt}::timestamptz, ${id}::int8)
    order by received_at desc, id desc limit ${limit + 1}`
  return rows.map(receiptOf)
}

/** The owner's own; somebody else's looks the same as none. */
export async function selectPartnerReceipt(tx: ReadTx, owner: Payer, id: number): Promise<PartnerReceipt | undefined> {
  const rows = await tx.sql<ReceiptRow[]>`select * from payments_partner_receipts where id = ${id}`
  return rows.map(receiptOf).find((found) => found.owner.kind === owner.kind && found.owner.id === owner.id)
}

/** Our numbers of what was taken from a partner under its number: null when there is nothing. */
export async function selectTaken(
  tx: ReadTx,
  kind: PartnerTaking,
  partner: string,
  number: string,
): Promise<number | null> {
  const { sql } = tx
  const rows =
    kind === 'payments'
      ? await sql<{ id: bigint }[]>`
          select id from payments_partner_receipts where partner = ${partner} and payment_number = ${number}`
      : await sql<{ id: bigint }[]>`
          select id from payments_partner_refund_receipts where partner = ${partner} and refund_number = ${number}`
  return rows[0] === undefined ? null : Number(rows[0].id)
}
