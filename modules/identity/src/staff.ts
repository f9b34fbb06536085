import type { Scope } from '@huitong/contract'
import type { Micros } from '@huitong/kernel'
import { type Role, scopesOfRoles } from './roles.ts'

/** `suspended` may not come in until reinstated; who `left` never again. */
export const STAFF_STATUSES = ['active', 'suspended', 'left'] as const
export type StaffStatus = (typeof STAFF_STATUSES)[number]

export interface StaffMember {
  readonly id: number
  readonly name: string
  readonly status: StaffStatus
  readonly roles: readonly Role[]
  /** The operator of the machine that the program runs on: whoever can read its files acts as this member. */
  readonly founder: boolean
  readonly createdAt: Micros
}

/** What makes somebody able to hire, and to decide on the proposals of others who do. */
const MANAGES: Scope = 'staff:write'

export function managesStaff({ status, roles }: Pick<StaffMember, 'status' | 'roles'>): boolean {
  return status === 'active' && scopesOfRoles(roles).has(MANAGES)
}

export type StaffAction = 'suspend' | 'reinstate' | 'leave' | 'set_roles'

/** Why something is not done to a member of staff, in order of precedence. */
export const STAFF_REFUSALS = [
  'staff_unknown',
  'staff_left',
  'founder_stays',
  'bootstrap_over',
  'last_manager',
] as const
export type StaffRefusal = (typeof STAFF_REFUSALS)[number]

export const STAFF_REFUSAL_MEANINGS: Readonly<
  Record<StaffRefusal, { readonly status: 404 | 409; readonly retry: boolean; readonly text: string }>
> = {
  staff_unknown: { status: 404, retry: false, text: 'There is no such member of staff.' },
  staff_left: { status: 409, retry: false, text: 'This member of staff has left.' },
  founder_stays: {
    ...{ status: 409, retry: false },
    text: "The operator of the program's own machine stays; change the roles instead.",
  },
  bootstrap_over: {
    ...{ status: 409, retry: false },
    text: 'Two people manage staff already: propose it, and another of them approves.',
  },
  last_manager: { status: 409, retry: false, text: 'Nobody would be left who may manage staff.' },
}

/**
 * Whether this may be done to a member: (status, action) and who is left afterwards. What is done already is no fault.
 *
 * @param others how many other members manage staff
 */
export function staffFault(
  member: StaffMember | undefined,
  action: StaffAction,
  others: number,
  roles: readonly Role[] = member?.roles ?? [],
): StaffRefusal | undefined {
  if (member === undefined) return 'staff_unknown'
  if (member.status === 'left') return action === 'leave' ? undefined : 'staff_left'
  if (member.founder && (action === 'suspend' || action === 'leave')) return 'founder_stays'
  const after = { status: STATUS_AFTER[action] ?? member.status, roles }
  return managesStaff(member) && !managesStaff(after) && others === 0 ? 'last_manager' : undefined
}

/** What becomes of the status; undefined: it stays. */
export const STATUS_AFTER: Readonly<Record<StaffAction, StaffStatus | undefined>> = {
  suspend: 'suspended',
  reinstate: 'active',
  leave: 'left',
  set_roles: undefined,
}
