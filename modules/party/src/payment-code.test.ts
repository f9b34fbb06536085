import { seededChance } from '@huitong/kernel'
import { expect, test } from 'vitest'
import { codeFault, drawPaymentCode, isPaymentCode, readPaymentCode } from './payment-code.ts'
import { createVault } from './vault.ts'

const chance = seededChance(11)
const vault = createVault([{ version: 1, secret: chance.bytes(32) }], chance.bytes(32), chance)

test('drawn codes have 18 digits, use every prefix, and are found by what is read from them', () => {
  const drawn = Array.from({ length: 300 }, () => drawPaymentCode(vault, chance))
  for (const { digits, codeHash } of drawn) {
    expect(digits).toMatch(/^(2[5-9]|30)[0-9]{16}$/)
    expect(readPaymentCode(digits, vault)).toEqual({ ok: true, value: codeHash })
  }
  expect(new Set(drawn.map((code) => code.digits.slice(0, 2))).size).toBe(6)
  expect(new Set(drawn.map((code) => code.digits)).size).toBe(300)
})

test.each([
  [`25${'0'.repeat(14)}`, true],
  [`30${'9'.repeat(22)}`, true],
  [`25${'0'.repeat(13)}`, false],
  [`30${'9'.repeat(23)}`, false],
  [`24${'0'.repeat(16)}`, false],
  [`31${'0'.repeat(16)}`, false],
  [`25${'0'.repeat(15)}a`, false],
  [`２５${'0'.repeat(16)}`, false],
  [`25${'0'.repeat(16)}\n`, false],
  ['', false],
])('%j is a payment code: %s', (text, expected) => {
  expect(isPaymentCode(text)).toBe(expected)
  expect(readPaymentCode(text, vault).ok).toBe(expected)
})

test('used comes before expired', () => {
  const code = { customerId: 1, issuedAt: 0, expiresAt: 60, usedAt: null }
  expect(codeFault(undefined, 0)).toBe('code_unknown')
  expect(codeFault(code, 59)).toBeUndefined()
  expect(codeFault(code, 60)).toBe('code_expired')
  expect(codeFault({ ...code, usedAt: 3 }, 60)).toBe('code_used')
})
