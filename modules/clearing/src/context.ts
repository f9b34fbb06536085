import type { WorkingSet } from '@huitong/committer'
import type { IsoMessage } from '@huitong/iso20022'
import { CNY, err, invariant, ok, publicId, type Result } from '@huitong/kernel'
import type { Books, LedgerRefusal, SubjectCode } from '@huitong/ledger'
import { cancellationTable } from './cancellation-store.ts'
import type { SendMessage } from './message-post.ts'
import type { Participant } from './participant.ts'
import { participantTable } from './participant-store.ts'
import { PAYMENT_CODES, type Payment } from './payment.ts'
import { paymentTable, referenceTable } from './payment-store.ts'
import type { Rejection } from './rejection.ts'
import { originalOf, statusOf } from './status-messages.ts'
import type { Position, Window } from './window.ts'
import { OPEN_WINDOW, openWindowTable, positionKey, positionTable, settledWindowTable } from './window-store.ts'

export interface ClearingDeps {
  readonly books: Books
  readonly send: SendMessage
  /** The clearing house's own number, by which its messages name it. */
  readonly member: string
}

/** What all command kinds of this module close over. */
export type ClearingContext = ReturnType<typeof createClearingContext>

/** In the books of the clearing house: participants pay in at the central bank, and net amounts pass through one account of its own. */
const HOUSE = {
  central_bank: { subject: '1003', owner: null },
  netting: { subject: '2003', owner: 'clearing:netting' },
} as const satisfies Readonly<Record<string, { readonly subject: SubjectCode; readonly owner: string | null }>>

