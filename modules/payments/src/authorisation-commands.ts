import type { CommandKind } from '@huitong/committer'
import { canonicalJson, invariant, ok, type Result, slotOf } from '@huitong/kernel'
import { answerCodec } from './answer-codec.ts'
import {
  type Authorisation,
  type AuthorisationOperation,
  CANCEL_OPERATION,
  EXPIRE_OPERATION,
  type OperationKind,
  restMinor,
} from './authorisation.ts'
import {
  type AuthorisationTerms,
  decideAuthorisationCancel,
  decideAuthorisationExpiry,
  decideAuthorisationTerms,
  decideRelease,
} from './authorisation-decide.ts'
import { authorisationEvent } from './authorisation-events.ts'
import { operationKey } from './authorisation-operation-store.ts'
import { authorisationKey } from './authorisation-store.ts'
import {
  type AuthorisationAnswer,
  authorisationAnswerCodec,
  authorisationView,
  operationView,
} from './authorisation-views.ts'
import type { PaymentContext } from './context.ts'
import { WALLET_CURRENCY } from './limits.ts'
import { payerProof } from './payer-proof.ts'
import type { RiskAssessment } from './risk-port.ts'
import { BulkAnswer } from './trade-end-commands.ts'
import { type PaymentRefusal, refuse } from './trade-refusals.ts'

/** Which authorisation a merchant means. When both are given its own id decides. */
export interface AuthorisationReference {
  readonly merchant: number
  readonly authorisation: number | null
  readonly authorisationNumber: string | null
}

export interface AuthoriseInput extends AuthorisationTerms {
  /** Keyed hash of the shown payment code. */
  readonly codeHash: string
  /** µs. */
  readonly expiresAt: number
  /** What was thought of it at the door. */
  readonly assessment?: RiskAssessment | undefined
}

export interface ReleaseInput extends AuthorisationReference {
  readonly requestNumber: string
  readonly amountMinor: bigint
  readonly remark: string | null
}

export interface CancelAuthorisationInput extends AuthorisationReference {
  readonly remark: string | null
}

export function needAuthorisation({ tables }: PaymentContext, reference: AuthorisationReference): void {
  const { merchant, authorisation, authorisationNumber } = reference
  if (authorisation !== null) tables.authorisations.need(authorisation)
  else if (authorisationNumber !== null) {
    tables.authorisationNumbers.need(authorisationKey(merchant, authorisationNumber))
  }
}

/** The authorisation, if there is one and it is this merchant's: somebody else's looks the same as none. */
export function findAuthorisation(
  { tables }: PaymentContext,
  { merchant, authorisation, authorisationNumber }: AuthorisationReference,
): Authorisation | undefined {
  const id =
    authorisation ??
    (authorisationNumber === null
      ? undefined
      : tables.authorisationNumbers.get(authorisationKey(merchant, authorisationNumber)))
  const found = id === undefined ? undefined : tables.authorisations.get(id)
  return found?.merchant === merchant ? found : undefined
}

/** Stores an authorisation with what was just done to it. */
export function storeOperation(
  { set, tables, limits }: PaymentContext,
  of: Authorisation,
  done: { readonly requestNumber: string; readonly kind: OperationKind; readonly amountMinor: bigint } & Partial<
    Pick<AuthorisationOperation, 'remark' | 'trade'>
  >,
): AuthorisationOperation {
  const operation: AuthorisationOperation = {
    id: set.newId(slotOf(of.id)),
    authorisation: of.id,
    remark: null,
    trade: null,
    ...done,
    createdAt: set.batch.at,
  }
  const before = tables.authorisations.get(of.id)
  const givenBackMinor = of.releasedMinor - (before?.releasedMinor ?? 0n)
  if (givenBackMinor > 0n) {
    limits.needSpending(of.payer)
    limits.giveBack(of.id, givenBackMinor)
  }
  tables.authorisations.put(of.id, of)
  tables.authorisationOperations.put(operationKey(of.id, done.requestNumber), operation)
  set.emit(authorisationEvent(of, operation))
  return operation
}

