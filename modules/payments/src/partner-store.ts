import type { TableDefinition } from '@huitong/committer'
import { int8Array, type ReadTx, textArray, timestamptzArray } from '@huitong/pg'
import {
  type Partner,
  type PartnerReceipt,
  type PartnerSettlement,
  partnerKey,
  SETTLEMENT_DIRECTIONS,
} from './partner.ts'
import { storedOneOf } from './stored.ts'
import { PAYER_KINDS } from './wallet-transfer.ts'

interface PartnerRow {
  readonly partner: string
  readonly name: string
  readonly base_url: string
  readonly public_key: string
  readonly payable_account_id: bigint
  readonly receivable_account_id: bigint
  readonly payable_minor_max: bigint
  readonly receivable_minor_max: bigint
  readonly registered_at: number
}

function partnerOf(row: PartnerRow): Partner {
  return {
    partner: row.partner,
    name: row.name,
    baseUrl: row.base_url,
    publicKey: row.public_key,
    payableAccount: Number(row.payable_account_id),
    receivableAccount: Number(row.receivable_account_id),
    payableMinorMax: row.payable_minor_max,
    receivableMinorMax: row.receivable_minor_max,
    registeredAt: row.registered_at,
  }
}

export const partnerTable: TableDefinition<string, Partner> = {
  name: 'payments_partners',
  residentRows: 200,
  load: async (sql, names) => {
    const rows = await sql<PartnerRow[]>`
      select * from payments_partners where partner = any (${textArray(names)}::text::text[])`
    return rows.map((row) => [row.partner, partnerOf(row)])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into payments_partners (partner, name, base_url, public_key, payable_account_id, receivable_account_id,
        payable_minor_max, receivable_minor_max, registered_at)
      select * from unnest(
        ${textArray(rows.map((row) => row.partner))}::text::text[],
        ${textArray(rows.map((row) => row.name))}::text::text[],
        ${textArray(rows.map((row) => row.baseUrl))}::text::text[],
        ${textArray(rows.map((row) => row.publicKey))}::text::text[],
        ${int8Array(rows.map((row) => row.payableAccount))}::text::int8[],
        ${int8Array(rows.map((row) => row.receivableAccount))}::text::int8[],
        ${int8Array(rows.map((row) => row.payableMinorMax))}::text::int8[],
        ${int8Array(rows.map((row) => row.receivableMinorMax))}::text::int8[],
        ${timestamptzArray(rows.map((row) => row.registeredAt))}::text::timestamptz[])
      on conflict on constraint payments_partners_pkey do update set
        name = excluded.name, base_url = excluded.base_url, public_key = excluded.public_key,
        payable_minor_max = excluded.payable_minor_max, receivable_minor_max = excluded.receivable_minor_max`,
    ]
  },
}

/** Cuts keys of {@link partnerKey}; names of partners and ids have no colon. */
export function keyParts(keys: readonly string[]): { readonly partners: string[]; readonly numbers: string[] } {
  const cuts = keys.map((key) => key.indexOf(':'))
  return {
    partners: keys.map((key, index) => key.slice(0, cuts[index])),
    numbers: keys.map((key, index) => key.slice((cuts[index] ?? 0) + 1)),
  }
}

export interface ReceiptRow {
  readonly id: bigint
  readonly partner: string
  readonly payment_number: string
  readonly reference: string
  readonly owner_kind: string
  readonly owner_id: bigint
  readonly amount_minor: bigint
  readonly fee_minor: bigint
  readonly refunded_minor: bigint
  readonly fee_returned_minor: bigint
  readonly received_at: number
}

export function receiptOf(row: ReceiptRow): PartnerReceipt {
  return {
    id: Number(row.id),
    partner: row.partner,
    paymentNumber: row.payment_number,
    reference: row.reference,
    owner: { kind: storedOneOf(PAYER_KINDS, row.owner_kind), id: Number(row.owner_id) },
    amountMinor: row.amount_minor,
    feeMinor: row.fee_minor,
    refundedMinor: row.refunded_minor,
    feeReturnedMinor: row.fee_returned_minor,
    receivedAt: row.received_at,
  }
}

export const partnerReceiptTable: TableDefinition<string, PartnerReceipt> = {
  name: 'payments_partner_receipts',
  residentRows: 5_000,
  load: async (sql, keys) => {
    const { partners, numbers } = keyParts(keys)
    const rows = await sql<ReceiptRow[]>`
      select r.*
      from unnest(${textArray(partners)}::text::text[], ${textArray(numbers)}::text::text[]) as wanted (partner, payment_number)
      join payments_partner_receipts r on r.partner = wanted.partner and r.payment_number = wanted.payment_number`
    return rows.map((row) => [partnerKey(row.partner, row.payment_number), receiptOf(row)])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into payments_partner_receipts (id, partner, payment_number, reference, owner_kind, owner_id, amount_minor, fee_minor,
        refunded_minor, fee_returned_minor, received_at)
      select * from unnest(
        ${int8Array(rows.map((row) => row.id))}::text::int8[],
        ${textArray(rows.map((row) => row.partner))}::text::text[],
        ${textArray(rows.map((row) => row.paymentNumber))}::text::text[],
        ${textArray(rows.map((row) => row.reference))}::text::text[],
        ${textArray(rows.map((row) => row.owner.kind))}::text::text[],
        ${int8Array(rows.map((row) => row.owner.id))}::text::int8[],
        ${int8Array(rows.map((row) => row.amountMinor))}::text::int8[],
        ${int8Array(rows.map((row) => row.feeMinor))}::text::int8[],
        ${int8Array(rows.map((row) => row.refundedMinor))}::text::int8[],
        ${int8Array(rows.map((row) => row.feeReturnedMinor))}::text::int8[],
        ${timestamptzArray(rows.map((row) => row.receivedAt))}::text::timestamptz[])
      on conflict on constraint payments_partner_receipts_pkey do update set
        refunded_minor = excluded.refunded_minor, fee_returned_minor = excluded.fee_returned_minor`,
    ]
  },
}

