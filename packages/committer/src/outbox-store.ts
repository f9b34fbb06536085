import { int4Array, textArray } from '@huitong/pg'
import type { LogDefinition } from './table.ts'

/** An event that leaves with its batch. `key` orders: events of one key reach a consumer in order. */
export interface OutboxEvent {
  readonly topic: string
  readonly key: string
  /** JSON text without personal data or secrets. */
  readonly body: string
}

export const outboxLog: LogDefinition<OutboxEvent> = {
  name: 'committer_outbox',
  append: (sql, events, batch) => [
    sql`
    insert into committer_outbox (batch, position, topic, key, body)
    select ${batch.number}, position, topic, key, body::jsonb
    from unnest(
      ${int4Array(events.map((_, position) => position))}::text::int4[],
      ${textArray(events.map((event) => event.topic))}::text::text[],
      ${textArray(events.map((event) => event.key))}::text::text[],
      ${textArray(events.map((event) => event.body))}::text::text[]
    ) as added (position, topic, key, body)`,
  ],
}
