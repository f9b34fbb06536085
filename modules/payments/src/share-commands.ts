import type { CommandKind } from '@huitong/committer'
import { canonicalJson, formatAmount, invariant, ok, type Result } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { answerCodec } from './answer-codec.ts'
import type { PaymentContext, TradeReference } from './context.ts'
import { decideShareOut, withReturn } from './deferral-decide.ts'
import { receiverKey, type Share } from './share.ts'
import { decideShareReturn, decideSharing, type SharingRequest } from './share-decide.ts'
import type { Trade } from './trade.ts'
import { type PaymentRefusal, refuse } from './trade-refusals.ts'
import { TradeView, tradeView } from './views.ts'

export interface BindInput {
  readonly merchant: number
  readonly receivers: readonly { readonly customer: number; readonly memo: string | null }[]
  readonly bound: boolean
}

export const BindAnswer = Type.Object({ receivers: Type.Integer(), changed: Type.Integer() })
export type BindAnswer = Static<typeof BindAnswer>

export interface ShareInput extends TradeReference, SharingRequest {}

export const ShareAnswer = Type.Object({ trade: TradeView, shared: Type.String(), changed: Type.Boolean() })
export type ShareAnswer = Static<typeof ShareAnswer>

/** `payments.bind-receivers`: a merchant says whom it may pass parts of its payments on to, or no more. Said again, it stays so. */
export function bindReceiversKind(context: PaymentContext): CommandKind<BindInput, BindAnswer> {
  const { set, party, tables, purses } = context
  return {
    name: 'payments.bind-receivers',
    need: ({ merchant, receivers }) => {
      party.needMerchant(merchant)
      for (const { customer } of receivers) {
        party.needCustomer(customer)
        purses.needWallet(customer)
        tables.shareReceivers.need(receiverKey(merchant, customer))
      }
    },
    decide: ({ merchant, receivers, bound }) => {
      if (party.merchant(merchant) === undefined) return refuse('merchant_not_found')
      let changed = 0
      for (const { customer, memo } of receivers) {
        if (party.customer(customer) === undefined || purses.wallet(customer, 'payee') === undefined) {
          return refuse('payee_not_found')
        }
        const key = receiverKey(merchant, customer)
        const before = tables.shareReceivers.get(key)
        if (before?.bound === bound || (before === undefined && !bound)) continue
        tables.shareReceivers.put(key, { merchant, customer, memo, bound, changedAt: set.batch.at })
        changed += 1
      }
      return ok({ receivers: receivers.length, changed })
    },
    form: ({ merchant, receivers, bound }) => canonicalJson({ merchant, receivers, bound }),
    ...answerCodec(BindAnswer),
  }
}

/** `payments.share`: passes parts of a payment on to bound receivers, all of one request or none. */
export function shareKind(context: PaymentContext): CommandKind<ShareInput, ShareAnswer> {
  const { set, party, tables, purses } = context
  return {
    name: 'payments.share',
    need: (input) => {
      context.needTrade(input)
      context.sharing.need(input.merchant)
      party.needMerchant(input.merchant)
      purses.needMerchantAccount(input.merchant)
      for (const { customer } of input.wishes) {
        party.needCustomer(customer)
        purses.needWallet(customer)
        tables.shareReceivers.need(receiverKey(input.merchant, customer))
      }
    },
    decide: (input) => {
      const trade = context.trade(input)
      if (trade === undefined) return refuse('trade_not_found')
      const present = tables.shares.get(trade.id) ?? []
      const deferral = context.deferrals.open(trade)
      const maxBps = context.sharing.maxBps(trade.merchant)
      const confirmed = deferral?.state !== 'awaiting_confirmation'
      const decided = decideSharing(trade, present, input, set.batch.at, { maxBps, confirmed })
      if (!decided.ok) return decided
      const { made, isNew } = decided.value
      const shared = formatAmount(sumMinor(made), trade.currency)
      if (!isNew) return ok({ trade: tradeView(trade), shared, changed: false })
      const account = purses.merchantAccount(trade.merchant)
      if (account === undefined || party.merchant(trade.merchant)?.status !== 'active')
        return refuse('merchant_blocked')
      const from = deferral === undefined ? account : purses.unsettled(trade.merchant)
      const out = deferral && decideShareOut(deferral, sumMinor(made), input.endsSharing, set.batch.at)
      if (out?.ok === false) return out
      for (const { customer, amountMinor } of made) {
        if (tables.shareReceivers.get(receiverKey(trade.merchant, customer))?.bound !== true) {
          return refuse('receiver_not_bound')
        }
        const to = purses.wallet(customer, 'payee')
        if (to === undefined || party.customer(customer)?.status !== 'active') return refuse('payee_blocked')
        const moved = purses.move({ from, to, amountMinor, code: 'profit_share', reference: trade.id })
        if (!moved.ok) return moved
      }
      const settled =
        out === undefined ? ok(null) : context.deferrals.settle(out.value.deferral, out.value.settledMinor)
      if (!settled.ok) return settled
      tables.shares.put(trade.id, [...present, ...made])
      return ok({ trade: tradeView(trade), shared, changed: true })
    },
    form: ({ merchant, trade, orderNumber, requestNumber, wishes, endsSharing }) =>
      canonicalJson({
        ...{ merchant, trade, orderNumber, requestNumber, endsSharing },
        wishes: wishes.map((wish) => ({ ...wish, amountMinor: wish.amountMinor.toString() })),
      }),
    ...answerCodec(ShareAnswer),
  }
}

function sumMinor(made: readonly Share[]): bigint {
  return made.reduce((sum, share) => sum + share.amountMinor, 0n)
}

export interface ShareReturn {
  readonly customer: number
  readonly amountMinor: bigint
}

/** Takes shares back to the merchant before a refund. What a receiver has spent meanwhile cannot be taken, and nothing is refunded then. */
export function returnShares(
  { tables, purses, deferrals }: PaymentContext,
  trade: Trade,
  returns: readonly ShareReturn[],
): Result<null, PaymentRefusal> {
  if (returns.length === 0) return ok(null)
  for (const { customer } of returns) purses.needWallet(customer)
  let shares = tables.shares.get(trade.id) ?? []
  const account = purses.merchantAccount(trade.merchant)
  invariant(account !== undefined, 'a merchant that was paid has an account')
  let deferral = deferrals.open(trade)
  const to = deferral === undefined ? account : purses.unsettled(trade.merchant)
  for (const { customer, amountMinor } of returns) {
    const decided = decideShareReturn(shares, customer, amountMinor)
    if (!decided.ok) return decided
    shares = decided.value
    const from = purses.wallet(customer, 'payer')
    if (from === undefined) return refuse('payer_blocked')
    const moved = purses.move({ from, to, amountMinor, code: 'share_return', reference: trade.id })
    if (!moved.ok) return moved
    deferral &&= withReturn(deferral, amountMinor)
  }
  tables.shares.put(trade.id, shares)
  return deferral === undefined ? ok(null) : deferrals.settle(deferral, 0n)
}
