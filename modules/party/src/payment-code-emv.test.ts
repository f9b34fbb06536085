import { seededChance } from '@huitong/kernel'
import { expect, it } from 'vitest'
import { drawPaymentCode, readPaymentCode } from './payment-code.ts'
import { digitsOfShownCode, emvOfPaymentCode } from './payment-code-emv.ts'
import { createVault } from './vault.ts'

const chance = seededChance(7)
const vault = createVault([{ version: 1, secret: chance.bytes(32) }], chance.bytes(32), chance)

it('a shown code is found by its digits and by its EMVCo form alike', () => {
  for (let count = 0; count < 50; count += 1) {
    const { digits, codeHash } = drawPaymentCode(vault, chance)
    const emv = emvOfPaymentCode(digits)
    expect(emv.length).toBeLessThanOrEqual(64)
    for (const shown of [digits, emv]) expect(readPaymentCode(shown, vault)).toEqual({ ok: true, value: codeHash })
  }
})

it('an odd number of digits survives', () => {
  expect(digitsOfShownCode(emvOfPaymentCode('28763443825664394'))).toBe('28763443825664394')
})

it.each([
  ['an EMVCo code of somebody else', 'hQVDUFYwMWEKTwigAAADMwEBAQ=='],
  ['a broken one', `${emvOfPaymentCode('250000000000000000').slice(0, -3)}===`],
  ['its beginning', 'hQVDUFYwMW'],
])('%s is no payment code', (_, text) => {
  expect(readPaymentCode(text, vault)).toEqual({ ok: false, error: 'malformed_code' })
})
