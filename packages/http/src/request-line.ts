import type { Caller } from '@huitong/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/**
 * One line a request. It names the route, not the address: addresses and queries may hold one-time links and payment codes.
 * Health checks come every second and say nothing, so they are told at `debug`.
 */
export function logRequests(app: FastifyInstance, callers: WeakMap<FastifyRequest, Caller>): void {
  app.addHook('onResponse', async (request, target) => {
    const route = request.routeOptions.url
    const facts = {
      method: request.method,
      route: route ?? '(none)',
      status: target.statusCode,
      ms: Math.round(target.elapsedTime * 10) / 10,
      caller: callers.get(request)?.id,
    }
    if (route === '/healthz' || route === '/readyz') request.log.debug(facts, 'request')
    else request.log.info(facts, 'request')
  })
}
