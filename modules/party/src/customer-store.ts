import type { TableDefinition, UnsentStatement } from '@huitong/committer'
import { invariant, type Micros } from '@huitong/kernel'
import { int2Array, int8Array, type Sql, textArray, timestamptzArray } from '@huitong/pg'
import { addedAndChanged } from './changes.ts'
import { CUSTOMER_STATUSES, CUSTOMER_TIERS, type Customer, type CustomerTier } from './customer.ts'
import { hashBytes } from './stored-hash.ts'
import { storedOneOf } from './stored-text.ts'

interface CustomerRow {
  readonly id: bigint
  readonly user_number: string
  readonly display_name: string
  readonly masked_logon_id: string
  readonly status: string
  readonly tier: number
  readonly person: bigint | null
  readonly registered_at: Micros
}

function customerOf(row: CustomerRow): Customer {
  return {
    id: Number(row.id),
    userNumber: row.user_number,
    displayName: row.display_name,
    maskedLogonId: row.masked_logon_id,
    status: storedOneOf(CUSTOMER_STATUSES, row.status),
    tier: tierOf(row.tier),
    person: row.person === null ? null : Number(row.person),
    registeredAt: row.registered_at,
  }
}

function tierOf(stored: number): CustomerTier {
  const tier = CUSTOMER_TIERS.find((known) => known === stored)
  invariant(tier !== undefined, `a stored tier is not known: ${stored}`)
  return tier
}

export const customerTable: TableDefinition<number, Customer> = {
  name: 'party_customers',
  // Payers come back; a row takes some 300 bytes.
  residentRows: 50_000,
  load: async (sql, ids) => (await selectCustomersById(sql, ids)).map((customer) => [customer.id, customer]),
  write: (sql, changes) => {
    const { added, changed } = addedAndChanged(changes)
    const statements: UnsentStatement[] = []
    if (added.length > 0)
      statements.push(
        insertCustomers(
          sql,
          added.map((change) => change.row),
        ),
      )
    if (changed.length > 0)
      statements.push(
        updateCustomers(
          sql,
          changed.map((change) => change.row),
        ),
      )
    return statements
  },
}

function insertCustomers(sql: Sql, rows: readonly Customer[]): UnsentStatement {
  return sql`
    insert into party_customers (id, user_number, display_name, masked_logon_id, status, tier, registered_at)
    select id, user_number, display_name, masked_logon_id, status, tier, registered_at
    from unnest(
      ${int8Array(rows.map((row) => row.id))}::text::int8[],
      ${textArray(rows.map((row) => row.userNumber))}::text::text[],
      ${textArray(rows.map((row) => row.displayName))}::text::text[],
      ${textArray(rows.map((row) => row.maskedLogonId))}::text::text[],
      ${textArray(rows.map((row) => row.status))}::text::text[],
      ${int2Array(rows.map((row) => row.tier))}::text::int2[],
      ${timestamptzArray(rows.map((row) => row.registeredAt))}::text::timestamptz[]
    ) as added (id, user_number, display_name, masked_logon_id, status, tier, registered_at)`
}

function updateCustomers(sql: Sql, rows: readonly Customer[]): UnsentStatement {
  return sql`
    update party_customers c
    set display_name = changed.display_name, masked_logon_id = changed.masked_logon_id, status = changed.status,
      tier = changed.tier, person = changed.person
    from unnest(
      ${int8Array(rows.map((row) => row.id))}::text::int8[],
      ${textArray(rows.map((row) => row.displayName))}::text::text[],
      ${textArray(rows.map((row) => row.maskedLogonId))}::text::text[],
      ${textArray(rows.map((row) => row.status))}::text::text[],
      ${int2Array(rows.map((row) => row.tier))}::text::int2[],
      ${int8Array(rows.map((row) => row.person))}::text::int8[]
    ) as changed (id, display_name, masked_logon_id, status, tier, person)
    where c.id = changed.id`
}

/** Customers by id, after the one with id `after`. */
export async function selectCustomers(sql: Sql, after: number, limit: number): Promise<readonly Customer[]> {
  const rows = await sql<CustomerRow[]>`
    select id, user_number, display_name, masked_logon_id, status, tier, person, registered_at
    from party_customers
    where id > ${after}
    order by id
    limit ${limit}`
  return rows.map(customerOf)
}

export async function selectCustomersById(sql: Sql, ids: readonly number[]): Promise<readonly Customer[]> {
  const rows = await sql<CustomerRow[]>`
    select id, user_number, display_name, masked_logon_id, status, tier, person, registered_at
    from party_customers
    where id = any(${int8Array(ids)}::text::int8[])`
  return rows.map(customerOf)
}

export async function selectCustomerByUserNumber(sql: Sql, userNumber: string): Promise<Customer | undefined> {
  const rows = await sql<CustomerRow[]>`
    select id, user_number, display_name, masked_logon_id, status, tier, person, registered_at
    from party_customers
    where user_number = ${userNumber}`
  return rows.map(customerOf)[0]
}

/** The hash is the keyed one of a phone, hexadecimal. A phone whose person was erased is nobody's. */
export async function selectCustomerByPhoneHash(sql: Sql, phoneHash: string): Promise<Customer | undefined> {
  const rows = await sql<CustomerRow[]>`
    select c.id, c.user_number, c.display_name, c.masked_logon_id, c.status, c.tier, c.person, c.registered_at
    from party_phones p
    join party_customers c on c.id = p.customer_id
    where p.phone_hash = ${hashBytes(phoneHash)}`
  return rows.map(customerOf)[0]
}
