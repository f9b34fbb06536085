import type { ReadTx } from '@huitong/pg'
import { PAYMENT_KINDS, type PaymentKind } from './payment.ts'

/** A gross payment that nobody has answered yet, and the hold that keeps its money. */
export interface OpenGross {
  readonly reference: string
  readonly kind: PaymentKind
  readonly hold: number
  readonly amountMinor: bigint
}

export async function selectOpenGross({ sql }: ReadTx): Promise<readonly OpenGross[]> {
  const rows = await sql<{ reference: string; kind: string; hold_id: bigint; amount_minor: bigint }[]>`
    select reference, kind, hold_id, amount_minor from clearing_payments where state = 'forwarded' and mode = 'gross'`
  return rows.flatMap(({ reference, kind, hold_id: hold, amount_minor: amountMinor }) => {
    const known = PAYMENT_KINDS.find((one) => one === kind)
    return known === undefined ? [] : [{ reference, kind: known, hold: Number(hold), amountMinor }]
  })
}

/** What a row says, and what the rows below it add up to. */
export interface Sum {
  readonly what: string
  readonly saidMinor: bigint
  readonly foundMinor: bigint
}

async function differing(rows: PromiseLike<readonly { what: string; said: string; found: string }[]>) {
  return (await rows).map(
    ({ what, said, found }): Sum => ({ what, saidMinor: BigInt(said), foundMinor: BigInt(found) }),
  )
}

/** Of each participant: what its unanswered net payments reserve of its cap. */
export function reservationDifferences({ sql }: ReadTx): Promise<readonly Sum[]> {
  return differing(sql<{ what: string; said: string; found: string }[]>`
    select 'participant ' || p.member as what, p.reserved_minor::text as said, coalesce(open.minor, 0)::text as found
    from clearing_participants p
    left join (
      select payer, sum(amount_minor) as minor from clearing_payments
      where state = 'forwarded' and mode = 'net' group by payer) open on open.payer = p.member
    where p.reserved_minor <> coalesce(open.minor, 0)`)
}

/** Of each window and participant: what its settled payments add up to, on either side. */
export function windowDifferences({ sql }: ReadTx): Promise<readonly Sum[]> {
  return differing(sql<{ what: string; said: string; found: string }[]>`
    with counted as (
      select window_number, side.member, sum(side.sent) as sent, sum(side.received) as received
      from clearing_payments p cross join lateral (
        values (p.payer, p.amount_minor, 0::int8), (p.payee, 0::int8, p.amount_minor)) as side (member, sent, received)
      where p.window_number is not null group by window_number, side.member)
    select 'window ' || coalesce(p.window_number, c.window_number) || ' sent by ' || coalesce(p.member, c.member) as what,
      coalesce(p.sent_minor, 0)::text as said, coalesce(c.sent, 0)::text as found
    from clearing_positions p full join counted c on c.window_number = p.window_number and c.member = p.member
    where coalesce(p.sent_minor, 0) <> coalesce(c.sent, 0)
    union all
    select 'window ' || coalesce(p.window_number, c.window_number) || ' received by ' || coalesce(p.member, c.member),
      coalesce(p.received_minor, 0)::text, coalesce(c.received, 0)::text
    from clearing_positions p full join counted c on c.window_number = p.window_number and c.member = p.member
    where coalesce(p.received_minor, 0) <> coalesce(c.received, 0)
    union all
    select 'window ' || w.number, w.gross_minor::text, coalesce(sum(p.sent_minor), 0)::text
    from clearing_windows w left join clearing_positions p on p.window_number = w.number
    group by w.number, w.gross_minor having w.gross_minor <> coalesce(sum(p.sent_minor), 0)`)
}

/** Of each settled window: what its entry moved from those who owed, as the ledger has it. */
export function settlementDifferences({ sql }: ReadTx): Promise<readonly Sum[]> {
  return differing(sql<{ what: string; said: string; found: string }[]>`
    select 'settled window ' || w.number as what, w.net_minor::text as said,
      coalesce(sum(greatest(p.received_minor - p.sent_minor, 0)), 0)::text as found
    from clearing_windows w left join clearing_positions p on p.window_number = w.number
    where w.state = 'settled'
    group by w.number, w.net_minor
    having w.net_minor <> coalesce(sum(greatest(p.received_minor - p.sent_minor, 0)), 0)`)
}
