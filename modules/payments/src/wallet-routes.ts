import { AmountText, CurrencyText, PublicId, SignedAmountText } from '@huitong/contract'
import { badField, type HttpApp, notFound, outcomeToReply, reply } from '@huitong/http'
import { publicId } from '@huitong/kernel'
import {
  CUSTOMER_TIERS,
  FEE_RATE_MILLIONTHS_MAX,
  type FieldFault,
  NAME_LENGTH_MAX,
  readCustomerRegistration,
  readMerchantRegistration,
} from '@huitong/party'
import Type from 'typebox'
import { CUSTOMER_ID, MERCHANT_ID, WalletBody, walletBody } from './payment-bodies.ts'
import { AmountBody, type PaymentRouteParts, readAmount, readId, refusalAnswer } from './route-parts.ts'

const BY_CUSTOMER = Type.Object({ customer: Type.String({ maxLength: 40 }) })
const Name = Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX })

const NewCustomerBody = Type.Object(
  { id: PublicId(CUSTOMER_ID), userNumber: Type.String(), account: PublicId('acct') },
  { $id: 'NewCustomer' },
)

const NewMerchantBody = Type.Object(
  { id: PublicId(MERCHANT_ID), sellerNumber: Type.String(), account: PublicId('acct') },
  { $id: 'NewMerchant' },
)

const TopUpBody = Type.Object(
  {
    transfer: PublicId('tran'),
    currency: CurrencyText,
    amount: AmountText,
    available: SignedAmountText,
  },
  { $id: 'TopUp' },
)

/** Registering customers and merchants stands here and not in party, since their accounts are opened in the same commit. */
export function addWalletRoutes(http: HttpApp, parts: PaymentRouteParts): void {
  const { committer, payments, queries, vault, chance } = parts

  http.route({
    method: 'POST',
    url: '/v1/customers',
    access: { callers: ['staff'], scope: 'party:write' },
    summary: 'Register a customer and open the wallet',
    tags: ['Customers'],
    idempotent: true,
    schema: {
      body: Type.Object({
        displayName: Name,
        phone: Type.String({ maxLength: 32, examples: ['13812345678'] }),
        tier: Type.Optional(Type.Enum([...CUSTOMER_TIERS])),
      }),
      response: { 201: NewCustomerBody },
    },
    handler: async ({ caller, body, idempotencyKey }) => {
      const { displayName, phone, tier } = body
      const request = { displayName, phone, ...(tier === undefined ? {} : { tier }) }
      const registration = taken(readCustomerRegistration(request, vault, chance))
      const outcome = await committer.submit({
        kind: payments.openWallet,
        input: { registration },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, {
        status: 201,
        done: ({ customer, userNumber, account }) => ({
          id: publicId(CUSTOMER_ID, customer),
          userNumber,
          account: publicId('acct', account),
        }),
        refused: refusalAnswer,
      })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/merchants',
    access: { callers: ['staff'], scope: 'party:write' },
    summary: 'Register a merchant and open the account for its payments',
    tags: ['Merchants'],
    idempotent: true,
    schema: {
      body: Type.Object({
        name: Name,
        feeRateMillionths: Type.Integer({
          minimum: 0,
          maximum: FEE_RATE_MILLIONTHS_MAX,
          examples: [6000],
          description: 'Share of each payment that the institution keeps, in millionths: 6000 is 0.6 %',
        }),
      }),
      response: { 201: NewMerchantBody },
    },
    handler: async ({ caller, body, idempotencyKey }) => {
      const registration = taken(readMerchantRegistration(body, chance))
      const outcome = await committer.submit({
        kind: payments.onboardMerchant,
        input: { registration },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, {
        status: 201,
        done: ({ merchant, sellerNumber, account }) => ({
          id: publicId(MERCHANT_ID, merchant),
          sellerNumber,
          account: publicId('acct', account),
        }),
        refused: refusalAnswer,
      })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/wallets/:customer/top-ups',
    access: { callers: ['staff'], scope: 'demo:operate' },
    summary: 'Put money into a wallet, as if it had come from a bank',
    tags: ['Wallets'],
    idempotent: true,
    schema: { params: BY_CUSTOMER, body: Type.Object({ amount: AmountBody }), response: { 201: TopUpBody } },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const customer = readId(CUSTOMER_ID, params.customer, 'customer')
      const outcome = await committer.submit({
        kind: payments.topUp,
        input: { customer, amountMinor: readAmount(body.amount) },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, {
        status: 201,
        done: ({ transfer, currency, amount, available }) => ({
          transfer: publicId('tran', transfer),
          currency,
          amount,
          available,
        }),
        refused: refusalAnswer,
      })
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/wallets/:customer',
    access: { callers: ['customer', 'staff'], scope: 'payments:read' },
    summary: 'What a wallet holds: one’s own, or any for staff',
    tags: ['Wallets'],
    schema: { params: BY_CUSTOMER, response: { 200: WalletBody } },
    handler: async ({ caller, params }) => {
      const customer = readId(CUSTOMER_ID, params.customer, 'wallet')
      if (caller.kind === 'customer' && caller.customerId !== customer) return notFound('wallet')
      const wallet = await queries.wallet(customer)
      return wallet === undefined ? notFound('wallet') : reply(walletBody(wallet))
    },
  })
}

function taken<T>(
  read: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: FieldFault },
): T {
  if (read.ok) return read.value
  throw badField(read.error.field, read.error.rule, read.error.message)
}
