import type { LogDefinition } from '@huitong/committer'
import type { Micros } from '@huitong/kernel'
import { byteaArray, int4Array, textArray, timestamptzArray } from '@huitong/pg'
import { hashBytes } from './stored-hash.ts'

/** One pair of keys of an application, from when. */
export interface ApplicationKeys {
  readonly appId: string
  readonly keyVersion: number
  readonly publicKey: Uint8Array
  readonly apiKeyHash: string | null
  readonly validFrom: Micros
}

export const applicationKeyLog: LogDefinition<ApplicationKeys> = {
  name: 'party_application_keys',
  append: (sql, rows) => [
    sql`
    insert into party_application_keys (app_id, key_version, public_key, api_key_hash, valid_from)
    select app_id, key_version, public_key, api_key_hash, valid_from
    from unnest(
      ${textArray(rows.map((row) => row.appId))}::text::text[],
      ${int4Array(rows.map((row) => row.keyVersion))}::text::int4[],
      ${byteaArray(rows.map((row) => row.publicKey))}::text::bytea[],
      ${byteaArray(rows.map((row) => hashBytes(row.apiKeyHash)))}::text::bytea[],
      ${timestamptzArray(rows.map((row) => row.validFrom))}::text::timestamptz[]
    ) as added (app_id, key_version, public_key, api_key_hash, valid_from)`,
  ],
}
