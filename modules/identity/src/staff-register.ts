import { type Clock, err, invariant, ok, type Result, storableText } from '@huitong/kernel'
import type { InstitutionDatabase, Tx } from '@huitong/pg'
import { type AuditEvent, insertAudit } from './audit-store.ts'
import { forgetProofs } from './further-proof.ts'
import type { Role } from './roles.ts'
import { endSessions } from './session-store.ts'
import {
  managesStaff,
  STATUS_AFTER,
  type StaffAction,
  type StaffMember,
  type StaffRefusal,
  staffFault,
} from './staff.ts'
import {
  insertStaff,
  lockPresentStaff,
  replaceRoles,
  selectAllStaff,
  selectFounder,
  selectStaff,
  selectStaffByRequest,
  setStaffStatus,
} from './staff-store.ts'

export const NAME_LENGTH_MAX = 64

interface NewMember {
  readonly name: string
  readonly roles: readonly Role[]
}

export interface StaffRegister {
  ensureFirstOperator(name: string): Promise<StaffMember>
  /** `request` names what somebody asked for: the same one adds nobody else. */
  addStaff(member: NewMember, request?: string): Promise<StaffMember>
  /** As long as nobody else manages staff, one person may add those who will. */
  bootstrapStaff(member: NewMember, request: string): Promise<Result<StaffMember, StaffRefusal>>
  /** Suspending and leaving end all sessions; leaving is for good. What is done already is done again without harm. */
  changeStaff(staffId: number, action: Exclude<StaffAction, 'set_roles'>): Promise<Result<StaffMember, StaffRefusal>>
  setRoles(staffId: number, roles: readonly Role[]): Promise<Result<StaffMember, StaffRefusal>>
  /** For somebody who lost all of them: passkeys and codes are gone, sessions end, and a link brings them in again. */
  resetStaffProofs(staffId: number): Promise<Result<StaffMember, StaffRefusal>>
  findStaff(staffId: number): Promise<StaffMember | undefined>
  /** By id, after this one. */
  listStaff(limit: number, after: number): Promise<readonly StaffMember[]>
}

const EVENTS: Readonly<Record<StaffAction, AuditEvent>> = {
  suspend: 'staff_suspended',
  reinstate: 'staff_reinstated',
  leave: 'staff_left',
  set_roles: 'staff_roles_set',
}

export function createStaffRegister(db: InstitutionDatabase, clock: Clock): StaffRegister {
  async function insert(tx: Tx, member: NewMember, founder: boolean, request: string | null) {
    // Names come from the program or from staff's own forms, which judge them; a bad one here is a bug.
    invariant(
      storableText(member.name, { max: NAME_LENGTH_MAX }).ok,
      'a name of staff is one line of 1 to 64 characters',
    )
    const at = clock.now()
    const added = await insertStaff(tx, { ...member, founder, createdAt: at, request })
    if (added !== undefined)
      await insertAudit(tx, { at, event: 'staff_added', subject: { kind: 'staff', id: added.id } })
    return added
  }

  /** The new member, or the one whom the same request added before. */
  async function ensure(tx: Tx, member: NewMember, request: string): Promise<StaffMember> {
    const added = (await insert(tx, member, false, request)) ?? (await selectStaffByRequest(tx, request))
    invariant(added !== undefined, 'a member who was just made sure of can be read')
    return added
  }

  /** Judges a change with all who are present locked, so that of two at once the second sees who is left. */
  async function change(
    staffId: number,
    action: StaffAction,
    roles: readonly Role[] | undefined,
  ): Promise<Result<StaffMember, StaffRefusal>> {
    return db.transact(async (tx) => {
      const present = await lockPresentStaff(tx)
      const member = await selectStaff(tx, staffId)
      const others = present.filter((one) => one.id !== staffId && managesStaff(one)).length
      const fault = staffFault(member, action, others, roles)
      if (fault !== undefined) return err(fault)
      invariant(member !== undefined, 'a member without a fault is there')
      const subject = { kind: 'staff', id: staffId } as const
      const at = clock.now()
      const status = STATUS_AFTER[action] ?? member.status
      if (status !== member.status) await setStaffStatus(tx, staffId, status)
      if (roles !== undefined) await replaceRoles(tx, staffId, roles)
      if (status !== 'active') await endSessions(tx, subject, at)
      await insertAudit(tx, { at, event: EVENTS[action], subject })
      return ok({ ...member, status, roles: roles ?? member.roles })
    })
  }

  return {
    ensureFirstOperator: async (name) => {
      const present = await db.read(selectFounder)
      if (present !== undefined) return present
      await db.transact(async (tx) => ok(await insert(tx, { name, roles: ['operator'] }, true, null)))
      // Another program may have been faster; then its founder is ours too.
      const founder = await db.read(selectFounder)
      invariant(founder !== undefined, 'an institution has a founding operator')
      return founder
    },

    addStaff: async (member, request) => {
      const added = await db.transact(async (tx) =>
        ok(request === undefined ? await insert(tx, member, false, null) : await ensure(tx, member, request)),
      )
      invariant(added.ok && added.value !== undefined, 'nothing refuses a member who is no founder')
      return added.value
    },

    bootstrapStaff: (member, request) =>
      db.transact(async (tx) => {
        const present = await lockPresentStaff(tx)
        const before = await selectStaffByRequest(tx, request)
        if (before !== undefined) return ok(before)
        return present.filter(managesStaff).length > 1 ? err('bootstrap_over') : ok(await ensure(tx, member, request))
      }),

    changeStaff: (staffId, action) => change(staffId, action, undefined),
    setRoles: (staffId, roles) => change(staffId, 'set_roles', roles),

    resetStaffProofs: (staffId) =>
      db.transact(async (tx) => {
        const member = await selectStaff(tx, staffId)
        if (member === undefined) return err('staff_unknown')
        if (member.status === 'left') return err('staff_left')
        const subject = { kind: 'staff', id: staffId } as const
        await forgetProofs(tx, subject, clock.now())
        await insertAudit(tx, { at: clock.now(), event: 'proofs_reset', subject })
        return ok(member)
      }),

    findStaff: (staffId) => db.read((tx) => selectStaff(tx, staffId)),
    listStaff: (limit, after) => db.read((tx) => selectAllStaff(tx, limit, after)),
  }
}
