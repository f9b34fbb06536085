import type { Committer } from '@huitong/committer'
import { type Caller, PublicId } from '@huitong/contract'
import { badField, notFound, type OutcomeRefusal, outcomeToReply, type RefusalAnswer } from '@huitong/http'
import { type Chance, type Clock, CNY, invariant, parseAmount, parsePublicId, publicId } from '@huitong/kernel'
import { type AccountView, type Books, findAccount as findLedgerAccount, liveBalances } from '@huitong/ledger'
import { partyRefusalAnswer, type Vault } from '@huitong/party'
import type { InstitutionDatabase } from '@huitong/pg'
import Type, { type Static } from 'typebox'
import type { BankAccount } from './account.ts'
import type { AgreementAnswer } from './agreement-commands.ts'
import type { Bank } from './bank.ts'
import { findAccount } from './bank-read-store.ts'
import { BANK_REFUSALS, isBankRefusalCode } from './bank-refusals.ts'
import { ACCOUNT_ID, AGREEMENT_ID, CUSTOMER_ID } from './bank-views.ts'
import type { DemoPhones } from './demo-phones.ts'
import type { PhoneOutlet } from './phone-outlet.ts'
import type { PaymentAnswer } from './send-command.ts'

/** What this module's routes work with. */
export interface BankRouteParts {
  readonly db: InstitutionDatabase
  readonly committer: Committer
  readonly bank: Bank
  readonly books: Books
  readonly vault: Vault
  readonly chance: Chance
  readonly clock: Clock
  /** Of demo mode: faults can be ordered, and codes that were sent be seen. */
  readonly demo: DemoPhones | undefined
  /** Undefined where nobody has connected one; then no account can be bound. */
  readonly phones: PhoneOutlet | undefined
}

export const BANK_TAGS = ['Bank']
export const BANK_READ = { callers: ['staff'], scope: 'bank:read' } as const
export const BANK_WRITE = { callers: ['staff'], scope: 'bank:write' } as const
/** What moves money of others or lets it move: two members of staff. */
export const BANK_MOVE = { callers: ['staff'], scope: 'bank:operate', fourEyes: true } as const
export const OWN_READ = { callers: ['customer'], scope: 'bank:read' } as const
export const OWN_WRITE = { callers: ['customer'], scope: 'bank:write' } as const

export const ById = Type.Object({ id: Type.String({ maxLength: 40 }) })
export const ByReference = Type.Object({ reference: Type.String({ minLength: 1, maxLength: 200 }) })
export const NoBody = Type.Object({})

export const PaymentAnswerBody = Type.Object({
  reference: Type.String(),
  state: Type.String(),
  reason: Type.Union([Type.String(), Type.Null()]),
})

function paymentAnswer({ reference, state, reason }: PaymentAnswer) {
  return { reference, state, reason }
}

export function bankRefusal({ code, facts }: OutcomeRefusal): RefusalAnswer | undefined {
  if (!isBankRefusalCode(code)) return partyRefusalAnswer({ code, ...(facts === undefined ? {} : { facts }) })
  const { status, text } = BANK_REFUSALS[code]
  return { status, detail: text }
}

/** Fen of an amount of yuan that is more than nothing. */
export function readYuan(field: string, text: string, allowZero = false): bigint {
  const amount = parseAmount(text, CNY, { allowZero })
  if (!amount.ok) throw badField(field, amount.error, 'is not an amount of CNY')
  return amount.value
}

export function readId(prefix: string, text: string, noun: string): number {
  const id = parsePublicId(prefix, text)
  if (!id.ok) throw notFound(noun)
  return id.value
}

/** A customer's own id; a route that only customers may ask has one. */
export function customerOf({ customerId }: Caller): number {
  invariant(customerId !== undefined, 'a customer who calls has an id')
  return customerId
}

/** The account of an id; somebody else's looks like none. */
export async function accountOf(
  { db }: Pick<BankRouteParts, 'db'>,
  id: string,
  customer: number | null,
): Promise<BankAccount> {
  const account = readId(ACCOUNT_ID, id, 'account')
  const found = await db.read((tx) => findAccount(tx, account))
  if (found === undefined || (customer !== null && found.customer !== customer)) throw notFound('account')
  return found
}

/** What the ledger says of an account now. */
export async function ledgerViewOf(
  { db, committer, books }: Pick<BankRouteParts, 'db' | 'committer' | 'books'>,
  { account }: Pick<BankAccount, 'account'>,
): Promise<AccountView> {
  const view = await db.read((tx) => findLedgerAccount(tx, account, liveBalances(committer, books)))
  invariant(view !== undefined, 'a current account is one of the ledger')
  return view
}

export function readCustomer(text: string): number {
  return readId(CUSTOMER_ID, text, 'customer')
}

/** How the outcome of a command about a payment is told. */
export function paymentReply(
  outcome: Parameters<typeof outcomeToReply<PaymentAnswer, PaymentAnswer>>[0],
  status = 200,
) {
  return outcomeToReply(outcome, { status, done: paymentAnswer, refused: bankRefusal })
}

export const EndedBody = Type.Object({ id: PublicId(AGREEMENT_ID), state: Type.String() })

/** How the end of a debit agreement is told, whoever ended it. */
export function endedReply(outcome: Parameters<typeof outcomeToReply<AgreementAnswer, Static<typeof EndedBody>>>[0]) {
  const done = ({ id, state }: AgreementAnswer) => ({ id: publicId(AGREEMENT_ID, id), state })
  return outcomeToReply(outcome, { done, refused: bankRefusal })
}
