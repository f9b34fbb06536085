import type { ReadTx } from '@huitong/pg'
import type { OrderKind } from './order.ts'
import { ORDER_KINDS } from './order.ts'
import { storedWord } from './stored-word.ts'

/** An order on its way, and the hold that keeps its money or its wallet. */
export interface HeldOrder {
  readonly id: number
  readonly kind: OrderKind
  readonly hold: number
  readonly amountMinor: bigint
}

export async function selectHeldOrders({ sql }: ReadTx): Promise<readonly HeldOrder[]> {
  const rows = await sql<{ id: bigint; kind: string; hold_id: bigint; amount_minor: bigint }[]>`
    select id, kind, hold_id, amount_minor from channels_orders where hold_id is not null`
  return rows.map(({ id, kind, hold_id: hold, amount_minor: amountMinor }) => ({
    ...{ id: Number(id), kind: storedWord(ORDER_KINDS, kind), hold: Number(hold), amountMinor },
  }))
}

/** Money that is on its way and held by nothing, which none is. */
export async function selectOpenWithoutHold({ sql }: ReadTx): Promise<readonly number[]> {
  const rows = await sql<{ id: bigint }[]>`
    select id from channels_orders
    where hold_id is null and ((kind = 'withdrawal' and state in ('sent', 'unknown')) or state = 'accepted') limit 100`
  return rows.map(({ id }) => Number(id))
}

/** What came in for wallets that could not take it, less what went out of such. */
export async function suspenseMinor({ sql }: ReadTx): Promise<bigint> {
  const [row] = await sql<{ minor: string }[]>`
    select (
      (select coalesce(sum(case kind when 'withdrawal' then -amount_minor else amount_minor end), 0) from channels_orders where in_suspense)
      + (select coalesce(sum(amount_minor), 0) from channels_refunds where in_suspense)
      + (select coalesce(sum(amount_minor), 0) from channels_returns where in_suspense)
    )::text as minor`
  return BigInt(row?.minor ?? '0')
}

/** Of withdrawals: what came back by their rows, and what their returns add up to, where it differs. */
export async function returnDifferences({ sql }: ReadTx) {
  const rows = await sql<{ id: bigint; said: string; found: string }[]>`
    select o.id, o.returned_minor::text as said, coalesce(sum(r.amount_minor), 0)::text as found
    from channels_orders o left join channels_returns r on r.uetr = o.uetr
    where o.kind = 'withdrawal' group by o.id, o.returned_minor
    having o.returned_minor <> coalesce(sum(r.amount_minor), 0) limit 100`
  return rows.map(({ id, said, found }) => ({
    ...{ id: Number(id), saidMinor: BigInt(said), foundMinor: BigInt(found) },
  }))
}

/** What is on its way back to banks. */
export async function openRefundsMinor({ sql }: ReadTx): Promise<bigint> {
  const [row] = await sql<{ minor: string }[]>`
    select coalesce(sum(amount_minor), 0)::text as minor from channels_refunds where state in ('sent', 'unknown')`
  return BigInt(row?.minor ?? '0')
}
