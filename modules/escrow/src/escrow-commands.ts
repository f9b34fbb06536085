import type { CommandKind } from '@huitong/committer'
import { canonicalJson, ok, slotOf } from '@huitong/kernel'
import { choiceText, WALLET_CURRENCY } from '@huitong/payments'
import type { EscrowContext } from './context.ts'
import { refuse } from './escrow-refusals.ts'
import { escrowOrderKey } from './escrow-trade-store.ts'
import { escrowView } from './escrow-views.ts'
import { actorOf, type EscrowAnswer, escrowAnswerCodec, type StepActor, type StepInput, stepKind } from './step-kind.ts'
import {
  type Dispatch,
  decideCancel,
  decideClose,
  decideConfirm,
  decideExtend,
  decideOpening,
  decidePay,
  decideRefund,
  decideShip,
  type EscrowTerms,
} from './trade-decide.ts'

export interface OpenInput extends EscrowTerms {
  readonly actor: StepActor
}
export interface ShipInput extends StepInput, Dispatch {}
export interface ShipmentInput extends StepInput {
  readonly shipment: number
}
export interface ConfirmInput extends StepInput {
  /** Null for all that was shipped. */
  readonly shipment: number | null
}
export interface RefundInput extends StepInput {
  readonly amountMinor: bigint
}

/** `escrow.open`: a trade that waits for a named buyer. The same order again is the same trade. */
export function openKind(context: EscrowContext): CommandKind<OpenInput, EscrowAnswer> {
  const { set, party, purses, orders } = context
  return {
    name: 'escrow.open',
    need: ({ merchant, orderNumber, buyer }) => {
      party.needMerchant(merchant)
      party.needCustomer(buyer)
      purses.needWallet(buyer)
      orders.need(escrowOrderKey(merchant, orderNumber))
    },
    decide: (input) => {
      const { merchant, buyer } = input
      const shop = party.merchant(merchant)
      if (shop === undefined) return refuse('merchant_not_found')
      const customer = party.customer(buyer)
      if (customer === undefined) return refuse('customer_not_found')
      const key = escrowOrderKey(merchant, input.orderNumber)
      const present = orders.get(key)
      if (present !== undefined) {
        context.needEscrow(present)
        const before = context.escrow(present)
        const same =
          before?.trade.buyer === buyer &&
          before.trade.totalMinor === input.totalMinor &&
          before.trade.subject === input.subject
        return same ? ok({ escrow: escrowView(before), changed: false }) : refuse('order_inconsistent')
      }
      const opened = decideOpening(input, set.newId(slotOf(buyer)), actorOf(input.actor), set.batch.at)
      if (!opened.ok) return opened
      if (shop.status !== 'active') return refuse('merchant_blocked')
      if (customer.status !== 'active' || purses.wallet(buyer, 'payer') === undefined) return refuse('payer_blocked')
      const applied = context.apply(undefined, opened.value)
      if (!applied.ok) return applied
      orders.put(key, applied.value.trade.id)
      return ok({ escrow: escrowView(applied.value), changed: true })
    },
    form: ({ merchant, orderNumber, buyer, subject, totalMinor, expiresAt, actor }) =>
      canonicalJson({
        ...{ merchant, orderNumber, buyer, subject, currency: WALLET_CURRENCY, total: totalMinor.toString() },
        ...{ expiresAt, actor: { ...actor } },
      }),
    ...escrowAnswerCodec,
  }
}

/** `escrow.pay`: the buyer's money leaves the wallet and is held. */
export function payKind(context: EscrowContext): CommandKind<StepInput, EscrowAnswer> {
  return stepKind<StepInput>(context, {
    name: 'escrow.pay',
    decide: (escrow, actor, _, now) =>
      decidePay(escrow, actor, context.party.feeRateMillionths(escrow.trade.merchant), now),
    // As it was before there were choices, where there is none.
    form: ({ tenders }) => (tenders == null ? {} : { tenders: tenders.map(choiceText) }),
  })
}

/** `escrow.close`: the merchant gives up a trade that nobody paid. */
export function closeKind(context: EscrowContext): CommandKind<StepInput, EscrowAnswer> {
  return stepKind<StepInput>(context, {
    name: 'escrow.close',
    decide: (escrow, actor, _, now) => decideClose(escrow, actor, now),
    form: () => ({}),
  })
}

/** `escrow.cancel`: what is not shipped goes back to the buyer. */
export function cancelKind(context: EscrowContext): CommandKind<StepInput, EscrowAnswer> {
  return stepKind<StepInput>(context, {
    name: 'escrow.cancel',
    decide: (escrow, actor, _, now) => decideCancel(escrow, actor, now),
    form: () => ({}),
  })
}

/** `escrow.ship`: the merchant sent a part of the goods, or all that was left. */
export function shipKind(context: EscrowContext): CommandKind<ShipInput, EscrowAnswer> {
  return stepKind<ShipInput>(context, {
    name: 'escrow.ship',
    decide: decideShip,
    form: ({ carrier, trackingNumber, amountMinor }) => ({
      carrier,
      trackingNumber,
      amount: amountMinor?.toString() ?? null,
    }),
  })
}

/** `escrow.confirm`: the buyer has the goods, and the merchant gets the money. */
export function confirmKind(context: EscrowContext): CommandKind<ConfirmInput, EscrowAnswer> {
  return stepKind<ConfirmInput>(context, {
    name: 'escrow.confirm',
    decide: (escrow, actor, { shipment }, now) => decideConfirm(escrow, actor, shipment, now),
    form: ({ shipment }) => ({ shipment }),
  })
}

/** `escrow.extend`: the buyer takes more time to confirm a shipment. */
export function extendKind(context: EscrowContext): CommandKind<ShipmentInput, EscrowAnswer> {
  return stepKind<ShipmentInput>(context, {
    name: 'escrow.extend',
    decide: (escrow, actor, { shipment }, now) => decideExtend(escrow, actor, shipment, now),
    form: ({ shipment }) => ({ shipment }),
  })
}

/** `escrow.refund`: the merchant gives back a part of what a completed trade brought. */
export function refundKind(context: EscrowContext): CommandKind<RefundInput, EscrowAnswer> {
  return stepKind<RefundInput>(context, {
    name: 'escrow.refund',
    decide: (escrow, actor, { amountMinor }, now) => decideRefund(escrow, actor, amountMinor, now),
    form: ({ amountMinor }) => ({ amount: amountMinor.toString() }),
  })
}
