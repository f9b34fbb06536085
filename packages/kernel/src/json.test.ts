import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InvariantError } from './assert.ts'
import { canonicalJson } from './canonical-json.ts'
import { isJsonObject, JSON_DEPTH_MAX, JsonNumber, type JsonValue, parseJsonStrict } from './json.ts'

function parsedValue(text: string): JsonValue {
  const parsed = parseJsonStrict(text)
  if (!parsed.ok) throw new Error(`${text} was refused: ${parsed.error.code}`)
  return parsed.value
}

// What JSON.parse would have made of it.
function asPlain(value: JsonValue): unknown {
  if (value instanceof JsonNumber) return Number(value.text)
  if (Array.isArray(value)) return value.map(asPlain)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, asPlain(member)]))
}

describe('strict JSON', () => {
  test.each(['88.80', '0.10', '1E400', '-0', '12345678901234567890123', '1e2'])(
    'the number %s keeps its text',
    (text) => {
      expect(parsedValue(`{"amount": ${text} }`)).toEqual({ amount: new JsonNumber(text) })
    },
  )

  test('reads whatever JSON.stringify writes, as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 2), (value, space) => {
        const text = JSON.stringify(value, null, space)
        expect(asPlain(parsedValue(text))).toEqual(JSON.parse(text))
      }),
    )
  })

  test('accepts exactly the texts that JSON.parse accepts, but for duplicates and depth', () => {
    const piece = fc.constantFrom(...'{}[]:,"\\ \n', '"a"', '1', '-', '.', '0', 'e', 'true', 'null', '\u0001', 'x')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join('')
        const parsed = parseJsonStrict(text)
        fc.pre(parsed.ok || parsed.error.code === 'not_json')
        let valid = true
        try {
          JSON.parse(text)
        } catch {
          valid = false
        }
        expect([text, parsed.ok]).toEqual([text, valid])
      }),
      { numRuns: 2_000 },
    )
  })

  test.each([
    '',
    ' ',
    '{',
    '{"a":1,}',
    '[1,]',
    "{'a':1}",
    '{a:1}',
    '"a\nb"',
    '"\\x41"',
    '"abc',
    '"abc\\',
    '01',
    '1.',
    '.5',
    '+1',
    'NaN',
    'truex',
    'tru',
    '1 2',
    '{"a" 1}',
    '\u00a01',
    '\ufeff{}',
    '/**/1',
  ])('%j is not JSON', (text) => {
    expect(parseJsonStrict(text)).toMatchObject({ ok: false, error: { code: 'not_json' } })
  })

  test.each(['{"a":1,"a":1}', '{"a":1,"\\u0061":2}', '{"x":{"b":1,"c":2,"b":3}}', '{"__proto__":1,"__proto__":2}'])(
    '%s is refused for its duplicate key',
    (text) => {
      expect(parseJsonStrict(text)).toMatchObject({ ok: false, error: { code: 'duplicate_key' } })
    },
  )

  test('keys that mean something to JavaScript are plain keys', () => {
    const value = parsedValue('{"__proto__":{"admin":true},"constructor":1,"toString":"x"}')
    expect(isJsonObject(value) && Object.keys(value)).toEqual(['__proto__', 'constructor', 'toString'])
    expect(isJsonObject(value) && 'admin' in value).toBe(false)
    expect(isJsonObject(parsedValue('{}'))).toBe(true)
    expect(Object.keys(parsedValue('{}') ?? {})).toEqual([])
  })

  test('nesting is allowed up to the limit and refused beyond', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
    expect(parseJsonStrict(nested(JSON_DEPTH_MAX)).ok).toBe(true)
    expect(parseJsonStrict(nested(JSON_DEPTH_MAX + 1))).toMatchObject({ ok: false, error: { code: 'too_deep' } })
    expect(parseJsonStrict('['.repeat(1_000_000))).toMatchObject({ ok: false, error: { code: 'too_deep' } })
  })

  test('a megabyte of escapes does not exhaust anything', () => {
    const text = '\\n"'.repeat(300_000)
    expect(parsedValue(JSON.stringify(text))).toBe(text)
  })

  test('a fault says where it is', () => {
    expect(parseJsonStrict('{"a":1, "a":2}')).toEqual({ ok: false, error: { code: 'duplicate_key', at: 8 } })
    expect(parseJsonStrict('[1, x]')).toEqual({ ok: false, error: { code: 'not_json', at: 4 } })
  })
})

describe('canonical JSON', () => {
  test('is the same whatever the order of keys', () => {
    expect(canonicalJson({ b: [1, { d: null, c: true }], a: '茶"\n' })).toBe(
      '{"a":"茶\\"\\n","b":[1,{"c":true,"d":null}]}',
    )
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.maxSafeInteger()), (object) => {
        const reversed = Object.fromEntries(Object.entries(object).reverse())
        expect(canonicalJson(reversed)).toBe(canonicalJson(object))
        expect(JSON.parse(canonicalJson(object))).toEqual({ ...object })
      }),
    )
  })

  test('sorts keys by code units, as RFC 8785 §3.2.3 shows', () => {
    const keys = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6']
    const object = Object.fromEntries(keys.map((key) => [key, 0]))
    const sorted = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33']
    expect(canonicalJson(object)).toBe(`{${sorted.map((key) => `${JSON.stringify(key)}:0`).join(',')}}`)
  })

  test('keeps number tokens, leaves undefined out, and writes -0 as 0', () => {
    expect(canonicalJson({ a: new JsonNumber('1.10'), b: undefined })).toBe('{"a":1.10}')
    expect(canonicalJson(-0)).toBe('0')
    expect(canonicalJson(parseJsonStrict('{"b":1,"a":[]}'))).toBe('{"ok":true,"value":{"a":[],"b":1}}')
  })

  test.each([
    ['a bigint', 1n],
    ['a fraction', 0.5],
    ['an unsafe integer', 2 ** 53],
    ['NaN', Number.NaN],
    ['undefined', undefined],
    ['an array with undefined', [undefined]],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['a lone surrogate', '\ud800'],
  ])('refuses %s', (_, value) => {
    expect(() => canonicalJson(value)).toThrow(InvariantError)
  })
})
