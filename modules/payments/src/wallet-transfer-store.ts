import type { TableDefinition } from '@huitong/committer'
import { int8Array, textArray, timestamptzArray } from '@huitong/pg'
import { storedCurrency, storedOneOf } from './stored.ts'
import { PAYER_KINDS, transferKey, type WalletTransfer } from './wallet-transfer.ts'

export interface TransferRow {
  readonly id: bigint
  readonly payer_kind: string
  readonly payer_id: bigint
  readonly transfer_number: string
  readonly payee_id: bigint
  readonly currency: string
  readonly amount_minor: bigint
  readonly title: string | null
  readonly remark: string | null
  readonly created_at: number
}

export function transferOf(row: TransferRow): WalletTransfer {
  return {
    id: Number(row.id),
    payer: { kind: storedOneOf(PAYER_KINDS, row.payer_kind), id: Number(row.payer_id) },
    transferNumber: row.transfer_number,
    payee: Number(row.payee_id),
    currency: storedCurrency(row.currency),
    amountMinor: row.amount_minor,
    title: row.title,
    remark: row.remark,
    createdAt: row.created_at,
  }
}

export const walletTransferTable: TableDefinition<string, WalletTransfer> = {
  name: 'payments_transfers',
  residentRows: 10_000,
  load: async (sql, keys) => {
    const kinds: string[] = []
    const payers: number[] = []
    const numbers: string[] = []
    for (const key of keys) {
      const colon = key.indexOf(':')
      const cut = key.indexOf('\u0000')
      kinds.push(key.slice(0, colon))
      payers.push(Number(key.slice(colon + 1, cut)))
      numbers.push(key.slice(cut + 1))
    }
    const rows = await sql<TransferRow[]>`
      select t.id, t.payer_kind, t.payer_id, t.transfer_number, t.payee_id, t.currency, t.amount_minor, t.title, t.remark,
        t.created_at
      from unnest(
        ${textArray(kinds)}::text::text[], ${int8Array(payers)}::text::int8[], ${textArray(numbers)}::text::text[]
      ) as wanted (payer_kind, payer_id, transfer_number)
      join payments_transfers t on t.payer_kind = wanted.payer_kind and t.payer_id = wanted.payer_id
        and t.transfer_number = wanted.transfer_number`
    return rows.map((row) => {
      const transfer = transferOf(row)
      return [transferKey(transfer.payer, transfer.transferNumber), transfer]
    })
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into payments_transfers (id, payer_kind, payer_id, transfer_number, payee_id, currency, amount_minor, title,
        remark, created_at)
      select * from unnest(
        ${int8Array(rows.map((transfer) => transfer.id))}::text::int8[],
        ${textArray(rows.map((transfer) => transfer.payer.kind))}::text::text[],
        ${int8Array(rows.map((transfer) => transfer.payer.id))}::text::int8[],
        ${textArray(rows.map((transfer) => transfer.transferNumber))}::text::text[],
        ${int8Array(rows.map((transfer) => transfer.payee))}::text::int8[],
        ${textArray(rows.map((transfer) => transfer.currency))}::text::text[],
        ${int8Array(rows.map((transfer) => transfer.amountMinor))}::text::int8[],
        ${textArray(rows.map((transfer) => transfer.title))}::text::text[],
        ${textArray(rows.map((transfer) => transfer.remark))}::text::text[],
        ${timestamptzArray(rows.map((transfer) => transfer.createdAt))}::text::timestamptz[])`,
    ]
  },
}
