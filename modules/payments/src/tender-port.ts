import type { TransferCode } from '@huitong/ledger'
import type { ReadTx } from '@huitong/pg'
import type { Purse } from './purse.ts'
import type { OfferOf, TenderAsk, TenderName, TenderOffer, TenderPart } from './tender.ts'

/* What whoever brings a kind of tender implements: once on the working set, where it pays, and once on what is committed, to be shown. */

/** Money on its way from or to a tender. */
export interface TenderMoney {
  readonly purse: Purse
  /** Null for the buyer's own money, which moves under the name of the purchase. */
  readonly code: TransferCode | null
}

/** A kind of tender as commands use it, all of it on the working set. */
export interface Tender {
  readonly name: TenderName
  /** Announces what is read of a payer, and of an instrument that is known already. */
  need(payer: number, instrument: number | null): void
  open(ask: TenderAsk): OfferOf
  /** The offer is used for the purchase `reference`: notes that in the tender's own rows, and says where the money is. */
  take(ask: TenderAsk, offer: TenderOffer, reference: number): TenderMoney
  /** The part's amount of a purchase goes back: notes it, and says where to. Undefined when there is no place for it. */
  giveBack(payer: number, part: TenderPart, purchase: number): TenderMoney | undefined
  /** All of the purchase was given back. */
  undone(payer: number, part: TenderPart, reference: number): void
}

/** A payer's tender as it stands. */
export interface OpenTender {
  readonly offerOf: OfferOf
  /** Those that can be named and used for the payment, best first; `null` stands for a tender that is only one. */
  readonly instruments: readonly (number | null)[]
}

/** The same judgement on what is committed, for showing what a payment would take before anybody confirms it. */
export interface TenderReader {
  readonly name: TenderName
  open(tx: ReadTx, ask: TenderAsk): Promise<OpenTender>
}
