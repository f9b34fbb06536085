import type { Committer } from '@huitong/committer'
import { AmountText, type Caller, CurrencyText } from '@huitong/contract'
import { badField, notFound, type OutcomeRefusal, type RefusalAnswer } from '@huitong/http'
import { type AmountFault, type Chance, type Clock, formatAmount, parseAmount, parsePublicId } from '@huitong/kernel'
import { partyRefusalAnswer, type Vault } from '@huitong/party'
import type { InstitutionDatabase } from '@huitong/pg'
import Type, { type Static } from 'typebox'
import type { CustomerSearch } from './alipay-people.ts'
import type { CodeQueries } from './code-queries.ts'
import type { CodeIssuer } from './issued-code.ts'
import { PAYMENT_MINOR_MAX, WALLET_CURRENCY } from './limits.ts'
import type { PartnerClient } from './partner-client.ts'
import type { Payments } from './payments.ts'
import type { PaymentQueries } from './payments-queries.ts'
import { TENDER_NAMES } from './tender.ts'
import type { TenderQueries } from './tender-queries.ts'
import { isPaymentRefusalCode, PAYMENT_REFUSALS, type PaymentRefusalCode } from './trade-refusals.ts'
import type { Payer } from './wallet-transfer.ts'

/** What this module's routes work with. */
export interface PaymentRouteParts {
  readonly committer: Pick<Committer, 'submit'>
  readonly payments: Payments
  readonly queries: PaymentQueries
  readonly tenders: TenderQueries
  readonly vault: Vault
  /** The operating system's: tokens and customer slots are drawn from it. */
  readonly chance: Chance
  /** Finds the payee of a transfer by what payers call him. */
  readonly search: CustomerSearch
  /** The address that a buyer's wallet opens for the token of an order code. */
  readonly orderCodeUrl: (token: string) => string
  /** The address of the page on which a static code is paid. */
  readonly staticCodeUrl: (reference: string) => string
  /** Under which names this institution's codes go. */
  readonly issuer: CodeIssuer
  readonly codes: CodeQueries
  readonly partners: PartnerClient
  readonly db: InstitutionDatabase
  readonly clock: Clock
}

/** An amount in a request: `{ "currency": "CNY", "value": "88.88" }`. */
export const AmountBody = Type.Object({ currency: CurrencyText, value: AmountText }, { $id: 'Amount' })

/** A number of a merchant's or payer's own. It has no character that could be mistaken for one of ours. */
export const OwnNumber = Type.String({ pattern: '^[0-9A-Za-z_-]{1,64}$', examples: ['20261122-0001'] })

const AMOUNT_WORDS: Readonly<Record<AmountFault, string>> = {
  not_a_number: 'is not a decimal number',
  exponent_form: 'must not have an exponent',
  negative: 'must not be negative',
  too_many_decimals: 'has more decimals than the currency',
  zero: 'must be more than zero',
  too_large: `must not be more than ${formatAmount(PAYMENT_MINOR_MAX, WALLET_CURRENCY)}`,
}

/** Minor units of an amount in a request. Throws the problem answer when it is none that can be paid. */
export function readAmount(
  body: Static<typeof AmountBody>,
  field = 'amount',
  options: { readonly allowZero?: boolean } = {},
): bigint {
  if (body.currency !== WALLET_CURRENCY) {
    throw badField(`${field}.currency`, 'currency_not_supported', `must be ${WALLET_CURRENCY}`)
  }
  const amount = parseAmount(body.value, WALLET_CURRENCY, { ...options, maxMinor: PAYMENT_MINOR_MAX })
  if (!amount.ok) throw badField(`${field}.value`, amount.error, AMOUNT_WORDS[amount.error])
  return amount.value
}

/** The id in an address. A malformed one names nothing, so the answer is that of an unknown one. */
export function readId(prefix: string, text: string, noun: string): number {
  const id = parsePublicId(prefix, text)
  if (!id.ok) throw notFound(noun)
  return id.value
}

/** The merchant on whose behalf an application calls. Routes that ask admit merchants only. */
export function merchantOf(caller: Caller): number {
  if (caller.merchantId === undefined) throw notFound('merchant')
  return caller.merchantId
}

/** The customer who calls. Routes that ask admit customers only. */
export function customerOf(caller: Caller): number {
  if (caller.customerId === undefined) throw notFound('customer')
  return caller.customerId
}

/** The caller as somebody who pays or is paid: a customer, or the merchant of an application. */
export function payerOf(caller: Caller): Payer {
  return caller.kind === 'merchant'
    ? { kind: 'merchant', id: merchantOf(caller) }
    : { kind: 'customer', id: customerOf(caller) }
}

/** The field of the native request that a refusal is about, where there is one. */
const REFUSED_FIELDS: Partial<Readonly<Record<PaymentRefusalCode, string>>> = {
  amount_out_of_range: 'amount.value',
  expiry_in_past: 'expiresAt',
  order_inconsistent: 'orderNumber',
  payment_code_invalid: 'paymentCode',
  payee_name_not_confirmed: 'payeeName',
  payee_not_found: 'payee',
  payer_is_payee: 'payee',
  refund_exceeds_rest: 'amount.value',
  refund_inconsistent: 'refundNumber',
  refund_number_missing: 'refundNumber',
  tenders_do_not_fit: 'order',
  transfer_inconsistent: 'transferNumber',
}

/** How refusals of payments, and of party in commands that register, are told over HTTP. */
export function refusalAnswer(refusal: OutcomeRefusal): RefusalAnswer | undefined {
  if (!isPaymentRefusalCode(refusal.code)) return partyRefusalAnswer(refusal)
  const { status, text } = PAYMENT_REFUSALS[refusal.code]
  const field = REFUSED_FIELDS[refusal.code]
  return { status, detail: text, ...(field === undefined ? {} : { field }), errors: tenderErrors(refusal) }
}

/** Why each tender gives nothing, where the refusal says it. */
export function tenderErrors({ facts = {} }: OutcomeRefusal): NonNullable<RefusalAnswer['errors']> {
  return TENDER_NAMES.flatMap((tender) => {
    const reason = facts[tender]
    if (reason === undefined) return []
    return [{ field: `tenders.${tender}`, rule: reason, message: `gives nothing: ${reason.replaceAll('_', ' ')}` }]
  })
}
