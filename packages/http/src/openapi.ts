import swaggerPlugin from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { SECURITY_SCHEMES } from './reference-schema.ts'

/** Collects the routes that are registered after it into an OpenAPI 3.1 document. */
export async function collectOpenApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swaggerPlugin, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Huitong',
        version,
        description:
          'Amounts are decimal text. Errors are `application/problem+json` (RFC 9457). Where value moves, send an `Idempotency-Key`: ' +
          'the same key and body again gets the first answer. `x-huitong-access` says who may call a route.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: { securitySchemes: SECURITY_SCHEMES },
    },
    refResolver: {
      buildLocalReference: (json, _baseUri, _fragment, index) =>
        typeof json.$id === 'string' ? json.$id : `Schema${index}`,
    },
  })
}