/** `payments.authorise`: redeems the code that the payer shows and holds the money. The same number again is the same authorisation. */
export function authoriseKind(context: PaymentContext): CommandKind<AuthoriseInput, AuthorisationAnswer> {
  const { set, party, purses, tables } = context
  return {
    name: 'payments.authorise',
    need: ({ merchant, authorisationNumber, codeHash }) => {
      party.needMerchant(merchant)
      purses.needMerchantAccount(merchant)
      party.needPaymentCode(codeHash)
      tables.authorisationNumbers.need(authorisationKey(merchant, authorisationNumber))
    },
    decide: (input) => {
      const { merchant, authorisationNumber, requestNumber, title, details, amountMinor, expiresAt } = input
      const now = set.batch.at
      if (party.merchant(merchant) === undefined) return refuse('merchant_not_found')
      const reference = { merchant, authorisation: null, authorisationNumber }
      const before = findAuthorisation(context, reference)
      const present = decideAuthorisationTerms(input, before, expiresAt, now)
      if (!present.ok) return present
      if (before !== undefined) {
        const first = tables.authorisationOperations.get(operationKey(before.id, before.requestNumber))
        invariant(first !== undefined, 'an authorisation has an operation that made it')
        return ok({ authorisation: authorisationView(before), operation: operationView(first), changed: false })
      }
      const redeemed = party.redeemPaymentCode(input.codeHash)
      if (!redeemed.ok) return refuse('payment_code_invalid')
      const payer = redeemed.value
      context.outlays.need(payer)
      purses.needWallet(payer)
      const from = purses.wallet(payer, 'payer')
      const to = purses.merchantAccount(merchant)
      if (to === undefined || party.merchant(merchant)?.status !== 'active') return refuse('merchant_blocked')
      if (from === undefined || party.customer(payer)?.status !== 'active') return refuse('payer_blocked')
      const id = set.newId(slotOf(payer))
      // Counted when the money is promised; what is given back of it counts no more.
      const proof = payerProof('authorisation', input)
      const spent = context.outlays.spendAtOnce({ customer: payer, amountMinor, reference: id, proof })
      if (!spent.ok) return spent
      const held = purses.hold({ from, to, amountMinor, code: 'authorisation', reference: id }, expiresAt)
      if (!held.ok) return held
      const made: Authorisation = {
        ...{ id, merchant, authorisationNumber, requestNumber, payer, title, details, currency: WALLET_CURRENCY },
        ...{ amountMinor, capturedMinor: 0n, releasedMinor: 0n, state: 'authorised', endingCause: null },
        ...{ hold: held.value, createdAt: now, expiresAt, endedAt: null },
      }
      tables.authorisations.add(id, made)
      tables.authorisationNumbers.put(authorisationKey(merchant, authorisationNumber), id)
      const operation = storeOperation(context, made, { requestNumber, kind: 'freeze', amountMinor })
      return ok({ authorisation: authorisationView(made), operation: operationView(operation), changed: true })
    },
    form: ({ codeHash, expiresAt, amountMinor, assessment: _, ...terms }) =>
      canonicalJson({ ...terms, amount: amountMinor.toString(), codeHash, expiresAt }),
    ...authorisationAnswerCodec,
  }
}

/** `payments.release-authorisation`: gives a part of what is held back. The request number makes a repeat harmless. */
export function releaseKind(context: PaymentContext): CommandKind<ReleaseInput, AuthorisationAnswer> {
  const { set, tables } = context
  return {
    name: 'payments.release-authorisation',
    need: (input) => needAuthorisation(context, input),
    decide: (input) => {
      const { requestNumber, amountMinor, remark } = input
      const before = findAuthorisation(context, input)
      if (before === undefined) return refuse('authorisation_not_found')
      const done = tables.authorisationOperations.get(operationKey(before.id, requestNumber))
      if (done !== undefined) {
        if (done.kind !== 'release' || done.amountMinor !== amountMinor) return refuse('authorisation_inconsistent')
        return ok({ authorisation: authorisationView(before), operation: operationView(done), changed: false })
      }
      const decided = decideRelease(before, amountMinor, set.batch.at)
      if (!decided.ok) return decided
      const after = reheld(context, before, decided.value)
      if (!after.ok) return after
      const operation = storeOperation(context, after.value, { requestNumber, kind: 'release', amountMinor, remark })
      return ok({ authorisation: authorisationView(after.value), operation: operationView(operation), changed: true })
    },
    form: ({ merchant, authorisation, authorisationNumber, requestNumber, amountMinor, remark }) =>
      canonicalJson({
        ...{ merchant, authorisation, authorisationNumber, requestNumber, amount: amountMinor.toString(), remark },
      }),
    ...authorisationAnswerCodec,
  }
}

