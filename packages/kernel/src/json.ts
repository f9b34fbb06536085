import { err, ok, type Result } from './result.ts'

/** A number as it was written. Whoever needs a value of it says how to read it; nothing passes through a float. */
export class JsonNumber {
  readonly kind = 'number'
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** An object of parsed JSON. It has no prototype, so a key such as `__proto__` is a key like any other. */
export interface JsonObject {
  readonly [key: string]: JsonValue
}
export type JsonValue = string | boolean | null | JsonNumber | readonly JsonValue[] | JsonObject

export type JsonFaultCode = 'not_json' | 'duplicate_key' | 'too_deep'

export interface JsonFault {
  readonly code: JsonFaultCode
  /** Where it was found, in UTF-16 code units from the start. */
  readonly at: number
}

/** How deep arrays and objects may stand in each other; no known message needs half of it. */
export const JSON_DEPTH_MAX = 32

const SPACE = /[ \t\n\r]*/y
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const WORD = /true|false|null/y
const WORDS = { true: true, false: false, null: null } as const

/**
 * Reads JSON (RFC 8259) where money hangs on it. JSON.parse lets the last of two equal keys win and turns numbers into
 * floats; its reviver can show a number's text but not a key that was already overwritten. So this small parser refuses
 * duplicate keys and keeps number tokens as text. Strings are still decoded by JSON.parse, one token at a time.
 */
export function parseJsonStrict(text: string): Result<JsonValue, JsonFault> {
  const reader = new Reader(text)
  try {
    const value = reader.value(0)
    reader.end()
    return ok(value)
  } catch (error) {
    if (error instanceof Refusal) return err({ code: error.code, at: error.at })
    throw error
  }
}

/** Whether a parsed value is an object: neither an array nor a number token. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber)
}

// Leaves the recursion at once; it never leaves this file.
class Refusal extends Error {
  readonly code: JsonFaultCode
  readonly at: number

  constructor(code: JsonFaultCode, at: number) {
    super(code)
    this.code = code
    this.at = at
  }
}

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  value(depth: number): JsonValue {
    this.#token(SPACE)
    const first = this.#text[this.#at]
    if (first === '{') return this.#object(depth + 1)
    if (first === '[') return this.#array(depth + 1)
    if (first === '"') return this.#string()
    if (first === 't' || first === 'f' || first === 'n') return this.#word()
    return new JsonNumber(this.#required(NUMBER))
  }

  end(): void {
    this.#token(SPACE)
    if (this.#at < this.#text.length) throw this.#refusal('not_json')
  }

  #object(depth: number): JsonObject {
    const object: Record<string, JsonValue> = Object.create(null)
    this.#open(depth)
    if (this.#skip('}')) return object
    do {
      this.#token(SPACE)
      const at = this.#at
      const key = this.#string()
      if (key in object) throw new Refusal('duplicate_key', at)
      if (!this.#skip(':')) throw this.#refusal('not_json')
      object[key] = this.value(depth)
    } while (this.#skip(','))
    if (!this.#skip('}')) throw this.#refusal('not_json')
    return object
  }

  #array(depth: number): readonly JsonValue[] {
    const array: JsonValue[] = []
    this.#open(depth)
    if (this.#skip(']')) return array
    do array.push(this.value(depth))
    while (this.#skip(','))
    if (!this.#skip(']')) throw this.#refusal('not_json')
    return array
  }

  #open(depth: number): void {
    if (depth > JSON_DEPTH_MAX) throw this.#refusal('too_deep')
    this.#at += 1
  }

  // A pattern over a whole string would need a step of the pattern engine's stack per character, and a long text would
  // exhaust it. So the end is looked for by hand, and JSON.parse judges what stands between.
  #string(): string {
    const start = this.#at
    if (this.#text[start] !== '"') throw this.#refusal('not_json')
    let end = start + 1
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === '\\' ? 2 : 1
    const decoded = decodedString(this.#text.slice(start, end + 1))
    if (decoded === undefined) throw this.#refusal('not_json')
    this.#at = end + 1
    return decoded
  }

  #word(): boolean | null {
    const word = this.#required(WORD)
    if (word === 'true' || word === 'false' || word === 'null') return WORDS[word]
    throw this.#refusal('not_json')
  }

  // Skips white space and then the sign, if it is the next one.
  #skip(sign: string): boolean {
    this.#token(SPACE)
    if (this.#text[this.#at] !== sign) return false
    this.#at += 1
    return true
  }

  #required(pattern: RegExp): string {
    const token = this.#token(pattern)
    if (token === undefined) throw this.#refusal('not_json')
    return token
  }

  #token(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const token = pattern.exec(this.#text)?.[0]
    if (token !== undefined) this.#at += token.length
    return token
  }

  #refusal(code: JsonFaultCode): Refusal {
    return new Refusal(code, this.#at)
  }
}

function decodedString(token: string): string | undefined {
  try {
    const decoded: unknown = JSON.parse(token)
    return typeof decoded === 'string' ? decoded : undefined
  } catch {
    return undefined
  }
}
