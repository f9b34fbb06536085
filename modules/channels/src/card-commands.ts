import type { CommandKind } from '@huitong/committer'
import { answerCodec } from '@huitong/contract'
import { canonicalJson, microsToIso, ok, publicId, slotOf } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import type { Card } from './card.ts'
import { refuse } from './channel-refusals.ts'
import type { ChannelContext } from './context.ts'

export const CardAnswer = Type.Object({
  id: Type.Integer(),
  state: Type.String(),
  /** Which question to the bank this is. */
  attempt: Type.Integer(),
})
export type CardAnswer = Static<typeof CardAnswer>

export interface BeginBindingInput {
  readonly customer: number
  readonly fingerprint: string
  readonly bank: string
  readonly tail: string
  /** Drawn and sealed at the door: nothing personal passes through the committer in clear. */
  readonly sealed: Uint8Array
}

/** `channels.begin-binding`: writes down that a card is about to be bound. The bank is asked after that, and under this attempt. */
export function beginBindingKind(context: ChannelContext): CommandKind<BeginBindingInput, CardAnswer> {
  const { set, cards, banks, party } = context
  return {
    name: 'channels.begin-binding',
    need: ({ customer, fingerprint, bank }) => {
      party.needCustomer(customer)
      cards.need(fingerprint)
      banks.need(bank)
    },
    decide: ({ customer, fingerprint, bank, tail, sealed }) => {
      if (party.customer(customer) === undefined) return refuse('customer_not_found')
      const at = banks.get(bank)
      if (at === undefined) return refuse('bank_not_found')
      if (!context.isActive(customer)) return refuse('wallet_blocked')
      if (at.state !== 'open') return refuse('bank_paused')
      const before = cards.get(fingerprint)
      // Bound already: asked for again it stays so, whatever the bank would say now.
      if (before?.state === 'active') return ok(answerOf(before))
      if (before?.state === 'ending') return refuse('card_changed')
      const card: Card = {
        ...{ fingerprint, id: before?.id ?? set.newId(slotOf(customer)), customer, bank, tail, sealed },
        ...{ state: 'binding', attempt: (before?.attempt ?? 0) + 1, agreement: null, openOrder: null },
        ...{ madeAt: before?.madeAt ?? set.batch.at, dueAt: null },
      }
      cards.put(fingerprint, card)
      return ok(answerOf(card))
    },
    // Sealed anew with every try, the same card is the same request.
    form: ({ sealed: _, ...rest }) => canonicalJson(rest),
    ...answerCodec(CardAnswer),
  }
}

export interface NoteAgreementInput {
  readonly fingerprint: string
  readonly attempt: number
  /** The bank's; null when it said no. */
  readonly agreement: string | null
}

/** `channels.note-agreement`: what the bank answered. An answer to an earlier attempt changes nothing. */
export function noteAgreementKind({ cards }: ChannelContext): CommandKind<NoteAgreementInput, CardAnswer> {
  return {
    name: 'channels.note-agreement',
    need: ({ fingerprint }) => cards.need(fingerprint),
    decide: ({ fingerprint, attempt, agreement }) => {
      const card = cards.get(fingerprint)
      if (card === undefined) return refuse('card_not_found')
      if (card.attempt !== attempt || card.state !== 'binding') return refuse('card_changed')
      const after: Card = agreement === null ? { ...card, state: 'ended' } : { ...card, state: 'code_sent', agreement }
      cards.put(fingerprint, after)
      return ok(answerOf(after))
    },
    form: ({ fingerprint, attempt, agreement }) => canonicalJson({ fingerprint, attempt, agreement }),
    ...answerCodec(CardAnswer),
  }
}

export interface AttemptInput {
  readonly fingerprint: string
  readonly attempt: number
}

