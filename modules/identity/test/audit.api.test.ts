import { testDatabase } from '@huitong/testing'
import { beforeAll, expect, test } from 'vitest'
import type { Role } from '../src/index.ts'
import { type IdentityWorld, startIdentityWorld } from './identity-world.ts'

let world: IdentityWorld

beforeAll(async () => {
  world = await startIdentityWorld()
})

async function member(role: Role): Promise<{ readonly id: number; readonly token: string }> {
  const { id } = await world.identity.addStaff({ name: role, roles: [role] })
  const { token } = await world.identity.issueSignInLink({ kind: 'staff', id })
  const started = await world.identity.signIn(token, '192.0.2.1')
  if (!started.ok) throw new Error(started.error)
  return { id, token: started.value.token }
}

async function call(method: 'GET' | 'DELETE', url: string, token: string) {
  const answer = await world.http.inject({ method, url, headers: { authorization: `Bearer ${token}` } })
  return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() }
}

test('the record shows who did what, to what, from where, and what came of it', async () => {
  const [auditor, support] = [await member('auditor'), await member('support')]
  const object = 'sess_00000000300r'
  expect((await call('DELETE', `/v1/sessions/${object}?x=secret`, support.token)).status).toBe(400)
  const seen = await call('GET', `/v1/audit?staff=staff:${support.id}&object=${object}`, auditor.token)
  expect(seen.body.items).toMatchObject([
    {
      ...{ staff: `staff:${support.id}`, kind: 'change', method: 'DELETE', route: '/v1/sessions/:id', object },
      ...{ path: `/v1/sessions/${object}`, status: 400, address: '127.0.0.1' },
    },
  ])
  const looks = await call('GET', `/v1/audit?staff=staff:${auditor.id}&kind=read`, auditor.token)
  expect(looks.body.items.map((item: { route: string; status: number | null }) => [item.route, item.status])).toEqual([
    ['/v1/audit', null],
    ['/v1/audit', 200],
  ])
})

test('the record is paged, and is for those only whose role has it', async () => {
  const [auditor, support] = [await member('auditor'), await member('support')]
  for (let index = 0; index < 3; index += 1) await call('GET', '/v1/audit', auditor.token)
  const first = await call('GET', `/v1/audit?staff=staff:${auditor.id}&limit=2`, auditor.token)
  const second = await call(
    'GET',
    `/v1/audit?staff=staff:${auditor.id}&limit=2&cursor=${first.body.nextCursor}`,
    auditor.token,
  )
  const ids = [...first.body.items, ...second.body.items].map((item: { id: number }) => item.id)
  expect(ids).toEqual([...ids].sort((a, b) => b - a))
  expect(new Set(ids).size).toBe(4)
  expect((await call('GET', '/v1/audit?cursor=abc', auditor.token)).status).toBe(400)
  expect((await call('GET', '/v1/audit', support.token)).body.code).toBe('scope_missing')
})

test('rows cannot be changed or removed by the program', async () => {
  const { schema } = world.institution
  const [rights] = await testDatabase().owner.unsafe(`
    select has_table_privilege('huitong_app', '${schema}.identity_staff_actions', 'delete') as remove,
      has_column_privilege('huitong_app', '${schema}.identity_staff_actions', 'path', 'update') as change,
      has_column_privilege('huitong_app', '${schema}.identity_staff_actions', 'status', 'update') as answer,
      has_table_privilege('huitong_app', '${schema}.identity_audit', 'update, delete') as sign_ins`)
  expect(rights).toMatchObject({ remove: false, change: false, answer: true, sign_ins: false })
})

test('nothing is done that could not be put on record', async () => {
  const support = await member('support')
  const { schema } = world.institution
  await testDatabase().owner.unsafe(`revoke insert on ${schema}.identity_staff_actions from huitong_app`)
  try {
    const answer = await world.http.inject({
      ...{ method: 'POST', url: '/v1/sessions/sign-out' },
      headers: { authorization: `Bearer ${support.token}` },
    })
    expect(answer.statusCode).toBe(500)
    expect((await call('GET', '/v1/me', support.token)).status).toBe(200)
  } finally {
    await testDatabase().owner.unsafe(`grant insert on ${schema}.identity_staff_actions to huitong_app`)
  }
})
