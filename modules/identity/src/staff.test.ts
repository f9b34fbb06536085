import { describe, expect, test } from 'vitest'
import { type StaffMember, staffFault } from './staff.ts'

const member: StaffMember = {
  id: 2,
  name: 'A',
  status: 'active',
  roles: ['administrator'],
  founder: false,
  createdAt: 0,
}
const clerk: StaffMember = { ...member, roles: ['support'] }
const suspended: StaffMember = { ...member, status: 'suspended' }
const left: StaffMember = { ...member, status: 'left' }
const founder: StaffMember = { ...member, founder: true }

describe('what may be done to a member of staff', () => {
  test.each([
    ['nobody', undefined, 'suspend', 1, 'staff_unknown'],
    ['a manager beside another', member, 'suspend', 1, undefined],
    ['a manager beside another', member, 'leave', 1, undefined],
    ['the last manager', member, 'suspend', 0, 'last_manager'],
    ['the last manager', member, 'leave', 0, 'last_manager'],
    ['a clerk', clerk, 'suspend', 0, undefined],
    ['a clerk', clerk, 'reinstate', 0, undefined],
    ['one who is suspended', suspended, 'suspend', 0, undefined],
    ['one who is suspended', suspended, 'reinstate', 0, undefined],
    ['one who is suspended', suspended, 'leave', 0, undefined],
    ['one who left', left, 'suspend', 1, 'staff_left'],
    ['one who left', left, 'reinstate', 1, 'staff_left'],
    ['one who left', left, 'set_roles', 1, 'staff_left'],
    ['one who left', left, 'leave', 0, undefined],
    ['the founder', founder, 'suspend', 1, 'founder_stays'],
    ['the founder', founder, 'leave', 1, 'founder_stays'],
    ['the founder', founder, 'reinstate', 0, undefined],
  ] as const)('%s: %o, %s with %d others: %s', (_name, whom, action, others, fault) =>
    expect(staffFault(whom, action, others)).toBe(fault),
  )

  test.each([
    ['the last manager loses the right', member, ['auditor'], 0, 'last_manager'],
    ['the last manager keeps it', member, ['administrator', 'auditor'], 0, undefined],
    ['a manager beside another loses it', member, ['auditor'], 1, undefined],
    ['the founder loses it beside another', founder, ['auditor'], 1, undefined],
    ['a clerk gets it', clerk, ['administrator'], 0, undefined],
  ] as const)('%s', (_name, whom, roles, others, fault) =>
    expect(staffFault(whom, 'set_roles', others, roles)).toBe(fault),
  )
})
