import { int8Array, type Sql } from '@huitong/pg'
import type { HoldRowSeen } from './verify-holds.ts'
import type { CopiedRow } from './verify-rows.ts'
import { eachSelected } from './verify-select-store.ts'

const HOLD_COLUMNS = `id, debit_account, credit_account, amount_minor, remaining_minor, state::int8,
  coalesce(expires_at, 'infinity'), code::int8, coalesce(reference, 0)`

/** Holds with ids in [first, end). */
export function eachHold(sql: Sql, first: number, end: number, onHold: (hold: HoldRowSeen) => void): Promise<number> {
  const select = `select ${HOLD_COLUMNS} from ledger_holds where id >= ${first} and id < ${end}`
  return eachSelected(sql, select, 9, (row) => onHold(holdSeen(row)))
}

const HOLDS_AT_ONCE = 50_000

export async function readHoldRows(sql: Sql, ids: readonly number[]): Promise<readonly HoldRowSeen[]> {
  const rows: HoldRowSeen[] = []
  for (let at = 0; at < ids.length; at += HOLDS_AT_ONCE) {
    const list = int8Array(ids.slice(at, at + HOLDS_AT_ONCE))
    // A copy takes no values; these are numbers of ours.
    const select = `select ${HOLD_COLUMNS} from ledger_holds where id = any ('${list}'::int8[])`
    await eachSelected(sql, select, 9, (row) => rows.push(holdSeen(row)))
  }
  return rows
}

export function eachOpenHold(sql: Sql, onHold: (hold: HoldRowSeen) => void): Promise<number> {
  return eachSelected(sql, `select ${HOLD_COLUMNS} from ledger_holds where state = 1`, 9, (row) =>
    onHold(holdSeen(row)),
  )
}

function holdSeen(row: CopiedRow): HoldRowSeen {
  return {
    id: row.number(0),
    debit: row.number(1),
    credit: row.number(2),
    amountMinor: row.bigint(3),
    remainingMinor: row.bigint(4),
    state: row.number(5),
    expiresAt: row.micros(6),
    code: row.number(7),
    reference: row.number(8),
  }
}
