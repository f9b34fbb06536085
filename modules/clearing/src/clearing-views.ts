import { AmountText, SignedAmountText, Timestamp } from '@huitong/contract'
import { CNY, formatAmount, type Micros, microsToIso, publicId } from '@huitong/kernel'
import Type from 'typebox'
import type { ParticipantDay } from './clearing-read-store.ts'
import { PARTICIPANT_STATUSES, type Participant } from './participant.ts'
import { PAYMENT_KINDS, PAYMENT_STATES, type Payment, SETTLEMENT_MODES } from './payment.ts'
import { netOf, type Position, WINDOW_STATES, type Window } from './window.ts'
import type { WindowAnswer } from './window-command.ts'

/** How the clearing house's objects look from outside: amounts in yuan as text, times in UTC. */

export const Member = Type.String({ pattern: '^(\\d{12}|[A-Z0-9]{8}|[A-Z0-9]{11})$', examples: ['990100000011'] })
const Nullable = Type.Union([Type.String(), Type.Null()])
const NullableTime = Type.Union([Timestamp, Type.Null()])

export const ParticipantBody = Type.Object(
  {
    member: Member,
    name: Type.String(),
    status: Type.Enum([...PARTICIPANT_STATUSES]),
    account: Type.String({ description: 'The position account, in the ledger of the clearing house' }),
    posted: AmountText,
    available: Type.String({ description: 'What neither a payment nor the cap keeps' }),
    cap: AmountText,
    reserved: Type.String({ description: 'Of the cap, by net payments that nobody has answered' }),
    admittedAt: Timestamp,
  },
  { $id: 'ClearingParticipant' },
)

export interface Money {
  readonly postedMinor: bigint
  readonly availableMinor: bigint
}

export function participantBody(of: Participant, { postedMinor, availableMinor }: Money) {
  return {
    ...{ member: of.member, name: of.name, status: of.status, account: publicId('acct', of.account) },
    ...{ posted: text(postedMinor), available: text(availableMinor), cap: text(of.capMinor) },
    ...{ reserved: text(of.reservedMinor), admittedAt: microsToIso(of.admittedAt) },
  }
}

export const PaymentBody = Type.Object(
  {
    reference: Type.String(),
    kind: Type.Enum([...PAYMENT_KINDS]),
    uetr: Type.String(),
    original: Nullable,
    sender: Member,
    payer: Member,
    payee: Member,
    amount: AmountText,
    returned: AmountText,
    mode: Type.Enum([...SETTLEMENT_MODES]),
    state: Type.Enum([...PAYMENT_STATES]),
    reason: Nullable,
    window: Type.Union([Type.Integer(), Type.Null()]),
    message: Type.String({ description: 'The kind of message that it came with' }),
    messageId: Type.String(),
    forwardedAs: Nullable,
    instructionId: Nullable,
    endToEndId: Nullable,
    transactionId: Nullable,
    receivedAt: Timestamp,
    dueAt: Timestamp,
    endedAt: NullableTime,
  },
  { $id: 'ClearingPayment' },
)

export function paymentBody(payment: Payment) {
  const { reference, kind, uetr, original, sender, payer, payee, mode, state, reason, window } = payment
  const { message, messageId, forwardedAs, instructionId, endToEndId, transactionId } = payment
  return {
    ...{ reference, kind, uetr, original, sender, payer, payee, mode, state, reason, window },
    ...{ amount: text(payment.amountMinor), returned: text(payment.returnedMinor) },
    ...{ message, messageId, forwardedAs, instructionId, endToEndId, transactionId },
    ...{ receivedAt: microsToIso(payment.receivedAt), dueAt: microsToIso(payment.dueAt) },
    endedAt: timeOf(payment.endedAt),
  }
}

const WINDOW = {
  window: Type.Integer(),
  state: Type.Enum([...WINDOW_STATES]),
  payments: Type.Integer(),
  gross: AmountText,
  net: Type.String({ description: 'What moved when it settled' }),
  entry: Type.Union([Type.String(), Type.Null()], { description: 'The entry of the ledger that settled it' }),
  openedAt: Timestamp,
  settledAt: NullableTime,
}

export const WindowBody = Type.Object(WINDOW, { $id: 'ClearingWindow' })

export const WindowWithPositionsBody = Type.Object(
  {
    ...WINDOW,
    positions: Type.Array(
      Type.Object({ member: Member, sent: AmountText, received: AmountText, net: SignedAmountText }),
    ),
  },
  { $id: 'ClearingWindowWithPositions' },
)

export function windowBody({ number, state, payments, grossMinor, netMinor, entry, openedAt, settledAt }: Window) {
  return {
    ...{ window: number, state, payments: Number(payments), gross: text(grossMinor), net: text(netMinor) },
    entry: entry === null ? null : publicId('tran', entry),
    ...{ openedAt: microsToIso(openedAt), settledAt: timeOf(settledAt) },
  }
}

export const SettledBody = Type.Object(
  { window: WINDOW.window, payments: WINDOW.payments, gross: WINDOW.gross, net: WINDOW.net },
  { $id: 'ClearingSettledWindow' },
)

export function settledBody({ window, payments, gross, net }: WindowAnswer) {
  return { window, payments: Number(payments), gross: text(BigInt(gross)), net: text(BigInt(net)) }
}

export function positionBody(position: Position) {
  const { member, sentMinor, receivedMinor } = position
  return { member, sent: text(sentMinor), received: text(receivedMinor), net: text(netOf(position)) }
}

export const ReportBody = Type.Object(
  {
    day: Type.String(),
    lines: Type.Array(
      Type.Object({
        member: Member,
        mode: Type.Enum([...SETTLEMENT_MODES]),
        sent: Type.Integer(),
        sentAmount: AmountText,
        received: Type.Integer(),
        receivedAmount: AmountText,
        rejected: Type.Integer(),
      }),
    ),
  },
  { $id: 'ClearingReport' },
)

export function reportLine({ member, mode, sent, sentMinor, received, receivedMinor, rejected }: ParticipantDay) {
  return {
    ...{ member, mode: mode === 'net' ? ('net' as const) : ('gross' as const) },
    ...{ sent: Number(sent), sentAmount: text(sentMinor) },
    ...{ received: Number(received), receivedAmount: text(receivedMinor), rejected: Number(rejected) },
  }
}

function text(minor: bigint): string {
  return formatAmount(minor, CNY)
}

function timeOf(at: Micros | null): string | null {
  return at === null ? null : microsToIso(at)
}
