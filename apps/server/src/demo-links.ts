import { type Bank, factorsOf } from '@huitong/bank'
import { CNY, invariant, parseAmount } from '@huitong/kernel'
import { listOwnKeys } from '@huitong/links'
import { readCustomerRegistration } from '@huitong/party'
import type { Logger } from 'pino'
import { DEMO_BANK_DEPOSIT, DEMO_BANK_LIMITS, DEMO_CARD_LIMITS, DEMO_CUSTOMERS } from './demo-people.ts'
import { demoStep } from './demo-step.ts'
import type { Hosted, Started } from './host-institution.ts'
import type { Institution } from './institution.ts'
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
 * Makes the institutions of the demo world know each other, as their staff would: addresses and keys are entered, banks and platforms become
 * participants with money on their positions, and cards of the banks can be bound at the platforms. Every step is under a key of its own or
 * changes nothing when it is repeated, so each start may do it anew; addresses change from start to start.
 */
export async function linkDemoWorld(started: readonly Started[], log: Logger): Promise<void> {
  const linked = started.flatMap(({ hosted }) => {
    const link = hosted?.institution.own.link
    return hosted === undefined || link === undefined ? [] : [{ ...hosted, link }]
  })
  const banks = linked.filter(({ institution }) => institution.own.bank !== undefined)
  const platforms = linked.filter(({ institution }) => institution.own.channels !== undefined)
  for (const hub of linked.filter(({ institution }) => institution.own.clearing !== undefined)) {
    for (const one of linked) {
      if (one.institution.clearingHouse !== hub.link.member) continue
      await orLogged(log, one, hub, async () => {
        await enterPeer(hub, one)
        await enterPeer(one, hub)
        const { bank, channels } = one.institution.own
        if (bank !== undefined) await openBank(one, bank)
        if (bank !== undefined) await admit(hub, one, FUNDS)
        if (channels !== undefined) await admit(hub, one, reserveMinor())
      })
    }
  }
  for (const platform of platforms) {
    for (const bank of banks) {
      if (bank.institution.clearingHouse !== platform.institution.clearingHouse) continue
      await orLogged(log, platform, bank, async () => {
        await enterPeer(platform, bank)
        await enterPeer(bank, platform)
        await connect(platform, bank)
      })
    }
  }
}

async function orLogged(log: Logger, one: Linked, other: Linked, link: () => Promise<void>): Promise<void> {
  try {
    await link()
  } catch (error) {
    const facts = { institution: one.institution.schema, other: other.institution.schema, err: error }
    log.error(facts, 'the demo world could not link these institutions')
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

/** The bank's customer brings cash, the bank takes a part of it to its position, and a customer of the wallet has an account here too. */
async function openBank({ institution, link }: Linked, kinds: Bank): Promise<void> {
  const customer = BANK_CUSTOMERS[link.member]
  const [walletCustomer] = DEMO_CUSTOMERS
  if (customer === undefined || walletCustomer === undefined) return
  const { number } = await openAccount(institution, kinds, 'bank customer 1', {
    ...{ legalName: customer.name, documentNumber: customer.phone, phone: customer.phone, ...ACCOUNT_LIMITS },
  })
  await demoStep(institution, 'bank deposit 1', kinds.deposit, { number, amountMinor: DEPOSIT })
  await demoStep(institution, 'bank funds', kinds.fundSettlement, { amountMinor: FUNDS })
  const { name: legalName, documentNumber, phone } = walletCustomer
  const limits = { singleMaxMinor: fen(DEMO_BANK_LIMITS.single), dayMaxMinor: fen(DEMO_BANK_LIMITS.day) }
  const own = await openAccount(institution, kinds, 'bank customer 2', { legalName, documentNumber, phone, ...limits })
  const deposit = { number: own.number, amountMinor: fen(DEMO_BANK_DEPOSIT) }
  await demoStep(institution, 'bank deposit 2', kinds.deposit, deposit)
}

async function openAccount(
  institution: Institution,
  kinds: Bank,
  key: string,
  {
    singleMaxMinor,
    dayMaxMinor,
    ...person
  }: Parameters<typeof factorsOf>[1] & { readonly singleMaxMinor: bigint; readonly dayMaxMinor: bigint },
) {
  const { vault, chance } = institution
  const registration = { displayName: person.legalName, phone: person.phone }
  const holder = readCustomerRegistration(registration, vault, chance)
  invariant(holder.ok, 'customers of the demo world are well formed')
  const account = { holder: holder.value, ...factorsOf(vault, person), singleMaxMinor, dayMaxMinor }
  return await demoStep(institution, key, kinds.openAccount, account)
}

/** The clearing house admits a participant that paid in its money, and lets its net position go down to the cap. */
async function admit({ institution: hub }: Linked, { institution, link }: Linked, fundsMinor: bigint): Promise<void> {
  const { member } = link
  const { clearing } = hub.own
  invariant(clearing !== undefined, 'a clearing house has participants')
  const capMinor = fundsMinor < CAP * 2n ? fundsMinor / 2n : CAP
  await demoStep(hub, `admit ${member}`, clearing.admit, { member, name: institution.name })
  await demoStep(hub, `fund ${member}`, clearing.fund, { member, amountMinor: fundsMinor })
  await demoStep(hub, `cap ${member}`, clearing.setCap, { member, amountMinor: capMinor })
}

/** Cards of the bank can be bound at the platform. */
async function connect({ institution }: Linked, { institution: bank, link: { member } }: Linked): Promise<void> {
  const { channels } = institution.own
  invariant(channels !== undefined, 'a platform that is linked has channels')
  const limits = { singleMaxMinor: fen(DEMO_CARD_LIMITS.single), dayMaxMinor: fen(DEMO_CARD_LIMITS.day) }
  await demoStep(institution, `bank ${member}`, channels.setBank, {
    ...{ member, name: bank.name, state: 'open' as const, ...limits, capacity: null, costMillionths: 0 },
  })
}

/** What the customers of the demo world brought into their wallets lies in the platform's reserve. */
function reserveMinor(): bigint {
  return DEMO_CUSTOMERS.reduce((sum, { topUp }) => sum + fen(topUp), 0n)
}

function fen(text: string): bigint {
  const amount = parseAmount(text, CNY)
  invariant(amount.ok, 'amounts of the demo world are amounts')
  return amount.value
}
