import { type Bank, createBank, GROSS_FROM, GROSS_UNTIL } from '@huitong/bank'
import { type Channels, createChannels } from '@huitong/channels'
import { type Clearing, createClearing } from '@huitong/clearing'
import { WorkingSet } from '@huitong/committer'
import { createEscrow } from '@huitong/escrow'
import { createFamily } from '@huitong/family'
import { CHINA_2026, invariant } from '@huitong/kernel'
import { createBooks, createLedgerCommands } from '@huitong/ledger'
import { createLinks, type Links, type LinkVault } from '@huitong/links'
import { createMarketing } from '@huitong/marketing'
import { createParty } from '@huitong/party'
import { createPayments } from '@huitong/payments'
import { createPricing } from '@huitong/pricing'
import { createReconciliation } from '@huitong/reconciliation'
import { createReserve } from '@huitong/reserve'
import { createRisk } from '@huitong/risk'
import type { InstitutionSpec } from './institution-spec.ts'

/** What every institution has. */
function createCore() {
  const set = new WorkingSet()
  const books = createBooks(set)
  const reconciliation = createReconciliation(set, { books })
  return { set, books, party: createParty(set), ledgerCommands: createLedgerCommands(set, books), reconciliation }
}

export type CoreModules = ReturnType<typeof createCore>

/** The modules of a wallet platform on the working set: everything that its committer can decide beside the core. */
function addPlatform(core: CoreModules) {
  const { set, books, party } = core
  const pricing = createPricing(set, party)
  const { limits, sharing } = pricing
  const risk = createRisk(set)
  const payments = createPayments(set, { books, party, limits, sharing, risk })
  const { purses, tendering, outlays } = payments
  const escrow = createEscrow(set, { books, party, purses, tendering, outlays })
  const marketing = createMarketing(set, { books, party, limits, purses, tendering, outlays })
  const family = createFamily(set, { books, party, limits, purses, tendering })
  const reserve = createReserve(set, { books })
  return { ...core, pricing, risk, payments, escrow, marketing, family, reserve }
}

export type PlatformModules = ReturnType<typeof addPlatform>

/** What an institution needs to exchange messages, and the command that takes one. */
export interface LinkModules {
  readonly links: Links
  readonly member: string
  readonly receive: ReturnType<Links['receiving']>
}

/** The modules of an institution by its kind; what its kind has not is undefined. */
export interface Modules {
  readonly core: CoreModules
  readonly platform: PlatformModules | undefined
  readonly bank: Bank | undefined
  readonly clearing: Clearing | undefined
  /** Of a wallet platform that reaches banks. */
  readonly channels: Channels | undefined
  readonly link: LinkModules | undefined
}

const CLEARING_SYSTEM = 'EPCC'

/** A wallet platform, and its way to banks if it has a place in the clearing system. */
function withChannels({ name, member, clearingHouse }: InstitutionSpec, vault: LinkVault, core: CoreModules) {
  const platform = addPlatform(core)
  if (member === undefined || clearingHouse === undefined) return { platform }
  const { set, books, party } = core
  const { purses, outlays, tendering, pay } = platform.payments
  const { payouts } = platform.reserve
  const links = createLinks(set, vault)
  const channels = createChannels(set, {
    ...{
      books,
      party,
      purses,
      outlays,
      tendering,
      pay,
      payouts,
      send: links.send,
      member,
      clearingHouse,
      clearingSystem: CLEARING_SYSTEM,
      name,
    },
  })
  return { platform, channels, link: { links, member, receive: links.receiving(channels.receive) } }
}

/** Puts them on one working set. `demo` lets a bank's faults be ordered. */
export function createModules(spec: InstitutionSpec, vault: LinkVault, demo: boolean): Modules {
  const core = createCore()
  const none = { core, platform: undefined, bank: undefined, clearing: undefined, channels: undefined, link: undefined }
  if (spec.kind === 'wallet_platform') return { ...none, ...withChannels(spec, vault, core) }
  if (spec.kind !== 'bank' && spec.kind !== 'clearing_house') return none
  const { set, books, party } = core
  const { member, clearingHouse, issuer } = spec
  invariant(member !== undefined, `${spec.schema} has a member number`)
  const links = createLinks(set, vault)
  const { send } = links
  if (spec.kind === 'clearing_house') {
    const clearing = createClearing(set, { books, send, member })
    return { ...none, clearing, link: { links, member, receive: links.receiving(clearing.receive) } }
  }
  invariant(clearingHouse !== undefined && issuer !== undefined, `${spec.schema} has a clearing house`)
  const bank = createBank(set, {
    ...{ books, party, send, member, clearingHouse, clearingSystem: CLEARING_SYSTEM, issuer },
    ...{ hours: { calendar: CHINA_2026, from: GROSS_FROM, until: GROSS_UNTIL }, faultsAllowed: demo },
  })
  return { ...none, bank, link: { links, member, receive: links.receiving(bank.receive) } }
}
