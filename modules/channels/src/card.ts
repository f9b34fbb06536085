import { invariant, type Micros } from '@huitong/kernel'

/**
 * `binding`: the bank is being asked. `code_sent`: it waits for the code that it sent to the holder's phone. `ending`: no more is taken
 * from here, and the bank has still to be told.
 */
export const CARD_STATES = ['binding', 'code_sent', 'active', 'ending', 'ended'] as const
type CardState = (typeof CARD_STATES)[number]

/** A customer's account at a bank, by the card that stands for it. */
export interface Card {
  /** Keyed hash of customer, bank and number: the same card again is the same row. */
  readonly fingerprint: string
  readonly id: number
  readonly customer: number
  /** Member number. */
  readonly bank: string
  /** The last four digits, which is all of the number that is shown. */
  readonly tail: string
  /** Number and holder, under the customer's key. */
  readonly sealed: Uint8Array
  readonly state: CardState
  /** How often it was begun to be bound: each is a new question to the bank. */
  readonly attempt: number
  /** The bank's id of the agreement by which we may take money. */
  readonly agreement: string | null
  /** The order whose outcome is not known yet; until it is there is no other. */
  readonly openOrder: string | null
  readonly madeAt: Micros
  /** When the bank is told next that it ended. */
  readonly dueAt: Micros | null
}

/** What is sealed of a card. */
export interface CardSecret {
  readonly number: string
  /** As in the identity document, which is how the bank knows the holder. */
  readonly holder: string
}

export const CARD_NUMBER = /^\d{16,19}$/

export function assertCard(card: Card): Card {
  const bound = card.state === 'code_sent' || card.state === 'active' || card.state === 'ending'
  invariant(bound === (card.agreement !== null), 'a card that is bound has an agreement')
  invariant((card.state === 'ending') === (card.dueAt !== null), 'a card that ends has a time to tell the bank')
  invariant(card.openOrder === null || card.state === 'active', 'only an active card has an open order')
  return card
}
