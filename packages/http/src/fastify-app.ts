import type { RouteAccess } from '@huitong/contract'
import { invariant } from '@huitong/kernel'
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify'
import { hungUp, problemOf } from './framework-problem.ts'
import type { HttpOptions } from './http-app.ts'
import { HttpProblem } from './http-problem.ts'
import { refuseRepeatedHeaders } from './repeated-headers.ts'
import { requestId } from './request-id.ts'
import { commonHeaders, sendProblem } from './send.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the route; a route without it cannot be registered. */
    access?: RouteAccess
  }
}

const BODY_LIMIT = 1024 * 1024
const URL_LENGTH_MAX = 8192
// A client that has not sent its whole request by then is not going to.
const REQUEST_TIMEOUT_MS = 30_000

/** Fastify with everything of it that would answer in a voice of its own replaced by problem answers. */
export function fastifyApp(options: HttpOptions): FastifyInstance {
  const loggerInstance: FastifyBaseLogger = options.log
  const app: FastifyInstance = fastify({
    loggerInstance,
    // Requests are logged by `logRequests`, which leaves addresses and queries out.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: options.bodyLimit ?? BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    requestIdHeader: false,
    genReqId: (request) => requestId(request.headers),
    trustProxy: options.trustProxy === undefined ? false : [...options.trustProxy],
    // Queries are read by our own reader, which refuses what this one would let through.
    routerOptions: { querystringParser: () => ({}), maxParamLength: 256 },
    frameworkErrors: (error, request, target) => {
      sendProblem(request, target, problemOf(error))
    },
    clientErrorHandler: (error, socket) => {
      if (!socket.writable || errorCode(error) === 'ECONNRESET') return void socket.destroy()
      socket.end(rawProblem(errorCode(error)))
    },
  })
  // Bytes stay bytes: signatures are over them, and our JSON reader is stricter than the built-in one.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  // Each route judges its input itself, where the types are known.
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(() => JSON.stringify)
  app.addHook('onRoute', (route) => {
    invariant(route.config?.access !== undefined, `route ${String(route.method)} ${route.url} says nothing of access`)
  })
  app.addHook('onRequest', async (request, target) => {
    commonHeaders(request, target)
    refuseRepeatedHeaders(request.raw.rawHeaders)
    if ((request.raw.url ?? '').length > URL_LENGTH_MAX) {
      throw new HttpProblem(414, 'url_too_long', `An address may have ${URL_LENGTH_MAX} characters.`)
    }
  })
  app.setErrorHandler((error, request, target) => {
    if (!(error instanceof Error) || error !== request.raw.errored)
      return sendProblem(request, target, problemOf(error))
    // Compared with the request's own error, for a database's connection breaks with the same code.
    request.log.info({ code: errorCode(error) }, 'the client hung up')
    return sendProblem(request, target, hungUp())
  })
  return app
}

function errorCode(error: Error): string {
  return 'code' in error ? String(error.code) : ''
}

// What Node's parser refuses never becomes a request, so the answer is written by hand.
function rawProblem(code: string): string {
  const [status, words, name, detail] =
    code === 'HPE_HEADER_OVERFLOW'
      ? [431, 'Request Header Fields Too Large', 'headers_too_large', 'The headers are larger than allowed.']
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [408, 'Request Timeout', 'request_timeout', 'The request did not arrive in time.']
        : [400, 'Bad Request', 'malformed_request', 'This is not an HTTP request.']
  const title = words
  const body = JSON.stringify({ type: `urn:huitong:problem:${name}`, title, status, detail, code: name })
  return `HTTP/1.1 ${status} ${words}\r\ncontent-type: application/problem+json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`
}
