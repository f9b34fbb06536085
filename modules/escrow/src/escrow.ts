import { invariant, type Micros } from '@huitong/kernel'
import { assertParts, earnedMinor, paymentFeeMinor } from '@huitong/payments'
import type { Dispute } from './dispute.ts'
import { backMinor, type EscrowClosingCause, type EscrowTrade, heldMinor } from './escrow-trade.ts'
import type { Shipment } from './shipment.ts'
import type { Actor, StepKind, StepNote } from './step.ts'

/** A trade with all that belongs to it: what the rules decide on. It is bounded, so it is read and written whole. */
export interface Escrow {
  readonly trade: EscrowTrade
  readonly shipments: readonly Shipment[]
  readonly disputes: readonly Dispute[]
}

/** What a decision makes of a trade. The money that moves is the difference between the trade before and after. */
export interface Decided {
  readonly escrow: Escrow
  readonly notes: readonly StepNote[]
}

export function shipmentOf(escrow: Escrow, number: number): Shipment | undefined {
  return escrow.shipments.find((shipment) => shipment.number === number)
}

export function disputeOf(escrow: Escrow, number: number): Dispute | undefined {
  return escrow.disputes.find((dispute) => dispute.number === number)
}

export function withShipment(escrow: Escrow, changed: Shipment): Escrow {
  return { ...escrow, shipments: replaced(escrow.shipments, changed) }
}

export function withDispute(escrow: Escrow, changed: Dispute): Escrow {
  return { ...escrow, disputes: replaced(escrow.disputes, changed) }
}

function replaced<T extends { readonly number: number }>(list: readonly T[], changed: T): readonly T[] {
  return list.some((one) => one.number === changed.number)
    ? list.map((one) => (one.number === changed.number ? changed : one))
    : [...list, changed]
}

/** Where a part of a shipment's money goes: what was open or frozen is released, returned, or changes places. */
export function moveWithin(
  escrow: Escrow,
  number: number,
  change: {
    readonly openMinor?: bigint
    readonly disputedMinor?: bigint
    readonly releasedMinor?: bigint
    readonly returnedMinor?: bigint
  },
): Escrow {
  const shipment = shipmentOf(escrow, number)
  invariant(shipment !== undefined, 'money moves within a shipment that exists')
  const { openMinor = 0n, disputedMinor = 0n, releasedMinor = 0n, returnedMinor = 0n } = change
  invariant(openMinor + disputedMinor + releasedMinor + returnedMinor === 0n, 'money moves, it is not made')
  const add = <T extends Shipment | EscrowTrade>(of: T): T => ({
    ...of,
    openMinor: of.openMinor + openMinor,
    disputedMinor: of.disputedMinor + disputedMinor,
    releasedMinor: of.releasedMinor + releasedMinor,
    returnedMinor: of.returnedMinor + returnedMinor,
  })
  return { ...withShipment(escrow, add(shipment)), trade: add(escrow.trade) }
}

/** A paid trade after its money moved: state, fee and next due time follow from where the money is. */
export function settled(escrow: Escrow, cause: EscrowClosingCause, now: Micros): Escrow {
  const { trade } = escrow
  const state =
    heldMinor(trade) > 0n
      ? trade.openMinor + trade.disputedMinor > 0n
        ? 'awaiting_confirmation'
        : 'awaiting_shipment'
      : trade.releasedMinor > 0n
        ? 'completed'
        : 'closed'
  const ended = state === 'completed' || state === 'closed'
  const after: EscrowTrade = {
    ...trade,
    state,
    closingCause: state === 'closed' ? (trade.closingCause ?? cause) : null,
    feeMinor: paymentFeeMinor(earnedMinor(trade.tenders, trade.releasedMinor), trade.feeRateMillionths),
    endedAt: ended ? (trade.endedAt ?? now) : null,
  }
  return dated({ ...escrow, trade: after })
}

/** The trade with the time of its next step by time. */
export function dated(escrow: Escrow): Escrow {
  return assertEscrow({ ...escrow, trade: { ...escrow.trade, dueAt: nextDue(escrow) } })
}

