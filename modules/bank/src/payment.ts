import { invariant, type Micros } from '@huitong/kernel'
import type { TransferCode } from '@huitong/ledger'

export const PAYMENT_KINDS = ['transfer', 'return', 'reversal'] as const
export type PaymentKind = (typeof PAYMENT_KINDS)[number]

/** What the transfers of each kind are for, in the ledger. */
export const PAYMENT_CODES = {
  transfer: 'credit_transfer',
  return: 'credit_transfer_return',
  reversal: 'credit_transfer_reversal',
} as const satisfies Readonly<Record<PaymentKind, TransferCode>>

/** Where money is that came for, or went from, an account that could not take part any more. */
export const SUSPENSE = { subject: '2003', owner: 'bank:suspense' } as const

/** Out of, or into, the account of our customer. */
export const WAYS = ['out', 'in'] as const
type Way = (typeof WAYS)[number]

/** Whose message it began with. Who asked waits for an answer; who was asked gives one and waits for the settlement. */
export const ASKERS = ['us', 'them'] as const
type Asker = (typeof ASKERS)[number]

export const MODES = ['gross', 'net'] as const
export type Mode = (typeof MODES)[number]

export const PAYMENT_STATES = ['queued', 'sent', 'unknown', 'accepted', 'settled', 'rejected'] as const
export type PaymentState = (typeof PAYMENT_STATES)[number]

/** What the clearing house says of a payment. */
export type ClearingWord = 'settled' | 'rejected' | 'pending'

/**
 * `contradict`: it says now what cannot be after what it said before. Nothing moves; it is marked, and somebody has to look.
 */
type PaymentStep = 'settle' | 'reject' | 'wait' | 'ignore' | 'contradict'

const OPEN = { settled: 'settle', rejected: 'reject', pending: 'wait' } as const

/** Unknown is unknown until the clearing house says how it stands: time alone ends nothing. */
export const PAYMENT_TABLE: Readonly<Record<PaymentState, Readonly<Record<ClearingWord, PaymentStep>>>> = {
  queued: { settled: 'contradict', rejected: 'contradict', pending: 'contradict' },
  sent: OPEN,
  unknown: OPEN,
  accepted: OPEN,
  settled: { settled: 'ignore', rejected: 'contradict', pending: 'ignore' },
  rejected: { settled: 'contradict', rejected: 'ignore', pending: 'ignore' },
}

/** Of a transfer: whether its money was asked for back, by whoever sent it. */
export const CANCELLATIONS = ['asked', 'pending', 'accepted', 'refused'] as const
export type CancellationState = (typeof CANCELLATIONS)[number]

export interface Payment {
  /** The UETR of a transfer; of returns and reversals the transfer's, and how their sender calls them. */
  readonly reference: string
  readonly id: number
  readonly kind: PaymentKind
  readonly way: Way
  readonly askedBy: Asker
  readonly original: string | null
  readonly uetr: string
  /** Null when somebody sent money to an account that is none of ours. */
  readonly account: string | null
  readonly peerBank: string
  readonly peerAccount: string | null
  readonly peerName: string | null
  /** Of the message that it began with; null while it is queued. */
  readonly messageId: string | null
  readonly instructionId: string | null
  readonly endToEndId: string | null
  readonly transactionId: string | null
  readonly remittance: string | null
  /** The debit agreement that it was made by. */
  readonly agreement: number | null
  readonly amountMinor: bigint
  readonly returnedMinor: bigint
  readonly mode: Mode
  readonly state: PaymentState
  readonly reason: string | null
  readonly hold: number | null
  readonly cancellation: CancellationState | null
  readonly contradicted: boolean
  /** It settled when the account could not take part any more: its money is in suspense, and somebody has to look. */
  readonly inSuspense: boolean
  readonly madeAt: Micros
  /** When it is sent, or when the clearing house is asked how it stands. */
  readonly dueAt: Micros
  readonly endedAt: Micros | null
}

export function assertPayment(payment: Payment): Payment {
  const { amountMinor, returnedMinor, state, reason, endedAt, hold } = payment
  invariant(amountMinor > 0n, 'a payment is of something')
  invariant(returnedMinor >= 0n && returnedMinor <= amountMinor, 'no more comes back than was paid')
  invariant((state === 'rejected') === (reason !== null), 'a rejected payment says why, and no other')
  const ended = state === 'settled' || state === 'rejected'
  invariant(ended === (endedAt !== null), 'what has ended has a time')
  invariant(!ended || hold === null, 'what has ended holds nothing')
  return payment
}
