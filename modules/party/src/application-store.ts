import type { TableDefinition, UnsentStatement } from '@huitong/committer'
import type { Micros } from '@huitong/kernel'
import { byteaArray, int4Array, int8Array, type Sql, textArray, timestamptzArray } from '@huitong/pg'
import { APPLICATION_STATUSES, type Application, SIGN_TYPES } from './application.ts'
import { addedAndChanged } from './changes.ts'
import { hashBytes } from './stored-hash.ts'
import { storedOneOf } from './stored-text.ts'

interface ApplicationRow {
  readonly id: bigint
  readonly app_id: string
  readonly merchant_id: bigint
  readonly name: string
  readonly status: string
  readonly sign_type: string
  readonly notify_url: string | null
  readonly key_version: number
  readonly public_key: Buffer
  readonly api_key_hash: Buffer | null
  readonly registered_at: Micros
}

function applicationOf(row: ApplicationRow): Application {
  return {
    id: Number(row.id),
    appId: row.app_id,
    merchantId: Number(row.merchant_id),
    name: row.name,
    status: storedOneOf(APPLICATION_STATUSES, row.status),
    signType: storedOneOf(SIGN_TYPES, row.sign_type),
    notifyUrl: row.notify_url,
    keyVersion: row.key_version,
    publicKey: row.public_key,
    apiKeyHash: row.api_key_hash?.toString('hex') ?? null,
    registeredAt: row.registered_at,
  }
}

/** By public number, since that is what requests name. */
export const applicationTable: TableDefinition<string, Application> = {
  name: 'party_applications',
  residentRows: 10_000,
  load: async (sql, appIds) =>
    (await selectByAppId(sql, appIds)).map((application) => [application.appId, application]),
  write: (sql, changes) => {
    const { added, changed } = addedAndChanged(changes)
    const statements: UnsentStatement[] = []
    if (added.length > 0)
      statements.push(
        insertApplications(
          sql,
          added.map((change) => change.row),
        ),
      )
    if (changed.length > 0)
      statements.push(
        updateApplications(
          sql,
          changed.map((change) => change.row),
        ),
      )
    return statements
  },
}

function insertApplications(sql: Sql, rows: readonly Application[]): UnsentStatement {
  return sql`
    insert into party_applications
      (id, app_id, merchant_id, name, status, sign_type, notify_url, key_version, public_key, api_key_hash, registered_at)
    select
      id, app_id, merchant_id, name, status, sign_type, notify_url, key_version, public_key, api_key_hash, registered_at
    from unnest(
      ${int8Array(rows.map((row) => row.id))}::text::int8[],
      ${textArray(rows.map((row) => row.appId))}::text::text[],
      ${int8Array(rows.map((row) => row.merchantId))}::text::int8[],
      ${textArray(rows.map((row) => row.name))}::text::text[],
      ${textArray(rows.map((row) => row.status))}::text::text[],
      ${textArray(rows.map((row) => row.signType))}::text::text[],
      ${textArray(rows.map((row) => row.notifyUrl))}::text::text[],
      ${int4Array(rows.map((row) => row.keyVersion))}::text::int4[],
      ${byteaArray(rows.map((row) => row.publicKey))}::text::bytea[],
      ${byteaArray(rows.map((row) => hashBytes(row.apiKeyHash)))}::text::bytea[],
      ${timestamptzArray(rows.map((row) => row.registeredAt))}::text::timestamptz[]
    ) as added
      (id, app_id, merchant_id, name, status, sign_type, notify_url, key_version, public_key, api_key_hash, registered_at)`
}

function updateApplications(sql: Sql, rows: readonly Application[]): UnsentStatement {
  return sql`
    update party_applications a
    set
      status = changed.status,
      notify_url = changed.notify_url,
      key_version = changed.key_version,
      public_key = changed.public_key,
      api_key_hash = changed.api_key_hash
    from unnest(
      ${int8Array(rows.map((row) => row.id))}::text::int8[],
      ${textArray(rows.map((row) => row.status))}::text::text[],
      ${textArray(rows.map((row) => row.notifyUrl))}::text::text[],
      ${int4Array(rows.map((row) => row.keyVersion))}::text::int4[],
      ${byteaArray(rows.map((row) => row.publicKey))}::text::bytea[],
      ${byteaArray(rows.map((row) => hashBytes(row.apiKeyHash)))}::text::bytea[]
    ) as changed (id, status, notify_url, key_version, public_key, api_key_hash)
    where a.id = changed.id`
}

export async function selectByAppId(sql: Sql, appIds: readonly string[]): Promise<readonly Application[]> {
  const rows = await sql<ApplicationRow[]>`
    select id, app_id, merchant_id, name, status, sign_type, notify_url, key_version, public_key, api_key_hash, registered_at
    from party_applications
    where app_id = any(${textArray(appIds)}::text::text[])`
  return rows.map(applicationOf)
}

export async function selectByApiKey(sql: Sql, apiKeyHash: string): Promise<readonly Application[]> {
  const rows = await sql<ApplicationRow[]>`
    select id, app_id, merchant_id, name, status, sign_type, notify_url, key_version, public_key, api_key_hash, registered_at
    from party_applications
    where api_key_hash = ${hashBytes(apiKeyHash)}`
  return rows.map(applicationOf)
}

export async function selectApplications(
  sql: Sql,
  merchantId: number,
  after: number,
  limit: number,
): Promise<readonly Application[]> {
  const rows = await sql<ApplicationRow[]>`
    select id, app_id, merchant_id, name, status, sign_type, notify_url, key_version, public_key, api_key_hash, registered_at
    from party_applications
    where merchant_id = ${merchantId} and id > ${after}
    order by id
    limit ${limit}`
  return rows.map(applicationOf)
}
