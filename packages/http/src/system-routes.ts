import type { RouteAccess } from '@huitong/contract'
import Type from 'typebox'
import type { HttpApp } from './http-app.ts'
import { HttpProblem } from './http-problem.ts'
import { HttpReply, type RawReply, rawReply, reply } from './http-reply.ts'

const ANYONE: RouteAccess = { callers: ['anonymous'] }

/** What every program serves beside its business: health, the OpenAPI document and the reference made from it. */
export function systemRoutes(app: HttpApp, openApi: () => unknown, ready: () => boolean): void {
  app.route({
    method: 'GET',
    url: '/healthz',
    access: ANYONE,
    summary: 'Whether the process runs',
    tags: ['System'],
    schema: { response: { 200: Type.Object({ status: Type.Literal('ok') }) } },
    handler: () => reply({ status: 'ok' as const }),
  })
  app.route({
    method: 'GET',
    url: '/readyz',
    access: ANYONE,
    summary: 'Whether it can serve now',
    tags: ['System'],
    schema: { response: { 200: Type.Object({ status: Type.Literal('ready') }) } },
    handler: () =>
      ready()
        ? reply({ status: 'ready' as const })
        : new HttpProblem(503, 'not_ready', 'The server is starting, stopping, or has lost its database.'),
  })
  app.rawRoute({
    method: 'GET',
    url: '/openapi.json',
    access: ANYONE,
    summary: 'This API as an OpenAPI 3.1 document',
    handler: () => rawReply(JSON.stringify(openApi()), { contentType: 'application/json; charset=utf-8' }),
  })
  referenceRoutes(app)
}

function referenceRoutes(app: HttpApp): void {
  let opened: Promise<(path: string) => Promise<RawReply>> | undefined
  const page = async (path: string): Promise<RawReply> => {
    // Imported by the first reader: it costs 250 ms and 25 MB.
    opened ??= import('./reference-page.ts').then((module) => module.openReference('/docs', '/openapi.json'))
    const answer = await (await opened)(path)
    if (answer.status === 404) throw new HttpProblem(404, 'not_found', 'There is nothing at this address.')
    return answer
  }
  app.rawRoute({
    method: 'GET',
    url: '/docs',
    access: ANYONE,
    summary: 'The API reference',
    handler: () => new HttpReply('', { status: 301, headers: { location: '/docs/', 'content-type': 'text/plain' } }),
  })
  app.rawRoute({
    method: 'GET',
    url: '/docs/*',
    access: ANYONE,
    summary: 'Pages and scripts of the API reference',
    handler: (request) => page(request.rawTarget.split('?')[0] ?? '/docs/'),
  })
}
