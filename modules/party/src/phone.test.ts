import { expect, test } from 'vitest'
import { maskedPhone, readPhone } from './phone.ts'

test.each([
  ['15912345620', '+8615912345620'],
  ['159 1234 5620', '+8615912345620'],
  ['+86-159-1234-5620', '+8615912345620'],
  ['+4915112345678', '+4915112345678'],
])('%s is %s', (text, phone) => {
  expect(readPhone(text)).toEqual({ ok: true, value: phone })
})

test.each([
  '',
  '12345',
  '12912345620',
  '159123456201',
  '+0123456789',
  '+1234567890123456',
  '1591234562x',
  '１５９１２３４５６２０',
  '15912345620\n',
])('%j is no phone number', (text) => {
  expect(readPhone(text)).toEqual({ ok: false, error: 'malformed_phone' })
})

test('masking hides at least four digits', () => {
  expect(maskedPhone('+8615912345620')).toBe('159****5620')
  expect(maskedPhone('+1234567')).toBe('****67')
})
