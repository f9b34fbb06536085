import { type Micros, ok, type Result } from '@huitong/kernel'
import { feeReturnMinor, PAYMENT_MINOR_MAX, REFUND_WINDOW, WALLET_CURRENCY } from '@huitong/payments'
import { type Decided, dated, type Escrow, moveWithin, note, settled, shipmentOf, withShipment } from './escrow.ts'
import { type EscrowRefusal, refuse } from './escrow-refusals.ts'
import { DAY, rulesAt, SHIPMENTS_MAX } from './escrow-rules.ts'
import { ESCROW_TABLE, type EscrowAction, type EscrowTrade, TRADE_ACTIONS } from './escrow-trade.ts'
import type { Shipment } from './shipment.ts'
import type { Actor } from './step.ts'

/** What a merchant asks a buyer to pay into escrow. */
export interface EscrowTerms {
  readonly merchant: number
  readonly orderNumber: string
  readonly buyer: number
  readonly subject: string
  readonly totalMinor: bigint
  /** µs; null for the rules' own time. */
  readonly expiresAt: Micros | null
}

/** What the merchant says of a shipment. */
export interface Dispatch {
  readonly carrier: string
  readonly trackingNumber: string
  /** What of the trade it is; null for all that is not shipped yet. */
  readonly amountMinor: bigint | null
}

export type StepResult = Result<Decided, EscrowRefusal>

/** Why an action cannot be done to a trade now by this actor; undefined when it can. */
export function refusedAction(
  trade: EscrowTrade,
  action: EscrowAction,
  actor: Actor,
): ReturnType<typeof refuse> | undefined {
  const allowed: readonly string[] = TRADE_ACTIONS[action]
  if (!allowed.includes(actor.kind)) return refuse('actor_not_allowed')
  const why = ESCROW_TABLE[trade.state][action]
  return why === null ? undefined : refuse(why)
}

/** A trade that waits for its buyer's money. */
export function decideOpening(terms: EscrowTerms, id: number, actor: Actor, now: Micros): StepResult {
  const { merchant, orderNumber, buyer, subject, totalMinor } = terms
  if (totalMinor <= 0n || totalMinor > PAYMENT_MINOR_MAX) return refuse('amount_out_of_range')
  const expiresAt = terms.expiresAt ?? now + rulesAt(now).payWithin * DAY
  if (expiresAt <= now) return refuse('expiry_in_past')
  const trade: EscrowTrade = {
    ...{ id, merchant, orderNumber, buyer, subject, totalMinor, currency: WALLET_CURRENCY },
    ...{ state: 'awaiting_payment', closingCause: null },
    ...{ paidMinor: 0n, unshippedMinor: 0n, openMinor: 0n, disputedMinor: 0n, releasedMinor: 0n, returnedMinor: 0n },
    tenders: null,
    ...{ feeRateMillionths: 0, feeMinor: 0n, refundedMinor: 0n, feeReturnedMinor: 0n, steps: 0 },
    ...{ createdAt: now, expiresAt, paidAt: null, shipBy: null, endedAt: null, dueAt: null },
  }
  const escrow = dated({ trade, shipments: [], disputes: [] })
  return ok({ escrow, notes: [note('opened', actor, escrow, escrow, { amountMinor: totalMinor })] })
}

export function decidePay(escrow: Escrow, actor: Actor, feeRateMillionths: number, now: Micros): StepResult {
  const { trade } = escrow
  const refused = refusedAction(trade, 'pay', actor)
  if (refused !== undefined) return refused
  if (trade.expiresAt <= now) return refuse('trade_expired')
  const paid: EscrowTrade = {
    ...trade,
    paidMinor: trade.totalMinor,
    unshippedMinor: trade.totalMinor,
    feeRateMillionths,
    paidAt: now,
    shipBy: now + rulesAt(now).shipWithin * DAY,
  }
  const after = settled({ ...escrow, trade: paid }, 'cancelled', now)
  return ok({ escrow: after, notes: [note('paid', actor, escrow, after, { amountMinor: trade.totalMinor })] })
}

/** Gives up a trade that nobody paid. */
export function decideClose(escrow: Escrow, actor: Actor, now: Micros): StepResult {
  const refused = refusedAction(escrow.trade, 'close', actor)
  if (refused !== undefined) return refused
  const trade: EscrowTrade = { ...escrow.trade, state: 'closed', closingCause: 'closed_by_merchant', endedAt: now }
  const after = dated({ ...escrow, trade })
  return ok({ escrow: after, notes: [note('closed', actor, escrow, after)] })
}

/** Gives back what is not shipped. Either side may: until the goods are on their way, nobody has lost anything but time. */
export function decideCancel(escrow: Escrow, actor: Actor, now: Micros): StepResult {
  const { trade } = escrow
  const refused = refusedAction(trade, 'cancel', actor)
  if (refused !== undefined) return refused
  const { unshippedMinor } = trade
  if (unshippedMinor === 0n) return refuse('nothing_unshipped')
  const after = settled(returnUnshipped(escrow), 'cancelled', now)
  return ok({ escrow: after, notes: [note('cancelled', actor, escrow, after, { amountMinor: unshippedMinor })] })
}

