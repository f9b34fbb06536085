import { ok, type Result } from '@huitong/kernel'
import { assertLink, type Ending, type FamilyBounds, type FamilyLink, type FamilyUse } from './family-link.ts'
import { type FamilyRefusal, refuse } from './family-refusals.ts'

/** Who does something to a link: one of its two sides, or staff. */
export type FamilyActor = 'owner' | 'member' | 'staff'

export type FamilyStep =
  | { readonly action: 'accept' | 'pause' | 'resume' | 'end' }
  | { readonly action: 'bound'; readonly bounds: FamilyBounds }

/** Who may do what at all; what they may do in which state is in `decideStep`. */
const ACTORS: Readonly<Record<FamilyStep['action'], readonly FamilyActor[]>> = {
  accept: ['member'],
  bound: ['owner'],
  pause: ['owner'],
  resume: ['owner'],
  end: ['owner', 'member', 'staff'],
}

/** The link after the step; the same link when it was so before. `now` in µs. */
export function decideStep(
  link: FamilyLink,
  step: FamilyStep,
  actor: FamilyActor,
  now: number,
): Result<FamilyLink, FamilyRefusal> {
  const { state } = link
  if (!ACTORS[step.action].includes(actor)) return refuse('family_not_allowed', { state })
  switch (step.action) {
    case 'accept':
      if (state === 'active' || state === 'paused') return ok(link)
      if (state === 'ended') return refuse('family_not_allowed', { state })
      if (link.expiresAt <= now) return refuse('invitation_over')
      return ok(assertLink({ ...link, state: 'active', openedAt: now }))
    case 'bound':
      if (state !== 'active' && state !== 'paused') return refuse('family_not_allowed', { state })
      return ok(assertLink({ ...link, bounds: step.bounds }))
    case 'pause':
      if (state === 'paused') return ok(link)
      return state === 'active' ? ok({ ...link, state: 'paused' }) : refuse('family_not_allowed', { state })
    case 'resume':
      if (state === 'active') return ok(link)
      return state === 'paused' ? ok({ ...link, state: 'active' }) : refuse('family_not_allowed', { state })
    case 'end':
      if (state === 'ended') return ok(link)
      return ok(assertLink({ ...link, state: 'ended', endedAt: now, ending: endingOf(link, actor) }))
  }
}

function endingOf({ state }: FamilyLink, actor: FamilyActor): Ending {
  if (actor === 'staff') return 'by_staff'
  if (state === 'invited') return actor === 'owner' ? 'withdrawn' : 'declined'
  return actor === 'owner' ? 'by_owner' : 'by_member'
}

/** Whether more may be spent after the change than before it, which takes a proof made just now. */
export function isWider(before: FamilyBounds, after: FamilyBounds): boolean {
  const wider = (one: bigint | null, other: bigint | null) => (other ?? after.monthMinor) > (one ?? before.monthMinor)
  return (
    after.monthMinor > before.monthMinor ||
    wider(before.singleMinor, after.singleMinor) ||
    wider(before.dayMinor, after.dayMinor)
  )
}

const monthOf = (day: string) => day.slice(0, 7)

/** The link as it counts on `day`: windows that are over count nothing. A clock that was set back opens no old window again. */
export function onDay(link: FamilyLink, day: string): FamilyLink {
  if (link.onDay >= day) return link
  const spentMonthMinor = monthOf(link.onDay) === monthOf(day) ? link.spentMonthMinor : 0n
  return { ...link, onDay: day, spentDayMinor: 0n, spentMonthMinor }
}

/** What one payment may be today; never less than nothing. */
export function allowanceMinor(link: FamilyLink, day: string): bigint {
  const { bounds, spentDayMinor, spentMonthMinor } = onDay(link, day)
  const { singleMinor, dayMinor, monthMinor } = bounds
  const left = [monthMinor - spentMonthMinor]
  if (dayMinor !== null) left.push(dayMinor - spentDayMinor)
  if (singleMinor !== null) left.push(singleMinor)
  const least = left.reduce((a, b) => (a < b ? a : b))
  return least > 0n ? least : 0n
}

export function spend(link: FamilyLink, amountMinor: bigint, day: string): FamilyLink {
  const counted = onDay(link, day)
  return assertLink({
    ...counted,
    spentDayMinor: counted.spentDayMinor + amountMinor,
    spentMonthMinor: counted.spentMonthMinor + amountMinor,
  })
}

/** Gives back in the windows that it was taken from, as far as they still count. `spentOn` is the day of the use. */
export function giveBack(link: FamilyLink, amountMinor: bigint, spentOn: string): FamilyLink {
  return assertLink({
    ...link,
    spentDayMinor: link.onDay === spentOn ? link.spentDayMinor - amountMinor : link.spentDayMinor,
    spentMonthMinor:
      monthOf(link.onDay) === monthOf(spentOn) ? link.spentMonthMinor - amountMinor : link.spentMonthMinor,
  })
}

export function returned(use: FamilyUse, amountMinor: bigint): FamilyUse {
  return { ...use, returnedMinor: use.returnedMinor + amountMinor }
}