/** `payments.cancel-authorisation`: all that is left goes back. Called off again, it stays so. */
export function cancelAuthorisationKind(
  context: PaymentContext,
): CommandKind<CancelAuthorisationInput, AuthorisationAnswer> {
  const { set, tables } = context
  return {
    name: 'payments.cancel-authorisation',
    need: (input) => needAuthorisation(context, input),
    decide: (input) => {
      const before = findAuthorisation(context, input)
      if (before === undefined) return refuse('authorisation_not_found')
      const done = tables.authorisationOperations.get(operationKey(before.id, CANCEL_OPERATION))
      if (done !== undefined) {
        return ok({ authorisation: authorisationView(before), operation: operationView(done), changed: false })
      }
      const decided = decideAuthorisationCancel(before, set.batch.at)
      if (!decided.ok) return decided
      const after = reheld(context, before, decided.value)
      if (!after.ok) return after
      const about = { requestNumber: CANCEL_OPERATION, kind: 'cancel', amountMinor: restMinor(before) } as const
      const operation = storeOperation(context, after.value, { ...about, remark: input.remark })
      return ok({ authorisation: authorisationView(after.value), operation: operationView(operation), changed: true })
    },
    form: ({ merchant, authorisation, authorisationNumber, remark }) =>
      canonicalJson({ merchant, authorisation, authorisationNumber, remark }),
    ...authorisationAnswerCodec,
  }
}

/** `payments.expire-authorisations`: ends those whose time is over. Each is judged anew, so a late capture that won is left alone. */
export function expireAuthorisationsKind(
  context: PaymentContext,
): CommandKind<{ readonly authorisations: readonly number[] }, BulkAnswer> {
  const { set, tables, purses } = context
  return {
    name: 'payments.expire-authorisations',
    need: ({ authorisations }) => {
      for (const id of authorisations) tables.authorisations.need(id)
    },
    decide: ({ authorisations }) => {
      let changed = 0
      set.each(authorisations, (id) => {
        const before = tables.authorisations.get(id)
        const decided = before === undefined ? undefined : decideAuthorisationExpiry(before, set.batch.at)
        if (before === undefined || decided?.ok !== true) return
        purses.expire(before.hold)
        const about = { requestNumber: EXPIRE_OPERATION, kind: 'expire', amountMinor: restMinor(before) } as const
        storeOperation(context, decided.value, about)
        changed += 1
      })
      return ok({ changed, skipped: authorisations.length - changed })
    },
    form: ({ authorisations }) => canonicalJson({ authorisations }),
    ...answerCodec(BulkAnswer),
  }
}

/**
 * The hold made as small as what is left. The ledger gives a hold back whole, so a part of it is the whole given back and the rest held
 * anew, in one commit: nobody can take the money in between.
 */
function reheld(
  { purses }: PaymentContext,
  before: Authorisation,
  after: Authorisation,
): Result<Authorisation, PaymentRefusal> {
  // Not past its expiry, which is the hold's own, so the ledger cannot have ended it.
  purses.needHold(before.hold)
  purses.release(before.hold)
  const rest = restMinor(after)
  if (rest === 0n) return ok(after)
  const from = purses.wallet(before.payer, 'payer')
  const to = purses.merchantAccount(before.merchant)
  invariant(from !== undefined && to !== undefined, 'both sides of an authorisation have accounts')
  const { id: reference, expiresAt } = before
  const held = purses.hold({ from, to, amountMinor: rest, code: 'authorisation', reference }, expiresAt)
  return held.ok ? ok({ ...after, hold: held.value }) : held
}
