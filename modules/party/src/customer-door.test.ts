import { SLOTS, seededChance } from '@huitong/kernel'
import { expect, test } from 'vitest'
import { registrationForm } from './customer.ts'
import { readCustomerRegistration } from './customer-door.ts'
import { readMerchantRegistration } from './merchant-door.ts'
import { createVault } from './vault.ts'

const chance = seededChance(3)
const vault = createVault([{ version: 1, secret: chance.bytes(32) }], chance.bytes(32), chance)

test('two tries of one request differ in what chance drew and not in what was asked for', () => {
  const request = { displayName: ' 小云 ', phone: '15912345620' }
  const [first, second] = [
    readCustomerRegistration(request, vault, chance),
    readCustomerRegistration(request, vault, chance),
  ]
  if (!first.ok || !second.ok) throw new Error('a good request was refused')
  expect(first.value).not.toEqual(second.value)
  expect(registrationForm(first.value)).toEqual(registrationForm(second.value))
  expect(first.value).toMatchObject({ displayName: '小云', maskedLogonId: '159****5620', tier: 1 })
  expect(first.value.slot).toBeGreaterThanOrEqual(0)
  expect(first.value.slot).toBeLessThan(SLOTS)
  expect(JSON.stringify(registrationForm(first.value))).not.toContain('15912345620')
})

test.each([
  [{ displayName: '', phone: '15912345620' }, 'displayName', 'empty'],
  [{ displayName: 'x'.repeat(65), phone: '15912345620' }, 'displayName', 'too_long'],
  [{ displayName: 'a\u0000', phone: '15912345620' }, 'displayName', 'unstorable_character'],
  [{ displayName: 'a\ud800', phone: '15912345620' }, 'displayName', 'unstorable_character'],
  [{ displayName: 'a\nb', phone: '15912345620' }, 'displayName', 'unstorable_character'],
  [{ displayName: 'Yun', phone: '123' }, 'phone', 'malformed_phone'],
])('%j is refused for %s: %s', (request, field, rule) => {
  expect(readCustomerRegistration(request, vault, chance)).toMatchObject({ ok: false, error: { field, rule } })
})

test.each([-1, 0.5, 100_001, Number.NaN, Number.POSITIVE_INFINITY])(
  'a fee rate of %s is refused',
  (feeRateMillionths) => {
    const request = { name: 'Shop', feeRateMillionths }
    expect(readMerchantRegistration(request, chance)).toMatchObject({ error: { field: 'feeRateMillionths' } })
  },
)
