import type { ReadTx } from '@huitong/pg'
import { PAYMENT_KINDS, type PaymentKind } from './payment.ts'

/** A payment on its way, and the hold that keeps its money or its account. */
export interface HeldPayment {
  readonly reference: string
  readonly kind: PaymentKind
  readonly hold: number
  readonly amountMinor: bigint
}

export async function selectHeldPayments({ sql }: ReadTx): Promise<readonly HeldPayment[]> {
  const rows = await sql<{ reference: string; kind: string; hold_id: bigint; amount_minor: bigint }[]>`
    select reference, kind, hold_id, amount_minor from bank_payments where hold_id is not null`
  return rows.flatMap(({ reference, kind, hold_id: hold, amount_minor: amountMinor }) => {
    const known = PAYMENT_KINDS.find((one) => one === kind)
    return known === undefined ? [] : [{ reference, kind: known, hold: Number(hold), amountMinor }]
  })
}

/** Transfers that are on their way and hold nothing, which none does. */
export async function selectOpenWithoutHold({ sql }: ReadTx): Promise<readonly string[]> {
  const rows = await sql<{ reference: string }[]>`
    select reference from bank_payments
    where state in ('queued', 'sent', 'unknown', 'accepted') and hold_id is null limit 100`
  return rows.map(({ reference }) => reference)
}

/** What came in for accounts that could not take it, less what went out of such. */
export async function suspenseMinor({ sql }: ReadTx): Promise<bigint> {
  const [row] = await sql<{ minor: string }[]>`
    select coalesce(sum(case way when 'in' then amount_minor else -amount_minor end), 0)::text as minor
    from bank_payments where in_suspense`
  return BigInt(row?.minor ?? '0')
}

/** Of transfers: what went back by their rows, and what their settled or open returns and reversals add up to, where it differs. */
export async function returnDifferences({ sql }: ReadTx) {
  const rows = await sql<{ reference: string; said: string; found: string }[]>`
    select t.reference, t.returned_minor::text as said, sum(b.amount_minor)::text as found
    from bank_payments t join bank_payments b on b.original = t.reference and b.state <> 'rejected'
    where t.kind = 'transfer' group by t.reference, t.returned_minor
    having t.returned_minor <> least(sum(b.amount_minor), max(t.amount_minor)) limit 100`
  return rows.map(({ reference, said, found }) => ({ reference, saidMinor: BigInt(said), foundMinor: BigInt(found) }))
}
