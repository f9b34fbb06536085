import { describe, expect, test } from 'vitest'
import { decodeCursor, encodeCursor } from './cursor.ts'

describe('a cursor', () => {
  test('gives back what was put in', () => {
    const text = encodeCursor('payments', [1795390538266000, 'trade_x'])
    expect(decodeCursor('payments', ['number', 'string'], text)).toEqual({
      ok: true,
      value: [1795390538266000, 'trade_x'],
    })
  })

  const bad: [string, string][] = [
    ['of another list', encodeCursor('refunds', [1])],
    ['with too few values', encodeCursor('payments', [])],
    ['with a value of another type', encodeCursor('payments', ['1'])],
    ['with a number that is not exact', Buffer.from('["payments",1e300]').toString('base64url')],
    ['that is no base64', 'ä'],
    ['that is no JSON', Buffer.from('payments').toString('base64url')],
    ['spelt in another way', `${encodeCursor('payments', [1])}=`],
    ['with a changed letter', encodeCursor('payments', [1]).replace('W', 'X')],
    ['that is empty', ''],
    ['that is too long', 'A'.repeat(2100)],
  ]
  test.each(bad)('%s is refused', (_what, text) => {
    expect(decodeCursor('payments', ['number'], text)).toEqual({ ok: false, error: 'malformed_cursor' })
  })
})
