import { generateKeyPairSync } from 'node:crypto'
import { systemChance } from '@huitong/kernel'
import { testDatabase } from '@huitong/testing'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  type ApplicationRequest,
  createApplicationDirectory,
  drawApiKey,
  findMerchant,
  listApplications,
  readApplicationRegistration,
  readPublicKey,
} from '../src/index.ts'
import { answerOf, newPublicKey, type PartyWorld, startPartyWorld, told } from './party-world.ts'

let world: PartyWorld

beforeAll(async () => {
  world = await startPartyWorld()
})

function register(request: ApplicationRequest, key?: string) {
  const input = readApplicationRegistration(request)
  if (!input.ok) throw new Error(input.error.rule)
  const idempotency = key === undefined ? {} : { idempotency: { caller: 'test', key } }
  return world.committer.submit({ kind: world.party.commands.registerApplication, input: input.value, ...idempotency })
}

describe('merchants', () => {
  test('share one series of numbers with customers', async () => {
    const id = await world.newMerchant('云河茶馆')
    const merchant = await world.institution.db.read((tx) => findMerchant(tx, id))
    expect(merchant).toMatchObject({ name: '云河茶馆', status: 'active' })
    expect(merchant?.sellerNumber).toMatch(/^2088[0-9]{12}$/)
  })

  test('pay the fee rate that holds at the time', async () => {
    const merchantId = await world.newMerchant('Rates', 6000)
    const rate = async () => answerOf(await world.committer.submit({ kind: world.commands.feeRate, input: merchantId }))
    const change = (feeRateMillionths: number, validFrom: number) =>
      world.committer.submit({
        kind: world.party.commands.setFeeRate,
        input: { merchantId, feeRateMillionths, validFrom },
      })
    const now = world.clock.now()
    expect(await rate()).toBe(6000)
    expect(told(await change(3800, now + 60_000_000))).toBe('done')
    expect(told(await change(3900, now + 60_000_000))).toBe('fee_rate_in_the_past')
    expect(told(await change(3900, now - 1))).toBe('fee_rate_in_the_past')
    expect(await rate()).toBe(6000)
    world.clock.advance(60_000_000)
    expect(await rate()).toBe(3800)
  })
})

describe('applications', () => {
  test('need a merchant', async () => {
    expect(told(await register({ merchantId: 12_345, name: 'Lost', publicKey: newPublicKey() }))).toBe(
      'merchant_unknown',
    )
  })

  test('answer a repeat with the first number and make nothing new', async () => {
    const merchantId = await world.newMerchant('Repeat')
    const request = { merchantId, name: 'Till', publicKey: newPublicKey() }
    const [first, second] = [await register(request, 'key-1'), await register(request, 'key-1')]
    expect(answerOf(second)).toEqual(answerOf(first))
    const found = await world.institution.db.read((tx) => listApplications(tx, merchantId, 0, 10))
    expect(found.map((each) => each.appId)).toEqual([answerOf(first).appId])
  })

  test('use their new keys from the change on, and keep the old ones in the history', async () => {
    const merchantId = await world.newMerchant('Rotate')
    const directory = createApplicationDirectory(world.institution.db, world.clock)
    const old = drawApiKey(systemChance())
    const registered = await register({
      merchantId,
      name: 'Shop',
      publicKey: newPublicKey(),
      apiKeyHash: old.apiKeyHash,
    })
    const { appId } = answerOf(registered)
    expect(appId).toMatch(/^2021[0-9]{12}$/)
    const before = await directory.findApplication(appId)
    expect(await directory.findByApiKeyHash(old.apiKeyHash)).toMatchObject({ appId })
    const publicKey = readPublicKey(newPublicKey())
    const fresh = drawApiKey(systemChance())
    if (!publicKey.ok) throw new Error(publicKey.error)
    const input = { appId, publicKey: publicKey.value, apiKeyHash: fresh.apiKeyHash }
    const rotated = await world.committer.submit({ kind: world.party.commands.rotateKeys, input })
    expect(answerOf(rotated)).toEqual({ appId, keyVersion: 2 })
    directory.forget(appId)
    const after = await directory.findApplication(appId)
    expect(Buffer.from(after?.publicKey ?? []).equals(Buffer.from(publicKey.value))).toBe(true)
    expect(await directory.findByApiKeyHash(old.apiKeyHash)).toBeUndefined()
    expect(await directory.findByApiKeyHash(fresh.apiKeyHash)).toMatchObject({ appId, keyVersion: 2 })
    const history = await testDatabase().owner.unsafe(
      `select key_version, public_key from ${world.institution.schema}.party_application_keys where app_id = '${appId}' order by 1`,
    )
    expect(history.map((row) => row.key_version)).toEqual([1, 2])
    expect(history[0]?.public_key).toEqual(before?.publicKey)
  })

  test('are looked up anew after two seconds at the latest', async () => {
    const merchantId = await world.newMerchant('Aging')
    const directory = createApplicationDirectory(world.institution.db, world.clock)
    const { appId } = answerOf(await register({ merchantId, name: 'Old', publicKey: newPublicKey() }))
    expect((await directory.findApplication(appId))?.keyVersion).toBe(1)
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const der = publicKey.export({ type: 'spki', format: 'der' })
    const input = { appId, publicKey: der, apiKeyHash: null }
    answerOf(await world.committer.submit({ kind: world.party.commands.rotateKeys, input }))
    expect((await directory.findApplication(appId))?.keyVersion).toBe(1)
    world.clock.advance(2_000_001)
    expect((await directory.findApplication(appId))?.keyVersion).toBe(2)
  })
})
