import { invariant, type Micros } from '@huitong/kernel'
import type { TransferCode } from '@huitong/ledger'

/** Money from a bank into a wallet, out of a wallet to a bank, and from a bank for one trade. */
export const ORDER_KINDS = ['top_up', 'withdrawal', 'payment'] as const
export type OrderKind = (typeof ORDER_KINDS)[number]

export const ORDER_CODES = {
  top_up: 'bank_top_up',
  withdrawal: 'bank_withdrawal',
  payment: 'card_payment',
} as const satisfies Readonly<Record<OrderKind, TransferCode>>

/** Where money is that settled for, or came back to, a wallet that could not take part any more. */
export const SUSPENSE = { subject: '2003', owner: 'channels:suspense' } as const
/** Money of cards on its way to a trade, or back to the bank that it came from. */
export const CARD_MONEY = { subject: '2003', owner: 'channels:card-money' } as const
/** Orders of the open netting window, until they settle as one amount. */
export const NETTING = { subject: '2003', owner: 'channels:netting' } as const

/**
 * `sent`: the intent is written and said. `unknown`: nothing was heard, so it is asked about. `accepted`, of a top-up: the money is on its way
 * and we said that we take it.
 */
export const ORDER_STATES = ['sent', 'unknown', 'accepted', 'settled', 'rejected'] as const
export type OrderState = (typeof ORDER_STATES)[number]

/** Who says how an order stands. Of money the clearing house has the last word; the bank can say that it never sent any. */
export type Speaker = 'clearing house' | 'bank'

export type Word = 'settled' | 'rejected' | 'pending'

/** `contradict`: what is said now cannot be after what was said before. Nothing moves; it is marked, and somebody has to look. */
type Step = 'settle' | 'reject' | 'wait' | 'contradict'

type Row = Readonly<Record<`${Speaker}: ${Word}`, Step>>

const ENDED_SETTLED: Row = {
  'clearing house: settled': 'wait',
  'clearing house: rejected': 'contradict',
  'clearing house: pending': 'wait',
  'bank: settled': 'wait',
  'bank: rejected': 'contradict',
  'bank: pending': 'wait',
}

const ENDED_REJECTED: Row = {
  'clearing house: settled': 'contradict',
  'clearing house: rejected': 'wait',
  'clearing house: pending': 'wait',
  'bank: settled': 'contradict',
  'bank: rejected': 'wait',
  'bank: pending': 'wait',
}

/** Before the money is on its way only the bank can end a top-up: the clearing house knows of none. */
const ASKED: Row = {
  'clearing house: settled': 'contradict',
  'clearing house: rejected': 'wait',
  'clearing house: pending': 'wait',
  'bank: settled': 'wait',
  'bank: rejected': 'reject',
  'bank: pending': 'wait',
}

/** On its way: what the bank hears of it, we hear as well. */
const ON_ITS_WAY: Row = {
  'clearing house: settled': 'settle',
  'clearing house: rejected': 'reject',
  'clearing house: pending': 'wait',
  'bank: settled': 'wait',
  'bank: rejected': 'wait',
  'bank: pending': 'wait',
}

/** Of money that comes from a bank. */
const COMING: Readonly<Record<OrderState, Row>> = {
  ...{ sent: ASKED, unknown: ASKED, accepted: ON_ITS_WAY, settled: ENDED_SETTLED, rejected: ENDED_REJECTED },
}

/** Unknown is unknown until it is proven: time alone ends nothing. */
const ORDER_TABLE: Readonly<Record<OrderKind, Readonly<Record<OrderState, Row>>>> = {
  top_up: COMING,
  payment: COMING,
  withdrawal: {
    sent: ON_ITS_WAY,
    unknown: ON_ITS_WAY,
    // Nobody asks us whether we take a withdrawal.
    accepted: ON_ITS_WAY,
    settled: ENDED_SETTLED,
    rejected: ENDED_REJECTED,
  },
}

export const ORDER_ID = 'chor'

export function stepOf({ kind, state }: Pick<Order, 'kind' | 'state'>, speaker: Speaker, word: Word): Step {
  return ORDER_TABLE[kind][state][`${speaker}: ${word}`]
}

export interface Order {
  /** It goes by this from end to end. */
  readonly uetr: string
  readonly id: number
  readonly kind: OrderKind
  readonly customer: number
  /** Fingerprint of the card, and its id. */
  readonly card: string
  readonly cardId: number
  readonly bank: string
  readonly amountMinor: bigint
  /** Of a withdrawal that settled: what came back. */
  readonly returnedMinor: bigint
  readonly state: OrderState
  /** ISO code of why it was rejected. */
  readonly reason: string | null
  readonly hold: number | null
  /** References of the payment as the clearing house knows it: of a top-up those that came with the money. */
  readonly messageId: string
  readonly instructionId: string | null
  readonly endToEndId: string
  readonly transactionId: string | null
  readonly contradicted: boolean
  readonly inSuspense: boolean
  /** Of a payment: what it is to pay. */
  readonly trade: number | null
  /** Why its trade could not be paid any more when the money was there: the wallet got it. */
  readonly unspent: string | null
  readonly askings: number
  readonly madeAt: Micros
  /** When it is asked about next. */
  readonly dueAt: Micros
  readonly endedAt: Micros | null
}

/** Whether its money comes from a bank. */
export function isComing({ kind }: Pick<Order, 'kind'>): boolean {
  return kind !== 'withdrawal'
}

export function isOpen({ state }: Pick<Order, 'state'>): boolean {
  return state !== 'settled' && state !== 'rejected'
}

/** How long to wait for news of an order, µs: 20 s at first, which the clearing house takes at most, twice as long each time, 10 minutes at most. */
export function askAfter(askings: number): number {
  return Math.min(20_000_000 * 2 ** Math.min(askings, 5), 600_000_000)
}

export function assertOrder(order: Order): Order {
  const { amountMinor, returnedMinor, state, reason, endedAt, hold, kind, trade, unspent } = order
  invariant(amountMinor > 0n, 'an order is of something')
  invariant(returnedMinor >= 0n && returnedMinor <= amountMinor, 'no more comes back than was sent')
  invariant(returnedMinor === 0n || (kind === 'withdrawal' && state === 'settled'), 'what comes back was withdrawn')
  invariant((state === 'rejected') === (reason !== null), 'a rejected order says why, and no other')
  invariant((kind === 'payment') === (trade !== null), 'a payment has a trade, and no other')
  invariant(unspent === null || (trade !== null && state === 'settled'), 'what is unspent was to pay for something')
  invariant(isOpen(order) === (endedAt === null), 'what has ended has a time')
  invariant(isOpen(order) || hold === null, 'what has ended holds nothing')
  return order
}
