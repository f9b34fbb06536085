import { MICROS_PER_SECOND } from '@huitong/kernel'
import { describe, expect, test } from 'vitest'
import { recoveryCodeOf, typedCode, waitAfter } from './one-time-code.ts'
import { checkCode, enrolmentUri } from './totp.ts'

// RFC 6238, appendix B, SHA-1: of its eight digits the last six are what six digits give.
const SECRET = Buffer.from('12345678901234567890', 'ascii')
const VECTORS: readonly (readonly [number, string])[] = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
]

describe('a code of an app', () => {
  test.each(VECTORS)('at %d seconds is what the standard says', (seconds, code) => {
    expect(checkCode(SECRET, code, seconds * MICROS_PER_SECOND)).toBe(Math.floor(seconds / 30))
  })

  test('is taken one step before and after its own, and no further', () => {
    const step = Math.floor(1_234_567_890 / 30)
    const at = (steps: number) => checkCode(SECRET, '005924', (step + steps) * 30 * MICROS_PER_SECOND)
    expect([at(-2), at(-1), at(0), at(1), at(2)]).toEqual([undefined, step, step, step, undefined])
  })

  test('of another length, or none, is none', () => {
    for (const code of ['', '12345', '1234567', 'abcdef']) expect(checkCode(SECRET, code, 59_000_000)).toBeUndefined()
  })

  test('is set up by an address that apps read', () => {
    const uri = new URL(enrolmentUri('Yunhe Pay', 'cust:1 & co', SECRET))
    expect(`${uri.protocol}//${uri.host}`).toBe('otpauth://totp')
    expect(decodeURIComponent(uri.pathname)).toBe('/Yunhe Pay:cust:1 & co')
    expect(Object.fromEntries(uri.searchParams)).toMatchObject({
      secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
      issuer: 'Yunhe Pay',
    })
  })
})

describe('false codes', () => {
  const minutes = (failures: number) => waitAfter(failures) / (60 * MICROS_PER_SECOND)

  test.each([
    [0, 0],
    [4, 0],
    [5, 1],
    [6, 2],
    [10, 32],
    [15, 1024],
    [16, 1440],
    [1000, 1440],
  ])('%d in a row cost a wait of %d minutes', (failures, wait) => expect(minutes(failures)).toBe(wait))
})

describe('what somebody types', () => {
  test.each([
    ['123456', 'app', '123456'],
    ['123 456', 'app', '123456'],
    ['7k2mq-x4r0c', 'recovery', '7k2mqx4r0c'],
    [' 7K2MQ X4ROC ', 'recovery', '7k2mqx4r0c'],
    ['il2mq-x4r0c', 'recovery', '112mqx4r0c'],
  ])('%j is read as a code of kind %s', (text, kind, code) => expect(typedCode(text)).toEqual({ kind, code }))

  test.each(['', '12345', '1234567', '7k2mq-x4r0', '7k2mq-x4r0u', '１２３４５６', '\u0000'])('%j is no code', (text) =>
    expect(typedCode(text)).toBeUndefined(),
  )

  test('a recovery code that was drawn is read again', () => {
    const code = recoveryCodeOf(Uint8Array.from({ length: 10 }, (_, index) => index * 25))
    expect(typedCode(code)).toEqual({ kind: 'recovery', code: code.replace('-', '') })
  })
})
