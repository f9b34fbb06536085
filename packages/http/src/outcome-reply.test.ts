import { describe, expect, test } from 'vitest'
import { HttpProblem } from './http-problem.ts'
import { type CommandOutcome, outcomeToReply } from './outcome-reply.ts'

const mapping = {
  status: 201,
  done: (answer: number) => ({ answer }),
  refused: ({ code }: { code: string }) =>
    code === 'gone' ? { status: 410, detail: 'It is gone.', field: 'thing' } : undefined,
}

describe('the outcome of a command as an answer', () => {
  const cases: [CommandOutcome<number>, number, string | { answer: number }, Record<string, string>][] = [
    [{ status: 'done', answer: 7, batch: 1, repeated: false }, 201, { answer: 7 }, { 'huitong-batch': '1' }],
    [
      { status: 'done', answer: 7, batch: 1, repeated: true },
      201,
      { answer: 7 },
      { 'idempotent-replayed': 'true', 'huitong-batch': '1' },
    ],
    [{ status: 'refused', refusal: { code: 'too_poor' }, repeated: false }, 422, 'too_poor', {}],
    [{ status: 'refused', refusal: { code: 'gone' }, repeated: true }, 410, 'gone', { 'idempotent-replayed': 'true' }],
    [{ status: 'key_conflict', kind: 'ledger.post', differs: ['legs/0/amount'] }, 409, 'idempotency_key_reused', {}],
    [{ status: 'overloaded', retryAfterMs: 1500 }, 503, 'overloaded', { 'retry-after': '2' }],
    [{ status: 'unavailable' }, 503, 'unavailable', { 'retry-after': '2' }],
    [{ status: 'failed', message: 'secret cause' }, 500, 'internal_error', {}],
    [{ status: 'unknown' }, 504, 'outcome_unknown', { 'retry-after': '2' }],
  ]
  test.each(cases)('%j is %i %j', (outcome, status, told, headers) => {
    const reply = outcomeToReply(outcome, mapping)
    expect(reply.status).toBe(status)
    expect(reply instanceof HttpProblem ? reply.code : reply.body).toEqual(told)
    expect(reply.headers).toEqual(headers)
    if (reply instanceof HttpProblem) expect(reply.message).not.toContain('secret')
  })
})
