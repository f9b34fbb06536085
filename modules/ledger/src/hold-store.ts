import type { TableDefinition, UnsentStatement } from '@huitong/committer'
import { invariant } from '@huitong/kernel'
import { int2Array, int8Array, timestamptzArray } from '@huitong/pg'
import { HOLD_STATES, type Hold, holdStateOf } from './hold.ts'
import { TRANSFER_CODES, transferCodeOf } from './transfer.ts'

export interface HoldRow {
  readonly id: bigint
  readonly debit_account: bigint
  readonly credit_account: bigint
  readonly amount_minor: bigint
  readonly remaining_minor: bigint
  readonly state: number
  readonly expires_at: number | null
  readonly code: number
  readonly reference: bigint | null
}

export function holdOf(row: HoldRow): Hold {
  const state = holdStateOf(row.state)
  const code = transferCodeOf(row.code)
  invariant(
    state !== undefined && code !== undefined,
    `hold ${row.id} has the unknown state ${row.state} or code ${row.code}`,
  )
  return {
    id: Number(row.id),
    debit: Number(row.debit_account),
    credit: Number(row.credit_account),
    amountMinor: row.amount_minor,
    remainingMinor: row.remaining_minor,
    state,
    expiresAt: row.expires_at,
    code,
    reference: row.reference === null ? null : Number(row.reference),
  }
}

export const holdTable: TableDefinition<number, Hold> = {
  name: 'ledger_holds',
  // A hold is mostly captured or voided soon after it was made.
  residentRows: 50_000,
  load: async (sql, keys) => {
    const rows = await sql<HoldRow[]>`
      select id, debit_account, credit_account, amount_minor, remaining_minor, state, expires_at, code, reference
      from ledger_holds where id = any (${int8Array(keys)}::text::int8[])`
    return rows.map((row) => [Number(row.id), holdOf(row)])
  },
  write: (sql, changes) => {
    const added = changes.filter((change) => change.isNew).map((change) => change.row)
    const changed = changes.filter((change) => !change.isNew).map((change) => change.row)
    const statements: UnsentStatement[] = []
    if (added.length > 0) {
      statements.push(
        sql`
        insert into ledger_holds (
          id, debit_account, credit_account, amount_minor, remaining_minor, state, expires_at, code, reference)
        select * from unnest(
          ${int8Array(added.map((hold) => hold.id))}::text::int8[],
          ${int8Array(added.map((hold) => hold.debit))}::text::int8[],
          ${int8Array(added.map((hold) => hold.credit))}::text::int8[],
          ${int8Array(added.map((hold) => hold.amountMinor))}::text::int8[],
          ${int8Array(added.map((hold) => hold.remainingMinor))}::text::int8[],
          ${int2Array(added.map((hold) => HOLD_STATES[hold.state]))}::text::int2[],
          ${timestamptzArray(added.map((hold) => hold.expiresAt))}::text::timestamptz[],
          ${int2Array(added.map((hold) => TRANSFER_CODES[hold.code]))}::text::int2[],
          ${int8Array(added.map((hold) => hold.reference))}::text::int8[])`,
      )
    }
    if (changed.length > 0) {
      statements.push(
        sql`
        update ledger_holds h set amount_minor = c.amount_minor, remaining_minor = c.remaining_minor, state = c.state,
          expires_at = c.expires_at
        from unnest(
          ${int8Array(changed.map((hold) => hold.id))}::text::int8[],
          ${int8Array(changed.map((hold) => hold.amountMinor))}::text::int8[],
          ${int8Array(changed.map((hold) => hold.remainingMinor))}::text::int8[],
          ${int2Array(changed.map((hold) => HOLD_STATES[hold.state]))}::text::int2[],
          ${timestamptzArray(changed.map((hold) => hold.expiresAt))}::text::timestamptz[]
        ) as c (id, amount_minor, remaining_minor, state, expires_at)
        where h.id = c.id`,
      )
    }
    return statements
  },
}
