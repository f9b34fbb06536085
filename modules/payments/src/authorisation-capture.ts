import type { CommandKind } from '@huitong/committer'
import { canonicalJson, invariant, ok, slotOf } from '@huitong/kernel'
import {
  type AuthorisationReference,
  findAuthorisation,
  needAuthorisation,
  storeOperation,
} from './authorisation-commands.ts'
import { decideCapture, overRefusal } from './authorisation-decide.ts'
import type { PaymentContext } from './context.ts'
import { orderKey } from './order.ts'
import { decidePresentOrder } from './order-code-commands.ts'
import type { Settlement } from './settlement.ts'
import { orderTermsForm, type TradeAnswer, tradeAnswerCodec } from './trade-answer.ts'
import { nameTrade } from './trade-commands.ts'
import { beginTrade, decideAmount, type OrderTerms } from './trade-decide.ts'
import { refuse } from './trade-refusals.ts'
import { tradeView } from './views.ts'

export interface CaptureInput extends OrderTerms, AuthorisationReference {
  /** Gives the rest of the authorisation back. */
  readonly final: boolean
  /** How long the trade would wait, in µs; it is paid at once. */
  readonly life: number
}

/** `payments.capture`: a trade of the payer, made and paid out of the authorisation in one commit. */
export function captureKind(context: PaymentContext, settlement: Settlement): CommandKind<CaptureInput, TradeAnswer> {
  const { set, party, tables } = context
  return {
    name: 'payments.capture',
    need: (input) => {
      context.needPayment(input.merchant)
      tables.orders.need(orderKey(input.merchant, input.orderNumber))
      needAuthorisation(context, input)
    },
    decide: (input) => {
      const { merchant, orderNumber, totalMinor, final } = input
      const now = set.batch.at
      if (party.merchant(merchant) === undefined) return refuse('merchant_not_found')
      const before = findAuthorisation(context, input)
      if (before === undefined) return refuse('authorisation_not_found')
      const amount = decideAmount(totalMinor)
      if (!amount.ok) return amount
      // Before the authorisation's own state: a paid order that is sent again is told that it is paid.
      const present = decidePresentOrder(context, input)
      if (!present.ok) return present
      const over = overRefusal(before, now)
      if (over !== undefined) return over
      if (present.value !== null && tables.trades.get(present.value)?.buyer !== before.payer) {
        return refuse('trade_of_another_buyer')
      }
      const decided = decideCapture(before, totalMinor, final, now)
      if (!decided.ok) return decided
      const { payer } = before
      const begun =
        present.value === null
          ? beginTrade(set.newId(slotOf(payer)), payer, input, now + input.life, now)
          : ok(waitingTrade(present.value))
      if (!begun.ok) return begun
      if (present.value === null) tables.trades.add(begun.value.id, begun.value)
      const paid = settlement.pay(begun.value, { hold: before.hold, final })
      if (!paid.ok) return paid
      context.limits.passOn(before.id, paid.value.id, totalMinor)
      nameTrade(context, paid.value)
      const about = {
        requestNumber: orderNumber,
        kind: 'capture',
        amountMinor: totalMinor,
        trade: paid.value.id,
      } as const
      storeOperation(context, decided.value, about)
      return ok({ trade: tradeView(paid.value), changed: true })
    },
    form: ({ authorisation, authorisationNumber, final, life, ...terms }) =>
      canonicalJson({ ...orderTermsForm(terms), authorisation, authorisationNumber, final, life }),
    ...tradeAnswerCodec,
  }

  function waitingTrade(id: number) {
    const found = tables.trades.get(id)
    invariant(found !== undefined, 'an order names a trade that exists')
    return found
  }
}
