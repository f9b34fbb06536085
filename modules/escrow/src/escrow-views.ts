import { formatAmount } from '@huitong/kernel'
import { balanceAlone, partViews, TenderPartView } from '@huitong/payments'
import Type, { type Static } from 'typebox'
import { DISPUTE_OUTCOMES, DISPUTE_STATES, type Dispute } from './dispute.ts'
import type { Escrow } from './escrow.ts'
import { backMinor, ESCROW_CLOSING_CAUSES, ESCROW_STATES, heldMinor } from './escrow-trade.ts'
import type { Shipment } from './shipment.ts'

/*
 * What commands answer and queries show: the same view, so that whoever acted and whoever asks later read the same fields. Amounts are
 * decimal text, times µs, ids internal; the edge turns them into public ids and RFC 3339.
 */

const Amount = Type.String()
const Time = Type.Integer()
const OptionalTime = Type.Union([Time, Type.Null()])
const OptionalAmount = Type.Union([Amount, Type.Null()])
const OptionalText = Type.Union([Type.String(), Type.Null()])

export const ShipmentView = Type.Object({
  number: Type.Integer(),
  carrier: Type.String(),
  trackingNumber: Type.String(),
  amount: Amount,
  open: Amount,
  disputed: Amount,
  released: Amount,
  returned: Amount,
  shippedAt: Time,
  confirmBy: Time,
  extensions: Type.Integer(),
})
export type ShipmentView = Static<typeof ShipmentView>

export const DisputeView = Type.Object({
  number: Type.Integer(),
  shipment: Type.Integer(),
  claim: Amount,
  reason: Type.String(),
  state: Type.Enum([...DISPUTE_STATES]),
  outcome: Type.Union([Type.Enum([...DISPUTE_OUTCOMES]), Type.Null()]),
  buyerOffer: Amount,
  merchantOffer: OptionalAmount,
  proposal: Type.Union([
    Type.Object({ refund: Amount, reason: Type.String(), by: Type.String(), at: Time }),
    Type.Null(),
  ]),
  approvedBy: OptionalText,
  refunded: OptionalAmount,
  openedAt: Time,
  dueBy: Time,
  endedAt: OptionalTime,
})
export type DisputeView = Static<typeof DisputeView>

export const EscrowView = Type.Object({
  id: Type.Integer(),
  merchant: Type.Integer(),
  orderNumber: Type.String(),
  buyer: Type.Integer(),
  subject: Type.String(),
  currency: Type.String(),
  total: Amount,
  state: Type.Enum([...ESCROW_STATES]),
  closingCause: Type.Union([Type.Enum([...ESCROW_CLOSING_CAUSES]), Type.Null()]),
  paid: Amount,
  held: Amount,
  unshipped: Amount,
  open: Amount,
  disputed: Amount,
  released: Amount,
  returned: Amount,
  refunded: Amount,
  /** What paid it; answers from before there were several have none. */
  tenders: Type.Optional(Type.Array(TenderPartView)),
  fee: Amount,
  feeReturned: Amount,
  steps: Type.Integer(),
  createdAt: Time,
  expiresAt: Time,
  paidAt: OptionalTime,
  shipBy: OptionalTime,
  endedAt: OptionalTime,
  shipments: Type.Array(ShipmentView),
  disputes: Type.Array(DisputeView),
})
export type EscrowView = Static<typeof EscrowView>

export function escrowView(escrow: Escrow): EscrowView {
  const { trade } = escrow
  const amount = (minor: bigint) => formatAmount(minor, trade.currency)
  const { id, merchant, orderNumber, buyer, subject, currency, state, closingCause, steps } = trade
  const { createdAt, expiresAt, paidAt, shipBy, endedAt } = trade
  return {
    ...{ id, merchant, orderNumber, buyer, subject, currency, total: amount(trade.totalMinor), state, closingCause },
    paid: amount(trade.paidMinor),
    held: amount(heldMinor(trade)),
    unshipped: amount(trade.unshippedMinor),
    open: amount(trade.openMinor),
    disputed: amount(trade.disputedMinor),
    released: amount(trade.releasedMinor),
    returned: amount(trade.returnedMinor),
    refunded: amount(trade.refundedMinor),
    tenders: partViews(trade.tenders ?? balanceAlone(trade.paidMinor, backMinor(trade)), trade.currency),
    fee: amount(trade.feeMinor),
    feeReturned: amount(trade.feeReturnedMinor),
    ...{ steps, createdAt, expiresAt, paidAt, shipBy, endedAt },
    shipments: escrow.shipments.map((shipment) => shipmentView(shipment, amount)),
    disputes: escrow.disputes.map((dispute) => disputeView(dispute, amount)),
  }
}

function shipmentView(shipment: Shipment, amount: (minor: bigint) => string): ShipmentView {
  const { number, carrier, trackingNumber, shippedAt, confirmBy, extensions } = shipment
  return {
    ...{ number, carrier, trackingNumber, shippedAt, confirmBy, extensions },
    amount: amount(shipment.amountMinor),
    open: amount(shipment.openMinor),
    disputed: amount(shipment.disputedMinor),
    released: amount(shipment.releasedMinor),
    returned: amount(shipment.returnedMinor),
  }
}

function disputeView(dispute: Dispute, amount: (minor: bigint) => string): DisputeView {
  const { number, shipment, reason, state, outcome, proposal, approvedBy, openedAt, dueBy, endedAt } = dispute
  const optional = (minor: bigint | null) => (minor === null ? null : amount(minor))
  return {
    ...{ number, shipment, reason, state, outcome, approvedBy, openedAt, dueBy, endedAt },
    claim: amount(dispute.claimMinor),
    buyerOffer: amount(dispute.buyerOfferMinor),
    merchantOffer: optional(dispute.merchantOfferMinor),
    proposal:
      proposal === null
        ? null
        : { refund: amount(proposal.refundMinor), reason: proposal.reason, by: proposal.by, at: proposal.at },
    refunded: optional(dispute.refundedMinor),
  }
}
