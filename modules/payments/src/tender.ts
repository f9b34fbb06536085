import type { Result } from '@huitong/kernel'

/*
 * A tender is something that a purchase is paid with: a coupon, money from red packets, the balance of the wallet. One payment may take
 * several, one after the other: each gives what it can, and the next the rest. This module owns the port; the balance stands here, and
 * other modules bring theirs, which the program hands in.
 */

/** Every kind that there may be. */
export const TENDER_NAMES = ['coupon', 'red_packet', 'family', 'card', 'balance'] as const
export type TenderName = (typeof TENDER_NAMES)[number]

/** Those that pay without being named, in this order unless the customer wants another one. A relative's money never does. */
export const USUAL_TENDERS = ['coupon', 'red_packet', 'balance'] as const satisfies readonly TenderName[]

/** Those of which a customer may have several, so that one is named. */
const NAMED_TENDERS: ReadonlySet<string> = new Set(['coupon', 'family', 'card'] satisfies readonly TenderName[])

/** Those that whoever pays may name. A card pays with money that its bank has sent for this payment, and brings itself. */
export const CHOSEN_TENDERS = ['coupon', 'red_packet', 'family', 'balance'] as const satisfies readonly TenderName[]

export function hasInstruments(tender: TenderName): boolean {
  return NAMED_TENDERS.has(tender)
}

/** Whose money it is: the buyer's own in the wallet or at a bank, a relative's, or a discount that the institution or the merchant gives. */
export const FUNDERS = ['buyer', 'bank', 'relative', 'platform', 'merchant'] as const
export type Funder = (typeof FUNDERS)[number]

/** Whether it is somebody's money that pays, and not a discount on the price. */
export function isMoney({ funder }: { readonly funder: Funder }): boolean {
  return funder === 'buyer' || funder === 'bank' || funder === 'relative'
}

/** What a tender is beyond its kind, for slips and gateways; null where its kind says it all. */
export const TENDER_FORMS = ['cash_off', 'percent_off'] as const
export type TenderForm = (typeof TENDER_FORMS)[number]

/** A tender as somebody names it for a payment. Of coupons and relatives a customer may have many, so one may be named. */
export interface TenderChoice {
  readonly tender: TenderName
  readonly instrument: number | null
}

/** As it is written in requests: `coupon:1234`, `balance`. */
export function choiceText({ tender, instrument }: TenderChoice): string {
  return instrument === null ? tender : `${tender}:${instrument}`
}

/** What a payment is about, as far as tenders may care. */
export interface TenderAsk {
  readonly payer: number
  readonly merchant: number
  readonly totalMinor: bigint
  /** The part of the total on which discounts may be given; null for all of it. */
  readonly discountableMinor: bigint | null
  readonly goods: readonly OrderedGoods[]
  /** µs */
  readonly now: number
}

/** As many lines of an order are looked at. */
export const GOODS_MAX = 100

/** A line of an order, so that a coupon can be bound to what is bought. */
export interface OrderedGoods {
  readonly id: string
  /** Price times quantity. */
  readonly amountMinor: bigint
}

/** What a tender would give. */
export interface TenderOffer {
  readonly tender: TenderName
  readonly instrument: number | null
  readonly funder: Funder
  readonly form: TenderForm | null
  /** For people: the coupon's name. */
  readonly label: string | null
  readonly amountMinor: bigint
}

/** What a tender gave to a payment, and what went back to it since. */
export interface TenderPart extends TenderOffer {
  readonly returnedMinor: bigint
}

/** Why a tender gives nothing: a word of its owner's closed list. */
export type TenderFault = string

/** Judges one tender of one payer: what it gives at most `restMinor` of, or why nothing. Changes nothing. */
export type OfferOf = (instrument: number | null, restMinor: bigint) => Result<TenderOffer, TenderFault>
