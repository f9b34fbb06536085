import type { RowChange, TableDefinition, UnsentStatement } from '@huitong/committer'
import type { Micros } from '@huitong/kernel'
import { byteaArray, int8Array, type Sql, timestamptzArray } from '@huitong/pg'
import { addedAndChanged } from './changes.ts'
import type { PaymentCode } from './payment-code.ts'
import { hashBytes } from './stored-hash.ts'

/** By keyed hash, hexadecimal. */
export const paymentCodeTable: TableDefinition<string, PaymentCode> = {
  name: 'party_payment_codes',
  // A code is read within a minute of its issue, and most guesses are of codes that do not exist.
  residentRows: 20_000,
  load: async (sql, hashes) => {
    const rows = await sql<
      { code_hash: Buffer; customer_id: bigint; issued_at: Micros; expires_at: Micros; used_at: Micros | null }[]
    >`
      select code_hash, customer_id, issued_at, expires_at, used_at
      from party_payment_codes
      where code_hash = any(${byteaArray(hashes.map((hash) => hashBytes(hash)))}::text::bytea[])`
    return rows.map((row) => [
      row.code_hash.toString('hex'),
      {
        customerId: Number(row.customer_id),
        issuedAt: row.issued_at,
        expiresAt: row.expires_at,
        usedAt: row.used_at,
      },
    ])
  },
  write: (sql, changes) => {
    const { added, changed } = addedAndChanged(changes)
    const statements: UnsentStatement[] = []
    if (added.length > 0) statements.push(insertCodes(sql, added))
    if (changed.length > 0) statements.push(updateCodes(sql, changed))
    return statements
  },
}

function insertCodes(sql: Sql, changes: readonly RowChange<string, PaymentCode>[]): UnsentStatement {
  return sql`
    insert into party_payment_codes (code_hash, customer_id, issued_at, expires_at, used_at)
    select code_hash, customer_id, issued_at, expires_at, used_at
    from unnest(
      ${byteaArray(changes.map((change) => hashBytes(change.key)))}::text::bytea[],
      ${int8Array(changes.map((change) => change.row.customerId))}::text::int8[],
      ${timestamptzArray(changes.map((change) => change.row.issuedAt))}::text::timestamptz[],
      ${timestamptzArray(changes.map((change) => change.row.expiresAt))}::text::timestamptz[],
      ${timestamptzArray(changes.map((change) => change.row.usedAt))}::text::timestamptz[]
    ) as added (code_hash, customer_id, issued_at, expires_at, used_at)`
}

function updateCodes(sql: Sql, changes: readonly RowChange<string, PaymentCode>[]): UnsentStatement {
  return sql`
    update party_payment_codes c
    set used_at = changed.used_at
    from unnest(
      ${byteaArray(changes.map((change) => hashBytes(change.key)))}::text::bytea[],
      ${timestamptzArray(changes.map((change) => change.row.usedAt))}::text::timestamptz[]
    ) as changed (code_hash, used_at)
    where c.code_hash = changed.code_hash`
}
