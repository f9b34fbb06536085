import { AmountText, CurrencyText, PublicId, Timestamp } from '@huitong/contract'
import { formatAmount, microsToIso, publicId } from '@huitong/kernel'
import { CUSTOMER_ID, MERCHANT_ID, TenderPartBodies, tenderPartBodies } from '@huitong/payments'
import Type, { type Static } from 'typebox'
import { DISPUTE_OUTCOMES, DISPUTE_STATES } from './dispute.ts'
import { ACTOR_KINDS, ESCROW_CLOSING_CAUSES, ESCROW_STATES, ESCROW_TRADE_ID, type EscrowTrade } from './escrow-trade.ts'
import type { DisputeView, EscrowView, ShipmentView } from './escrow-views.ts'
import type { Evidence } from './evidence.ts'
import { STEP_KINDS, type Step } from './step.ts'

/* How this module's objects look in the native API: public ids, amounts and times as text. */

const OptionalTime = Type.Union([Timestamp, Type.Null()])
const OptionalAmount = Type.Union([AmountText, Type.Null()])

const ShipmentBody = Type.Object(
  {
    number: Type.Integer(),
    carrier: Type.String(),
    trackingNumber: Type.String(),
    amount: AmountText,
    open: Type.String({ description: 'Neither confirmed nor disputed' }),
    disputed: AmountText,
    released: Type.String({ description: 'Gone to the merchant' }),
    returned: Type.String({ description: 'Gone back to the buyer' }),
    shippedAt: Timestamp,
    confirmBy: Type.String({ description: 'When silence confirms what is open' }),
    extensions: Type.Integer(),
  },
  { $id: 'EscrowShipment' },
)

const DisputeBody = Type.Object(
  {
    number: Type.Integer(),
    shipment: Type.Integer(),
    claim: Type.String({ description: 'What is frozen while the dispute lasts' }),
    reason: Type.String(),
    state: Type.Enum([...DISPUTE_STATES]),
    outcome: Type.Union([Type.Enum([...DISPUTE_OUTCOMES]), Type.Null()]),
    buyerOffer: Type.String({ description: 'The refund that the buyer asked for last' }),
    merchantOffer: OptionalAmount,
    proposal: Type.Union([
      Type.Object({
        refund: AmountText,
        reason: Type.String(),
        by: Type.Optional(Type.String({ description: 'For staff' })),
        at: Timestamp,
      }),
      Type.Null(),
    ]),
    refunded: OptionalAmount,
    openedAt: Timestamp,
    dueBy: Type.String({ description: 'When silence accepts the last offer, or staff are late' }),
    endedAt: OptionalTime,
  },
  { $id: 'EscrowDispute' },
)

const SUMMARY = {
  id: PublicId(ESCROW_TRADE_ID),
  orderNumber: Type.String(),
  merchant: PublicId(MERCHANT_ID),
  customer: PublicId(CUSTOMER_ID),
  subject: Type.String(),
  currency: CurrencyText,
  total: AmountText,
  state: Type.Enum([...ESCROW_STATES]),
  closingCause: Type.Union([Type.Enum([...ESCROW_CLOSING_CAUSES]), Type.Null()]),
  held: Type.String({ description: 'What the institution holds' }),
  disputed: AmountText,
  released: AmountText,
  returned: AmountText,
  createdAt: Timestamp,
  paidAt: OptionalTime,
  endedAt: OptionalTime,
}

export const EscrowSummaryBody = Type.Object(SUMMARY, { $id: 'EscrowTradeSummary' })

export const EscrowBody = Type.Object(
  {
    ...SUMMARY,
    paid: AmountText,
    unshipped: AmountText,
    open: AmountText,
    refunded: Type.String({ description: 'Given back by the merchant after completion' }),
    tenders: TenderPartBodies,
    fee: Type.Optional(AmountText),
    feeReturned: Type.Optional(AmountText),
    steps: Type.Integer(),
    expiresAt: Timestamp,
    shipBy: OptionalTime,
    shipments: Type.Array(ShipmentBody),
    disputes: Type.Array(DisputeBody),
  },
  { $id: 'EscrowTrade' },
)

/** Who looks: the fee is between merchant and institution, and who judged is known to staff. */
export interface Viewer {
  readonly kind: 'buyer' | 'merchant' | 'staff'
}

