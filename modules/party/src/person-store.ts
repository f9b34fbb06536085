import type { LogDefinition, TableDefinition, UnsentStatement } from '@huitong/committer'
import type { Micros } from '@huitong/kernel'
import { byteaArray, int4Array, int8Array, type Sql, timestamptzArray } from '@huitong/pg'
import { addedAndChanged } from './changes.ts'
import { hashBytes } from './stored-hash.ts'
import type { WrappedKey } from './vault.ts'

/** A person's data key as stored, by customer. Key and phone hash are null once the key was destroyed. */
export interface PersonKey {
  readonly masterKeyVersion: number
  readonly wrappedKey: Uint8Array | null
  /** Where the phone of this person stands in the index of phones. */
  readonly phoneHash: string | null
  readonly destroyedAt: Micros | null
}

interface PersonKeyRow {
  readonly customer_id: bigint
  readonly master_key_version: number
  readonly wrapped_key: Buffer | null
  readonly phone_hash: Buffer | null
  readonly destroyed_at: Micros | null
}

export const personKeyTable: TableDefinition<number, PersonKey> = {
  name: 'party_person_keys',
  // Needed at registration and erasure only; keys have no business in memory.
  residentRows: 0,
  load: async (sql, ids) => {
    const rows = await sql<PersonKeyRow[]>`
      select customer_id, master_key_version, wrapped_key, phone_hash, destroyed_at
      from party_person_keys
      where customer_id = any(${int8Array(ids)}::text::int8[])`
    return rows.map((row) => [
      Number(row.customer_id),
      {
        masterKeyVersion: row.master_key_version,
        wrappedKey: row.wrapped_key,
        phoneHash: row.phone_hash?.toString('hex') ?? null,
        destroyedAt: row.destroyed_at,
      },
    ])
  },
  write: (sql, changes) => {
    const { added, changed } = addedAndChanged(changes)
    const statements: UnsentStatement[] = []
    if (added.length > 0) {
      statements.push(
        sql`
        insert into party_person_keys (customer_id, master_key_version, wrapped_key, phone_hash, destroyed_at)
        select customer_id, master_key_version, wrapped_key, phone_hash, destroyed_at
        from unnest(
          ${int8Array(added.map((change) => change.key))}::text::int8[],
          ${int4Array(added.map((change) => change.row.masterKeyVersion))}::text::int4[],
          ${byteaArray(added.map((change) => change.row.wrappedKey))}::text::bytea[],
          ${byteaArray(added.map((change) => hashBytes(change.row.phoneHash)))}::text::bytea[],
          ${timestamptzArray(added.map((change) => change.row.destroyedAt))}::text::timestamptz[]
        ) as added (customer_id, master_key_version, wrapped_key, phone_hash, destroyed_at)`,
      )
    }
    if (changed.length > 0) {
      statements.push(
        sql`
        update party_person_keys k
        set wrapped_key = changed.wrapped_key, phone_hash = changed.phone_hash, destroyed_at = changed.destroyed_at
        from unnest(
          ${int8Array(changed.map((change) => change.key))}::text::int8[],
          ${byteaArray(changed.map((change) => change.row.wrappedKey))}::text::bytea[],
          ${byteaArray(changed.map((change) => hashBytes(change.row.phoneHash)))}::text::bytea[],
          ${timestamptzArray(changed.map((change) => change.row.destroyedAt))}::text::timestamptz[]
        ) as changed (customer_id, wrapped_key, phone_hash, destroyed_at)
        where k.customer_id = changed.customer_id`,
      )
    }
    return statements
  },
}

/** Personal data as it is stored: unreadable without the person's key. */
export interface SealedPersonalData {
  readonly customerId: number
  readonly phoneCiphertext: Uint8Array
}

export const personalDataLog: LogDefinition<SealedPersonalData> = {
  name: 'party_personal_data',
  append: (sql, rows) => [
    sql`
    insert into party_personal_data (customer_id, phone_ciphertext)
    select customer_id, phone_ciphertext
    from unnest(
      ${int8Array(rows.map((row) => row.customerId))}::text::int8[],
      ${byteaArray(rows.map((row) => row.phoneCiphertext))}::text::bytea[]
    ) as added (customer_id, phone_ciphertext)`,
  ],
}

/** The key to a customer's personal data; undefined when there is no such customer or the key was destroyed. */
export async function selectPersonKey(sql: Sql, customerId: number): Promise<WrappedKey | undefined> {
  const [row] = await sql<{ master_key_version: number; wrapped_key: Buffer }[]>`
    select master_key_version, wrapped_key from party_person_keys
    where customer_id = ${customerId} and wrapped_key is not null`
  return row === undefined ? undefined : { masterKeyVersion: row.master_key_version, wrapped: row.wrapped_key }
}

/** A person's sealed phone and the key to it; undefined when there is no such person or the key was destroyed. */
export async function selectSealedPhone(
  sql: Sql,
  customerId: number,
): Promise<{ readonly key: WrappedKey; readonly phone: Uint8Array } | undefined> {
  const [row] = await sql<{ master_key_version: number; wrapped_key: Buffer; phone_ciphertext: Buffer }[]>`
    select k.master_key_version, k.wrapped_key, d.phone_ciphertext
    from party_person_keys k
    join party_personal_data d on d.customer_id = k.customer_id
    where k.customer_id = ${customerId} and k.wrapped_key is not null`
  if (row === undefined) return undefined
  const key = { masterKeyVersion: row.master_key_version, wrapped: row.wrapped_key }
  return { key, phone: row.phone_ciphertext }
}
