import type { WorkingSet } from '@huitong/committer'
import type { IsoMessage } from '@huitong/iso20022'
import { CNY, err, InvariantError, invariant, ok, publicId, type Result } from '@huitong/kernel'
import type { Books, LedgerRefusal, SubjectCode, TransferCode } from '@huitong/ledger'
import type { Party } from '@huitong/party'
import type { BankAccount } from './account.ts'
import { accountTable } from './account-store.ts'
import { agreementTable } from './agreement-store.ts'
import type { BankRefusalCode } from './bank-refusals.ts'
import type { Hours } from './cut-off.ts'
import type { FaultKind } from './fault.ts'
import { faultTable } from './fault-store.ts'
import type { SendMessage } from './message-post.ts'
import { PAYMENT_CODES, type Payment, type PaymentKind, SUSPENSE } from './payment.ts'
import { paymentTable } from './payment-store.ts'
import { verificationTable } from './verification-store.ts'

export interface BankDeps {
  readonly books: Books
  readonly party: Party
  readonly send: SendMessage
  /** The bank's own number in the clearing system, and that of its clearing house. */
  readonly member: string
  readonly clearingHouse: string
  readonly clearingSystem: string
  /** First digits of its account numbers. */
  readonly issuer: string
  readonly hours: Hours
  /** Lets faults be ordered. In demo mode only. */
  readonly faultsAllowed: boolean
}

/** What all command kinds of this module close over. */
export type BankContext = ReturnType<typeof createBankContext>

const HOUSE = {
  /** What the bank has at the clearing house: tied to its position account there. */
  settlement: { subject: '1005', owner: null, floorMinor: 0n },
  /** Net payments of the open window, until they settle as one amount. */
  netting: { subject: '2003', owner: 'bank:netting', floorMinor: null },
  suspense: { ...SUSPENSE, floorMinor: null },
  cash: { subject: '1004', owner: null, floorMinor: 0n },
} as const satisfies Readonly<
  Record<string, { readonly subject: SubjectCode; readonly owner: string | null; readonly floorMinor: bigint | null }>
>

export type HouseRole = keyof typeof HOUSE

/** Why money does not move, in the bank's words. */
export type MoveRefusal = Extract<
  BankRefusalCode,
  'account_blocked' | 'account_without_funds' | 'settlement_account_short'
>

export function createBankContext(set: WorkingSet, deps: BankDeps) {
  const { books, party, send, member, clearingHouse } = deps
  const accounts = set.table(accountTable)
  const payments = set.table(paymentTable)
  const agreements = set.table(agreementTable)
  const faults = set.table(faultTable)
  const verifications = set.table(verificationTable)

  function house(role: HouseRole): number {
    const { subject, owner, floorMinor } = HOUSE[role]
    books.needAccountsOf(subject, owner)
    const found = books.accountsOf(subject, owner).find(({ currency }) => currency === CNY)
    if (found !== undefined) return found.id
    const opened = books.openAccount({ slot: 0, subject, currency: CNY, owner, floorMinor })
    invariant(opened.ok, 'the ledger opens the accounts of the bank')
    return opened.value.id
  }

  function ledgerAccount({ account }: BankAccount): number {
    books.needAccount(account)
    return account
  }

  /** Where the other side of a payment's money is until or after it settles. */
  function clearingSide({ mode }: Pick<Payment, 'mode'>): number {
    return house(mode === 'net' ? 'netting' : 'settlement')
  }

  function sides(payment: Payment, of: BankAccount) {
    const ours = ledgerAccount(of)
    const theirs = clearingSide(payment)
    return payment.way === 'out' ? { debit: ours, credit: theirs } : { debit: theirs, credit: ours }
  }

  /** Sets the money of a payment aside, or keeps the account from being closed before it comes. */
  function hold(payment: Payment, of: BankAccount): Result<Payment, MoveRefusal> {
    if (payment.way === 'out' && payment.mode === 'gross' && isShort(payment.amountMinor)) {
      return err('settlement_account_short')
    }
    const held = books.placeHold({
      ...{ ...sides(payment, of), amountMinor: payment.amountMinor, currency: CNY, code: PAYMENT_CODES[payment.kind] },
      ...{ reference: payment.id, expiresAt: null },
    })
    return held.ok ? ok({ ...payment, hold: held.value.id }) : err(moveRefusal(held.error, payment))
  }

  /** The clearing house would refuse what it does not have of ours. */
  function isShort(amountMinor: bigint): boolean {
    return books.available(house('settlement')) < amountMinor
  }

  /**
   * Moves what was set aside; false when the account cannot take part any more. The clearing house has moved the money, so it is booked in
   * any case, against suspense: what came in waits there for its owner, and what went out is the bank's claim on him.
   */
  function capture(payment: Payment): boolean {
    const { hold: held, amountMinor, way, kind, id } = payment
    invariant(held !== null, 'a payment that settles is held')
    books.needHold(held)
    if (books.capture({ hold: held, amountMinor, final: true }).ok) return true
    const released = books.release({ hold: held, reason: 'void' })
    invariant(released.ok, 'the hold of an open payment is pending')
    const [theirs, suspense] = [clearingSide(payment), house('suspense')]
    const between = way === 'in' ? { debit: theirs, credit: suspense } : { debit: suspense, credit: theirs }
    const moved = books.transfer({ ...between, amountMinor, currency: CNY, code: PAYMENT_CODES[kind], reference: id })
    invariant(moved.ok, 'suspense takes what nobody else can')
    return false
  }

  function release({ hold: held }: Payment): void {
    if (held === null) return
    books.needHold(held)
    const released = books.release({ hold: held, reason: 'void' })
    invariant(released.ok, 'the hold of an open payment is pending')
  }

  function moveRefusal(refusal: LedgerRefusal, { way }: Pick<Payment, 'way'>): MoveRefusal {
    switch (refusal.code) {
      case 'insufficient_funds':
        if (way === 'in') throw new InvariantError('the clearing house’s money is never short for us')
        return 'account_without_funds'
      case 'debit_account_frozen':
      case 'debit_account_closed':
      case 'debit_account_dormant':
      case 'credit_account_frozen':
      case 'credit_account_closed':
      case 'credit_account_dormant':
      case 'ceiling_exceeded':
      case 'balance_overflow':
        return 'account_blocked'
      default:
        throw new InvariantError(`the ledger refused what the bank takes for granted: ${refusal.code}`)
    }
  }

  const nextMessageId = (): string => publicId('msg', set.newId(0))

  return {
    ...deps,
    set,
    books,
    party,
    accounts,
    payments,
    agreements,
    faults,
    verifications,
    house,
    hold,
    capture,
    release,
    ledgerAccount,
    nextMessageId,
    code: (kind: PaymentKind): TransferCode => PAYMENT_CODES[kind],

    /** Sends a message to the clearing house, which is whom the bank talks to. */
    tell: (message: IsoMessage): void => send(clearingHouse, message),
    identity: () => ({ messageId: nextMessageId(), createdAt: set.batch.at, from: member, to: clearingHouse }),

    /** Somebody has to look at a payment. */
    tellAttention: ({ reference }: Pick<Payment, 'reference'>, why: 'contradicted' | 'in_suspense'): void =>
      set.emit({ topic: 'bank.attention', key: reference, body: JSON.stringify({ why }) }),

    /** Whether a fault was ordered, which is then used up by one. */
    spoils: (kind: FaultKind): boolean => {
      if (!deps.faultsAllowed) return false
      faults.need(kind)
      const left = faults.get(kind) ?? 0
      if (left > 0) faults.put(kind, left - 1)
      return left > 0
    },
  }
}
