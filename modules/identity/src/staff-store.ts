import { invariant, type Micros } from '@huitong/kernel'
import { type ReadTx, type Tx, textArray } from '@huitong/pg'
import { isRole, type Role } from './roles.ts'
import { STAFF_STATUSES, type StaffMember, type StaffStatus } from './staff.ts'
import { storedOneOf } from './stored-text.ts'

interface StaffRow {
  readonly id: bigint
  readonly name: string
  readonly status: string
  readonly founder: boolean
  readonly created_at: Micros
  readonly roles: string | null
}

function staffOf(row: StaffRow): StaffMember {
  return {
    id: Number(row.id),
    name: row.name,
    status: storedOneOf(STAFF_STATUSES, row.status),
    // A role that this program does not know gives no rights.
    roles: (row.roles ?? '').split(',').filter(isRole),
    founder: row.founder,
    createdAt: row.created_at,
  }
}

export async function selectStaff(tx: ReadTx, id: number): Promise<StaffMember | undefined> {
  const [row] = await tx.sql<StaffRow[]>`
    select s.id, s.name, s.status, s.founder, s.created_at,
      (select string_agg(r.role, ',' order by r.role) from identity_staff_roles r where r.staff_id = s.id) as roles
    from identity_staff s
    where s.id = ${id}`
  return row === undefined ? undefined : staffOf(row)
}

export async function selectFounder(tx: ReadTx): Promise<StaffMember | undefined> {
  const [row] = await tx.sql<{ id: bigint }[]>`select id from identity_staff where founder`
  return row === undefined ? undefined : selectStaff(tx, Number(row.id))
}

export interface NewStaff {
  readonly name: string
  readonly roles: readonly Role[]
  readonly founder: boolean
  readonly createdAt: Micros
  /** By which request; null of those whom the program adds itself. */
  readonly request: string | null
}

/** Undefined when it should be the founder and there is one, or when this request added somebody before. */
export async function insertStaff(tx: Tx, staff: NewStaff): Promise<StaffMember | undefined> {
  const [row] = await tx.sql<{ id: bigint }[]>`
    insert into identity_staff (name, status, founder, created_at, added_by_request)
    values (${staff.name}, 'active', ${staff.founder}, ${staff.createdAt}, ${staff.request})
    on conflict do nothing
    returning id`
  if (row === undefined) return undefined
  await tx.sql`
    insert into identity_staff_roles (staff_id, role)
    select ${row.id}, role from unnest(${textArray(staff.roles)}::text::text[]) as added (role)`
  const added = await selectStaff(tx, Number(row.id))
  invariant(added !== undefined, 'a row that was just inserted can be read')
  return added
}

export async function selectStaffByRequest(tx: ReadTx, request: string): Promise<StaffMember | undefined> {
  const [row] = await tx.sql<{ id: bigint }[]>`select id from identity_staff where added_by_request = ${request}`
  return row === undefined ? undefined : selectStaff(tx, Number(row.id))
}

/** By id, those after `after` only. */
export async function selectAllStaff(tx: ReadTx, limit: number, after: number): Promise<readonly StaffMember[]> {
  const rows = await tx.sql<StaffRow[]>`
    select s.id, s.name, s.status, s.founder, s.created_at,
      (select string_agg(r.role, ',' order by r.role) from identity_staff_roles r where r.staff_id = s.id) as roles
    from identity_staff s
    where s.id > ${after}
    order by s.id
    limit ${limit}`
  return rows.map(staffOf)
}

/** Those who are not gone, read so that other changes of staff wait: whoever is left may be counted. */
export async function lockPresentStaff(tx: Tx): Promise<readonly StaffMember[]> {
  const rows = await tx.sql<{ id: bigint }[]>`
    select id from identity_staff where status <> 'left' order by id for update`
  const found = await Promise.all(rows.map(({ id }) => selectStaff(tx, Number(id))))
  return found.flatMap((member) => member ?? [])
}

export async function setStaffStatus(tx: Tx, id: number, status: StaffStatus): Promise<void> {
  await tx.sql`update identity_staff set status = ${status} where id = ${id}`
}

export async function replaceRoles(tx: Tx, id: number, roles: readonly Role[]): Promise<void> {
  await tx.sql`delete from identity_staff_roles where staff_id = ${id}`
  await tx.sql`
    insert into identity_staff_roles (staff_id, role)
    select ${id}, role from unnest(${textArray(roles)}::text::text[]) as given (role)`
}
