import type { Drawing } from '../knowledge.ts'
import { type Step, stepOf } from '../step.ts'
import { idOf, someAccount, someCurrency } from './sides.ts'

export function boundStep(drawing: Drawing): Step {
  const { random, oracle, commands } = drawing
  const number = someAccount(drawing, someCurrency(drawing))
  const account = idOf(drawing, number)
  if (random.oneIn(3)) {
    const limit = random.below(300)
    return stepOf('credit limit', oracle.creditLimit(number, limit), commands.setCreditLimit, {
      ...{ account, limitMinor: BigInt(limit) },
    })
  }
  if (random.oneIn(3)) {
    const ceiling = random.oneIn(2) ? null : random.below(20_000)
    const ceilingMinor = ceiling === null ? null : BigInt(ceiling)
    return stepOf('ceiling', oracle.ceiling(number, ceiling), commands.setCeiling, { account, ceilingMinor })
  }
  const floor = random.oneIn(10) ? null : random.below(300) - 200
  const floorMinor = floor === null ? null : BigInt(floor)
  return stepOf('floor', oracle.floor(number, floor), commands.setFloor, { account, floorMinor })
}

/** An account that is stopped, asleep or closed is most often opened again soon. */
export function stateStep(drawing: Drawing): Step {
  const { random, oracle, knowledge, commands } = drawing
  const shut = [...knowledge.chosen.CNY, ...knowledge.chosen.USD].filter(
    (number) => oracle.core.account(number).state !== 'open',
  )
  if (shut.length > 0 && (shut.length > 3 || random.oneIn(2))) {
    const number = random.pick(shut)
    const account = idOf(drawing, number)
    return oracle.core.account(number).state === 'closed'
      ? stepOf('reopening', oracle.reopen(number), commands.reopen, { account, reason: 'late_money' })
      : stepOf('state', oracle.state(number, 'open'), commands.setState, { account, state: 'open' })
  }
  const idle = [...knowledge.chosen.CNY, ...knowledge.chosen.USD].filter((one) => {
    const { debits, credits, debitsPending, creditsPending } = oracle.core.account(one)
    return debits === credits && debitsPending + creditsPending === 0
  })
  // Only an empty account can be closed, and only one without holds falls asleep: there are few of them.
  const isIdle = idle.length > 0 && !random.oneIn(4)
  const number = isIdle ? random.pick(idle) : someAccount(drawing, someCurrency(drawing))
  const account = idOf(drawing, number)
  if (random.oneIn(3)) {
    const { entries } = oracle.core.account(number)
    const sequence = random.oneIn(5) ? entries + 1 : entries
    return stepOf('dormant', oracle.dormant(number, sequence), commands.setDormant, { account, sequence })
  }
  const state = random.oneIn(2) ? 'frozen' : 'closed'
  return stepOf('state', oracle.state(number, state), commands.setState, { account, state })
}

export function policyStep(drawing: Drawing): Step {
  const { random, oracle, knowledge, commands } = drawing
  const number = random.oneIn(3) ? someAccount(drawing, 'CNY') : knowledge.own.fees
  const isSummarised = !random.oneIn(3)
  const expected = oracle.days.policy(number, isSummarised)
  const policy = isSummarised ? 'summarised' : 'immediate'
  return stepOf('policy', expected, commands.setPostingPolicy, { account: idOf(drawing, number), policy })
}

/** The set that does not exist comes last. */
export function memberStep(drawing: Drawing): Step {
  const { random, oracle, knowledge, commands } = drawing
  const place = random.oneIn(20) ? 1000 : random.below(knowledge.sets.length)
  const number = someAccount(drawing, someCurrency(drawing))
  const input = { set: knowledge.sets[place] ?? 777 * 1024, account: idOf(drawing, number) }
  const isIn = oracle.core.account(number).sets.has(place)
  if (isIn || random.oneIn(8))
    return stepOf('leave set', oracle.sets.remove(place, number), commands.removeFromSet, input)
  return stepOf('join set', oracle.sets.add(place, number), commands.addToSet, input)
}

export function metadataStep(drawing: Drawing): Step {
  const { random, oracle, knowledge, commands } = drawing
  const key = `k${random.below(24)}`
  const value = `v${random.below(3)}`
  if (random.oneIn(2) && knowledge.transfers.length > 0) {
    const of = random.pick(knowledge.transfers)
    const additions = new Map([[key, value]])
    const expected = oracle.metadata.add(`transfer ${of.id}`, additions)
    return stepOf('transfer metadata', expected, commands.addTransferMetadata, { transfer: of.id, additions })
  }
  const number = someAccount(drawing, someCurrency(drawing))
  const changes = new Map([[key, random.oneIn(3) ? null : value]])
  const expected = oracle.metadata.set(`account ${number}`, changes)
  const has = textOf(oracle.metadata.get(`account ${number}`))
  const input = { account: idOf(drawing, number), changes }
  return stepOf('account metadata', expected, commands.setAccountMetadata, input, ({ metadata }) =>
    textOf(metadata) === has ? undefined : `it has ${textOf(metadata)} instead of ${has}`,
  )
}

function textOf(metadata: ReadonlyMap<string, string>): string {
  return [...metadata]
    .map(([key, value]) => `${key}=${value}`)
    .toSorted()
    .join(' ')
}
