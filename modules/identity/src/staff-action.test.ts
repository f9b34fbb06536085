import type { Scope } from '@huitong/contract'
import { expect, test } from 'vitest'
import { objectOf, staffActionKind } from './staff-action.ts'

const rows: [string, Scope | undefined, Record<string, string>, string | undefined][] = [
  ['POST', 'ledger:post', {}, 'change'],
  ['DELETE', undefined, {}, 'change'],
  ['GET', 'party:read', {}, 'read'],
  ['GET', 'payments:read', { id: 'x' }, 'read'],
  ['GET', 'identity:read', {}, 'read'],
  ['GET', 'identity:recover', { id: 'x' }, 'read'],
  ['GET', 'staff:read', {}, 'read'],
  ['GET', 'ledger:read', { id: 'acct_00000000300r' }, 'read'],
  ['GET', 'ledger:read', {}, undefined],
  ['GET', 'rules:read', {}, undefined],
  ['GET', undefined, {}, undefined],
  ['GET', undefined, { id: 'x' }, 'read'],
]

test.each(rows)('%s under %s with %j goes on record as %s', (method, scope, params, expected) => {
  const access = { callers: ['staff'] as const, ...(scope === undefined ? {} : { scope }) }
  const caller = { kind: 'staff', id: 'staff:1', scopes: new Set<Scope>() } as const
  const visit = {
    caller,
    access,
    method,
    route: '/v1/things',
    params,
    path: '/v1/things',
    ip: '192.0.2.1',
    requestId: 'r',
  }
  expect(staffActionKind(visit)).toBe(expected)
})

test('an address is about the first public id in it', () => {
  expect(objectOf({ parameter: 'payment.day', id: 'cust_00000000300r' })).toBe('cust_00000000300r')
  expect(objectOf({ id: 'payment.day' })).toBeNull()
})
