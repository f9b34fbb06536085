import type { TableDefinition } from '@huitong/committer'
import { int8Array, type ReadTx, textArray, timestamptzArray } from '@huitong/pg'
import { DELAYED_TRANSFER_STATES, type DelayedTransfer, delayedTransferKey } from './delayed-transfer.ts'
import type { ListBounds } from './payments-read-store.ts'
import { optionalNumber, storedOneOf } from './stored.ts'

interface DelayedTransferRow {
  readonly id: bigint
  readonly payer_id: bigint
  readonly transfer_number: string
  readonly payee_id: bigint
  readonly amount_minor: bigint
  readonly title: string | null
  readonly remark: string | null
  readonly hold_id: bigint
  readonly state: string
  readonly created_at: number
  readonly releases_at: number
  readonly ended_at: number | null
  readonly transfer_id: bigint | null
}

function delayedTransferOf(row: DelayedTransferRow): DelayedTransfer {
  return {
    id: Number(row.id),
    payer: Number(row.payer_id),
    transferNumber: row.transfer_number,
    payee: Number(row.payee_id),
    amountMinor: row.amount_minor,
    title: row.title,
    remark: row.remark,
    hold: Number(row.hold_id),
    state: storedOneOf(DELAYED_TRANSFER_STATES, row.state),
    createdAt: row.created_at,
    releasesAt: row.releases_at,
    endedAt: row.ended_at,
    transfer: optionalNumber(row.transfer_id),
  }
}

/** Keyed by payer and number, which is what a repeat is known by. */
export const delayedTransferTable: TableDefinition<string, DelayedTransfer> = {
  name: 'payments_delayed_transfers',
  residentRows: 2_000,
  load: async (sql, keys) => {
    const cuts = keys.map((key) => key.indexOf(':'))
    const payers = keys.map((key, index) => Number(key.slice(0, cuts[index])))
    const numbers = keys.map((key, index) => key.slice((cuts[index] ?? 0) + 1))
    const rows = await sql<DelayedTransferRow[]>`
      select d.*
      from unnest(${int8Array(payers)}::text::int8[], ${textArray(numbers)}::text::text[]) as wanted (payer_id, transfer_number)
      join payments_delayed_transfers d on d.payer_id = wanted.payer_id and d.transfer_number = wanted.transfer_number`
    return rows.map((row) => {
      const transfer = delayedTransferOf(row)
      return [delayedTransferKey(transfer.payer, transfer.transferNumber), transfer]
    })
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into payments_delayed_transfers (id, payer_id, transfer_number, payee_id, amount_minor, title, remark, hold_id,
        state, created_at, releases_at, ended_at, transfer_id)
      select * from unnest(
        ${int8Array(rows.map((row) => row.id))}::text::int8[],
        ${int8Array(rows.map((row) => row.payer))}::text::int8[],
        ${textArray(rows.map((row) => row.transferNumber))}::text::text[],
        ${int8Array(rows.map((row) => row.payee))}::text::int8[],
        ${int8Array(rows.map((row) => row.amountMinor))}::text::int8[],
        ${textArray(rows.map((row) => row.title))}::text::text[],
        ${textArray(rows.map((row) => row.remark))}::text::text[],
        ${int8Array(rows.map((row) => row.hold))}::text::int8[],
        ${textArray(rows.map((row) => row.state))}::text::text[],
        ${timestamptzArray(rows.map((row) => row.createdAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.releasesAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.endedAt))}::text::timestamptz[],
        ${int8Array(rows.map((row) => row.transfer))}::text::int8[])
      on conflict on constraint payments_delayed_transfers_pkey do update set
        state = excluded.state, ended_at = excluded.ended_at, transfer_id = excluded.transfer_id`,
    ]
  },
}

export async function selectDelayedTransfer(tx: ReadTx, id: number): Promise<DelayedTransfer | undefined> {
  const rows = await tx.sql<DelayedTransferRow[]>`select * from payments_delayed_transfers where id = ${id}`
  return rows.map(delayedTransferOf)[0]
}

/** Those that a customer sends or is to get, newest first, up to limit + 1. */
export async function selectDelayedTransfers(
  tx: ReadTx,
  { customer, limit, after }: ListBounds & { readonly customer: number },
): Promise<readonly DelayedTransfer[]> {
  const { createdAt, id } = after ?? { createdAt: 9_000_000_000_000_000, id: Number.MAX_SAFE_INTEGER }
  const rows = await tx.sql<DelayedTransferRow[]>`
    select * from payments_delayed_transfers
    where (payer_id = ${customer} or payee_id = ${customer})
      and (created_at, id) < (${createdAt}::timestamptz, ${id}::int8)
    order by created_at desc, id desc limit ${limit + 1}`
  return rows.map(delayedTransferOf)
}

/** Those whose time is over at `now`, the longest over first. */
export async function selectDueDelayedTransfers(
  tx: ReadTx,
  now: number,
  limit: number,
): Promise<readonly { readonly payer: number; readonly transferNumber: string }[]> {
  const rows = await tx.sql<{ payer_id: bigint; transfer_number: string }[]>`
    select payer_id, transfer_number from payments_delayed_transfers
    where state = 'held' and releases_at <= ${now}::timestamptz order by releases_at limit ${limit}`
  return rows.map((row) => ({ payer: Number(row.payer_id), transferNumber: row.transfer_number }))
}

/** Transfers whose money is still held. */
export async function selectHeldTransfers(
  tx: ReadTx,
): Promise<readonly { readonly id: number; readonly hold: number; readonly amountMinor: bigint }[]> {
  const rows = await tx.sql<{ id: bigint; hold_id: bigint; amount_minor: bigint }[]>`
    select id, hold_id, amount_minor from payments_delayed_transfers where state = 'held' order by id`
  return rows.map((row) => ({ id: Number(row.id), hold: Number(row.hold_id), amountMinor: row.amount_minor }))
}