interface SettlementRow {
  readonly partner: string
  readonly settlement_number: string
  readonly direction: string
  readonly amount_minor: bigint
  readonly settled_at: number
}

export const partnerSettlementTable: TableDefinition<string, PartnerSettlement> = {
  name: 'payments_partner_settlements',
  residentRows: 500,
  load: async (sql, keys) => {
    const { partners, numbers } = keyParts(keys)
    const rows = await sql<SettlementRow[]>`
      select s.*
      from unnest(${textArray(partners)}::text::text[], ${textArray(numbers)}::text::text[]) as wanted (partner, settlement_number)
      join payments_partner_settlements s on s.partner = wanted.partner and s.settlement_number = wanted.settlement_number`
    return rows.map((row) => [
      partnerKey(row.partner, row.settlement_number),
      {
        partner: row.partner,
        settlementNumber: row.settlement_number,
        direction: storedOneOf(SETTLEMENT_DIRECTIONS, row.direction),
        amountMinor: row.amount_minor,
        settledAt: row.settled_at,
      },
    ])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into payments_partner_settlements (partner, settlement_number, direction, amount_minor, settled_at)
      select * from unnest(
        ${textArray(rows.map((row) => row.partner))}::text::text[],
        ${textArray(rows.map((row) => row.settlementNumber))}::text::text[],
        ${textArray(rows.map((row) => row.direction))}::text::text[],
        ${int8Array(rows.map((row) => row.amountMinor))}::text::int8[],
        ${timestamptzArray(rows.map((row) => row.settledAt))}::text::timestamptz[])`,
    ]
  },
}

export async function selectPartner(tx: ReadTx, partner: string): Promise<Partner | undefined> {
  const rows = await tx.sql<PartnerRow[]>`select * from payments_partners where partner = ${partner}`
  return rows.map(partnerOf)[0]
}

/** All of them; there are few. */
export async function selectPartners(tx: ReadTx): Promise<readonly Partner[]> {
  const rows = await tx.sql<PartnerRow[]>`select * from payments_partners order by partner`
  return rows.map(partnerOf)
}
