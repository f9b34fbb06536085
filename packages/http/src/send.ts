import type { FastifyReply, FastifyRequest } from 'fastify'
import { type AnswerHeaders, HttpProblem, problemBody } from './http-problem.ts'
import { HttpReply, type RawReply, type RouteReply } from './http-reply.ts'
import { REQUEST_ID_HEADER } from './request-id.ts'
import { SECURITY_HEADERS } from './security-headers.ts'

/** Headers that every answer carries, set first so that an answer's own may replace them. */
export function commonHeaders(request: FastifyRequest, target: FastifyReply): void {
  target.headers(SECURITY_HEADERS).header(REQUEST_ID_HEADER, request.id)
}

export function sendReply(request: FastifyRequest, target: FastifyReply, answer: RouteReply<unknown>): FastifyReply {
  if (answer instanceof HttpProblem) return sendProblem(request, target, answer)
  ownHeaders(target.code(answer.status), answer.headers)
  if (answer.body === undefined) return target.send()
  return target.type('application/json; charset=utf-8').send(JSON.stringify(answer.body))
}

export function sendRaw(request: FastifyRequest, target: FastifyReply, answer: RawReply | HttpProblem): FastifyReply {
  if (!(answer instanceof HttpReply)) return sendProblem(request, target, answer)
  ownHeaders(target.code(answer.status), answer.headers)
  return target.send(typeof answer.body === 'string' ? answer.body : Buffer.from(answer.body))
}

export function sendProblem(request: FastifyRequest, target: FastifyReply, found: HttpProblem): FastifyReply {
  if (found.status >= 500) request.log.error({ err: found.cause ?? found, code: found.code }, 'a request failed')
  commonHeaders(request, target)
  ownHeaders(target.code(found.status), found.headers)
  return target.type('application/problem+json; charset=utf-8').send(JSON.stringify(problemBody(found, request.id)))
}

function ownHeaders(target: FastifyReply, headers: AnswerHeaders): void {
  for (const [name, value] of Object.entries(headers))
    target.header(name, typeof value === 'string' ? value : [...value])
}
