import { type FieldError, type Problem, problemType } from '@huitong/contract'

/** Header values of an answer, by lower-case name. */
export type AnswerHeaders = Readonly<Record<string, string | readonly string[]>>

export interface ProblemExtras {
  readonly errors?: readonly FieldError[]
  readonly headers?: AnswerHeaders
  /** What went wrong inside, for the log; never sent. */
  readonly cause?: unknown
}

/** An error answer on its way out. Handlers return it or throw it; both look the same from outside. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem'
  readonly status: number
  readonly code: string
  readonly errors: readonly FieldError[]
  readonly headers: AnswerHeaders

  constructor(status: number, code: string, detail: string, extras: ProblemExtras = {}) {
    super(detail, extras.cause === undefined ? {} : { cause: extras.cause })
    this.status = status
    this.code = code
    this.errors = extras.errors ?? []
    this.headers = extras.headers ?? {}
  }
}

/** `code` is stable, in snake_case; `detail` is one sentence for people that says nothing the caller may not know. */
export function problem(
  status: number,
  code: string,
  detail: string,
  errors: readonly FieldError[] = [],
  headers: AnswerHeaders = {},
): HttpProblem {
  return new HttpProblem(status, code, detail, { errors, headers })
}

/** The same answer for what is not there and for what the caller may not see, so that nobody can probe for ids. */
export function notFound(noun: string): HttpProblem {
  return new HttpProblem(404, 'not_found', `There is no such ${noun}.`)
}

/** For a step that wants a proof just made: `hasFreshProof` of the caller says whether there is one. */
export function stepUpRequired(): HttpProblem {
  return new HttpProblem(403, 'step_up_required', 'Prove yourself anew: POST /v1/me/step-up/code, or a passkey.')
}

/** One field or header that is wrong; the usual case of a 400. */
export function badField(field: string, rule: string, message: string): HttpProblem {
  return new HttpProblem(400, 'invalid_request', `${field}: ${message}`, { errors: [{ field, rule, message }] })
}

/** The body of an error answer (RFC 9457). */
export function problemBody(found: HttpProblem, requestId: string): Problem {
  const words = found.code.replaceAll('_', ' ')
  return {
    type: problemType(found.code),
    title: words.charAt(0).toUpperCase() + words.slice(1),
    status: found.status,
    detail: found.message,
    instance: `urn:huitong:request:${requestId}`,
    code: found.code,
    ...(found.errors.length === 0 ? {} : { errors: [...found.errors] }),
  }
}
