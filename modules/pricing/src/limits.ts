import type { WorkingSet } from '@huitong/committer'
import { beijingDay, invariant, ok, type Result } from '@huitong/kernel'
import type { CustomerTier, Party } from '@huitong/party'
import { inForce } from './dated-rule.ts'
import { decideNextVersion } from './dated-rule-decide.ts'
import { CLASS_PARAMETER, DAY_PARAMETER, decideSpend } from './limit-decide.ts'
import type { LimitRefusal } from './limit-refusals.ts'
import type { NewVersion, ParameterId, ParameterVersion } from './parameter.ts'
import { parameterTable } from './parameter-store.ts'
import { giveBack, noSpending, onDay, together } from './spending.ts'
import { spendingTable } from './spending-store.ts'
import type { Spent } from './spent.ts'
import { spentTable } from './spent-store.ts'
import { STRENGTHS, type Strength } from './strength.ts'

/** Money that leaves a customer's account. */
export interface Outlay {
  readonly customer: number
  readonly strength: Strength
  readonly amountMinor: bigint
  /** A new id: the trade, transfer or hold that spends. */
  readonly reference: number
  /** What else was asked and let it pass, such as a version of a risk policy; kept beside the limits that did. */
  readonly judgedBy?: readonly string[]
}

/**
 * Limits on what a person spends, for the decide functions of commands that move a customer's money. They are counters in the working
 * set and never sums, so the second payment of a batch sees the first. What one customer spends counts for the person, over all of
 * his accounts. A hold counts when it is placed; what of it is not captured is given back.
 */
export interface Limits {
  needSpending(customer: number): void
  /** Whether it would be counted now. The customer must exist. */
  allows(outlay: Pick<Outlay, 'customer' | 'strength' | 'amountMinor'>): boolean
  /** Counts it, or refuses. The customer must exist. */
  spend(outlay: Outlay): Result<Spent, LimitRefusal>
  /** Gives a part of what a reference spent back. What was spent before there were limits counts nothing and is left alone. */
  giveBack(reference: number, amountMinor: bigint): void
  /**
   * Lets a part of what a reference spent count under another one from now on, in the same windows: what is captured of a hold is a
   * trade's, and a refund of the trade gives it back to the day on which it was promised.
   */
  passOn(from: number, to: number, amountMinor: bigint): void
  /** Puts the counters of a customer who turned out to be a known person together with that person's. */
  join(customer: number, person: number): void
  needParameter(id: ParameterId): void
  versions(id: ParameterId): readonly ParameterVersion[]
  addVersion(id: ParameterId, version: NewVersion): Result<ParameterVersion, LimitRefusal>
}

export function createLimits(set: WorkingSet, party: Pick<Party, 'customer' | 'needCustomer'>): Limits {
  const parameters = set.table(parameterTable)
  const spendings = set.table(spendingTable)
  const spent = set.table(spentTable)
  const today = () => beijingDay(set.batch.at)
  const current = (id: ParameterId) => inForce(parameters.get(id) ?? [], today())

  function customerOf(id: number): { readonly person: number; readonly tier: CustomerTier } {
    const customer = party.customer(id)
    invariant(customer !== undefined, 'limits are asked about a customer who exists')
    return { person: customer.person ?? id, tier: customer.tier }
  }

  return {
    needSpending: (customer) => {
      party.needCustomer(customer)
      // Most customers are the only account of their person.
      spendings.need(customer)
      for (const id of SPENDING_PARAMETERS) parameters.need(id)
    },

    allows: ({ customer, strength, amountMinor }) => {
      const { person, tier } = customerOf(customer)
      return decideSpend(onDay(spendings.get(person), today()), { tier, strength, amountMinor }, current).ok
    },

    spend: ({ customer, strength, amountMinor, reference, judgedBy = [] }) => {
      const { person, tier } = customerOf(customer)
      const before = onDay(spendings.get(person), today())
      const allowed = decideSpend(before, { tier, strength, amountMinor }, current)
      if (!allowed.ok) return allowed
      spendings.put(person, allowed.value.spending)
      const row: Spent = {
        reference,
        customer,
        strength,
        amountMinor,
        givenBackMinor: 0n,
        passedOnMinor: 0n,
        at: set.batch.at,
        allowedBy: [...allowed.value.allowedBy, ...judgedBy],
      }
      spent.add(reference, row)
      return ok(row)
    },

    giveBack: (reference, amountMinor) => {
      const before = spent.get(reference)
      if (before === undefined) return
      const givenBackMinor = before.givenBackMinor + amountMinor
      spent.put(reference, assertSpent({ ...before, givenBackMinor }))
      const { person } = customerOf(before.customer)
      const counted = spendings.get(person)
      invariant(counted !== undefined, 'who spent something has counters')
      spendings.put(person, giveBack(counted, before.strength, amountMinor, before.at))
    },

    passOn: (from, to, amountMinor) => {
      const before = spent.get(from)
      if (before === undefined) return
      spent.put(from, assertSpent({ ...before, passedOnMinor: before.passedOnMinor + amountMinor }))
      spent.add(to, { ...before, reference: to, amountMinor, givenBackMinor: 0n, passedOnMinor: 0n })
    },

    join: (customer, person) => {
      if (customer === person) return
      const own = spendings.get(customer)
      if (own === undefined) return
      const others = spendings.get(person)
      spendings.put(person, others === undefined ? own : together(own, others))
      spendings.put(customer, noSpending(today()))
    },

    needParameter: (id) => parameters.need(id),
    versions: (id) => parameters.get(id) ?? [],
    addVersion: (id, version) => {
      const versions = parameters.get(id) ?? []
      const added = decideNextVersion(versions, version, today(), set.batch.at)
      if (added.ok) parameters.put(id, [...versions, added.value])
      return added
    },
  }
}

function assertSpent(row: Spent): Spent {
  invariant(
    row.givenBackMinor + row.passedOnMinor <= row.amountMinor,
    'no more is given back or passed on than was spent',
  )
  return row
}

const SPENDING_PARAMETERS: readonly ParameterId[] = [
  'payment.contract.single',
  ...STRENGTHS.map((strength) => DAY_PARAMETER[strength]),
  ...Object.values(CLASS_PARAMETER).map(({ id }) => id),
]
