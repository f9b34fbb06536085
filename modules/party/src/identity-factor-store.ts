import type { LogDefinition, TableDefinition } from '@huitong/committer'
import type { Micros } from '@huitong/kernel'
import { byteaArray, int8Array, type Sql, textArray, timestamptzArray } from '@huitong/pg'
import { type ConfirmedFactor, IDENTITY_FACTORS } from './identity-factor.ts'
import { hashBytes } from './stored-hash.ts'
import { storedOneOf } from './stored-text.ts'

export async function selectIdentityFactors(
  sql: Sql,
  customers: readonly number[],
): Promise<readonly (readonly [number, readonly ConfirmedFactor[]])[]> {
  const rows = await sql<{ customer_id: bigint; factor: string; reference: string; confirmed_at: Micros }[]>`
    select customer_id, factor, reference, confirmed_at
    from party_identity_factors
    where customer_id = any(${int8Array(customers)}::text::int8[])
    order by customer_id, confirmed_at, factor`
  const found = new Map<number, ConfirmedFactor[]>()
  for (const row of rows) {
    const id = Number(row.customer_id)
    const factors = found.get(id) ?? []
    factors.push({
      factor: storedOneOf(IDENTITY_FACTORS, row.factor),
      reference: row.reference,
      confirmedAt: row.confirmed_at,
    })
    found.set(id, factors)
  }
  return [...found]
}

/** All factors of a customer. A change adds one; what was confirmed is never changed. */
export const identityFactorTable: TableDefinition<number, readonly ConfirmedFactor[]> = {
  name: 'party_identity_factors',
  residentRows: 0,
  load: selectIdentityFactors,
  write: (sql, changes) => {
    const rows = changes.flatMap(({ key, row }) => row.map((factor) => ({ customer: key, ...factor })))
    return [
      sql`
      insert into party_identity_factors (customer_id, factor, reference, confirmed_at)
      select * from unnest(
        ${int8Array(rows.map((row) => row.customer))}::text::int8[],
        ${textArray(rows.map((row) => row.factor))}::text::text[],
        ${textArray(rows.map((row) => row.reference))}::text::text[],
        ${timestamptzArray(rows.map((row) => row.confirmedAt))}::text::timestamptz[])
      on conflict on constraint party_identity_factors_pkey do nothing`,
    ]
  },
}

/** Who has which identity document; the key is the keyed hash, hexadecimal. */
export const personTable: TableDefinition<string, { readonly person: number }> = {
  name: 'party_persons',
  residentRows: 0,
  load: async (sql, hashes) => {
    const rows = await sql<{ document_hash: Buffer; person: bigint }[]>`
      select document_hash, person from party_persons
      where document_hash = any(${byteaArray(hashes.map((hash) => hashBytes(hash)))}::text::bytea[])`
    return rows.map((row) => [row.document_hash.toString('hex'), { person: Number(row.person) }])
  },
  write: (sql, changes) => [
    sql`
    insert into party_persons (document_hash, person)
    select * from unnest(
      ${byteaArray(changes.map((change) => hashBytes(change.key)))}::text::bytea[],
      ${int8Array(changes.map((change) => change.row.person))}::text::int8[])
    on conflict on constraint party_persons_pkey do update set person = excluded.person`,
  ],
}

export async function selectPersonOfDocument(sql: Sql, documentHash: string): Promise<number | undefined> {
  const rows = await sql<{ person: bigint }[]>`
    select person from party_persons where document_hash = ${hashBytes(documentHash)}`
  return rows.map(({ person }) => Number(person))[0]
}

/** An identity document as it is stored: unreadable without the customer's key. */
export interface SealedDocument {
  readonly customer: number
  readonly legalName: Uint8Array
  readonly number: Uint8Array
}

export const identityDocumentLog: LogDefinition<SealedDocument> = {
  name: 'party_identity_documents',
  append: (sql, rows) => [
    sql`
    insert into party_identity_documents (customer_id, legal_name_ciphertext, number_ciphertext)
    select * from unnest(
      ${int8Array(rows.map((row) => row.customer))}::text::int8[],
      ${byteaArray(rows.map((row) => row.legalName))}::text::bytea[],
      ${byteaArray(rows.map((row) => row.number))}::text::bytea[])`,
  ],
}
