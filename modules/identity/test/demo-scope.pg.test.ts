import { systemChance } from '@huitong/kernel'
import { expect, test } from 'vitest'
import { createIdentity, createSecrets } from '../src/index.ts'
import { KEY, SITE, startIdentityWorld } from './identity-world.ts'

test('outside a demo world nobody may do what only a demo allows, whatever their role', async () => {
  const { institution, clock, guard, identity: demoIdentity } = await startIdentityWorld()
  const founder = await demoIdentity.ensureFirstOperator('Operator')
  const issued = await demoIdentity.issueOperatorToken(founder.id)
  if (!issued.ok) throw new Error(issued.error)
  const request = {
    ...{ method: 'GET', rawTarget: '/', protocol: 'http', cookies: {}, rawBody: Buffer.alloc(0), ip: '192.0.2.1' },
    headers: { authorization: `Bearer ${issued.value.token}` },
  }
  const real = createIdentity({
    ...{ db: institution.db, clock, chance: systemChance(), secureCookies: false, demo: false },
    customerMaySignIn: async () => true,
    site: () => SITE,
    ...{ guard, wallClock: clock, secrets: createSecrets([{ version: 1, secret: KEY }], KEY, systemChance()) },
  })
  const scopes = []
  for (const identity of [demoIdentity, real]) {
    const caller = await identity.authenticator()(request)
    if (caller === undefined || caller === 'invalid') throw new Error('the token holds')
    scopes.push([caller.scopes.has('demo:operate'), caller.scopes.has('ledger:post')])
  }
  expect(scopes).toEqual([
    [true, true],
    [false, true],
  ])
})
