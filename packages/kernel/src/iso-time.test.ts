import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isoToMicros, microsToIso } from './iso-time.ts'

describe('time as text', () => {
  test.each([
    [0, '1970-01-01T00:00:00.000000Z'],
    [1, '1970-01-01T00:00:00.000001Z'],
    [-1, '1969-12-31T23:59:59.999999Z'],
    [1_795_324_500_123_456, '2026-11-22T05:15:00.123456Z'],
  ])('%d is written %s', (micros, text) => {
    expect(microsToIso(micros)).toBe(text)
    expect(isoToMicros(text)).toEqual({ ok: true, value: micros })
  })

  test.each([
    ['1970-01-01T00:00:01Z', 1_000_000],
    ['1970-01-01T00:00:00.5Z', 500_000],
    ['1970-01-01T08:00:00+08:00', 0],
    ['1969-12-31T19:00:00-05:00', 0],
    ['2024-02-29T00:00:00Z', 1_709_164_800_000_000],
  ])('%s reads as %d', (text, micros) => {
    expect(isoToMicros(text)).toEqual({ ok: true, value: micros })
  })

  test.each([
    '',
    'now',
    '2026-02-29T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T23:59:60Z',
    '2026-01-01T00:00:00',
    '2026-01-01 00:00:00Z',
    '2026-01-01T00:00:00.Z',
    '2026-01-01T00:00:00.1234567Z',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00z',
    '2026-01-01T00:00:00Z ',
    '1600-01-01T00:00:00Z',
  ])('%j is malformed', (text) => {
    expect(isoToMicros(text)).toEqual({ ok: false, error: 'malformed_time' })
  })

  test('every microsecond reads back as itself', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (micros) => {
        expect(isoToMicros(microsToIso(micros))).toEqual({ ok: true, value: micros })
      }),
    )
  })
})
