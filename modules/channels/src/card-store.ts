import type { TableDefinition } from '@huitong/committer'
import type { Micros } from '@huitong/kernel'
import { byteaArray, int4Array, int8Array, type ReadTx, textArray, timestamptzArray } from '@huitong/pg'
import { assertCard, CARD_STATES, type Card } from './card.ts'
import { storedWord } from './stored-word.ts'

interface CardRow {
  readonly fingerprint: string
  readonly id: bigint
  readonly customer_id: bigint
  readonly bank: string
  readonly tail: string
  readonly sealed: Buffer
  readonly state: string
  readonly attempt: number
  readonly agreement: string | null
  readonly open_order: string | null
  readonly made_at: Micros
  readonly due_at: Micros | null
}

function cardOf(row: CardRow): Card {
  return assertCard({
    ...{ fingerprint: row.fingerprint, id: Number(row.id), customer: Number(row.customer_id), bank: row.bank },
    ...{ tail: row.tail, sealed: row.sealed, state: storedWord(CARD_STATES, row.state), attempt: row.attempt },
    ...{ agreement: row.agreement, openOrder: row.open_order, madeAt: row.made_at, dueAt: row.due_at },
  })
}

/** By fingerprint. */
export const cardTable: TableDefinition<string, Card> = {
  name: 'channels_cards',
  residentRows: 100_000,
  load: async (sql, fingerprints) => {
    const rows = await sql<CardRow[]>`
      select * from channels_cards where fingerprint = any (${textArray(fingerprints)}::text::text[])`
    return rows.map((row) => [row.fingerprint, cardOf(row)])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => assertCard(change.row))
    return [
      sql`
      insert into channels_cards (fingerprint, id, customer_id, bank, tail, sealed, state, attempt, agreement, open_order, made_at, due_at)
      select * from unnest(
        ${textArray(rows.map((row) => row.fingerprint))}::text::text[],
        ${int8Array(rows.map((row) => row.id))}::text::int8[],
        ${int8Array(rows.map((row) => row.customer))}::text::int8[],
        ${textArray(rows.map((row) => row.bank))}::text::text[],
        ${textArray(rows.map((row) => row.tail))}::text::text[],
        ${byteaArray(rows.map((row) => row.sealed))}::text::bytea[],
        ${textArray(rows.map((row) => row.state))}::text::text[],
        ${int4Array(rows.map((row) => row.attempt))}::text::int4[],
        ${textArray(rows.map((row) => row.agreement))}::text::text[],
        ${textArray(rows.map((row) => row.openOrder))}::text::text[],
        ${timestamptzArray(rows.map((row) => row.madeAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.dueAt))}::text::timestamptz[])
      on conflict on constraint channels_cards_pkey do update set sealed = excluded.sealed, state = excluded.state,
        attempt = excluded.attempt, agreement = excluded.agreement, open_order = excluded.open_order, due_at = excluded.due_at`,
    ]
  },
}

/** A customer's that are not ended, oldest first. */
export async function selectCards({ sql }: ReadTx, customer: number): Promise<readonly Card[]> {
  const rows = await sql<CardRow[]>`
    select * from channels_cards where customer_id = ${customer} and state <> 'ended' order by id limit 100`
  return rows.map(cardOf)
}

export async function selectCard({ sql }: ReadTx, id: number): Promise<Card | undefined> {
  const rows = await sql<CardRow[]>`select * from channels_cards where id = ${id}`
  return rows.map(cardOf)[0]
}

/** Those whose bank has still to be told that they ended. */
export async function selectEndingCards({ sql }: ReadTx, at: number, limit: number): Promise<readonly Card[]> {
  const rows = await sql<CardRow[]>`
    select * from channels_cards where state = 'ending' and due_at <= ${at}::timestamptz order by due_at limit ${limit}`
  return rows.map(cardOf)
}
