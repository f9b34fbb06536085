import {
  type CommandKind,
  type Committer,
  committerMigrations,
  type Outcome,
  startCommitter,
  WorkingSet,
} from '@huitong/committer'
import { isScope } from '@huitong/contract'
import { type Authenticator, createHttp, createLog, type HttpApp } from '@huitong/http'
import { canonicalJson, isoToMicros, type ManualClock, manualClock, ok, seededChance } from '@huitong/kernel'
import { ledgerHeadStore, ledgerMigrations } from '@huitong/ledger'
import {
  type CustomerRegistration,
  type CustomerTier,
  createParty,
  createVault,
  type Party,
  partyMigrations,
  readCustomerRegistration,
} from '@huitong/party'
import { createInstitution, type TestInstitution } from '@huitong/testing'
import { addPricingRoutes, createPricing, type Pricing, pricingMigrations, type Strength } from '../src/index.ts'

/** One step of the outlays that tests make: money spent under a reference, or given back of one. */
export type Outlay =
  | { readonly type: 'spend'; readonly customer: number; readonly strength: Strength; readonly amountMinor: bigint }
  | { readonly type: 'give_back'; readonly reference: number; readonly amountMinor: bigint }

export interface PricingWorld {
  readonly institution: TestInstitution
  readonly committer: Committer
  readonly pricing: Pricing
  readonly clock: ManualClock
  readonly http: HttpApp
  customer(tier: CustomerTier): Promise<number>
  /** The reference of what was spent. */
  outlay(step: Outlay): Promise<Outcome<number>>
  stop(): Promise<void>
}

/** Noon in Beijing. */
export const START = micros('2026-11-22T04:00:00Z')

export function micros(iso: string): number {
  const time = isoToMicros(iso)
  if (!time.ok) throw new Error(time.error)
  return time.value
}

/** `Bearer staff rules:read …` is a member of staff with these scopes, `Bearer customer 1024 …` a customer. */
const bearer: Authenticator = async ({ headers }) => {
  const [, kind, ...words] = (headers.authorization ?? '').split(' ')
  const scopes = new Set(words.filter(isScope))
  if (kind === 'staff') return { kind, id: 'staff:1', scopes }
  if (kind === 'customer') return { kind, id: `customer:${words[0]}`, scopes, customerId: Number(words[0]) }
  return undefined
}

export async function startPricingWorld(): Promise<PricingWorld> {
  const migrations = [committerMigrations, ledgerMigrations, partyMigrations, pricingMigrations]
  const institution = await createInstitution(migrations)
  const set = new WorkingSet()
  const party = createParty(set)
  const pricing = createPricing(set, party)
  const clock = manualClock(START)
  const chance = seededChance(1)
  const vault = createVault([{ version: 1, secret: chance.bytes(32) }], chance.bytes(32), chance)
  const outlays = outlayKind(set, pricing)
  const register = registerKind(party)
  const committer = await startCommitter({
    set,
    heads: ledgerHeadStore('2026-11-22'),
    connect: () => institution.dedicated(),
    holder: 'test',
    clock,
  })
  const http = await createHttp({ log: createLog({ level: 'silent' }), authenticate: [bearer], approvals: 'unwatched' })
  addPricingRoutes(http, { db: institution.db, committer, pricing, vault, clock })
  let phones = 0
  return {
    institution,
    committer,
    pricing,
    clock,
    http,
    customer: async (tier) => {
      phones += 1
      const request = { displayName: `Customer ${phones}`, phone: `+8610${String(phones).padStart(9, '0')}`, tier }
      const registration = readCustomerRegistration(request, vault, chance)
      if (!registration.ok) throw new Error(registration.error.rule)
      const outcome = await committer.submit({ kind: register, input: registration.value })
      if (outcome.status !== 'done') throw new Error(outcome.status)
      return outcome.answer
    },
    outlay: (input) => committer.submit({ kind: outlays, input }),
    stop: () => committer.stop(),
  }
}

const number = { encode: (answer: number) => String(answer), decode: Number }

function registerKind(party: Party): CommandKind<CustomerRegistration, number> {
  return {
    name: 'test.register',
    need: (input) => party.needRegistration(input),
    decide: (input) => {
      const made = party.registerCustomer(input)
      return made.ok ? ok(made.value.id) : made
    },
    form: ({ displayName }) => displayName,
    ...number,
  }
}

/** What a payment does with limits, without the money. */
function outlayKind(set: WorkingSet, { limits }: Pricing): CommandKind<Outlay, number> {
  return {
    name: 'test.outlay',
    need: (step) => {
      if (step.type === 'spend') limits.needSpending(step.customer)
    },
    decide: (step) => {
      if (step.type === 'give_back') {
        limits.giveBack(step.reference, step.amountMinor)
        return ok(step.reference)
      }
      const { customer, strength, amountMinor } = step
      const reference = set.newId(0)
      const spent = limits.spend({ customer, strength, amountMinor, reference })
      return spent.ok ? ok(reference) : spent
    },
    form: (step) => canonicalJson({ ...step, amountMinor: String(step.amountMinor) }),
    ...number,
  }
}

/** `done`, or the code of the refusal. */
export function told(outcome: Outcome<unknown>): string {
  return outcome.status === 'refused' ? outcome.refusal.code : outcome.status
}
