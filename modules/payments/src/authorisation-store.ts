import type { TableDefinition, UnsentStatement } from '@huitong/committer'
import { int8Array, jsonbArray, textArray, timestamptzArray } from '@huitong/pg'
import { type Authorisation, assertAuthorisation, ENDING_CAUSES } from './authorisation.ts'
import { storedCurrency, storedDetails, storedOneOf } from './stored.ts'

export interface AuthorisationRow {
  readonly id: bigint
  readonly merchant_id: bigint
  readonly authorisation_number: string
  readonly request_number: string
  readonly payer_id: bigint
  readonly title: string
  readonly details: unknown
  readonly currency: string
  readonly amount_minor: bigint
  readonly captured_minor: bigint
  readonly released_minor: bigint
  readonly state: string
  readonly ending_cause: string | null
  readonly hold_id: bigint
  readonly created_at: number
  readonly expires_at: number
  readonly ended_at: number | null
}

export function authorisationOf(row: AuthorisationRow): Authorisation {
  return assertAuthorisation({
    id: Number(row.id),
    merchant: Number(row.merchant_id),
    authorisationNumber: row.authorisation_number,
    requestNumber: row.request_number,
    payer: Number(row.payer_id),
    title: row.title,
    details: storedDetails(row.details),
    currency: storedCurrency(row.currency),
    amountMinor: row.amount_minor,
    capturedMinor: row.captured_minor,
    releasedMinor: row.released_minor,
    state: storedOneOf(['authorised', 'ended'], row.state),
    endingCause: row.ending_cause === null ? null : storedOneOf(ENDING_CAUSES, row.ending_cause),
    hold: Number(row.hold_id),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    endedAt: row.ended_at,
  })
}

export const authorisationTable: TableDefinition<number, Authorisation> = {
  name: 'payments_authorisations',
  residentRows: 5_000,
  load: async (sql, keys) => {
    const rows = await sql<AuthorisationRow[]>`
      select * from payments_authorisations where id = any (${int8Array(keys)}::text::int8[])`
    return rows.map((row) => [Number(row.id), authorisationOf(row)])
  },
  write: (sql, changes) => {
    const added = changes.filter((change) => change.isNew).map((change) => change.row)
    const changed = changes.filter((change) => !change.isNew).map((change) => change.row)
    const statements: UnsentStatement[] = []
    if (added.length > 0) {
      statements.push(
        sql`
        insert into payments_authorisations (id, merchant_id, authorisation_number, request_number, payer_id, title, details,
          currency, amount_minor, captured_minor, released_minor, state, ending_cause, hold_id, created_at, expires_at, ended_at)
        select * from unnest(
          ${int8Array(added.map((row) => row.id))}::text::int8[],
          ${int8Array(added.map((row) => row.merchant))}::text::int8[],
          ${textArray(added.map((row) => row.authorisationNumber))}::text::text[],
          ${textArray(added.map((row) => row.requestNumber))}::text::text[],
          ${int8Array(added.map((row) => row.payer))}::text::int8[],
          ${textArray(added.map((row) => row.title))}::text::text[],
          ${jsonbArray(added.map((row) => JSON.stringify(row.details)))}::text::jsonb[],
          ${textArray(added.map((row) => row.currency))}::text::text[],
          ${int8Array(added.map((row) => row.amountMinor))}::text::int8[],
          ${int8Array(added.map((row) => row.capturedMinor))}::text::int8[],
          ${int8Array(added.map((row) => row.releasedMinor))}::text::int8[],
          ${textArray(added.map((row) => row.state))}::text::text[],
          ${textArray(added.map((row) => row.endingCause))}::text::text[],
          ${int8Array(added.map((row) => row.hold))}::text::int8[],
          ${timestamptzArray(added.map((row) => row.createdAt))}::text::timestamptz[],
          ${timestamptzArray(added.map((row) => row.expiresAt))}::text::timestamptz[],
          ${timestamptzArray(added.map((row) => row.endedAt))}::text::timestamptz[])`,
      )
    }
    if (changed.length > 0) {
      statements.push(
        sql`
        update payments_authorisations a set captured_minor = c.captured_minor, released_minor = c.released_minor,
          state = c.state, ending_cause = c.ending_cause, hold_id = c.hold_id, ended_at = c.ended_at
        from unnest(
          ${int8Array(changed.map((row) => row.id))}::text::int8[],
          ${int8Array(changed.map((row) => row.capturedMinor))}::text::int8[],
          ${int8Array(changed.map((row) => row.releasedMinor))}::text::int8[],
          ${textArray(changed.map((row) => row.state))}::text::text[],
          ${textArray(changed.map((row) => row.endingCause))}::text::text[],
          ${int8Array(changed.map((row) => row.hold))}::text::int8[],
          ${timestamptzArray(changed.map((row) => row.endedAt))}::text::timestamptz[]
        ) as c (id, captured_minor, released_minor, state, ending_cause, hold_id, ended_at)
        where a.id = c.id`,
      )
    }
    return statements
  },
}

/** The authorisation that a merchant's number stands for. The number stands in its own row, so there is nothing to write. */
export const authorisationNumberTable: TableDefinition<string, number> = {
  name: 'payments_authorisation_numbers',
  residentRows: 5_000,
  load: async (sql, keys) => {
    const parts = keys.map((key) => key.split('\u0000'))
    const rows = await sql<{ id: bigint; merchant_id: bigint; authorisation_number: string }[]>`
      select a.id, a.merchant_id, a.authorisation_number
      from unnest(
        ${int8Array(parts.map(([merchant]) => Number(merchant)))}::text::int8[],
        ${textArray(parts.map(([, number = '']) => number))}::text::text[]
      ) as wanted (merchant_id, authorisation_number)
      join payments_authorisations a
        on a.merchant_id = wanted.merchant_id and a.authorisation_number = wanted.authorisation_number`
    return rows.map((row) => [authorisationKey(Number(row.merchant_id), row.authorisation_number), Number(row.id)])
  },
  write: () => [],
}

export function authorisationKey(merchant: number, authorisationNumber: string): string {
  return `${merchant}\u0000${authorisationNumber}`
}
