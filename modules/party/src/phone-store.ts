import type { TableDefinition } from '@huitong/committer'
import { byteaArray, int8Array } from '@huitong/pg'
import { hashBytes } from './stored-hash.ts'

/** Who has which phone; null after the person was erased. The key is the keyed hash, hexadecimal. */
export interface PhoneHolder {
  readonly customerId: number | null
}

export const phoneTable: TableDefinition<string, PhoneHolder> = {
  name: 'party_phones',
  residentRows: 0,
  load: async (sql, hashes) => {
    const rows = await sql<{ phone_hash: Buffer; customer_id: bigint | null }[]>`
      select phone_hash, customer_id
      from party_phones
      where phone_hash = any(${byteaArray(hashes.map((hash) => hashBytes(hash)))}::text::bytea[])`
    return rows.map((row) => [
      row.phone_hash.toString('hex'),
      { customerId: row.customer_id === null ? null : Number(row.customer_id) },
    ])
  },
  write: (sql, changes) => [
    sql`
    insert into party_phones (phone_hash, customer_id)
    select phone_hash, customer_id
    from unnest(
      ${byteaArray(changes.map((change) => hashBytes(change.key)))}::text::bytea[],
      ${int8Array(changes.map((change) => change.row.customerId))}::text::int8[]
    ) as changed (phone_hash, customer_id)
    on conflict on constraint party_phones_pkey do update set customer_id = excluded.customer_id`,
  ],
}
