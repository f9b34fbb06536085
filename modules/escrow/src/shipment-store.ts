import type { TableDefinition } from '@huitong/committer'
import { int2Array, int8Array, textArray, timestamptzArray } from '@huitong/pg'
import type { Shipment } from './shipment.ts'
import { byTrade } from './stored.ts'

export interface ShipmentRow {
  readonly trade_id: bigint
  readonly number: number
  readonly carrier: string
  readonly tracking_number: string
  readonly amount_minor: bigint
  readonly open_minor: bigint
  readonly disputed_minor: bigint
  readonly released_minor: bigint
  readonly returned_minor: bigint
  readonly shipped_at: number
  readonly confirm_by: number
  readonly extensions: number
}

export function shipmentOfRow(row: ShipmentRow): Shipment {
  return {
    number: row.number,
    carrier: row.carrier,
    trackingNumber: row.tracking_number,
    amountMinor: row.amount_minor,
    openMinor: row.open_minor,
    disputedMinor: row.disputed_minor,
    releasedMinor: row.released_minor,
    returnedMinor: row.returned_minor,
    shippedAt: row.shipped_at,
    confirmBy: row.confirm_by,
    extensions: row.extensions,
  }
}

/** All shipments of a trade, by trade. */
export const shipmentTable: TableDefinition<number, readonly Shipment[]> = {
  name: 'escrow_shipments',
  residentRows: 5_000,
  load: async (sql, trades) => {
    const rows = await sql<ShipmentRow[]>`
      select * from escrow_shipments where trade_id = any (${int8Array(trades)}::text::int8[]) order by trade_id, number`
    return byTrade(rows, shipmentOfRow)
  },
  write: (sql, changes) => {
    const rows = changes.flatMap(({ key, row }) => row.map((shipment) => ({ trade: key, ...shipment })))
    return [
      sql`
      insert into escrow_shipments (trade_id, number, carrier, tracking_number, amount_minor, open_minor, disputed_minor,
        released_minor, returned_minor, shipped_at, confirm_by, extensions)
      select * from unnest(
        ${int8Array(rows.map((row) => row.trade))}::text::int8[],
        ${int2Array(rows.map((row) => row.number))}::text::int2[],
        ${textArray(rows.map((row) => row.carrier))}::text::text[],
        ${textArray(rows.map((row) => row.trackingNumber))}::text::text[],
        ${int8Array(rows.map((row) => row.amountMinor))}::text::int8[],
        ${int8Array(rows.map((row) => row.openMinor))}::text::int8[],
        ${int8Array(rows.map((row) => row.disputedMinor))}::text::int8[],
        ${int8Array(rows.map((row) => row.releasedMinor))}::text::int8[],
        ${int8Array(rows.map((row) => row.returnedMinor))}::text::int8[],
        ${timestamptzArray(rows.map((row) => row.shippedAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.confirmBy))}::text::timestamptz[],
        ${int2Array(rows.map((row) => row.extensions))}::text::int2[])
      on conflict on constraint escrow_shipments_pkey do update set
        open_minor = excluded.open_minor, disputed_minor = excluded.disputed_minor, released_minor = excluded.released_minor,
        returned_minor = excluded.returned_minor, confirm_by = excluded.confirm_by, extensions = excluded.extensions`,
    ]
  },
}
