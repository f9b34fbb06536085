import type { CommandKind } from '@huitong/committer'
import { answerCodec } from '@huitong/contract'
import { CNY, canonicalJson, ok } from '@huitong/kernel'
import { refuse } from './bank-refusals.ts'
import type { BankContext } from './context.ts'
import { giveBack } from './give-back.ts'
import { originalOf } from './messages.ts'
import { resolve, returnAll } from './receive-cancellation.ts'
import { answerOf, PaymentAnswer } from './send-command.ts'

export interface GiveBackInput {
  readonly uetr: string
  readonly kind: 'return' | 'reversal'
  readonly amountMinor: bigint
  /** ExternalReturnReason1Code or ExternalReversalReason1Code. */
  readonly reason: string
}

/** `bank.give-back`: returns what came (pacs.004), or takes back what went by our mistake (pacs.007). */
export function giveBackKind(context: BankContext): CommandKind<GiveBackInput, PaymentAnswer> {
  const { payments } = context
  return {
    name: 'bank.give-back',
    need: ({ uetr }) => payments.need(uetr),
    decide: ({ uetr, kind, amountMinor, reason }) => {
      const transfer = payments.get(uetr)
      if (transfer === undefined) return refuse('payment_not_found')
      const given = giveBack(context, { kind, transfer, amountMinor, reason })
      return given.ok ? ok(answerOf(given.value)) : given
    },
    form: ({ uetr, kind, amountMinor, reason }) =>
      canonicalJson({ uetr, kind, amount: amountMinor.toString(), reason }),
    ...answerCodec(PaymentAnswer),
  }
}

export interface AskBackInput {
  readonly uetr: string
  /** ExternalCancellationReason1Code. */
  readonly reason: string
}

/** `bank.ask-back`: asks the other bank for the money of a settled transfer (camt.056). */
export function askBackKind(context: BankContext): CommandKind<AskBackInput, PaymentAnswer> {
  const { payments } = context
  return {
    name: 'bank.ask-back',
    need: ({ uetr }) => payments.need(uetr),
    decide: ({ uetr, reason }) => {
      const transfer = payments.get(uetr)
      if (transfer === undefined) return refuse('payment_not_found')
      if (transfer.way !== 'out' || transfer.state !== 'settled') return refuse('not_a_settled_transfer')
      if (transfer.cancellation !== null && transfer.cancellation !== 'refused') return refuse('cancellation_open')
      payments.put(uetr, { ...transfer, cancellation: 'asked' })
      const identity = context.identity()
      context.tell({
        kind: 'cancellation_request',
        value: {
          ...identity,
          cancellations: [
            {
              ...{ ...originalOf(transfer), cancellationId: `${identity.messageId}-C`, reason },
              originalAmount: { minor: transfer.amountMinor, currency: CNY },
            },
          ],
        },
      })
      return ok(answerOf(transfer))
    },
    form: ({ uetr, reason }) => canonicalJson({ uetr, reason }),
    ...answerCodec(PaymentAnswer),
  }
}

export interface AnswerCancellationInput {
  readonly uetr: string
  /** Null: yes, and the money goes back. Else ExternalPaymentCancellationRejection1Code. */
  readonly refusal: string | null
}

/** `bank.answer-cancellation`: what staff decided about a request of another bank. */
export function answerCancellationKind(context: BankContext): CommandKind<AnswerCancellationInput, PaymentAnswer> {
  const { payments } = context
  return {
    name: 'bank.answer-cancellation',
    need: ({ uetr }) => payments.need(uetr),
    decide: ({ uetr, refusal }) => {
      const payment = payments.get(uetr)
      if (payment === undefined) return refuse('payment_not_found')
      if (payment.way !== 'in' || payment.cancellation !== 'pending') return refuse('cancellation_not_asked')
      if (refusal !== null) {
        resolve(context, payment, 'refused', refusal)
        return ok(answerOf(payment))
      }
      return returnAll(context, payment) ? ok(answerOf(payment)) : refuse('account_without_funds')
    },
    form: ({ uetr, refusal }) => canonicalJson({ uetr, refusal }),
    ...answerCodec(PaymentAnswer),
  }
}
