import { invariant, type Result } from '@huitong/kernel'
import {
  isMoney,
  type TenderChoice,
  type TenderFault,
  type TenderName,
  type TenderOffer,
  type TenderPart,
} from './tender.ts'

/** How a total would be paid. */
export interface TenderPlan {
  readonly offers: readonly TenderOffer[]
  /** What nobody pays; 0 when the payment can be made. */
  readonly shortMinor: bigint
  /** Why a tender gives nothing, of those that were asked. */
  readonly faults: ReadonlyMap<TenderName, TenderFault>
  /** A tender that was named by its instrument and cannot be used: somebody who named it does not want to pay without. */
  readonly unusable: { readonly choice: TenderChoice; readonly fault: TenderFault } | null
}

/** Goes through the tenders in order: each gives what it can of the rest. */
export function planTenders(
  totalMinor: bigint,
  choices: readonly TenderChoice[],
  offerOf: (choice: TenderChoice, restMinor: bigint) => Result<TenderOffer, TenderFault>,
): TenderPlan {
  const offers: TenderOffer[] = []
  const faults = new Map<TenderName, TenderFault>()
  let shortMinor = totalMinor
  for (const choice of choices) {
    if (shortMinor === 0n) break
    const offered = offerOf(choice, shortMinor)
    if (!offered.ok) {
      faults.set(choice.tender, offered.error)
      if (choice.instrument !== null) return { offers, shortMinor, faults, unusable: { choice, fault: offered.error } }
      continue
    }
    const { amountMinor } = offered.value
    invariant(amountMinor > 0n && amountMinor <= shortMinor, `tender ${choice.tender} offers ${amountMinor}`)
    offers.push(offered.value)
    shortMinor -= amountMinor
  }
  return { offers, shortMinor, faults, unusable: null }
}

/** What of these is the buyer's own money. */
export function ownMinor(parts: readonly TenderOffer[]): bigint {
  return sum(parts.filter((part) => part.funder === 'buyer').map((part) => part.amountMinor))
}

/** What of these is somebody's money; the rest is discount. */
export function moneyMinor(parts: readonly TenderOffer[]): bigint {
  return sum(parts.filter(isMoney).map((part) => part.amountMinor))
}

export function paidByMinor(parts: readonly TenderOffer[]): bigint {
  return sum(parts.map((part) => part.amountMinor))
}

/** What the seller earns by a part of a purchase: without its share of the discount that the seller itself gives, which is cut to the fen. */
export function earnedMinor(parts: readonly TenderPart[] | null, amountMinor: bigint): bigint {
  if (parts === null) return amountMinor
  return amountMinor - (discountMinor(parts, 'merchant') * amountMinor) / paidByMinor(parts)
}

function discountMinor(parts: readonly TenderOffer[], funder: 'platform' | 'merchant'): bigint {
  return sum(parts.filter((part) => part.funder === funder).map((part) => part.amountMinor))
}

/**
 * The parts after all refunds together have come to `returnedMinor`.
 *
 * Discounts get back their share of it by the proportion in which they paid, cut to the fen; what is cut goes to the buyer. So a refund of a
 * part never pays a discount out in cash, and never takes one away. Among the discounts, and among the tenders that are money, the one
 * that was used last is given back first. All follows from the sum of the refunds and not from their number: any parts that come to the whole
 * give every tender back exactly what it paid.
 */
export function returnedParts(parts: readonly TenderPart[], returnedMinor: bigint): readonly TenderPart[] {
  const paidMinor = paidByMinor(parts)
  invariant(returnedMinor >= 0n && returnedMinor <= paidMinor, 'no more goes back than was paid')
  const discountsMinor = paidMinor - moneyMinor(parts)
  const discountShareMinor = (discountsMinor * returnedMinor) / paidMinor
  let discountLeft = discountShareMinor
  let moneyLeft = returnedMinor - discountShareMinor
  const after = parts.toReversed().map((part) => {
    const left = isMoney(part) ? moneyLeft : discountLeft
    const filled = left < part.amountMinor ? left : part.amountMinor
    if (isMoney(part)) moneyLeft -= filled
    else discountLeft -= filled
    return { ...part, returnedMinor: filled }
  })
  invariant(discountLeft === 0n && moneyLeft === 0n, 'all that goes back has a tender to go to')
  return after.toReversed()
}

/** What each tender gets back when the sum of the refunds grows by an amount: its part, with that as amount. */
export function partsOfReturn(
  parts: readonly TenderPart[],
  returnedBeforeMinor: bigint,
  amountMinor: bigint,
): readonly TenderPart[] {
  const before = returnedParts(parts, returnedBeforeMinor)
  return returnedParts(parts, returnedBeforeMinor + amountMinor).flatMap((part, index) => {
    const backMinor = part.returnedMinor - (before[index]?.returnedMinor ?? 0n)
    invariant(backMinor >= 0n, 'a refund takes nothing back from a tender')
    return backMinor === 0n ? [] : [{ ...part, amountMinor: backMinor, returnedMinor: 0n }]
  })
}

/** Holds for the tenders of every purchase; `paidMinor` and `returnedMinor` are what its row says. */
export function assertParts(
  name: string,
  parts: readonly TenderPart[],
  paidMinor: bigint,
  returnedMinor: bigint,
): void {
  invariant(parts.length > 0, `${name}: paid by no tender`)
  invariant(paidByMinor(parts) === paidMinor, `${name}: tenders do not come to what was paid`)
  invariant(sum(parts.map((part) => part.returnedMinor)) === returnedMinor, `${name}: tenders differ from the refunds`)
  for (const { tender, amountMinor, returnedMinor: back } of parts) {
    invariant(amountMinor > 0n && back >= 0n && back <= amountMinor, `${name}: tender ${tender} got more than it gave`)
  }
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, one) => total + one, 0n)
}
