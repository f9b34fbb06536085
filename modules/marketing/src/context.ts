import type { WorkingSet } from '@huitong/committer'
import { invariant, slotOf } from '@huitong/kernel'
import type { Books, SubjectCode } from '@huitong/ledger'
import type { Party } from '@huitong/party'
import { type Outlays, type Purse, type Purses, type Tendering, WALLET_CURRENCY } from '@huitong/payments'
import type { Limits } from '@huitong/pricing'
import type { Campaign } from './campaign.ts'
import { campaignTable } from './campaign-store.ts'
import { claimTable, couponTable } from './coupon-store.ts'
import { packetClaimTable, packetTable, packetTokenTable } from './packet-store.ts'
import { emptyPocket, type Pocket } from './pocket.ts'
import { pocketTable } from './pocket-store.ts'

export interface MarketingDeps {
  readonly books: Books
  readonly party: Party
  readonly limits: Limits
  readonly purses: Purses
  readonly tendering: Tendering
  readonly outlays: Outlays
}

/** What all command kinds and tenders of this module close over. */
export type MarketingContext = ReturnType<typeof createMarketingContext>

/** Expenses of the institution for its own campaigns. */
const MARKETING_EXPENSE: SubjectCode = '6007'

export function createMarketingContext(
  set: WorkingSet,
  { books, party, limits, purses, tendering, outlays }: MarketingDeps,
) {
  const tables = {
    campaigns: set.table(campaignTable),
    coupons: set.table(couponTable),
    claims: set.table(claimTable),
    packets: set.table(packetTable),
    packetTokens: set.table(packetTokenTable),
    packetClaims: set.table(packetClaimTable),
    pockets: set.table(pocketTable),
  }

  function purse(account: number, side: Purse['side']): Purse {
    books.needAccount(account)
    return { account, side }
  }

  function open(slot: number, subject: SubjectCode, owner: string | null, floorMinor: bigint | null): number {
    const opened = books.openAccount({ slot, subject, currency: WALLET_CURRENCY, owner, floorMinor })
    invariant(opened.ok, `the ledger opens an account on ${subject}`)
    return opened.value.id
  }

  return {
    set,
    party,
    limits,
    purses,
    tendering,
    outlays,
    tables,
    purse,

    /** One person may have several accounts; what is once a person counts for all of them. */
    personOf: (customer: number): number => party.customer(customer)?.person ?? customer,

    pocket: (customer: number): Pocket => tables.pockets.get(customer) ?? emptyPocket(customer),

    /** Announces what is in a customer's pocket, as far as the pocket is in memory. */
    needPocket: (customer: number): void => {
      tables.pockets.need(customer)
      const pocket = tables.pockets.inMemory(customer)
      for (const { campaign } of pocket?.coupons ?? []) tables.campaigns.need(campaign)
      if (pocket?.packetAccount != null) books.needAccount(pocket.packetAccount)
    },

    /** The account of a new campaign. */
    openBudget: (campaign: number, merchant: number | null): Purse => {
      const account =
        merchant === null
          ? open(0, '2207', `campaign:${campaign}`, 0n)
          : open(slotOf(merchant), '2006', `merchant:${merchant}`, 0n)
      return { account, side: 'funder' }
    },
    budget: ({ account }: Campaign): Purse => purse(account, 'funder'),
    needFunder: (merchant: number | null): void => {
      if (merchant === null) books.needAccountsOf(MARKETING_EXPENSE, null)
      else purses.needMerchantAccount(merchant)
    },
    /** Whose money a campaign's is: where it comes from and where the rest goes back. Undefined when a merchant has no account. */
    funder: (merchant: number | null): Purse | undefined => {
      if (merchant !== null) return purses.merchantAccount(merchant)
      const [known] = books.accountsOf(MARKETING_EXPENSE, null)
      return purse(known?.id ?? open(0, MARKETING_EXPENSE, null, null), 'house')
    },

    /** Money out of red packets; undefined before a customer opened one. */
    packetMoney: (pocket: Pocket, side: 'payer' | 'payee'): Purse | undefined =>
      pocket.packetAccount === null ? undefined : purse(pocket.packetAccount, side),
    openPacketMoney: (customer: number): number => open(slotOf(customer), '2008', `customer:${customer}`, 0n),
    openSending: (customer: number): number => open(slotOf(customer), '2007', `customer:${customer}`, 0n),
    /** Whether money can come to an account: it is neither closed nor stopped. */
    takesMoney: ({ account }: Purse): boolean => books.account(account)?.state === 'open',
  }
}
