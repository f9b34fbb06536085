import type { CommandKind, Refusal, WorkingSet } from '@huitong/committer'
import { canonicalJson, err, ok } from '@huitong/kernel'
import type { Books } from './books.ts'
import type { LedgerRefusalCode } from './ledger-refusals.ts'
import { legForm, type PostingAnswer, type PostingInput } from './posting-command.ts'
import type { ScheduledPosting } from './scheduled-posting.ts'
import { legsText, refusalText } from './scheduled-posting-form.ts'
import { scheduledTable } from './scheduled-posting-store.ts'

interface ScheduleInput extends PostingInput {
  /** µs. */
  readonly dueAt: number
}

interface CancelInput {
  readonly scheduled: number
  /** Who cancels it, for the journal. */
  readonly by: string | null
}

interface ScheduledAnswer {
  readonly scheduled: number
}

interface DueAnswer {
  readonly posted: number
  readonly refused: number
}

export interface ScheduledPostingCommands {
  readonly schedulePosting: CommandKind<ScheduleInput, ScheduledAnswer>
  readonly cancelScheduled: CommandKind<CancelInput, ScheduledAnswer>
  readonly postScheduled: CommandKind<{ readonly scheduled: readonly number[] }, DueAnswer>
}

/** Reasons for which a posting is refused now and would be at any later time. What it lacks else, it may have by then. */
const FOR_EVER: ReadonlySet<string> = new Set<LedgerRefusalCode>([
  ...(['account_needs_approval', 'code_reserved', 'effective_day_final', 'account_not_open_then'] as const),
  ...(['amount_not_positive', 'amount_too_large', 'same_account', 'currency_mismatch', 'pair_not_in_chart'] as const),
  ...(['debit_account_unknown', 'credit_account_unknown', 'expiry_in_the_past'] as const),
  ...(['hold_unknown', 'hold_already_captured', 'hold_already_voided', 'hold_already_expired'] as const),
])

/** `ledger.schedule-posting`, `ledger.cancel-scheduled`, and `ledger.post-scheduled` for those whose time has come. */
export function scheduledPostingCommands(
  set: WorkingSet,
  books: Books,
  post: CommandKind<PostingInput, PostingAnswer>,
): ScheduledPostingCommands {
  const table = set.table(scheduledTable)

  /** The posting is decided as if it were due and then taken back: so what can never be posted is refused in the same words. */
  function neverPostable(input: PostingInput): Refusal | undefined {
    const savepoint = set.savepoint()
    const decided = post.decide(input)
    set.rollbackTo(savepoint)
    return !decided.ok && FOR_EVER.has(decided.error.code) ? decided.error : undefined
  }

  function postOne(scheduled: ScheduledPosting): boolean {
    const savepoint = set.savepoint()
    const decided = post.decide(scheduled)
    const endedBatch = set.batch.number
    if (decided.ok) {
      const { transfers } = decided.value
      table.put(scheduled.id, { ...scheduled, state: 'posted', endedBatch, transfers })
      books.record('scheduled_posted', scheduled.id, canonicalJson({ transfers: transfers.map(String) }))
      return true
    }
    set.rollbackTo(savepoint)
    table.put(scheduled.id, { ...scheduled, state: 'refused', endedBatch, refusal: decided.error })
    books.record('scheduled_refused', scheduled.id, refusalText(decided.error))
    return false
  }

  return {
    schedulePosting: {
      name: 'ledger.schedule-posting',
      need: post.need,
      decide: ({ dueAt, legs, raw }) => {
        if (dueAt <= set.batch.at) return err({ code: 'due_in_the_past' })
        const refusal = neverPostable({ legs, raw })
        if (refusal !== undefined) return err(refusal)
        const id = set.newId(0)
        table.add(id, { id, dueAt, legs, raw, state: 'waiting', endedBatch: null, transfers: null, refusal: null })
        books.record('posting_scheduled', id, scheduledData({ dueAt, legs, raw }))
        return ok({ scheduled: id })
      },
      form: ({ dueAt, legs, raw }) => canonicalJson({ dueAt, raw, legs: legs.map(legForm).join(';') }),
      ...scheduledAnswer,
    },

    cancelScheduled: {
      name: 'ledger.cancel-scheduled',
      need: ({ scheduled }) => table.need(scheduled),
      decide: ({ scheduled: id, by }) => {
        const scheduled = table.get(id)
        if (scheduled === undefined) return err({ code: 'scheduled_unknown' })
        if (scheduled.state !== 'waiting') return err({ code: 'scheduled_ended', facts: { state: scheduled.state } })
        table.put(id, { ...scheduled, state: 'cancelled', endedBatch: set.batch.number })
        books.record('scheduled_cancelled', id, canonicalJson(by === null ? {} : { by }))
        return ok({ scheduled: id })
      },
      form: ({ scheduled, by }) => canonicalJson({ scheduled, by }),
      ...scheduledAnswer,
    },

    postScheduled: {
      name: 'ledger.post-scheduled',
      need: ({ scheduled }) => {
        for (const id of scheduled) table.need(id)
      },
      decide: ({ scheduled }) => {
        const due = scheduled.flatMap((id) => {
          const one = table.get(id)
          return one?.state === 'waiting' && one.dueAt <= set.batch.at ? [one] : []
        })
        // What all of them read is asked for before the first is decided: else each would have the batch decided anew.
        for (const one of due) post.need(one)
        let posted = 0
        let refused = 0
        for (const { id } of due) {
          // One that was named twice is not waiting any more.
          const one = table.get(id)
          if (one?.state !== 'waiting') continue
          if (postOne(one)) posted += 1
          else refused += 1
        }
        return ok({ posted, refused })
      },
      form: ({ scheduled }) => canonicalJson({ scheduled: scheduled.join() }),
      encode: ({ posted, refused }) => `${posted} ${refused}`,
      decode: (text) => {
        const [posted = 0, refused = 0] = text.split(' ').map(Number)
        return { posted, refused }
      },
    },
  }
}

/** Canonical JSON of what a posting is scheduled with. */
function scheduledData({ dueAt, legs, raw }: ScheduleInput): string {
  // The legs are canonical JSON already, and `raw` comes after them.
  return `{"due_at":${canonicalJson(String(dueAt))},"legs":${legsText(legs)},"raw":${raw}}`
}

const scheduledAnswer = {
  encode: ({ scheduled }: ScheduledAnswer) => String(scheduled),
  decode: (text: string): ScheduledAnswer => ({ scheduled: Number(text) }),
}