export function escrowBody(view: EscrowView, viewer: Viewer): Static<typeof EscrowBody> {
  const { orderNumber, subject, currency, total, state, closingCause, paid, held, unshipped, open, disputed } = view
  const { released, returned, refunded, steps } = view
  return {
    id: publicId(ESCROW_TRADE_ID, view.id),
    merchant: publicId(MERCHANT_ID, view.merchant),
    customer: publicId(CUSTOMER_ID, view.buyer),
    ...{ orderNumber, subject, currency, total, state, closingCause, paid, held, unshipped, open, disputed },
    ...{ released, returned, refunded, steps },
    tenders: tenderPartBodies(view.tenders),
    ...(viewer.kind === 'buyer' ? {} : { fee: view.fee, feeReturned: view.feeReturned }),
    createdAt: microsToIso(view.createdAt),
    expiresAt: microsToIso(view.expiresAt),
    paidAt: optionalTime(view.paidAt),
    shipBy: optionalTime(view.shipBy),
    endedAt: optionalTime(view.endedAt),
    shipments: view.shipments.map(shipmentBody),
    disputes: view.disputes.map((dispute) => disputeBody(dispute, viewer)),
  }
}

function shipmentBody({ shippedAt, confirmBy, ...rest }: ShipmentView): Static<typeof ShipmentBody> {
  return { ...rest, shippedAt: microsToIso(shippedAt), confirmBy: microsToIso(confirmBy) }
}

function disputeBody(view: DisputeView, viewer: Viewer): Static<typeof DisputeBody> {
  const { approvedBy: _, proposal, openedAt, dueBy, endedAt, ...rest } = view
  return {
    ...rest,
    proposal:
      proposal === null
        ? null
        : {
            refund: proposal.refund,
            reason: proposal.reason,
            ...(viewer.kind === 'staff' ? { by: proposal.by } : {}),
            at: microsToIso(proposal.at),
          },
    openedAt: microsToIso(openedAt),
    dueBy: microsToIso(dueBy),
    endedAt: optionalTime(endedAt),
  }
}

export function escrowSummaryBody(trade: EscrowTrade): Static<typeof EscrowSummaryBody> {
  const { orderNumber, subject, currency, state, closingCause } = trade
  const amount = (minor: bigint) => formatAmount(minor, currency)
  return {
    id: publicId(ESCROW_TRADE_ID, trade.id),
    merchant: publicId(MERCHANT_ID, trade.merchant),
    customer: publicId(CUSTOMER_ID, trade.buyer),
    ...{ orderNumber, subject, currency, total: amount(trade.totalMinor), state, closingCause },
    held: amount(trade.unshippedMinor + trade.openMinor + trade.disputedMinor),
    disputed: amount(trade.disputedMinor),
    released: amount(trade.releasedMinor),
    returned: amount(trade.returnedMinor),
    createdAt: microsToIso(trade.createdAt),
    paidAt: optionalTime(trade.paidAt),
    endedAt: optionalTime(trade.endedAt),
  }
}

export const StepBody = Type.Object(
  {
    number: Type.Integer(),
    kind: Type.Enum([...STEP_KINDS]),
    actor: Type.Enum([...ACTOR_KINDS]),
    actorId: Type.Optional(Type.String({ description: 'For staff' })),
    shipment: Type.Union([Type.Integer(), Type.Null()]),
    dispute: Type.Union([Type.Integer(), Type.Null()]),
    amount: OptionalAmount,
    released: AmountText,
    returned: AmountText,
    at: Timestamp,
  },
  { $id: 'EscrowStep' },
)

export function stepBody(step: Step, currency: EscrowTrade['currency'], viewer: Viewer): Static<typeof StepBody> {
  const { number, kind, actor, shipment, dispute } = step
  const amount = (minor: bigint) => formatAmount(minor, currency)
  return {
    ...{ number, kind, actor: actor.kind, shipment, dispute },
    ...(viewer.kind === 'staff' ? { actorId: actor.id } : {}),
    amount: step.amountMinor === null ? null : amount(step.amountMinor),
    released: amount(step.releasedMinor),
    returned: amount(step.returnedMinor),
    at: microsToIso(step.at),
  }
}

export const EvidenceBody = Type.Object(
  {
    side: Type.Enum(['buyer', 'merchant']),
    number: Type.Integer(),
    statement: Type.String(),
    documents: Type.Array(Type.String()),
    givenAt: Timestamp,
  },
  { $id: 'EscrowEvidence' },
)

export function evidenceBody({ side, number, statement, documents, givenAt }: Evidence): Static<typeof EvidenceBody> {
  return { side, number, statement, documents: [...documents], givenAt: microsToIso(givenAt) }
}

function optionalTime(at: number | null): string | null {
  return at === null ? null : microsToIso(at)
}
