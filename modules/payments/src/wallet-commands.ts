import type { CommandKind } from '@huitong/committer'
import { canonicalJson, formatAmount, ok } from '@huitong/kernel'
import {
  type CustomerRegistration,
  type MerchantRegistration,
  merchantRegistrationForm,
  registrationForm,
} from '@huitong/party'
import Type, { type Static } from 'typebox'
import { answerCodec } from './answer-codec.ts'
import type { PaymentContext } from './context.ts'
import { WALLET_CURRENCY } from './limits.ts'
import { decideAmount } from './trade-decide.ts'
import { refuse } from './trade-refusals.ts'

export const WalletAnswer = Type.Object({
  customer: Type.Integer(),
  userNumber: Type.String(),
  account: Type.Integer(),
})
export type WalletAnswer = Static<typeof WalletAnswer>

export const MerchantAnswer = Type.Object({
  merchant: Type.Integer(),
  sellerNumber: Type.String(),
  account: Type.Integer(),
})
export type MerchantAnswer = Static<typeof MerchantAnswer>

export interface TopUpInput {
  readonly customer: number
  readonly amountMinor: bigint
}

export const TopUpAnswer = Type.Object({
  customer: Type.Integer(),
  /** Id of the ledger's transfer. */
  transfer: Type.Integer(),
  currency: Type.String(),
  amount: Type.String(),
  /** What the wallet can pay now. */
  available: Type.String(),
})
export type TopUpAnswer = Static<typeof TopUpAnswer>

/** `payments.open-wallet`: a customer and the wallet come into being together. Refuses as party's registration does. */
export function openWalletKind({
  party,
  purses,
}: PaymentContext): CommandKind<{ readonly registration: CustomerRegistration }, WalletAnswer> {
  return {
    name: 'payments.open-wallet',
    need: ({ registration }) => party.needRegistration(registration),
    decide: ({ registration }) => {
      const customer = party.registerCustomer(registration)
      if (!customer.ok) return customer
      const { id, userNumber } = customer.value
      return ok({ customer: id, userNumber, account: purses.openWallet(id) })
    },
    form: ({ registration }) => canonicalJson(registrationForm(registration)),
    ...answerCodec(WalletAnswer),
  }
}

/** `payments.onboard-merchant`: a merchant and the account that payments to it are kept on. */
export function onboardMerchantKind({
  party,
  purses,
}: PaymentContext): CommandKind<{ readonly registration: MerchantRegistration }, MerchantAnswer> {
  return {
    name: 'payments.onboard-merchant',
    need: ({ registration }) => party.needMerchantRegistration(registration),
    decide: ({ registration }) => {
      const merchant = party.registerMerchant(registration)
      if (!merchant.ok) return merchant
      const { id, sellerNumber } = merchant.value
      return ok({ merchant: id, sellerNumber, account: purses.openMerchantAccount(id) })
    },
    form: ({ registration }) => canonicalJson(merchantRegistrationForm(registration)),
    ...answerCodec(MerchantAnswer),
  }
}

/** `payments.top-up`: money reaches the reserve at a bank and the customer's wallet in one transfer. For staff and the demo. */
export function topUpKind({ party, purses }: PaymentContext): CommandKind<TopUpInput, TopUpAnswer> {
  return {
    name: 'payments.top-up',
    need: ({ customer }) => {
      party.needCustomer(customer)
      purses.needWallet(customer)
      purses.needHouse('reserve')
    },
    decide: ({ customer, amountMinor }) => {
      const wallet = purses.wallet(customer, 'payee')
      if (wallet === undefined) return refuse('customer_not_found')
      const amount = decideAmount(amountMinor)
      if (!amount.ok) return amount
      if (party.customer(customer)?.status !== 'active') return refuse('payee_blocked')
      const reserve = purses.house('reserve')
      const moved = purses.move({ from: reserve, to: wallet, amountMinor, code: 'top_up', reference: null })
      if (!moved.ok) return moved
      return ok({
        customer,
        transfer: moved.value,
        currency: WALLET_CURRENCY,
        amount: formatAmount(amountMinor, WALLET_CURRENCY),
        available: formatAmount(purses.availableMinor(wallet), WALLET_CURRENCY),
      })
    },
    form: ({ customer, amountMinor }) => canonicalJson({ customer, amount: amountMinor.toString() }),
    ...answerCodec(TopUpAnswer),
  }
}
