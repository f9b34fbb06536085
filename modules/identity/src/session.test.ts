import { expect, test } from 'vitest'
import { ROLE_SCOPES, scopesOfRoles } from './roles.ts'
import { isLive, type Session, strengthAt } from './session.ts'

const session: Session = {
  id: 1,
  subject: { kind: 'staff', id: 1 },
  method: 'link',
  strength: 'one_factor',
  raised: null,
  awaitsProof: false,
  deviceId: null,
  startedAt: 0,
  lastSeenAt: 50_000_000,
  idleSeconds: 60,
  expiresAt: 100_000_000,
  endedAt: null,
}

test.each([
  ['while used', session, 99_999_999, true],
  ['no longer than its life', session, 100_000_000, false],
  ['until unused for too long', { ...session, lastSeenAt: 0 }, 59_999_999, true],
  ['no longer when unused for too long', { ...session, lastSeenAt: 0 }, 60_000_000, false],
  ['not after it was ended', { ...session, endedAt: 1 }, 2, false],
])('a session lives %s', (_, each, at, expected) => {
  expect(isLive(each, at)).toBe(expected)
})

test.each([
  ['what it began with', session, 10, 'one_factor'],
  ['more while raised', { ...session, raised: { strength: 'contract', until: 20 } }, 19, 'contract'],
  [
    'what it began with when that is over',
    { ...session, raised: { strength: 'contract', until: 20 } },
    20,
    'one_factor',
  ],
  [
    'never less than it began with',
    { ...session, strength: 'contract', raised: { strength: 'two_factors', until: 20 } },
    1,
    'contract',
  ],
] as const)('a session proves %s', (_, each, at, expected) => {
  expect(strengthAt(each, at)).toBe(expected)
})

test('roles add up, and auditors can write nothing', () => {
  expect(scopesOfRoles([])).toEqual(new Set())
  expect(scopesOfRoles(['auditor', 'support'])).toEqual(new Set([...ROLE_SCOPES.auditor, ...ROLE_SCOPES.support]))
  for (const scope of ROLE_SCOPES.auditor) expect(scope).toMatch(/:read$/)
})
