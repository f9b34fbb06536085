import type { Micros } from '@huitong/kernel'
import type { ReadTx, Tx } from '@huitong/pg'
import { STAFF_ACTION_KINDS, type StaffAction } from './staff-action.ts'
import { storedOneOf } from './stored-text.ts'

export type NewStaffAction = Omit<StaffAction, 'id' | 'status'>

/** Returns its id. */
export async function insertStaffAction(tx: Tx, action: NewStaffAction): Promise<number> {
  const [row] = await tx.sql<{ id: bigint }[]>`
    insert into identity_staff_actions
      (at, staff_id, session_id, kind, method, route, path, object, address, request_id)
    values (${action.at}, ${action.staffId}, ${action.sessionId}, ${action.kind}, ${action.method}, ${action.route},
      ${action.path}, ${action.object}, ${action.address}, ${action.requestId})
    returning id`
  return Number(row?.id)
}

export async function answerStaffAction(tx: Tx, id: number, status: number): Promise<void> {
  await tx.sql`update identity_staff_actions set status = ${status} where id = ${id} and status is null`
}

export interface StaffActionFilter {
  readonly staffId: number | null
  readonly object: string | null
  readonly kind: StaffAction['kind'] | null
  readonly from: Micros | null
  /** Only those before this id. */
  readonly before: number | null
}

/** Newest first. */
export async function selectStaffActions(
  tx: ReadTx,
  { staffId, object, kind, from, before }: StaffActionFilter,
  limit: number,
): Promise<readonly StaffAction[]> {
  const rows = await tx.sql<
    {
      id: bigint
      at: Micros
      staff_id: bigint
      session_id: bigint | null
      kind: string
      method: string
      route: string
      path: string
      object: string | null
      status: number | null
      address: string
      request_id: string
    }[]
  >`
    select id, at, staff_id, session_id, kind, method, route, path, object, status, address, request_id
    from identity_staff_actions
    where (${staffId}::int8 is null or staff_id = ${staffId}::int8)
      and (${object}::text is null or object = ${object}::text)
      and (${kind}::text is null or kind = ${kind}::text)
      and (${from}::timestamptz is null or at >= ${from}::timestamptz)
      and (${before}::int8 is null or id < ${before}::int8)
    order by id desc
    limit ${limit}`
  return rows.map((row) => ({
    ...{ id: Number(row.id), at: row.at, staffId: Number(row.staff_id), method: row.method, route: row.route },
    sessionId: row.session_id === null ? null : Number(row.session_id),
    kind: storedOneOf(STAFF_ACTION_KINDS, row.kind),
    ...{ path: row.path, object: row.object, status: row.status, address: row.address, requestId: row.request_id },
  }))
}
