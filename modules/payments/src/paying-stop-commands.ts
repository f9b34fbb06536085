import type { CommandKind } from '@huitong/committer'
import { canonicalJson, ok } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { answerCodec } from './answer-codec.ts'
import type { PaymentContext } from './context.ts'
import { refuse } from './trade-refusals.ts'

const StopAnswer = Type.Object({ stopped: Type.Boolean() })
type StopAnswer = Static<typeof StopAnswer>

/**
 * `payments.stop-paying`: somebody else may hold what the customer pays with. The codes that were shown are used up and the wallet lets
 * nothing out, by a freeze of the ledger, so that no way of paying is forgotten. Money still comes in.
 */
export function stopPayingKind({
  set,
  party,
  purses,
  tables,
}: PaymentContext): CommandKind<{ readonly customer: number; readonly reference: string }, StopAnswer> {
  return {
    name: 'payments.stop-paying',
    need: ({ customer }) => {
      party.needCodesOf(customer)
      purses.needWallet(customer)
      tables.payingStops.need(customer)
    },
    decide: ({ customer, reference }) => {
      const wallet = purses.wallet(customer, 'payer')
      if (wallet === undefined) return refuse('customer_not_found')
      party.revokePaymentCodes(customer)
      const before = tables.payingStops.get(customer)
      if (before !== undefined && before.freeze !== null && purses.isStopped(before.freeze))
        return ok({ stopped: true })
      const freeze = purses.stop(wallet, reference)
      tables.payingStops.put(customer, { customer, freeze, reference, changedAt: set.batch.at })
      return ok({ stopped: freeze !== null })
    },
    form: ({ customer, reference }) => canonicalJson({ customer, reference }),
    ...answerCodec(StopAnswer),
  }
}

/** `payments.allow-paying`: lifts what `payments.stop-paying` placed, and no other freeze. */
export function allowPayingKind({
  set,
  purses,
  tables,
}: PaymentContext): CommandKind<{ readonly customer: number }, StopAnswer> {
  return {
    name: 'payments.allow-paying',
    need: ({ customer }) => tables.payingStops.need(customer),
    decide: ({ customer }) => {
      const before = tables.payingStops.get(customer)
      if (before === undefined || before.freeze === null) return ok({ stopped: false })
      purses.allow(before.freeze)
      tables.payingStops.put(customer, { ...before, freeze: null, changedAt: set.batch.at })
      return ok({ stopped: false })
    },
    form: ({ customer }) => canonicalJson({ customer }),
    ...answerCodec(StopAnswer),
  }
}
