import { invariant, type Micros } from '@huitong/kernel'
import type { TransferCode } from '@huitong/ledger'

export const PAYMENT_KINDS = ['transfer', 'return', 'reversal'] as const
export type PaymentKind = (typeof PAYMENT_KINDS)[number]

/** What the transfers of each kind are for, in the ledger. */
export const PAYMENT_CODES = {
  transfer: 'clearing_payment',
  return: 'clearing_return',
  reversal: 'clearing_reversal',
} as const satisfies Readonly<Record<PaymentKind, TransferCode>>

/** `gross`: each payment settles alone. `net`: it counts in a window, which settles as one amount for each participant. */
export const SETTLEMENT_MODES = ['gross', 'net'] as const
export type SettlementMode = (typeof SETTLEMENT_MODES)[number]

/** `settled` is final; of a net payment it says that it counts in a window, whose settlement cannot fail. */
export const PAYMENT_STATES = ['forwarded', 'settled', 'rejected'] as const
export type PaymentState = (typeof PAYMENT_STATES)[number]

/** What comes of a payment that is there: an answer, time, a question, or its own first message once more. */
export type PaymentEvent = 'accepted' | 'pending' | 'refused' | 'overdue' | 'asked' | 'repeated'

/** `tell`: nothing changes, and whoever asks or answers is told how it stands. */
export type PaymentStep = 'settle' | 'reject' | 'tell' | 'ignore'

/** An answer that comes late or twice changes nothing: who answered is told the end, so that his books can follow. */
export const PAYMENT_TABLE: Readonly<Record<PaymentState, Readonly<Record<PaymentEvent, PaymentStep>>>> = {
  forwarded: {
    ...{ accepted: 'settle', pending: 'ignore', refused: 'reject', overdue: 'reject' },
    ...{ asked: 'tell', repeated: 'tell' },
  },
  settled: {
    ...{ accepted: 'tell', pending: 'tell', refused: 'tell', overdue: 'ignore' },
    ...{ asked: 'tell', repeated: 'tell' },
  },
  rejected: {
    ...{ accepted: 'tell', pending: 'tell', refused: 'ignore', overdue: 'ignore' },
    ...{ asked: 'tell', repeated: 'tell' },
  },
}

export interface Payment {
  /** The UETR of a transfer; of returns and reversals who sent it and how he calls it. */
  readonly reference: string
  /** By which its ledger entries name it. */
  readonly id: number
  readonly kind: PaymentKind
  /** The transfer that it gives back or takes back. */
  readonly original: string | null
  readonly uetr: string
  readonly sender: string
  readonly payer: string
  readonly payee: string
  /** Who has to say yes: the payee's side of a transfer, the payer's of a reversal. */
  readonly answerer: string
  /** Of the message that it came with, and which message that was. */
  readonly messageId: string
  readonly message: string
  /** Id of the message with which it was passed on; null when it was not. */
  readonly forwardedAs: string | null
  readonly instructionId: string | null
  readonly endToEndId: string | null
  readonly transactionId: string | null
  readonly amountMinor: bigint
  /** Of a transfer: how much of it went back, or is on its way back. */
  readonly returnedMinor: bigint
  readonly mode: SettlementMode
  readonly state: PaymentState
  readonly reason: string | null
  readonly hold: number | null
  readonly window: number | null
  readonly receivedAt: Micros
  readonly dueAt: Micros
  readonly endedAt: Micros | null
}

export function assertPayment(payment: Payment): Payment {
  const { amountMinor, returnedMinor, mode, state, reason, hold, window, endedAt } = payment
  invariant(amountMinor > 0n, 'a payment is of something')
  invariant(returnedMinor >= 0n && returnedMinor <= amountMinor, 'no more comes back than was paid')
  invariant((state === 'rejected') === (reason !== null), 'a rejected payment says why, and no other')
  invariant((state === 'forwarded') === (endedAt === null), 'what has ended has a time')
  invariant((state === 'forwarded' && mode === 'gross') === (hold !== null), 'open gross payments are held')
  invariant((state === 'settled' && mode === 'net') === (window !== null), 'settled net payments are in a window')
  return payment
}
