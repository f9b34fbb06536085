import type { Refusal } from '@huitong/committer'
import { formatAmount, invariant, ok, type Result } from '@huitong/kernel'
import type { TransferCode } from '@huitong/ledger'
import type { Limits, Strength } from '@huitong/pricing'
import { balanceTender } from './balance-tender.ts'
import { WALLET_CURRENCY } from './limits.ts'
import { type PayerLimitCode, payerLimit } from './payer-limit.ts'
import type { PaymentTables } from './payment-tables.ts'
import type { MoveRefusal, MoveRefusalCode, Purse, Purses } from './purse.ts'
import {
  hasInstruments,
  type TenderAsk,
  type TenderChoice,
  type TenderName,
  type TenderOffer,
  type TenderPart,
  USUAL_TENDERS,
} from './tender.ts'
import { ownMinor, paidByMinor, partsOfReturn, planTenders } from './tender-decide.ts'
import type { Tender, TenderMoney } from './tender-port.ts'

/*
 * Takes a purchase from its buyer's tenders, and gives it back to them, as part of whatever command buys or refunds. The seller's side sees
 * one transfer: several tenders meet on an account of the institution that is empty before and after.
 */

/** A purchase that is to be paid. */
interface TenderedPurchase extends Omit<TenderAsk, 'now'> {
  /** How well the buyer proved who it is; limits on the buyer's own money hang on it. */
  readonly strength: Strength
  /** What else let it pass; kept beside the limits that did. */
  readonly judgedBy: readonly string[]
  /** Null: in the customer's own order. */
  readonly choices: readonly TenderChoice[] | null
  /** Tenders that the seller does not take. */
  readonly without: readonly TenderName[]
  /** Whether the one who asks may learn why each tender gives nothing: it is the buyer. */
  readonly explains: boolean
  /** The purchase's own id. */
  readonly reference: number
  readonly to: Purse
  /** What the transfer to the seller's side is called. */
  readonly code: Extract<TransferCode, 'payment' | 'escrow_hold'>
}

/** What goes back of a purchase. */
interface TenderedReturn {
  readonly payer: number
  readonly purchase: number
  /** The tenders of the purchase; null: the balance alone. */
  readonly parts: readonly TenderPart[] | null
  readonly amountMinor: bigint
  /** All that went back before. */
  readonly returnedBeforeMinor: bigint
  readonly from: Purse
  readonly code: Extract<TransferCode, 'refund' | 'escrow_return'>
  /** The refund's own id. */
  readonly reference: number
}

/** Why tenders do not pay, or nothing can go back to them. */
interface TenderRefusal extends Refusal {
  readonly code: MoveRefusalCode | PayerLimitCode | 'tender_not_usable'
}

export interface Tendering {
  /** Lets a tender take part. The program calls it while it puts the modules together. */
  add(tender: Tender): void
  /** Announces what the buyer's tenders read, as far as the buyer's wallet is in memory. */
  need(payer: number, choices: readonly Pick<TenderPart, 'tender' | 'instrument'>[] | null): void
  /** Takes the total, or refuses. The parts are null when the balance paid all of it. */
  pay(purchase: TenderedPurchase): Result<readonly TenderPart[] | null, TenderRefusal>
  /** Gives an amount back to where it came from; what each tender got, null when the balance got all of it. */
  giveBack(back: TenderedReturn): Result<readonly TenderPart[] | null, TenderRefusal>
  /** The tenders that may pay without being named, in the usual order. */
  names(): readonly TenderName[]
  /** From now on the customer has more than a balance: payments look at all tenders, in the usual order unless the customer wants another. */
  join(customer: number): void
}

const BALANCE_ONLY: readonly TenderChoice[] = [{ tender: 'balance', instrument: null }]

