import { factorsOf } from '@huitong/bank'
import { invariant } from '@huitong/kernel'
import { listOwnKeys } from '@huitong/links'
import { readCustomerRegistration } from '@huitong/party'
import type { Logger } from 'pino'
import { demoStep } from './demo-step.ts'
import type { Hosted, Started } from './host-institution.ts'
import type { LinkModules } from './modules.ts'

/** What the banks of the demo world have at the clearing house, and how far their net position may go, in fen. */
const FUNDS = 1_000_000_00n
const CAP = 500_000_00n
/** What the bank's customer brought to the counter; the funds come out of it. */
const DEPOSIT = 2_000_000_00n
const ACCOUNT_LIMITS = { singleMaxMinor: 100_000_00n, dayMaxMinor: 500_000_00n }
/** One customer of each bank, by its member number. */
const BANK_CUSTOMERS: Readonly<Record<string, { readonly name: string; readonly phone: string }>> = {
  '990100000011': { name: '陆怀远', phone: '13900000101' },
  '990200000028': { name: '苏晚晴', phone: '13900000201' },
}

interface Linked extends Hosted {
  readonly link: LinkModules
}

/**
 * Makes the institutions of the demo world know each other, as their staff would: addresses and keys are entered, and the banks become
 * participants with money on their positions. Every step is under a key of its own or changes nothing when it is repeated, so each start may do it
 * anew; addresses change from start to start.
 */
export async function linkDemoWorld(started: readonly Started[], log: Logger): Promise<void> {
  const linked = started.flatMap(({ hosted }) => {
    const link = hosted?.institution.own.link
    return hosted === undefined || link === undefined ? [] : [{ ...hosted, link }]
  })
  const hubs = linked.filter(({ institution }) => institution.own.clearing !== undefined)
  for (const hub of hubs) {
    for (const bank of linked) {
      if (bank.institution.clearingHouse !== hub.link.member) continue
      try {
        await enterPeer(hub, bank)
        await enterPeer(bank, hub)
        await admit(hub, bank)
      } catch (error) {
        const facts = { institution: bank.institution.schema, hub: hub.institution.schema, err: error }
        log.error(facts, 'the demo world could not link these institutions')
      }
    }
  }
}

/** Not under keys: entering what is entered changes nothing. */
async function enterPeer({ institution, link }: Linked, peer: Linked): Promise<void> {
  const { links } = link
  const { member } = peer.link
  const { name, db } = peer.institution
  await demoStep(institution, undefined, links.setPeer, { peer: member, name, url: peer.url, state: 'active' })
  for (const { keyId, publicKey } of await listOwnKeys(db)) {
    await demoStep(institution, undefined, links.addPeerKey, { peer: member, keyId, publicKey, validFrom: null })
  }
}

/** The bank's customer brings cash, the bank takes a part of it to its position, and the clearing house admits it. */
async function admit(hub: Linked, bank: Linked): Promise<void> {
  const { member } = bank.link
  const { bank: kinds } = bank.institution.own
  const { clearing } = hub.institution.own
  invariant(kinds !== undefined && clearing !== undefined, 'a bank is linked to its clearing house')
  const customer = BANK_CUSTOMERS[member]
  if (customer === undefined) return
  const { vault, chance } = bank.institution
  const holder = readCustomerRegistration({ displayName: customer.name, phone: customer.phone }, vault, chance)
  invariant(holder.ok, 'customers of the demo world are well formed')
  const { name: legalName, phone } = customer
  const factors = factorsOf(vault, { legalName, documentNumber: phone, phone })
  const account = { holder: holder.value, ...factors, ...ACCOUNT_LIMITS }
  const { number } = await demoStep(bank.institution, 'bank customer 1', kinds.openAccount, account)
  await demoStep(bank.institution, 'bank deposit 1', kinds.deposit, { number, amountMinor: DEPOSIT })
  await demoStep(bank.institution, 'bank funds', kinds.fundSettlement, { amountMinor: FUNDS })
  const name = bank.institution.name
  await demoStep(hub.institution, `admit ${member}`, clearing.admit, { member, name })
  await demoStep(hub.institution, `fund ${member}`, clearing.fund, { member, amountMinor: FUNDS })
  await demoStep(hub.institution, `cap ${member}`, clearing.setCap, { member, amountMinor: CAP })
}
