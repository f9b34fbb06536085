import { beijingDay, err, invariant, ok, slotOf } from '@huitong/kernel'
import { availableMinor, findAccount } from '@huitong/ledger'
import { findCustomer } from '@huitong/party'
import type { OfferOf, Tender, TenderReader } from '@huitong/payments'
import { selectWalletAccount } from '@huitong/payments'
import type { FamilyContext } from './family-context.ts'
import { allowanceMinor, giveBack, returned, spend } from './family-decide.ts'
import { familyEvent } from './family-events.ts'
import type { FamilyLink } from './family-link.ts'
import { selectLinks } from './family-read-store.ts'

/** Why a relative's money does not pay; told to the one who pays. */
export const FAMILY_FAULTS = [
  'not_named',
  'link_unknown',
  'link_paused',
  'link_spent',
  'owner_blocked',
  'owner_limit',
  'owner_short',
] as const
type FamilyFault = (typeof FAMILY_FAULTS)[number]

/** The owner agreed beforehand to what the link pays: by the strength of a contract. */
const STRENGTH = 'contract' as const

/** A relative's wallet as a tender. It gives all that is asked of it, up to what the link allows, or nothing. */
export function familyTender(context: FamilyContext): Tender {
  const { set, limits, purses, tables } = context
  const linkOf = (instrument: number | null): FamilyLink => {
    invariant(instrument !== null, 'a part that a link paid names the link')
    const link = tables.links.get(instrument)
    invariant(link !== undefined, 'a link that paid is there')
    return link
  }
  return {
    name: 'family',
    need: (_payer, instrument) => {
      if (instrument !== null) context.needLink(instrument)
    },
    open:
      ({ payer }): OfferOf =>
      (instrument, restMinor) => {
        const link = instrument === null ? undefined : tables.links.get(instrument)
        const owner = link?.owner
        return offer(payer, instrument, restMinor, {
          link,
          day: context.today(),
          isOwnerActive: owner !== undefined && context.isActive(owner),
          isWithinLimits: (amountMinor) =>
            owner !== undefined && limits.allows({ customer: owner, strength: STRENGTH, amountMinor }),
          spendableMinor: () => {
            const wallet = owner === undefined ? undefined : purses.wallet(owner, 'payer')
            return wallet === undefined ? 0n : purses.spendableMinor(wallet)
          },
        })
      },
    take: (_ask, { instrument, amountMinor }, reference) => {
      const link = linkOf(instrument)
      const use = {
        purchase: reference,
        id: set.newId(slotOf(link.owner)),
        link: link.id,
        amountMinor,
        returnedMinor: 0n,
        at: set.batch.at,
      }
      const counted = limits.spend({ customer: link.owner, strength: STRENGTH, amountMinor, reference: use.id })
      invariant(counted.ok, 'what a link offered is within its owner’s limits')
      tables.links.put(link.id, spend(link, amountMinor, context.today()))
      tables.uses.add(reference, use)
      const purse = purses.wallet(link.owner, 'payer')
      invariant(purse !== undefined, 'a link that offered money has a wallet')
      set.emit(familyEvent('family.paid', link, set.batch.at, amountMinor))
      return { purse, code: null }
    },
    giveBack: (_payer, { instrument, amountMinor }, purchase) => {
      const link = linkOf(instrument)
      const purse = purses.wallet(link.owner, 'payee')
      if (purse === undefined || !context.takesMoney(purse)) return undefined
      const use = tables.uses.get(purchase)
      invariant(use !== undefined, 'what goes back to a link was paid by it')
      limits.giveBack(use.id, amountMinor)
      tables.uses.put(purchase, returned(use, amountMinor))
      tables.links.put(link.id, giveBack(link, amountMinor, beijingDay(use.at)))
      set.emit(familyEvent('family.returned', link, set.batch.at, amountMinor))
      return { purse, code: null }
    },
    undone: () => undefined,
  }
}

export const familyReader: TenderReader = {
  name: 'family',
  open: async (tx, { payer, now }) => {
    const links = (await selectLinks(tx, payer, true)).filter(({ member }) => member === payer)
    const seen = new Map<number, Seen>()
    for (const link of links) {
      const account = await selectWalletAccount(tx, link.owner)
      const wallet = account === undefined ? undefined : await findAccount(tx, account)
      const owner = await findCustomer(tx, link.owner)
      seen.set(link.id, {
        link,
        day: beijingDay(now),
        isOwnerActive: owner?.status === 'active',
        // Which limits of the law hold is the commands' to say; a quote that is too good is refused when it is used.
        isWithinLimits: () => true,
        spendableMinor: () => (wallet === undefined ? 0n : availableMinor(wallet.account, wallet.balance)),
      })
    }
    return {
      offerOf: (instrument, restMinor) => offer(payer, instrument, restMinor, seen.get(instrument ?? 0)),
      instruments: links.filter(({ state }) => state === 'active').map(({ id }) => id),
    }
  },
}

/** What is known of a link and its owner when it is asked to pay. */
interface Seen {
  readonly link: FamilyLink | undefined
  /** Of Beijing. */
  readonly day: string
  readonly isOwnerActive: boolean
  readonly isWithinLimits: (amountMinor: bigint) => boolean
  readonly spendableMinor: () => bigint
}

function offer(
  payer: number,
  instrument: number | null,
  restMinor: bigint,
  seen: Seen | undefined,
): ReturnType<OfferOf> {
  if (instrument === null) return fault('not_named')
  const link = seen?.link
  if (seen === undefined || link?.member !== payer || link.state === 'ended' || link.state === 'invited')
    return fault('link_unknown')
  if (link.state === 'paused') return fault('link_paused')
  const leftMinor = allowanceMinor(link, seen.day)
  if (leftMinor === 0n) return fault('link_spent')
  const amountMinor = leftMinor < restMinor ? leftMinor : restMinor
  if (!seen.isOwnerActive) return fault('owner_blocked')
  if (!seen.isWithinLimits(amountMinor)) return fault('owner_limit')
  // All or nothing: a part would tell the member what the owner has.
  if (seen.spendableMinor() < amountMinor) return fault('owner_short')
  return ok({ tender: 'family', instrument, funder: 'relative', form: null, label: null, amountMinor })
}

function fault(code: FamilyFault): ReturnType<OfferOf> {
  return err(code)
}
