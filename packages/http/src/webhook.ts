import type { TSchema } from 'typebox'
import { mapSchemas, type PlainSchema } from './closed-schema.ts'

/** What the program posts to others, for the reference: OpenAPI lists it beside the routes. */
export interface WebhookDefinition {
  /** As its type says it, such as `ledger.events`. */
  readonly name: string
  readonly summary: string
  readonly description: string
  readonly tags: readonly string[]
  readonly body: TSchema
}

/** The webhooks of an OpenAPI 3.1 document. */
export function webhookSection(webhooks: readonly WebhookDefinition[]): PlainSchema {
  return Object.fromEntries(
    webhooks.map(({ name, summary, description, tags, body }) => [
      name,
      {
        post: {
          ...{ summary, description, tags },
          requestBody: { required: true, content: { 'application/json': { schema: plain(body) } } },
          responses: { '2XX': { description: 'Acknowledged; nothing of the answer is read' } },
        },
      },
    ]),
  )
}

/** Written out in full: a part that no route has would be no component. */
function plain(schema: unknown): PlainSchema {
  const copy = mapSchemas(schema, plain)
  delete copy.$id
  return copy
}
