import type { PostingLeg } from '@huitong/ledger'
import { type Drawing, type Known, pick, remember, SECOND, UNKNOWN } from '../knowledge.ts'
import { type Step, stepOf } from '../step.ts'
import { legOf } from './posting-steps.ts'
import { someSides } from './sides.ts'

export function holdStep(drawing: Drawing): Step {
  const { random, oracle, knowledge, commands, now } = drawing
  const of = someSides(drawing)
  const expiresAt = random.oneIn(2) ? now + (random.below(60) - 1) * SECOND : null
  const number = oracle.core.holds.length
  const expected = oracle.holds.place(of, of.amount, expiresAt, now)
  const legs = [legOf(drawing, 'hold', of, expiresAt)]
  return stepOf('hold', expected, commands.post, { legs, raw: false }, ({ transfers: [id] }) => {
    if (id !== undefined) remember(random, knowledge.holds, { number, id })
  })
}

function isPending({ oracle }: Drawing, { number }: Known): boolean {
  return oracle.core.holds[number]?.state === 'pending'
}

/** One that can still be captured, most often. */
function someHold(drawing: Drawing): Known {
  const { random, oracle, knowledge, now } = drawing
  const isDue = ({ number }: Known) => (oracle.core.holds[number]?.expiresAt ?? Number.POSITIVE_INFINITY) <= now
  for (let tries = 0; tries < 3; tries += 1) {
    const of = pick(random, knowledge.holds, UNKNOWN, (one) => isPending(drawing, one))
    if (!isDue(of) || random.oneIn(10)) return of
  }
  return pick(random, knowledge.holds, UNKNOWN, (one) => isPending(drawing, one))
}

export function captureStep(drawing: Drawing): Step {
  const { random, oracle, knowledge, commands, now } = drawing
  const of = someHold(drawing)
  const left = oracle.core.holds[of.number]?.remaining ?? 50
  const amount = random.oneIn(8) ? left + random.below(3) - 1 : 1 + random.below(left)
  const final = random.oneIn(2)
  const number = oracle.core.transfers.length
  const expected = oracle.holds.capture(of.number, amount, final, now)
  const legs: readonly PostingLeg[] = [{ type: 'capture', hold: of.id, amountMinor: BigInt(amount), final }]
  return stepOf('capture', expected, commands.post, { legs, raw: false }, ({ transfers: [id] }) => {
    if (id !== undefined) remember(random, knowledge.transfers, { number, id })
  })
}

export function increaseStep(drawing: Drawing): Step {
  const { random, oracle, commands, now } = drawing
  const of = someHold(drawing)
  const amount = random.amount()
  const expected = oracle.holds.increase(of.number, amount, now)
  const legs: readonly PostingLeg[] = [{ type: 'increase', hold: of.id, amountMinor: BigInt(amount) }]
  return stepOf('increase', expected, commands.post, { legs, raw: false })
}

/** Only a hold that expires can be made to last longer. */
export function extendStep(drawing: Drawing): Step {
  const { random, oracle, commands, now } = drawing
  let of = someHold(drawing)
  const before = (known: Known) => oracle.core.holds[known.number]?.expiresAt ?? null
  for (let tries = 0; tries < 4 && before(of) === null; tries += 1) of = someHold(drawing)
  const expiresAt = (random.oneIn(6) ? now : Math.max(now, before(of) ?? now)) + (random.below(40) - 1) * SECOND
  const expected = oracle.holds.extend(of.number, expiresAt, now)
  return stepOf('extension', expected, commands.extendHold, { hold: of.id, expiresAt, raw: false })
}

export function voidStep(drawing: Drawing): Step {
  const { oracle, commands, now } = drawing
  const of = someHold(drawing)
  const legs: readonly PostingLeg[] = [{ type: 'void', hold: of.id }]
  return stepOf('void', oracle.holds.release(of.number, 'voided', now), commands.post, { legs, raw: false })
}

/** A hold of any account may be past its time; many are ended in one command, and only those count that are due. */
export function expiryStep(drawing: Drawing): Step {
  const { random, oracle, knowledge, commands, now } = drawing
  if (random.oneIn(4)) {
    const isDue = (one: Known) => isPending(drawing, one) && isPast(drawing, one)
    const due = random.oneIn(4) ? undefined : knowledge.holds.find(isDue)
    const of = due ?? pick(random, knowledge.holds, UNKNOWN, (one) => isPending(drawing, one))
    const expected = oracle.holds.release(of.number, 'expired', now)
    return stepOf('expiry', expected, commands.expireHold, { hold: of.id })
  }
  const due = knowledge.holds.filter((one) => isPending(drawing, one) && isPast(drawing, one)).slice(0, 20)
  const some = random.oneIn(3) ? [...due, UNKNOWN, pick(random, knowledge.holds, UNKNOWN, () => true)] : due
  const ended = some.filter(({ number }) => oracle.holds.release(number, 'expired', now) === 'done').length
  return stepOf('expiries', 'done', commands.expireHolds, { holds: some.map(({ id }) => id) }, (answer) =>
    answer.ended === ended ? undefined : `${answer.ended} holds ended instead of ${ended}`,
  )
}

function isPast({ oracle, now }: Drawing, { number }: Known): boolean {
  const expiresAt = oracle.core.holds[number]?.expiresAt ?? null
  return expiresAt !== null && expiresAt <= now
}
