import { unreachable } from '@huitong/kernel'
import { HttpProblem } from './http-problem.ts'
import { HttpReply, type RouteReply } from './http-reply.ts'

export interface OutcomeRefusal {
  readonly code: string
  readonly facts?: Readonly<Record<string, string>>
}

/** What became of a command; the shape is that of the committer's `Outcome`. */
export type CommandOutcome<Answer> =
  | { readonly status: 'done'; readonly answer: Answer; readonly batch: number; readonly repeated: boolean }
  | { readonly status: 'refused'; readonly refusal: OutcomeRefusal; readonly repeated: boolean }
  | { readonly status: 'key_conflict'; readonly kind: string; readonly differs: readonly string[] }
  | { readonly status: 'overloaded'; readonly retryAfterMs: number }
  | { readonly status: 'unavailable' }
  | { readonly status: 'failed'; readonly message: string }
  | { readonly status: 'unknown' }

/** How a refusal is told: its status (422 unless told) and a sentence. */
export interface RefusalAnswer {
  readonly status?: number
  readonly detail: string
  /** The field of the request that it is about, where there is one. */
  readonly field?: string
  /** What else is told of fields. */
  readonly errors?: readonly { readonly field: string; readonly rule: string; readonly message: string }[]
}

export interface OutcomeMapping<Answer, Body> {
  /** The body of the answer when the command was done. */
  readonly done: (answer: Answer, batch: number) => Body
  /** Status when done: 200 unless told. */
  readonly status?: number
  readonly headers?: (answer: Answer) => Readonly<Record<string, string>>
  /** The module's table of refusals. Without it, and for `undefined`, the code itself is put into words. */
  readonly refused?: (refusal: OutcomeRefusal) => RefusalAnswer | undefined
}

/** On every answer to a command that was done: what a later read must have seen to show it. */
const BATCH_HEADER = 'huitong-batch'

const REPLAYED = { 'idempotent-replayed': 'true' } as const

/** Turns the outcome of a command into the answer of the native API. */
export function outcomeToReply<Answer, Body>(
  outcome: CommandOutcome<Answer>,
  mapping: OutcomeMapping<Answer, Body>,
): RouteReply<Body> {
  switch (outcome.status) {
    case 'done': {
      const headers = {
        ...mapping.headers?.(outcome.answer),
        ...(outcome.repeated ? REPLAYED : {}),
        [BATCH_HEADER]: String(outcome.batch),
      }
      return new HttpReply(mapping.done(outcome.answer, outcome.batch), { status: mapping.status ?? 200, headers })
    }
    case 'refused':
      return refusalProblem(outcome.refusal, outcome.repeated, mapping.refused?.(outcome.refusal))
    case 'key_conflict':
      return new HttpProblem(
        409,
        'idempotency_key_reused',
        'This Idempotency-Key was used before for a different request. Nothing was done; use a new key.',
        { errors: conflictErrors(outcome.kind, outcome.differs) },
      )
    case 'overloaded': {
      const seconds = Math.max(1, Math.ceil(outcome.retryAfterMs / 1000))
      return unavailable('overloaded', 'Too many requests are waiting. Nothing was done; try again.', seconds)
    }
    case 'unavailable':
      return unavailable('unavailable', 'The ledger cannot be reached now. Nothing was done; try again.', 2)
    case 'failed':
      return new HttpProblem(500, 'internal_error', 'Something went wrong on our side. Nothing was done.', {
        cause: outcome.message,
      })
    case 'unknown':
      return new HttpProblem(
        504,
        'outcome_unknown',
        'Nobody can say yet whether this took effect. Ask again with the same Idempotency-Key and body.',
        { headers: { 'retry-after': '2' } },
      )
    default:
      return unreachable(outcome)
  }
}

/** Each field that is not what it was under this key, or the key itself when no field can be named. */
function conflictErrors(kind: string, differs: readonly string[]): { field: string; rule: string; message: string }[] {
  const fields = differs.length === 0 || differs[0] === 'kind' ? ['Idempotency-Key'] : differs
  return fields.map((field) => ({
    field,
    rule: 'same_request',
    message: `not as when the key was first used for ${kind}`,
  }))
}

function refusalProblem(refusal: OutcomeRefusal, repeated: boolean, told: RefusalAnswer | undefined): HttpProblem {
  const detail = told?.detail ?? `The request was refused: ${refusal.code.replaceAll('_', ' ')}.`
  const about = told?.field === undefined ? [] : [{ field: told.field, rule: refusal.code, message: detail }]
  const errors = [...about, ...(told?.errors ?? [])]
  return new HttpProblem(told?.status ?? 422, refusal.code, detail, { errors, headers: repeated ? REPLAYED : {} })
}

function unavailable(code: string, detail: string, seconds: number): HttpProblem {
  return new HttpProblem(503, code, detail, { headers: { 'retry-after': String(seconds) } })
}
