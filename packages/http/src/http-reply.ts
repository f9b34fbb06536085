import { type AnswerHeaders, HttpProblem } from './http-problem.ts'

export interface ReplyOptions {
  /** 200 unless told. */
  readonly status?: number
  readonly headers?: AnswerHeaders
}

/** An answer with its body, not yet written as text. */
export class HttpReply<Body> {
  readonly status: number
  readonly headers: AnswerHeaders
  readonly body: Body

  constructor(body: Body, options: ReplyOptions = {}) {
    this.body = body
    this.status = options.status ?? 200
    this.headers = options.headers ?? {}
  }
}

/** What a handler gives back. */
export type RouteReply<Body> = HttpReply<Body> | HttpProblem

export function reply<Body>(body: Body, options: ReplyOptions = {}): HttpReply<Body> {
  return new HttpReply(body, options)
}

/** 204: done, and there is nothing to say. */
export function noContent(headers: AnswerHeaders = {}): HttpReply<undefined> {
  return new HttpReply(undefined, { status: 204, headers })
}

/** An answer whose bytes are ready: a page, or a signed message of a gateway. */
export type RawReply = HttpReply<string | Uint8Array>

export function rawReply(
  body: string | Uint8Array,
  options: ReplyOptions & { readonly contentType: string },
): HttpReply<string | Uint8Array> {
  return new HttpReply(body, {
    status: options.status ?? 200,
    headers: { ...options.headers, 'content-type': options.contentType },
  })
}

/** 303: the browser asks for another address with GET. `location` is a path of ours. */
export function seeOther(location: string, headers: AnswerHeaders = {}): HttpReply<string | Uint8Array> {
  return new HttpReply('', { status: 303, headers: { ...headers, location, 'content-type': 'text/plain' } })
}

/** The same answer with more headers; its own stay. */
export function withHeaders<Body>(answer: RouteReply<Body>, headers: AnswerHeaders): RouteReply<Body> {
  const all = { ...headers, ...answer.headers }
  if (!(answer instanceof HttpProblem)) return new HttpReply(answer.body, { status: answer.status, headers: all })
  const { status, code, message, errors, cause } = answer
  return new HttpProblem(status, code, message, { errors, headers: all, cause })
}
