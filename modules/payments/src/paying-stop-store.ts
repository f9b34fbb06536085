import type { TableDefinition } from '@huitong/committer'
import { int8Array, type ReadTx, type Sql, textArray, timestamptzArray } from '@huitong/pg'
import type { PayingStop } from './paying-stop.ts'

interface PayingStopRow {
  readonly customer_id: bigint
  readonly freeze_id: bigint | null
  readonly reference: string
  readonly changed_at: number
}

function stopOf(row: PayingStopRow): PayingStop {
  return {
    customer: Number(row.customer_id),
    freeze: row.freeze_id === null ? null : Number(row.freeze_id),
    ...{ reference: row.reference, changedAt: row.changed_at },
  }
}

export const payingStopTable: TableDefinition<number, PayingStop> = {
  name: 'payments_paying_stops',
  residentRows: 10_000,
  load: async (sql, customers) => (await select(sql, customers)).map((stop) => [stop.customer, stop]),
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into payments_paying_stops (customer_id, freeze_id, reference, changed_at)
      select * from unnest(
        ${int8Array(rows.map((stop) => stop.customer))}::text::int8[],
        ${int8Array(rows.map((stop) => stop.freeze))}::text::int8[],
        ${textArray(rows.map((stop) => stop.reference))}::text::text[],
        ${timestamptzArray(rows.map((stop) => stop.changedAt))}::text::timestamptz[])
      on conflict on constraint payments_paying_stops_pkey do update
      set freeze_id = excluded.freeze_id, reference = excluded.reference, changed_at = excluded.changed_at`,
    ]
  },
}

async function select(sql: Sql, customers: readonly number[]): Promise<readonly PayingStop[]> {
  const rows = await sql<PayingStopRow[]>`
    select customer_id, freeze_id, reference, changed_at
    from payments_paying_stops where customer_id = any (${int8Array(customers)}::text::int8[])`
  return rows.map(stopOf)
}

export async function selectPayingStop(tx: ReadTx, customer: number): Promise<PayingStop | undefined> {
  const [stop] = await select(tx.sql, [customer])
  return stop
}
