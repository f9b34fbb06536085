import { HttpProblem } from './http-problem.ts'

const TOLD: Readonly<Record<string, readonly [status: number, code: string, detail: string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'body_too_large', 'The body is larger than allowed.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'invalid_request', 'The body is not as long as Content-Length says.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'unsupported_media_type', 'Send the body as application/json in UTF-8.'],
  FST_ERR_BAD_URL: [400, 'malformed_url', 'The address is not correctly percent-encoded.'],
  FST_ERR_MAX_PARAM_LENGTH: [414, 'url_too_long', 'A part of the address is longer than allowed.'],
}

/** What was thrown, as a problem. Whatever nobody foresaw is a 500 that says nothing about it; the log does. */
export function problemOf(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error
  const told = TOLD[errorText(error, 'code')]
  if (told !== undefined) return new HttpProblem(told[0], told[1], told[2])
  return new HttpProblem(500, 'internal_error', 'Something went wrong on our side.', { cause: error })
}

/** For a request whose connection broke before all of it was here: neither the client's mistake nor ours. */
export function hungUp(): HttpProblem {
  return new HttpProblem(400, 'request_aborted', 'The connection ended before the request did.')
}

function errorText(error: unknown, name: 'code'): string {
  return typeof error === 'object' && error !== null && name in error ? String(error[name]) : ''
}
