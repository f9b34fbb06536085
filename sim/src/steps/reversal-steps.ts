import { type Drawing, pick, remember, UNKNOWN } from '../knowledge.ts'
import { type Step, stepOf } from '../step.ts'
import { legOf, NO_ENTRY } from './posting-steps.ts'

export function reverseStep(drawing: Drawing): Step {
  const { random, oracle, knowledge, commands } = drawing
  const leftOf = (number: number) => {
    const transfer = oracle.core.transfers[number]
    return transfer === undefined || transfer.kind !== 'posted' ? 0 : transfer.amount - transfer.reversed
  }
  const of = pick(random, knowledge.transfers, UNKNOWN, ({ number }) => leftOf(number) > 0)
  const left = leftOf(of.number)
  const amount = random.oneIn(4) ? null : random.oneIn(8) ? left + random.below(3) - 1 : 1 + random.below(left + 1)
  const number = oracle.core.transfers.length
  const expected = oracle.entries.reverse(of.number, amount)
  const transfer = amount === null ? { transfer: of.id } : { transfer: of.id, amountMinor: BigInt(amount) }
  return stepOf('reversal', expected, commands.reverse, { of: transfer, raw: false }, ({ transfers: [id] }) => {
    // A reversal is not taken back; some ask for that.
    if (id !== undefined && random.oneIn(10)) remember(random, knowledge.transfers, { number, id })
  })
}

export function reverseEntryStep(drawing: Drawing): Step {
  const { random, oracle, knowledge, commands } = drawing
  const hasLeft = (number: number) => {
    const transfer = oracle.core.transfers[number]
    return transfer !== undefined && transfer.reversed < transfer.amount
  }
  const of = pick(random, knowledge.entries, NO_ENTRY, ({ numbers }) => numbers.some(hasLeft))
  // One of its transfers may be taken back by itself before.
  const [first] = of.numbers
  if (first !== undefined && random.oneIn(4)) {
    const amount = 1 + random.below(40)
    const expected = oracle.entries.reverse(first, amount)
    const target = { transfer: of.id, amountMinor: BigInt(amount) }
    return stepOf('reversal', expected, commands.reverse, { of: target, raw: false })
  }
  const expected = oracle.entries.reverseAll(of.numbers)
  return stepOf('entry reversal', expected, commands.reverse, { of: { entry: of.id }, raw: false })
}

/** Takes a transfer back and posts what it should have been. */
export function correctionStep(drawing: Drawing): Step {
  const { random, oracle, knowledge, commands } = drawing
  const isWhole = (number: number) => {
    const transfer = oracle.core.transfers[number]
    return transfer?.kind === 'posted' && transfer.reversed === 0
  }
  const of = pick(random, knowledge.transfers, UNKNOWN, ({ number }) => isWhole(number))
  const transfer = oracle.core.transfers[of.number]
  const account = transfer?.debit ?? knowledge.own.source.CNY
  const currency = oracle.core.account(account).currency === 'USD' ? 'USD' : 'CNY'
  const credit = random.pick(knowledge.chosen[currency])
  const sides = { debit: account, credit, currency, amount: 1 + random.below(100) } as const
  const expected = oracle.core.together([
    () => oracle.entries.reverse(of.number, null),
    () => oracle.core.transfer(sides, sides.amount),
  ])
  const leg = legOf(drawing, 'transfer', sides, null)
  if (leg.type !== 'transfer') throw new Error('a transfer was asked for')
  const input = { of: { transfer: of.id }, legs: [{ ...leg, type: leg.type }], raw: false }
  return stepOf('correction', expected, commands.correct, input)
}
