import { AmountText, PublicId, SignedAmountText, Timestamp } from '@huitong/contract'
import { CNY, formatAmount, type Micros, microsToIso, publicId } from '@huitong/kernel'
import { type AccountView, availableMinor, normalBalance } from '@huitong/ledger'
import Type from 'typebox'
import { type BankAccount, spentToday } from './account.ts'
import { AGREEMENT_STATES, type Agreement } from './agreement.ts'
import type { PaymentView } from './bank-read-store.ts'
import { CANCELLATIONS, MODES, PAYMENT_KINDS, PAYMENT_STATES, WAYS } from './payment.ts'

/** How the bank's objects look from outside: amounts in yuan as text, times in UTC. */

export const ACCOUNT_ID = 'acct'
export const CUSTOMER_ID = 'cust'
export const AGREEMENT_ID = 'dagr'

/** A number in China's clearing system, or a BIC. */
export const Member = Type.String({ pattern: '^(\\d{12}|[A-Z0-9]{8}|[A-Z0-9]{11})$', examples: ['990200000028'] })
export const AccountNumber = Type.String({ pattern: '^\\d{16,19}$' })
const NullableText = Type.Union([Type.String(), Type.Null()])
const NullableTime = Type.Union([Timestamp, Type.Null()])

export const AccountBody = Type.Object(
  {
    id: PublicId(ACCOUNT_ID),
    number: AccountNumber,
    customer: PublicId(CUSTOMER_ID),
    state: Type.Enum(['open', 'frozen', 'dormant', 'closed']),
    balance: SignedAmountText,
    available: SignedAmountText,
    singleMax: AmountText,
    dayMax: AmountText,
    spentToday: AmountText,
    openedAt: Timestamp,
  },
  { $id: 'BankAccount' },
)

export function accountBody(of: BankAccount, { account, balance }: AccountView, day: string) {
  return {
    ...{ id: publicId(ACCOUNT_ID, of.account), number: of.number, customer: publicId(CUSTOMER_ID, of.customer) },
    ...{ state: account.state, balance: yuan(normalBalance(account, balance)) },
    ...{ available: yuan(availableMinor(account, balance)), singleMax: yuan(of.singleMaxMinor) },
    ...{ dayMax: yuan(of.dayMaxMinor), spentToday: yuan(spentToday(of, day)), openedAt: microsToIso(of.openedAt) },
  }
}

export const PaymentBody = Type.Object(
  {
    reference: Type.String(),
    uetr: Type.String(),
    kind: Type.Enum([...PAYMENT_KINDS]),
    way: Type.Enum([...WAYS]),
    original: NullableText,
    account: Type.Union([PublicId(ACCOUNT_ID), Type.Null()]),
    peerBank: Member,
    peerAccount: NullableText,
    peerName: NullableText,
    amount: AmountText,
    returned: AmountText,
    mode: Type.Enum([...MODES]),
    state: Type.Enum([...PAYMENT_STATES], {
      description: 'unknown: the clearing house has not said how it stands, and is asked until it does',
    }),
    reason: NullableText,
    remittance: NullableText,
    cancellation: Type.Union([Type.Enum([...CANCELLATIONS]), Type.Null()]),
    contradicted: Type.Boolean({ description: 'The clearing house said two things that cannot both be' }),
    inSuspense: Type.Boolean(),
    agreement: Type.Union([PublicId(AGREEMENT_ID), Type.Null()]),
    madeAt: Timestamp,
    dueAt: Timestamp,
    endedAt: NullableTime,
  },
  { $id: 'BankPayment' },
)

export function paymentBody({ payment, account }: PaymentView) {
  const { reference, uetr, kind, way, original, peerBank, peerAccount, peerName, mode, state, reason } = payment
  const { remittance, cancellation, contradicted, inSuspense, agreement } = payment
  return {
    ...{ reference, uetr, kind, way, original, account: account === null ? null : publicId(ACCOUNT_ID, account) },
    ...{ peerBank, peerAccount, peerName, amount: yuan(payment.amountMinor), returned: yuan(payment.returnedMinor) },
    ...{ mode, state, reason, remittance, cancellation, contradicted, inSuspense },
    agreement: agreement === null ? null : publicId(AGREEMENT_ID, agreement),
    ...{ madeAt: microsToIso(payment.madeAt), dueAt: microsToIso(payment.dueAt), endedAt: timeOf(payment.endedAt) },
  }
}

export const AgreementBody = Type.Object(
  {
    id: PublicId(AGREEMENT_ID),
    account: PublicId(ACCOUNT_ID),
    platform: Member,
    state: Type.Enum([...AGREEMENT_STATES]),
    singleMax: AmountText,
    dayMax: AmountText,
    spentToday: AmountText,
    madeAt: Timestamp,
    endedAt: NullableTime,
  },
  { $id: 'BankAgreement' },
)

export function agreementBody(of: Agreement & { readonly ledgerAccount: number }, day: string) {
  return {
    ...{ id: publicId(AGREEMENT_ID, of.id), account: publicId(ACCOUNT_ID, of.ledgerAccount), platform: of.platform },
    ...{ state: of.state, singleMax: yuan(of.singleMaxMinor), dayMax: yuan(of.dayMaxMinor) },
    ...{ spentToday: yuan(spentToday(of, day)), madeAt: microsToIso(of.madeAt), endedAt: timeOf(of.endedAt) },
  }
}

export function yuan(minor: bigint): string {
  return formatAmount(minor, CNY)
}

function timeOf(at: Micros | null): string | null {
  return at === null ? null : microsToIso(at)
}