export function createTendering(deps: {
  readonly purses: Purses
  readonly limits: Limits
  readonly wallets: PaymentTables['wallets']
  readonly now: () => number
}): Tendering {
  const { purses, limits, wallets, now } = deps
  const tenders = new Map<TenderName, Tender>([['balance', balanceTender(purses)]])

  function choicesOf(payer: number, asked: readonly TenderChoice[] | null): readonly TenderChoice[] {
    if (asked !== null) return asked
    const order = wallets.get(payer)?.tenderOrder ?? null
    if (order === null) return BALANCE_ONLY
    return order.filter((tender) => tenders.has(tender)).map((tender) => ({ tender, instrument: null }))
  }

  function tenderOf(name: TenderName): Tender {
    const found = tenders.get(name)
    invariant(found !== undefined, `nobody brought the tender ${name}`)
    return found
  }

  /** One transfer on the seller's side, whatever the number of tenders. */
  function collect(legs: readonly Leg[], to: Purse, { amountMinor, code, reference }: Total): Moved {
    const [only] = legs
    if (legs.length === 1 && only?.code === null) {
      return purses.move({ from: only.purse, to, amountMinor, code, reference })
    }
    const transit = purses.house('tender_transit')
    for (const leg of legs) {
      const part = { from: leg.purse, to: transit, amountMinor: leg.amountMinor }
      const moved = purses.move({ ...part, code: leg.code ?? code, reference })
      if (!moved.ok) return moved
    }
    return purses.move({ from: transit, to, amountMinor, code, reference })
  }

  /** The same the other way round. */
  function spread(from: Purse, legs: readonly Leg[], { amountMinor, code, reference }: Total): Moved {
    const [only] = legs
    if (legs.length === 1 && only?.code === null) {
      return purses.move({ from, to: only.purse, amountMinor, code, reference })
    }
    const transit = purses.house('tender_transit')
    const taken = purses.move({ from, to: transit, amountMinor, code, reference })
    if (!taken.ok) return taken
    for (const leg of legs) {
      const part = { from: transit, to: leg.purse, amountMinor: leg.amountMinor }
      const moved = purses.move({ ...part, code: leg.code ?? code, reference })
      if (!moved.ok) return moved
    }
    return taken
  }

  function count(purchase: TenderedPurchase, amountMinor: bigint): Result<unknown, TenderRefusal> {
    if (amountMinor === 0n) return ok(null)
    const { payer: customer, strength, reference, judgedBy } = purchase
    return payerLimit(limits.spend({ customer, strength, amountMinor, reference, judgedBy }))
  }

  return {
    add: (tender) => {
      invariant(!tenders.has(tender.name), `the tender ${tender.name} was brought twice`)
      tenders.set(tender.name, tender)
    },

    need: (payer, asked) => {
      const usual = () => (wallets.inMemory(payer)?.tenderOrder ?? []).map((tender) => ({ tender, instrument: null }))
      const named = asked ?? usual()
      for (const { tender, instrument } of named) tenders.get(tender)?.need(payer, instrument)
      if (named.length > 1) purses.needHouse('tender_transit')
    },

    pay: (purchase) => {
      const { payer, totalMinor, reference, to, code } = purchase
      const choices = choicesOf(payer, purchase.choices).filter(({ tender }) => !purchase.without.includes(tender))
      // Most payments. The ledger says itself why a balance cannot pay.
      if (choices.length === 1 && choices[0]?.tender === 'balance') {
        const counted = count(purchase, totalMinor)
        if (!counted.ok) return counted
        const from = purses.wallet(payer, 'payer')
        if (from === undefined) return refuse('payer_blocked')
        const moved = purses.move({ from, to, amountMinor: totalMinor, code, reference })
        return moved.ok ? ok(null) : moved
      }
      invariant(new Set(choices.map(({ tender }) => tender)).size === choices.length, 'each tender is named once')
      for (const { tender, instrument } of choices) {
        if (!tenders.has(tender)) return refuse('tender_not_usable', { [tender]: 'not_offered' })
        if (instrument !== null && !hasInstruments(tender))
          return refuse('tender_not_usable', { [tender]: 'not_named_so' })
      }
      const ask: TenderAsk = { ...purchase, now: now() }
      const offers = new Map(choices.map(({ tender }) => [tender, tenderOf(tender).open(ask)] as const))
      const plan = planTenders(totalMinor, choices, ({ tender, instrument }, restMinor) => {
        const offerOf = offers.get(tender)
        invariant(offerOf !== undefined, 'every tender that is asked was opened')
        return offerOf(instrument, restMinor)
      })
      if (plan.unusable !== null) {
        const { choice, fault } = plan.unusable
        return refuse('tender_not_usable', purchase.explains ? { [choice.tender]: fault } : undefined)
      }
      // Limits count the buyer's own money, and come before the question whether there is enough of it.
      const counted = count(purchase, ownMinor(plan.offers) + plan.shortMinor)
      if (!counted.ok) return counted
      if (plan.shortMinor > 0n) return refuse('payer_without_funds', purchase.explains ? shortFacts(plan) : undefined)
      const legs = plan.offers.map((offer) => {
        const money = tenderOf(offer.tender).take(ask, offer, reference)
        return { ...money, amountMinor: offer.amountMinor }
      })
      const moved = collect(legs, to, { amountMinor: totalMinor, code, reference })
      if (!moved.ok) return moved
      const parts = plan.offers.map((offer) => ({ ...offer, returnedMinor: 0n }))
      return ok(isBalanceAlone(parts) ? null : parts)
    },

    giveBack: ({ payer, purchase, parts, amountMinor, returnedBeforeMinor, from, code, reference }) => {
      if (parts === null) {
        const wallet = purses.wallet(payer, 'payee')
        if (wallet === undefined) return refuse('payee_blocked')
        const moved = purses.move({ from, to: wallet, amountMinor, code, reference })
        if (!moved.ok) return moved
        limits.giveBack(purchase, amountMinor)
        return ok(null)
      }
      const back = partsOfReturn(parts, returnedBeforeMinor, amountMinor)
      const legs: Leg[] = []
      for (const part of back) {
        const money = tenderOf(part.tender).giveBack(payer, part, purchase)
        if (money === undefined) return refuse('payee_blocked')
        legs.push({ ...money, amountMinor: part.amountMinor })
      }
      const moved = spread(from, legs, { amountMinor, code, reference })
      if (!moved.ok) return moved
      const ownBackMinor = ownMinor(back)
      if (ownBackMinor > 0n) limits.giveBack(purchase, ownBackMinor)
      if (returnedBeforeMinor + amountMinor === paidByMinor(parts)) {
        for (const part of parts) tenderOf(part.tender).undone(payer, part, purchase)
      }
      return ok(back)
    },

    names: () => USUAL_TENDERS.filter((name) => tenders.has(name)),

    join: (customer) => {
      const wallet = wallets.get(customer)
      invariant(wallet !== undefined, 'who gets a tender has a wallet')
      if (wallet.tenderOrder !== null) return
      wallets.put(customer, { ...wallet, tenderOrder: USUAL_TENDERS.filter((name) => tenders.has(name)) })
    },
  }
}

interface Leg extends TenderMoney {
  readonly amountMinor: bigint
}

interface Total {
  readonly amountMinor: bigint
  readonly code: TransferCode
  readonly reference: number
}
type Moved = Result<number, MoveRefusal>

function isBalanceAlone(parts: readonly TenderOffer[]): boolean {
  return parts.length === 1 && parts[0]?.tender === 'balance'
}

/** Why each tender gave nothing, and how much is missing after those that gave. */
function shortFacts({ faults, shortMinor }: ReturnType<typeof planTenders>): Readonly<Record<string, string>> {
  return { ...Object.fromEntries(faults), short: formatAmount(shortMinor, WALLET_CURRENCY) }
}

function refuse(
  code: TenderRefusal['code'],
  facts?: Readonly<Record<string, string>>,
): { readonly ok: false; readonly error: TenderRefusal } {
  return { ok: false, error: facts === undefined ? { code } : { code, facts } }
}
