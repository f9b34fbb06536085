import { type Drawing, type Known, pick, remember, SECOND, UNKNOWN } from '../knowledge.ts'
import { type Step, stepOf } from '../step.ts'
import { CURRENCIES, idOf, someAccount, someCurrency } from './sides.ts'

const CAUSES = ['hold', 'dispute', 'risk', 'judicial'] as const

export function freezeStep(drawing: Drawing): Step {
  const { random, oracle, knowledge, commands, now } = drawing
  const account = someAccount(drawing, someCurrency(drawing))
  const rank = random.below(CAUSES.length)
  const amount = random.oneIn(8) ? null : random.amount()
  const blocksIncoming = amount === null && random.oneIn(2)
  const expiresAt = random.oneIn(3) ? now + (random.below(60) - 1) * SECOND : null
  const number = oracle.freezes.all.length
  const expected = oracle.freeze({ account, rank, amount, blocksIncoming, expiresAt }, now)
  const amountMinor = amount === null ? null : BigInt(amount)
  const cause = CAUSES[rank] ?? 'hold'
  const terms = { account: idOf(drawing, account), cause, amountMinor, blocksIncoming, reference: 'case', expiresAt }
  return stepOf('freeze', expected, commands.placeFreeze, terms, ({ freeze: id }) =>
    remember(random, knowledge.freezes, { number, id }),
  )
}

function isActive({ oracle }: Drawing, { number }: Known): boolean {
  return oracle.freezes.all[number]?.state === 'active'
}

/** More is lifted than placed, whatever the length of the run: or soon nothing would move any more. */
export function liftStep(drawing: Drawing): Step {
  const { random, oracle, knowledge, commands } = drawing
  const of = pick(random, knowledge.freezes, UNKNOWN, (one) => isActive(drawing, one))
  const rank = random.oneIn(4) ? random.below(CAUSES.length) : 3
  const expected = oracle.freezes.lift(of.number, rank)
  return stepOf('lift', expected, commands.liftFreeze, { freeze: of.id, authority: CAUSES[rank] ?? 'hold' })
}

export function freezeExpiryStep(drawing: Drawing): Step {
  const { oracle, knowledge, commands, now } = drawing
  const isDue = ({ number }: Known) => (oracle.freezes.all[number]?.expiresAt ?? now + 1) <= now
  const some = [...knowledge.freezes.filter((one) => isActive(drawing, one) && isDue(one)).slice(0, 20), UNKNOWN]
  const ended = oracle.freezes.expire(
    some.map(({ number }) => number),
    now,
  )
  const input = { freezes: some.map(({ id }) => id) }
  return stepOf('freeze expiries', 'done', commands.expireFreezes, input, (answer) =>
    answer.ended === ended ? undefined : `${answer.ended} freezes ended instead of ${ended}`,
  )
}

export function deductStep(drawing: Drawing): Step {
  const { random, oracle, knowledge, commands } = drawing
  let of = pick(random, knowledge.freezes, UNKNOWN, (one) => isActive(drawing, one))
  // Money is deducted on judicial freezes only.
  for (let tries = 0; tries < 12 && oracle.freezes.all[of.number]?.rank !== 3; tries += 1) {
    of = pick(random, knowledge.freezes, UNKNOWN, (one) => isActive(drawing, one))
  }
  const freeze = oracle.freezes.all[of.number]
  const isDollars = freeze !== undefined && oracle.core.account(freeze.account).currency === 'USD'
  const currency = isDollars ? 'USD' : 'CNY'
  const to = someAccount(drawing, currency)
  const amount = 1 + random.below(freeze?.left ?? 50)
  const expected = oracle.freezes.deduct(of.number, to, amount, currency)
  const rest = { amountMinor: BigInt(amount), currency: CURRENCIES[currency], reference: null }
  return stepOf('deduction', expected, commands.deduct, { freeze: of.id, to: idOf(drawing, to), ...rest })
}
