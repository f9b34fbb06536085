import { describe, expect, it } from 'vitest'
import { IDENTITY_FACTORS, type IdentityFactor, readDocumentNumber, tierOfFactors } from './identity-factor.ts'

const confirmed = (...factors: readonly IdentityFactor[]) =>
  factors.map((factor) => ({ factor, reference: 'R', confirmedAt: 1 }))

describe('the class of a payment account', () => {
  it.each([
    [1, []],
    [1, ['phone']],
    [1, ['identity_document', 'phone']],
    [1, ['phone', 'bank_card', 'tax', 'social_security', 'face']],
    [2, ['identity_document', 'phone', 'bank_card']],
    [2, ['identity_document', 'phone', 'bank_card', 'tax']],
    [3, ['identity_document', 'phone', 'bank_card', 'tax', 'face']],
    [3, ['identity_document', 'face_to_face']],
    [1, ['face_to_face']],
    [3, [...IDENTITY_FACTORS]],
  ] as const)('is %i with %j', (tier, factors) => {
    expect(tierOfFactors(confirmed(...factors))).toBe(tier)
  })
})

describe('an identity number', () => {
  it.each(['11010519491231002X', '440524188001010014', ' 11010519491231002x '])('%j is one', (text) => {
    expect(readDocumentNumber(text)).toEqual({ ok: true, value: text.trim().toUpperCase() })
  })

  it.each([
    ['110105194912310021', 'wrong_check_character'],
    ['11010519490229002X', 'malformed_number'],
    ['11010519491331002X', 'malformed_number'],
    ['1101051949123100', 'malformed_number'],
    ['', 'malformed_number'],
    ["11010519491231002X' or 1", 'malformed_number'],
    ['11010519491231002X0', 'malformed_number'],
  ])('%j is none: %s', (text, error) => {
    expect(readDocumentNumber(text)).toEqual({ ok: false, error })
  })
})