export function returnUnshipped(escrow: Escrow): Escrow {
  const { unshippedMinor, returnedMinor } = escrow.trade
  return { ...escrow, trade: { ...escrow.trade, unshippedMinor: 0n, returnedMinor: returnedMinor + unshippedMinor } }
}

export function decideShip(escrow: Escrow, actor: Actor, dispatch: Dispatch, now: Micros): StepResult {
  const { trade, shipments } = escrow
  const refused = refusedAction(trade, 'ship', actor)
  if (refused !== undefined) return refused
  const amountMinor = dispatch.amountMinor ?? trade.unshippedMinor
  if (trade.unshippedMinor === 0n) return refuse('nothing_unshipped')
  if (amountMinor <= 0n || amountMinor > trade.unshippedMinor) return refuse('exceeds_unshipped')
  if (trade.shipBy !== null && trade.shipBy <= now) return refuse('too_late_to_ship')
  if (shipments.length >= SHIPMENTS_MAX) return refuse('too_many_shipments')
  const shipment: Shipment = {
    ...{ number: shipments.length + 1, carrier: dispatch.carrier, trackingNumber: dispatch.trackingNumber },
    ...{ amountMinor, openMinor: amountMinor, disputedMinor: 0n, releasedMinor: 0n, returnedMinor: 0n },
    ...{ shippedAt: now, confirmBy: now + rulesAt(now).confirmWithin * DAY, extensions: 0 },
  }
  const moved: EscrowTrade = {
    ...trade,
    unshippedMinor: trade.unshippedMinor - amountMinor,
    openMinor: trade.openMinor + amountMinor,
  }
  const after = settled({ ...withShipment(escrow, shipment), trade: moved }, 'returned', now)
  const about = { shipment: shipment.number, amountMinor }
  return ok({ escrow: after, notes: [note('shipped', actor, escrow, after, about)] })
}

/** The buyer has the goods: releases what is open of one shipment, or of all that was shipped. */
export function decideConfirm(escrow: Escrow, actor: Actor, number: number | null, now: Micros): StepResult {
  const refused = refusedAction(escrow.trade, 'confirm', actor)
  if (refused !== undefined) return refused
  const asked = number === null ? escrow.shipments : escrow.shipments.filter((one) => one.number === number)
  if (asked.length === 0) return refuse('shipment_not_found')
  const open = asked.filter((shipment) => shipment.openMinor > 0n)
  if (open.length === 0) return refuse(number === null ? 'nothing_shipped' : 'nothing_open')
  const notes = []
  let after = escrow
  for (const shipment of open) {
    const before = after
    after = settled(releaseOpen(after, shipment), 'returned', now)
    const about = { shipment: shipment.number, amountMinor: shipment.openMinor }
    notes.push(note('confirmed', actor, before, after, about))
  }
  return ok({ escrow: after, notes })
}

export function releaseOpen(escrow: Escrow, { number, openMinor }: Shipment): Escrow {
  return moveWithin(escrow, number, { openMinor: -openMinor, releasedMinor: openMinor })
}

/** The buyer wants more time before silence confirms. */
export function decideExtend(escrow: Escrow, actor: Actor, number: number, now: Micros): StepResult {
  const refused = refusedAction(escrow.trade, 'extend', actor)
  if (refused !== undefined) return refused
  const shipment = shipmentOf(escrow, number)
  if (shipment === undefined) return refuse('shipment_not_found')
  if (shipment.openMinor === 0n) return refuse('nothing_open')
  if (shipment.confirmBy <= now) return refuse('confirmation_overdue')
  const { extension, extensionsMax } = rulesAt(now)
  if (shipment.extensions >= extensionsMax) return refuse('extended_already')
  const changed = {
    ...shipment,
    confirmBy: shipment.confirmBy + extension * DAY,
    extensions: shipment.extensions + 1,
  }
  const after = dated(withShipment(escrow, changed))
  return ok({ escrow: after, notes: [note('extended', actor, escrow, after, { shipment: number })] })
}

/** The merchant gives back what it got, with the fee in proportion, when nothing is held any more. */
export function decideRefund(escrow: Escrow, actor: Actor, amountMinor: bigint, now: Micros): StepResult {
  const { trade } = escrow
  const refused = refusedAction(trade, 'refund', actor)
  if (refused !== undefined) return refused
  if (amountMinor <= 0n) return refuse('amount_out_of_range')
  const refundedMinor = trade.refundedMinor + amountMinor
  if (refundedMinor > trade.releasedMinor) return refuse('refund_exceeds_released')
  if (trade.endedAt !== null && trade.endedAt + REFUND_WINDOW <= now) return refuse('refund_too_late')
  const { releasedMinor: paidMinor, feeMinor, feeReturnedMinor } = trade
  const back = feeReturnMinor({ paidMinor, feeMinor, feeReturnedMinor }, refundedMinor)
  const changed: EscrowTrade = { ...trade, refundedMinor, feeReturnedMinor: feeReturnedMinor + back }
  const after = dated({ ...escrow, trade: changed })
  return ok({ escrow: after, notes: [note('refunded', actor, escrow, after, { amountMinor })] })
}
