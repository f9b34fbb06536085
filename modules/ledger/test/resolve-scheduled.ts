import { NOW, type Prepared, SECOND } from './model-world.ts'
import type { Request } from './random-requests.ts'
import { legOf, legTold } from './resolve-postings.ts'
import { type Resolved, resolved } from './resolved.ts'

type Scheduling = Extract<Request, { readonly type: 'schedule' | `${string} scheduled` }>

/** For which a posting would be refused at any time; the documentation's list. */
const FOR_EVER: readonly string[] = [
  ...['account_needs_approval', 'code_reserved', 'effective_day_final', 'account_not_open_then'],
  ...['amount_not_positive', 'amount_too_large', 'same_account', 'currency_mismatch', 'pair_not_in_chart'],
  ...['debit_account_unknown', 'credit_account_unknown', 'expiry_in_the_past'],
  ...['hold_unknown', 'hold_already_captured', 'hold_already_voided', 'hold_already_expired'],
]
const NOTHING = 994 * 1024

/** `first`: whether the day of the batch is still open, so that something may wait for its end. */
export function resolveScheduled(prepared: Prepared, asked: Scheduling, first: boolean): Resolved {
  const { oracle, scheduled, clock } = prepared
  switch (asked.type) {
    case 'schedule': {
      const { raw, seconds } = asked
      // Holds that are made later are not those that it names.
      const now = { ...prepared, holds: [...prepared.holds] }
      const legs = asked.legs.map((leg) => legOf(now, leg))
      const judge = (dayIsOpen: boolean) =>
        oracle.core.together(asked.legs.map((leg) => () => legTold(now, leg, raw, asked.legs.length === 1, dayIsOpen)))
      const dueAt = NOW + seconds * SECOND
      let told = 'due_in_the_past'
      if (dueAt > clock.now()) {
        told = 'done'
        // Judged like any other, and taken back.
        oracle.core.together([
          () => {
            const would = judge(first)
            if (FOR_EVER.includes(would)) told = would
            return 'taken back'
          },
        ])
      }
      const input = { legs, raw, dueAt }
      if (told !== 'done') return resolved(told, ({ schedulePosting }) => schedulePosting, input)
      const known: Prepared['scheduled'][number] = { dueAt, judge, isWaiting: true }
      scheduled.push(known)
      return resolved(
        told,
        ({ schedulePosting }) => schedulePosting,
        input,
        (answer) => {
          known.id = answer.scheduled
        },
      )
    }
    case 'cancel scheduled': {
      const of = knownScheduled(prepared, asked.scheduled)
      const told = of === undefined ? 'scheduled_unknown' : of.isWaiting ? 'done' : 'scheduled_ended'
      if (of !== undefined) of.isWaiting = false
      const input = { scheduled: of?.id ?? NOTHING, by: null }
      return resolved(told, ({ cancelScheduled }) => cancelScheduled, input)
    }
    case 'post scheduled': {
      const some = asked.scheduled.map((index) => knownScheduled(prepared, index))
      const counts = { posted: 0, refused: 0 }
      for (const one of some) {
        if (one === undefined || !one.isWaiting || one.dueAt > clock.now()) continue
        one.isWaiting = false
        if (one.judge(first) === 'done') counts.posted += 1
        else counts.refused += 1
      }
      const input = { scheduled: some.map((one) => one?.id ?? NOTHING) }
      return resolved(
        'done',
        ({ postScheduled }) => postScheduled,
        input,
        ({ posted, refused }) =>
          posted === counts.posted && refused === counts.refused
            ? undefined
            : `${posted} posted and ${refused} refused, not ${counts.posted} and ${counts.refused}`,
      )
    }
  }
}

/** Those of this wave have no id yet, and nobody can name them. */
function knownScheduled({ scheduled }: Prepared, index: number): Prepared['scheduled'][number] | undefined {
  const of = scheduled[index]
  return of?.id === undefined ? undefined : of
}
