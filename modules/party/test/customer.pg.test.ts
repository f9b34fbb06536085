import { systemChance } from '@huitong/kernel'
import { testDatabase } from '@huitong/testing'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  createVault,
  findCustomer,
  findCustomerByPhone,
  findCustomerByUserNumber,
  findPhone,
  listCustomers,
} from '../src/index.ts'
import { answerOf, type PartyWorld, startPartyWorld, told } from './party-world.ts'

let world: PartyWorld

beforeAll(async () => {
  world = await startPartyWorld()
})

async function dump(table: string): Promise<string> {
  const rows = await testDatabase().owner.unsafe(
    `select to_jsonb(t)::text as row from ${world.institution.schema}.${table} t`,
  )
  return rows.map((row) => String(row.row)).join('\n')
}

describe('registering customers', () => {
  test('gives a customer a number and hides the phone', async () => {
    const id = await world.newCustomer('小云', '15912345620')
    const customer = await world.institution.db.read((tx) => findCustomer(tx, id))
    expect(customer).toMatchObject({ displayName: '小云', maskedLogonId: '159****5620', status: 'active', tier: 1 })
    expect(customer?.userNumber).toMatch(/^2088[0-9]{12}$/)
    expect(await world.institution.db.read((tx) => findPhone(tx, world.vault, id))).toBe('+8615912345620')
  })

  test('stores the phone nowhere in clear', async () => {
    await world.newCustomer('Hidden', '13800138000')
    for (const table of [
      'party_customers',
      'party_personal_data',
      'party_phones',
      'party_person_keys',
      'committer_outbox',
    ]) {
      const text = await dump(table)
      expect(text.length, table).toBeGreaterThan(0)
      expect(text, table).not.toContain('13800138000')
      expect(text, table).not.toContain(Buffer.from('13800138000').toString('hex'))
    }
  })

  test('lets a name be used twice and a phone once, however it is written', async () => {
    expect(told(await world.registerCustomer('Li Lei', '13700000001'))).toBe('done')
    expect(told(await world.registerCustomer('Li Lei', '13700000002'))).toBe('done')
    expect(told(await world.registerCustomer('Han Meimei', '+86 137-0000-0001'))).toBe('phone_taken')
  })

  test('lets one of many requests for the same phone win', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => world.registerCustomer('Many', '13700000003')))
    const codes = outcomes.map(told)
    expect(codes.filter((code) => code === 'done')).toHaveLength(1)
    expect(codes.filter((code) => code === 'phone_taken')).toHaveLength(19)
  })

  test('gives many customers at once numbers of their own', async () => {
    const ids = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        world.newCustomer('Crowd', `136000001${String(index).padStart(2, '0')}`),
      ),
    )
    const customers = await world.institution.db.read((tx) => listCustomers(tx, 0, 1000))
    expect(new Set(ids).size).toBe(60)
    expect(new Set(customers.map((customer) => customer.userNumber)).size).toBe(customers.length)
  })

  test('cannot be read with another master key', async () => {
    const id = await world.newCustomer('Locked', '13700000009')
    const chance = systemChance()
    const stranger = createVault([{ version: 1, secret: chance.bytes(32) }], chance.bytes(32), chance)
    await expect(world.institution.db.read((tx) => findPhone(tx, stranger, id))).rejects.toThrow()
  })
})

describe('finding a customer by what others say', () => {
  test('takes the user number, and the phone however it is written', async () => {
    const { institution, vault } = world
    const id = await world.newCustomer('Found', '13700000031')
    const customer = await institution.db.read((tx) => findCustomer(tx, id))
    const byNumber = (text: string) => institution.db.read((tx) => findCustomerByUserNumber(tx, text))
    const byPhone = (text: string) => institution.db.read((tx) => findCustomerByPhone(tx, vault, text))
    expect(await byNumber(customer?.userNumber ?? '')).toEqual(customer)
    for (const phone of ['13700000031', '+86 137-0000-0031']) expect(await byPhone(phone)).toEqual(customer)
    for (const nobody of ['2088000000000000', '', '\u0000', "' or true --"]) {
      expect(await byNumber(nobody), nobody).toBeUndefined()
    }
    for (const nobody of ['13700000032', '', '\u0000', 'abc']) expect(await byPhone(nobody), nobody).toBeUndefined()
  })
})

describe('the states of a customer', () => {
  test('freeze, thaw, and stay closed to what may not follow', async () => {
    const { committer, party } = world
    const customerId = await world.newCustomer('State', '13700000010')
    const set = (status: 'active' | 'frozen') =>
      committer.submit({ kind: party.commands.setCustomerStatus, input: { customerId, status } })
    expect(told(await set('active'))).toBe('status_change_not_allowed')
    expect(answerOf(await set('frozen'))).toEqual({ status: 'frozen' })
    expect(told(await world.issueCode(customerId).then((issued) => issued.outcome))).toBe('customer_not_active')
    expect(answerOf(await set('active'))).toEqual({ status: 'active' })
    const unknown = committer.submit({
      kind: party.commands.setCustomerStatus,
      input: { customerId: 1, status: 'frozen' },
    })
    expect(told(await unknown)).toBe('customer_unknown')
  })
})

describe('erasing a person', () => {
  test('is refused while the customer is not closed', async () => {
    const customerId = await world.newCustomer('Open', '13700000020')
    const outcome = await world.committer.submit({ kind: world.party.commands.eraseCustomer, input: { customerId } })
    expect(told(outcome)).toBe('status_change_not_allowed')
  })

  test('destroys the key and the names, and sets the phone free', async () => {
    const { committer, party, vault, institution } = world
    const customerId = await world.newCustomer('Gone Girl', '13700000021')
    const close = {
      ...party.commands.setCustomerStatus,
      name: 'test.close',
      decide: () => {
        const result = party.setCustomerStatus(customerId, 'closed')
        return result.ok ? { ok: true as const, value: { status: result.value.status } } : result
      },
    }
    answerOf(await committer.submit({ kind: close, input: { customerId, status: 'frozen' } }))
    answerOf(await committer.submit({ kind: party.commands.eraseCustomer, input: { customerId } }))
    expect(await institution.db.read((tx) => findPhone(tx, vault, customerId))).toBeUndefined()
    const customer = await institution.db.read((tx) => findCustomer(tx, customerId))
    expect(customer).toMatchObject({ status: 'erased', displayName: '', maskedLogonId: '' })
    expect(await dump('party_customers')).not.toContain('Gone Girl')
    expect(await institution.db.read((tx) => findCustomerByPhone(tx, vault, '13700000021'))).toBeUndefined()
    expect(told(await world.registerCustomer('New', '13700000021'))).toBe('done')
    const again = await committer.submit({ kind: party.commands.eraseCustomer, input: { customerId } })
    expect(told(again)).toBe('status_change_not_allowed')
  })
})