export function nextDue({ trade, shipments, disputes }: Escrow): Micros | null {
  const times: Micros[] = []
  if (trade.state === 'awaiting_payment') times.push(trade.expiresAt)
  if (trade.unshippedMinor > 0n && trade.shipBy !== null) times.push(trade.shipBy)
  for (const shipment of shipments) if (shipment.openMinor > 0n) times.push(shipment.confirmBy)
  for (const dispute of disputes) if (dispute.state !== 'ended') times.push(dispute.dueBy)
  return times.length === 0 ? null : Math.min(...times)
}

/** Once the money moved, what paid the trade and what went back say the same as its amounts. */
export function assertTenders({ trade }: Escrow): void {
  if (trade.tenders === null) return
  assertParts(`escrow trade ${trade.id}`, trade.tenders, trade.paidMinor, backMinor(trade))
}

/** The note of a step that made `after` out of `before`. */
export function note(
  kind: StepKind,
  actor: Actor,
  before: Escrow,
  after: Escrow,
  about: { readonly shipment?: number; readonly dispute?: number; readonly amountMinor?: bigint } = {},
): StepNote {
  return {
    kind,
    actor,
    shipment: about.shipment ?? null,
    dispute: about.dispute ?? null,
    amountMinor: about.amountMinor ?? null,
    releasedMinor: after.trade.releasedMinor - before.trade.releasedMinor,
    returnedMinor: after.trade.returnedMinor - before.trade.returnedMinor,
  }
}

/** Holds for every trade at every time but for its tenders, which follow the money; the constraints of the tables are its pair. */
function assertEscrow(escrow: Escrow): Escrow {
  const { trade, shipments, disputes } = escrow
  const name = `escrow trade ${trade.id}`
  const sum = (amounts: readonly bigint[]) => amounts.reduce((total, one) => total + one, 0n)
  for (const part of ['unshippedMinor', 'openMinor', 'disputedMinor', 'releasedMinor', 'returnedMinor'] as const) {
    invariant(trade[part] >= 0n, `${name}: less than nothing in ${part}`)
  }
  invariant(trade.totalMinor > 0n, `${name}: a total that is not positive`)
  invariant(trade.paidMinor === 0n || trade.paidMinor === trade.totalMinor, `${name}: paid in part`)
  invariant(
    heldMinor(trade) + trade.releasedMinor + trade.returnedMinor === trade.paidMinor,
    `${name}: money that is nowhere`,
  )
  invariant(trade.feeMinor <= trade.releasedMinor, `${name}: a fee above what was released`)
  invariant(trade.refundedMinor <= trade.releasedMinor, `${name}: more refunded than released`)
  invariant(trade.feeReturnedMinor <= trade.feeMinor, `${name}: more fee returned than charged`)
  invariant((trade.paidAt === null) === (trade.paidMinor === 0n), `${name}: paid without a time, or the reverse`)
  invariant((trade.closingCause === null) === (trade.state !== 'closed'), `${name}: closed without a cause`)
  const ended = trade.state === 'completed' || trade.state === 'closed'
  invariant(ended === (trade.endedAt !== null), `${name}: ended without a time, or the reverse`)
  invariant(!ended || (heldMinor(trade) === 0n && trade.dueAt === null), `${name}: ended with money held`)
  for (const part of ['openMinor', 'disputedMinor'] as const) {
    invariant(sum(shipments.map((one) => one[part])) === trade[part], `${name}: shipments differ in ${part}`)
  }
  for (const shipment of shipments) {
    const { openMinor, disputedMinor, releasedMinor, returnedMinor, amountMinor } = shipment
    invariant(
      openMinor >= 0n &&
        disputedMinor >= 0n &&
        openMinor + disputedMinor + releasedMinor + returnedMinor === amountMinor,
      `${name}: shipment ${shipment.number} does not add up`,
    )
    const claims = disputes.filter((dispute) => dispute.shipment === shipment.number && dispute.state !== 'ended')
    invariant(
      sum(claims.map((dispute) => dispute.claimMinor)) === disputedMinor,
      `${name}: claims differ from the freeze`,
    )
  }
  return escrow
}
