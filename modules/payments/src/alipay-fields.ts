import { err, invariant, isJsonObject, type JsonObject, ok, type Result } from '@huitong/kernel'
import type { FieldRule } from './alipay-field-rules.ts'

export type FieldTable<Name extends string> = Readonly<Record<Name, FieldRule>>

/** A field that broke its rule, in one sentence that says nothing of its value. */
export interface AlipayFieldFault {
  readonly field: string
  readonly text: string
}

/** The judged fields of one request. */
export class AlipayFields<Name extends string> {
  readonly #texts: ReadonlyMap<string, string>
  readonly #content: JsonObject

  constructor(texts: ReadonlyMap<string, string>, content: JsonObject) {
    this.#texts = texts
    this.#content = content
  }

  /** Null when the field was not given. */
  text(name: Name): string | null {
    return this.#texts.get(name) ?? null
  }

  /** For fields that their table requires. */
  required(name: Name): string {
    const found = this.#texts.get(name)
    invariant(found !== undefined, `${name} is read as required and its table does not require it`)
    return found
  }

  has(name: Name): boolean {
    return this.#texts.has(name)
  }

  /** The object of a `record` field; empty when the field was not given. */
  object(name: Name): JsonObject {
    const value = this.#content[name]
    return isJsonObject(value) ? value : {}
  }
}

/**
 * Judges content by a table. Null and empty text count as not given, for some clients send every field they know. Faults are told in
 * this order: fields that the table does not name, then fields in the table's order. `at` names the object that the content is of.
 */
export function readAlipayFields<Name extends string>(
  content: JsonObject,
  table: FieldTable<Name>,
  at = '',
): Result<AlipayFields<Name>, AlipayFieldFault> {
  const unknown = Object.keys(content).find((name) => !Object.hasOwn(table, name))
  if (unknown !== undefined) return err({ field: at + safeName(unknown), text: 'is not a field of this method' })
  const texts = new Map<string, string>()
  for (const [name, rule] of Object.entries<FieldRule>(table)) {
    const value = content[name]
    if (value === undefined || value === null || value === '') {
      if (rule.required) return err({ field: at + name, text: 'is missing' })
      continue
    }
    const judged = rule.read(value)
    if (!judged.ok) return err({ field: at + name, text: judged.error })
    texts.set(name, judged.value)
  }
  return ok(new AlipayFields(texts, content))
}

// A name from outside goes back into an answer only if it is harmless.
function safeName(name: string): string {
  return /^[\w.-]{1,64}$/.test(name) ? name : 'A field'
}
