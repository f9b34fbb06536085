import type { LogDefinition } from '@huitong/committer'
import { int4Array, int8Array, textArray } from '@huitong/pg'
import { eventBytes, type LedgerEvent } from './journal-form.ts'

export const eventLog: LogDefinition<LedgerEvent> = {
  name: 'ledger_events',
  leaf: (event) => ({ position: event.position, bytes: eventBytes(event) }),
  append: (sql, events, batch) => [
    sql`
    insert into ledger_events (batch, position, kind, account_id, data)
    select ${batch.number}::int8, added.* from unnest(
      ${int4Array(events.map((event) => event.position))}::text::int4[],
      ${textArray(events.map((event) => event.kind))}::text::text[],
      ${int8Array(events.map((event) => event.account))}::text::int8[],
      ${textArray(events.map((event) => event.data))}::text::text[]
    ) as added`,
  ],
}