export function createClearingContext(set: WorkingSet, { books, send, member }: ClearingDeps) {
  const participants = set.table(participantTable)
  const payments = set.table(paymentTable)
  const references = set.table(referenceTable)
  const cancellations = set.table(cancellationTable)
  const settledWindows = set.table(settledWindowTable)
  const openWindows = set.table(openWindowTable)
  const positions = set.table(positionTable)

  function house(role: keyof typeof HOUSE): number {
    const { subject, owner } = HOUSE[role]
    books.needAccountsOf(subject, owner)
    const found = books.accountsOf(subject, owner).find(({ currency }) => currency === CNY)
    if (found !== undefined) return found.id
    const opened = books.openAccount({ slot: 0, subject, currency: CNY, owner, floorMinor: 0n })
    invariant(opened.ok, 'the ledger opens the accounts of the clearing house')
    return opened.value.id
  }

  function participant(of: string): Participant {
    const found = participants.get(of)
    invariant(found !== undefined, 'who has a payment is a participant')
    return found
  }

  function openWindow(): Window {
    openWindows.need(OPEN_WINDOW)
    const found = openWindows.get(OPEN_WINDOW)
    if (found !== undefined) return found
    const first = emptyWindow(1, set.batch.at)
    openWindows.put(OPEN_WINDOW, first)
    return first
  }

  function position(window: number, of: string): Position {
    const key = positionKey(window, of)
    positions.need(key)
    return positions.get(key) ?? { window, member: of, sentMinor: 0n, receivedMinor: 0n }
  }

  /** How much of its cap a participant uses: what it owes in the open window, and what it sent that nobody has answered. */
  function capUsed({ member: of, reservedMinor }: Participant): bigint {
    const { sentMinor, receivedMinor } = position(openWindow().number, of)
    return reservedMinor + sentMinor - receivedMinor
  }

  function account(of: string): number {
    const { account: id } = participant(of)
    books.needAccount(id)
    return id
  }

  /** Sets the money of a payment aside, on the payer's position account or out of its cap. */
  function reserve(payment: Payment): Result<Payment, Rejection> {
    const { payer, payee, amountMinor, mode, kind, id } = payment
    if (mode === 'net') {
      const of = participant(payer)
      if (capUsed(of) + amountMinor > of.capMinor) return err('above_net_cap')
      participants.put(payer, { ...of, reservedMinor: of.reservedMinor + amountMinor })
      return ok(payment)
    }
    const held = books.placeHold({
      ...{ debit: account(payer), credit: account(payee), amountMinor, currency: CNY, code: PAYMENT_CODES[kind] },
      ...{ reference: id, expiresAt: null },
    })
    return held.ok ? ok({ ...payment, hold: held.value.id }) : err(positionRejection(held.error))
  }

  /** Moves what was set aside, for good; or says why not any more. */
  function settle(payment: Payment): Result<Payment, Rejection> {
    const { payer, payee, amountMinor, hold } = payment
    const endedAt = set.batch.at
    if (hold !== null) {
      books.needHold(hold)
      const captured = books.capture({ hold, amountMinor, final: true })
      if (!captured.ok) return err(positionRejection(captured.error))
      return ok({ ...payment, state: 'settled', hold: null, endedAt })
    }
    const of = participant(payer)
    // The cap may have come down since: what is left of it must still cover everything, else the window could not be settled.
    if (capUsed(of) > of.capMinor) return err('above_net_cap')
    const window = openWindow()
    participants.put(payer, { ...of, reservedMinor: of.reservedMinor - amountMinor })
    count(window.number, payer, amountMinor, 0n)
    count(window.number, payee, 0n, amountMinor)
    const members = [...new Set([...window.members, payer, payee])]
    const grossMinor = window.grossMinor + amountMinor
    openWindows.put(OPEN_WINDOW, { ...window, members, payments: window.payments + 1n, grossMinor })
    return ok({ ...payment, state: 'settled', window: window.number, endedAt })
  }

  function count(window: number, of: string, sentMinor: bigint, receivedMinor: bigint): void {
    const before = position(window, of)
    positions.put(positionKey(window, of), {
      ...before,
      sentMinor: before.sentMinor + sentMinor,
      receivedMinor: before.receivedMinor + receivedMinor,
    })
  }

  /** Gives back what was set aside. */
  function free({ payer, amountMinor, mode, hold }: Payment): void {
    if (mode === 'net') {
      const of = participant(payer)
      participants.put(payer, { ...of, reservedMinor: of.reservedMinor - amountMinor })
      return
    }
    if (hold === null) return
    books.needHold(hold)
    const released = books.release({ hold, reason: 'void' })
    invariant(released.ok, 'the hold of an open payment is pending')
  }

  const nextMessageId = (): string => publicId('msg', set.newId(0))

  return {
    set,
    books,
    member,
    participants,
    payments,
    references,
    cancellations,
    settledWindows,
    openWindows,
    house,
    participant,
    openWindow,
    position,
    capUsed,
    reserve,
    settle,
    free,
    send,
    nextMessageId,

    /** What each message of ours begins with. */
    identity: (to: string) => ({ messageId: nextMessageId(), createdAt: set.batch.at, from: member, to }),

    /** Tells a participant how a payment stands. */
    tell: (to: string, payment: Payment): void => {
      // Whoever it was passed on to knows it by our message, and its sender by his own.
      const known = to === payment.sender ? payment.messageId : (payment.forwardedAs ?? payment.messageId)
      const accepted = payment.state === 'settled' ? { acceptedAt: payment.endedAt ?? set.batch.at } : {}
      send(to, {
        kind: 'status_report',
        value: {
          ...{ messageId: nextMessageId(), createdAt: set.batch.at, from: member, to },
          statuses: [{ ...statusOf(payment, known), ...accepted }],
        },
      })
    },

    /** Tells a participant that something of his is rejected of which no row is kept. */
    tellRejected: (to: string, about: Parameters<typeof originalOf>[0], code: string, text: string): void =>
      send(to, {
        kind: 'status_report',
        value: {
          ...{ messageId: nextMessageId(), createdAt: set.batch.at, from: member, to },
          statuses: [{ ...originalOf(about), status: 'RJCT', reason: code, reasonText: text }],
        },
      }),

    /** A message that is none of ours to act on: its sender is told that nothing came of it. */
    rejectMessage: (to: string, reference: string, reason: string, description: string): void => {
      const rejected: IsoMessage = {
        kind: 'message_reject',
        value: { reference, reason, rejectedAt: set.batch.at, description },
      }
      send(to, rejected)
    },
  }
}

export function emptyWindow(number: number, openedAt: number): Window {
  return {
    ...{ number, state: 'open', members: [], payments: 0n, grossMinor: 0n, netMinor: 0n, entry: null },
    ...{ openedAt, settledAt: null },
  }
}

/** The words in which a participant is told that its position does not move. */
export function positionRejection({ code }: LedgerRefusal): 'without_funds' | 'position_blocked' {
  return code === 'insufficient_funds' ? 'without_funds' : 'position_blocked'
}