/** `channels.activate-card`: the holder gave the code, and the bank said that the agreement is in force. */
export function activateCardKind(context: ChannelContext): CommandKind<AttemptInput, CardAnswer> {
  const { cards } = context
  return {
    name: 'channels.activate-card',
    need: ({ fingerprint }) => cards.need(fingerprint),
    decide: ({ fingerprint, attempt }) => {
      const card = cards.get(fingerprint)
      if (card === undefined) return refuse('card_not_found')
      if (card.attempt !== attempt) return refuse('card_changed')
      if (card.state === 'active') return ok(answerOf(card))
      if (card.state !== 'code_sent') return refuse('card_changed')
      const after: Card = { ...card, state: 'active' }
      cards.put(fingerprint, after)
      tellOf(context, 'card.bound', after)
      return ok(answerOf(after))
    },
    form: ({ fingerprint, attempt }) => canonicalJson({ fingerprint, attempt }),
    ...answerCodec(CardAnswer),
  }
}

/** `channels.lapse-binding`: too many wrong codes, or the bank let it lapse. Nothing was ever taken by it. */
export function lapseBindingKind({ cards }: ChannelContext): CommandKind<AttemptInput, CardAnswer> {
  return {
    name: 'channels.lapse-binding',
    need: ({ fingerprint }) => cards.need(fingerprint),
    decide: ({ fingerprint, attempt }) => {
      const card = cards.get(fingerprint)
      if (card === undefined) return refuse('card_not_found')
      if (card.attempt !== attempt || card.state !== 'code_sent') return refuse('card_changed')
      const after: Card = { ...card, state: 'ended', agreement: null }
      cards.put(fingerprint, after)
      return ok(answerOf(after))
    },
    form: ({ fingerprint, attempt }) => canonicalJson({ fingerprint, attempt }),
    ...answerCodec(CardAnswer),
  }
}

export interface EndCardInput {
  readonly customer: number
  readonly fingerprint: string
}

/** `channels.end-card`: no more is taken by this card from now on; its bank is told until it has heard. */
export function endCardKind(context: ChannelContext): CommandKind<EndCardInput, CardAnswer> {
  const { set, cards } = context
  return {
    name: 'channels.end-card',
    need: ({ fingerprint }) => cards.need(fingerprint),
    decide: ({ customer, fingerprint }) => {
      const card = cards.get(fingerprint)
      if (card === undefined || card.customer !== customer) return refuse('card_not_found')
      if (card.state === 'ending' || card.state === 'ended') return ok(answerOf(card))
      if (card.openOrder !== null) return refuse('order_open')
      const after: Card =
        card.agreement === null ? { ...card, state: 'ended' } : { ...card, state: 'ending', dueAt: set.batch.at }
      cards.put(fingerprint, after)
      if (card.state === 'active') tellOf(context, 'card.ended', after)
      return ok(answerOf(after))
    },
    form: ({ customer, fingerprint }) => canonicalJson({ customer, fingerprint }),
    ...answerCodec(CardAnswer),
  }
}

/** How long until a bank that did not hear is told again, µs. */
const TELL_AGAIN = 60_000_000

export interface NoteEndInput {
  readonly fingerprint: string
  /** Whether the bank has heard. */
  readonly heard: boolean
}

/** `channels.note-end`: whether the bank knows that a card has ended. */
export function noteEndKind({ set, cards }: ChannelContext): CommandKind<NoteEndInput, CardAnswer> {
  return {
    name: 'channels.note-end',
    need: ({ fingerprint }) => cards.need(fingerprint),
    decide: ({ fingerprint, heard }) => {
      const card = cards.get(fingerprint)
      if (card === undefined) return refuse('card_not_found')
      if (card.state !== 'ending') return ok(answerOf(card))
      const after: Card = heard
        ? { ...card, state: 'ended', agreement: null, dueAt: null }
        : { ...card, dueAt: set.batch.at + TELL_AGAIN }
      cards.put(fingerprint, after)
      return ok(answerOf(after))
    },
    form: ({ fingerprint, heard }) => canonicalJson({ fingerprint, heard }),
    ...answerCodec(CardAnswer),
  }
}

function tellOf({ set }: ChannelContext, topic: 'card.bound' | 'card.ended', card: Card): void {
  const key = publicId('card', card.id)
  const customer = publicId('cust', card.customer)
  set.emit({
    topic,
    key,
    body: JSON.stringify({ card: key, customer, bank: card.bank, at: microsToIso(set.batch.at) }),
  })
}

function answerOf({ id, state, attempt }: Card): CardAnswer {
  return { id, state, attempt }
}
