import type { CommandKind } from '@huitong/committer'
import { canonicalJson, ok, type Result, slotOf } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { answerCodec } from './answer-codec.ts'
import type { PaymentContext } from './context.ts'
import { TILL_TRADE_LIFE } from './limits.ts'
import { maskedName } from './masked-name.ts'
import { orderKey } from './order.ts'
import { type PayerInput, payerProof } from './payer-proof.ts'
import { RiskCheckView, riskCheckView } from './risk-check-views.ts'
import type { Settlement } from './settlement.ts'
import type { StaticCode } from './static-code.ts'
import { beginTrade, decideAmount } from './trade-decide.ts'
import { type PaymentRefusal, refuse } from './trade-refusals.ts'
import { TradeView, TransferView, tradeView, transferView } from './views.ts'
import { makeFollowingTransfer, needFollowingTransfer } from './wallet-transfer-make.ts'

export interface PayStaticCodeInput extends PayerInput {
  readonly reference: string
  readonly customer: number
  /** Entered by the payer. */
  readonly amountMinor: bigint
  /** The name that the payer was shown and confirmed. */
  readonly payeeName: string
}

export const PayStaticCodeAnswer = Type.Object({
  /** Set when it is a merchant's; its state says whether it is paid. */
  trade: Type.Union([TradeView, Type.Null()]),
  /** Set when a person was paid. */
  transfer: Type.Union([TransferView, Type.Null()]),
  /** Set when a person will be paid once the payer has proved more, or staff have looked at it. */
  check: Type.Union([RiskCheckView, Type.Null()]),
})
export type PayStaticCodeAnswer = Static<typeof PayStaticCodeAnswer>

/**
 * `payments.pay-static-code`: a purchase from the merchant whose code it is, or a transfer to the person, in one commit. The caller's
 * idempotency key makes a repeat harmless; without one every command is a payment of its own.
 */
export function payStaticCodeKind(
  context: PaymentContext,
  settlement: Settlement,
): CommandKind<PayStaticCodeInput, PayStaticCodeAnswer> {
  const { set, party, purses, tables } = context

  function payMerchant(code: StaticCode, input: PayStaticCodeInput): Result<PayStaticCodeAnswer, PaymentRefusal> {
    const merchant = code.owner.id
    const now = set.batch.at
    const id = set.newId(slotOf(input.customer))
    // No order number of a merchant's own is this one: the id in it is new.
    const orderNumber = `S${code.reference}_${id}`
    const subject = code.label === '' ? 'Payment by static code' : code.label
    const terms = { merchant, orderNumber, subject, details: {}, totalMinor: input.amountMinor }
    const begun = beginTrade(id, input.customer, terms, now + TILL_TRADE_LIFE, now)
    if (!begun.ok) return begun
    tables.trades.add(id, begun.value)
    const proof = payerProof('static_code', input)
    const paid = settlement.pay(begun.value, { proof, tenders: null, explains: true })
    if (!paid.ok) return paid
    tables.orders.add(orderKey(merchant, orderNumber), {
      ...{ merchant, orderNumber, trade: id },
      codeHash: null,
      revoked: false,
    })
    return ok({ trade: tradeView(paid.value), transfer: null, check: null })
  }

  function payPerson(code: StaticCode, input: PayStaticCodeInput): Result<PayStaticCodeAnswer, PaymentRefusal> {
    const made = makeFollowingTransfer(context, {
      ...{ payer: input.customer, payee: code.owner.id, amountMinor: input.amountMinor },
      ...{
        title: code.label === '' ? null : code.label,
        remark: null,
        cause: 'code',
        proof: payerProof('static_code', input),
      },
    })
    if (!made.ok) return made
    const { transfer, check } = made.value
    return transfer === null
      ? ok({ trade: null, transfer: null, check: riskCheckView(check) })
      : ok({ trade: null, transfer: transferView(transfer), check: null })
  }

  function registeredName({ owner }: StaticCode): string | undefined {
    if (owner.kind === 'merchant') return party.merchant(owner.id)?.name
    const person = party.customer(owner.id)
    return person === undefined ? undefined : maskedName(person.displayName)
  }

  return {
    name: 'payments.pay-static-code',
    need: ({ reference, customer }) => {
      tables.staticCodes.need(reference)
      context.outlays.need(customer)
      purses.needWallet(customer)
    },
    decide: (input) => {
      const { reference, customer, amountMinor, payeeName } = input
      if (party.customer(customer) === undefined) return refuse('customer_not_found')
      const code = tables.staticCodes.get(reference)
      if (code === undefined || code.state !== 'active') return refuse('static_code_invalid')
      // Announced together, so that what is missing is loaded at once.
      if (code.owner.kind === 'merchant') context.needPayment(code.owner.id)
      else needFollowingTransfer(context, customer, code.owner.id)
      const amount = decideAmount(amountMinor)
      if (!amount.ok) return amount
      if (code.owner.kind === 'customer' && code.owner.id === customer) return refuse('payer_is_payee')
      if (registeredName(code) !== payeeName) return refuse('payee_name_not_confirmed')
      return code.owner.kind === 'merchant' ? payMerchant(code, input) : payPerson(code, input)
    },
    form: ({ reference, customer, amountMinor, payeeName }) =>
      canonicalJson({ reference, customer, amount: amountMinor.toString(), payeeName }),
    ...answerCodec(PayStaticCodeAnswer),
  }
}
