import type { Told } from '@huitong/oracle'
import { type Drawing, type KnownScheduled, SECOND, UNKNOWN } from '../knowledge.ts'
import { type Step, stepOf } from '../step.ts'
import { legOf } from './posting-steps.ts'
import { someSides } from './sides.ts'

/** For these a posting is refused at any time, and so when it is scheduled. */
const FOR_EVER: readonly Told[] = [
  'amount_not_positive',
  'same_account',
  'currency_mismatch',
  'pair_not_in_chart',
  'expiry_in_the_past',
]

/** One transfer, two that stand or fall together, or a promise, some seconds from now. */
export function scheduleStep(drawing: Drawing): Step {
  const { random, oracle, knowledge, commands, now } = drawing
  const dueAt = now + (random.below(90) - 1) * SECOND
  const isHold = random.oneIn(4)
  const expiresAt = isHold && random.oneIn(2) ? dueAt + 60 * SECOND : null
  const sides = isHold || random.oneIn(2) ? [someSides(drawing)] : [someSides(drawing), someSides(drawing)]
  const judge = (at: number): Told =>
    oracle.core.together(
      sides.map((of) => () => {
        if (isHold) return oracle.holds.place(of, of.amount, expiresAt, at)
        return sides.length === 1 ? oracle.days.byPolicy(of, of.amount) : oracle.core.transfer(of, of.amount)
      }),
    )
  const legs = sides.map((of) => legOf(drawing, isHold ? 'hold' : 'transfer', of, expiresAt))
  const expected = dueAt <= now ? 'due_in_the_past' : neverPostable(drawing, judge)
  return stepOf('schedule', expected, commands.schedulePosting, { legs, dueAt, raw: false }, ({ scheduled: id }) => {
    // The answer to a request that was repeated teaches nothing new.
    if (!knowledge.scheduled.some((one) => one.id === id))
      knowledge.scheduled.push({ id, dueAt, judge, isWaiting: true })
  })
}

/** Judged as if it were due, and taken back. */
function neverPostable({ oracle, now }: Drawing, judge: KnownScheduled['judge']): Told {
  let told: Told = 'done'
  oracle.core.together([
    () => {
      told = judge(now)
      return 'taken back'
    },
  ])
  return FOR_EVER.includes(told) ? told : 'done'
}

export function cancelScheduledStep({ random, knowledge, commands }: Drawing): Step {
  const [some] = knowledge.scheduled.slice(random.below(Math.max(1, knowledge.scheduled.length)))
  const of = random.oneIn(10) ? undefined : some
  const expected = of === undefined ? 'scheduled_unknown' : of.isWaiting ? 'done' : 'scheduled_ended'
  if (of !== undefined) of.isWaiting = false
  const input = { scheduled: of?.id ?? UNKNOWN.id, by: null }
  return stepOf('cancel scheduled', expected, commands.cancelScheduled, input)
}

/** Those that are due, one that is not, one that nobody scheduled, and now and then one twice. */
export function dueStep({ random, knowledge, commands, now }: Drawing): Step {
  const { scheduled } = knowledge
  const due = scheduled.filter((one) => one.isWaiting && one.dueAt <= now).slice(0, 40)
  const early = scheduled.find((one) => one.isWaiting && one.dueAt > now)
  const some = [...due, ...(early === undefined ? [] : [early]), ...(random.oneIn(3) ? due.slice(0, 1) : [])]
  const counts = { posted: 0, refused: 0 }
  for (const one of some) {
    if (!one.isWaiting || one.dueAt > now) continue
    one.isWaiting = false
    if (one.judge(now) === 'done') counts.posted += 1
    else counts.refused += 1
  }
  // Most of what has ended is of no more use.
  const kept = scheduled.filter((one) => one.isWaiting || random.oneIn(20)).slice(-2000)
  scheduled.splice(0, scheduled.length, ...kept)
  const input = { scheduled: [...some.map(({ id }) => id), UNKNOWN.id] }
  return stepOf('due', 'done', commands.postScheduled, input, ({ posted, refused }) =>
    posted === counts.posted && refused === counts.refused
      ? undefined
      : `${posted} posted and ${refused} refused instead of ${counts.posted} and ${counts.refused}`,
  )
}
