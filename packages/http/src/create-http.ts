import type { Caller } from '@huitong/contract'
import { invariant } from '@huitong/kernel'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { admit } from './admission.ts'
import { AllowedMethods } from './allowed-methods.ts'
import { type AnswerSigner, signAnswers } from './answer-signer.ts'
import type { Authenticator } from './authenticator.ts'
import type { PlainSchema } from './closed-schema.ts'
import { loadCookies } from './cookies.ts'
import { fastifyApp } from './fastify-app.ts'
import type { PerformApproved } from './four-eyes.ts'
import type { HttpApp, HttpOptions, RegisteredRoute } from './http-app.ts'
import { HttpProblem } from './http-problem.ts'
import { credentialRequest, pathParameters } from './incoming.ts'
import { compileRoute } from './native-route.ts'
import { collectOpenApi } from './openapi.ts'
import { referenceSchema } from './reference-schema.ts'
import { logRequests } from './request-line.ts'
import type { RawRoute } from './route.ts'
import { sendProblem, sendRaw, sendReply } from './send.ts'
import { systemRoutes } from './system-routes.ts'
import { recorded, type Visit, type VisitRecorder } from './visit.ts'
import { type WebhookDefinition, webhookSection } from './webhook.ts'

const DRAIN_MS = 10_000

/** Makes the HTTP edge of a program. It serves /healthz, /readyz, /openapi.json and /docs; everything else is added to it. */
export async function createHttp(options: HttpOptions): Promise<HttpApp> {
  const app = fastifyApp(options)
  const authenticators: Authenticator[] = [...(options.authenticate ?? [])]
  const signers: AnswerSigner[] = []
  const callers = new WeakMap<FastifyRequest, Caller>()
  const routes: RegisteredRoute[] = []
  const methods = new AllowedMethods()
  const defined = new Set<string>()
  const webhooks: WebhookDefinition[] = []
  const performers = new Map<string, PerformApproved>()
  let draining = false

  function listRoute(route: RegisteredRoute): void {
    invariant(route.access.callers.length > 0, `route ${route.method} ${route.url} allows nobody`)
    routes.push(route)
    methods.add(route.method, route.url)
  }

  function define(id: string, schema: PlainSchema): void {
    if (defined.has(id)) return
    defined.add(id)
    app.addSchema(schema)
  }

  async function admitted(access: RegisteredRoute['access'], request: FastifyRequest): Promise<Caller> {
    const caller = await admit(access, credentialRequest(request), authenticators)
    callers.set(request, caller)
    return caller
  }

  const http: HttpApp = {
    routes,
    inject: app.inject.bind(app),
    addAuthenticator: (authenticator) => {
      authenticators.push(authenticator)
    },
    addAnswerSigner: (signer) => {
      signers.push(signer)
    },
    route: (definition) => {
      const { method, url, access } = definition
      listRoute({ method, url, access })
      const { run, perform } = compileRoute(definition, options.approvals)
      if (access.fourEyes === true) performers.set(`${method} ${url}`, perform)
      app.route({
        method,
        url,
        config: { access },
        schema: referenceSchema(definition, define),
        handler: async (request, target) => {
          if (method !== 'GET') refuseCrossSite(request)
          const caller = await admitted(access, request)
          const answer = await recorded(options.record, visitOf(request, caller, { method, url, access }), () =>
            run(request, caller),
          )
          return sendReply(request, target, answer)
        },
      })
    },
    performApproved: (request, ...rest) => {
      const perform = performers.get(`${request.method} ${request.route}`)
      invariant(perform !== undefined, `no route that takes four eyes is ${request.method} ${request.route}`)
      return perform(request, ...rest)
    },
    webhook: (definition) => {
      webhooks.push(definition)
    },
    rawRoute: (definition) => addRawRoute(app, definition, { listRoute, admitted, record: options.record }),
    listen: async ({ host, port }) => {
      await app.listen({ host, port })
      const address = app.server.address()
      invariant(typeof address === 'object' && address !== null, 'a listening server has an address')
      return { port: address.port }
    },
    drain: async (timeoutMs = DRAIN_MS) => {
      draining = true
      const force = setTimeout(() => app.server.closeAllConnections(), timeoutMs)
      await app.close()
      clearTimeout(force)
    },
  }

  app.addHook('onSend', (_request, target, payload, done) => {
    // A kept connection would hold up the end; the client opens another one, at another server.
    if (draining) target.header('connection', 'close')
    done(null, payload)
  })
  signAnswers(app, signers)
  app.setNotFoundHandler((request, target) => {
    const path = (request.raw.url ?? '/').split('?')[0] ?? '/'
    const allowed = methods.of(path)
    return sendProblem(request, target, unroutable(request.method, allowed))
  })
  logRequests(app, callers)
  await loadCookies(app)
  await collectOpenApi(app, options.version ?? '0.1.0')
  systemRoutes(
    http,
    () => ({ ...app.swagger(), webhooks: webhookSection(webhooks) }),
    () => !draining && (options.ready?.() ?? true),
  )
  return http
}

interface RawRouteParts {
  readonly listRoute: (route: RegisteredRoute) => void
  readonly admitted: (access: RegisteredRoute['access'], request: FastifyRequest) => Promise<Caller>
  readonly record: VisitRecorder | undefined
}

function visitOf(request: FastifyRequest, caller: Caller, { method, url, access }: RegisteredRoute): Visit {
  const path = (request.raw.url ?? '/').split('?')[0] ?? '/'
  const { id: requestId, ip } = request
  return { caller, access, method, route: url, params: pathParameters(request), path, ip, requestId }
}

function addRawRoute(app: FastifyInstance, definition: RawRoute, { listRoute, admitted, record }: RawRouteParts): void {
  const { access, url } = definition
  const methods = typeof definition.method === 'string' ? [definition.method] : definition.method
  for (const method of methods) listRoute({ method, url, access })
  app.route({
    method: [...methods],
    url,
    config: { access },
    schema: { hide: true, summary: definition.summary },
    handler: async (request, target) => {
      const caller = await admitted(access, request)
      const visit = visitOf(request, caller, { method: request.method, url, access })
      const answer = await recorded(record, visit, async () =>
        definition.handler({
          ...credentialRequest(request),
          caller,
          params: pathParameters(request),
          requestId: request.id,
          log: request.log,
          protocol: request.protocol,
          host: request.host,
        }),
      )
      return sendRaw(request, target, answer)
    },
  })
}

/**
 * Browsers say when a page of another site made a request. No such page has business with the native API, and cookies ride
 * along on some of them.
 */
function refuseCrossSite(request: FastifyRequest): void {
  if (request.headers['sec-fetch-site'] !== 'cross-site') return
  throw new HttpProblem(403, 'cross_site_request', 'Pages of other sites may not call this.')
}

function unroutable(method: string, allowed: readonly string[]): HttpProblem {
  if (allowed.length === 0) return new HttpProblem(404, 'not_found', 'There is nothing at this address.')
  return new HttpProblem(405, 'method_not_allowed', `${method} is not possible here.`, {
    headers: { allow: allowed.join(', ') },
  })
}
