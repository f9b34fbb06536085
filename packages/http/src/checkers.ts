import type { FieldError } from '@huitong/contract'
import { err, ok, type Result } from '@huitong/kernel'
import { Ajv, type ValidateFunction } from 'ajv'
import type { Static, TSchema } from 'typebox'
import { closedSchema } from './closed-schema.ts'
import { fieldErrors } from './field-errors.ts'

/** Judges one part of a request against its schema. */
export type Checker<T> = (value: unknown) => Result<T, readonly FieldError[]>

// Bodies say what they mean, so nothing is coerced: "8" is not 8. In a path or query everything is text, and numbers and
// one-element lists must be read out of it. `verbose` puts the schema into errors, which name the allowed values from it.
const common = { strict: true, allErrors: true, verbose: true, removeAdditional: false, allowUnionTypes: true } as const
const bodies = new Ajv({ ...common, coerceTypes: false })
const texts = new Ajv({ ...common, coerceTypes: 'array', useDefaults: true })
for (const ajv of [bodies, texts]) ajv.addVocabulary(['example'])

const NOTHING = { type: 'object', additionalProperties: false } as const

/** For a JSON body. Without a schema only an empty object passes. */
export function bodyChecker<S extends TSchema>(schema: S | undefined): Checker<Static<S>> {
  return checker(bodies.compile<Static<S>>(schema === undefined ? NOTHING : closedSchema(schema)))
}

/** For the parameters of a path or a query; the value is changed in place to what the schema says. */
export function textsChecker<S extends TSchema>(schema: S | undefined): Checker<Static<S>> {
  return checker(texts.compile<Static<S>>(schema === undefined ? NOTHING : closedSchema(schema)))
}

function checker<T>(validate: ValidateFunction<T>): Checker<T> {
  return (value) => (validate(value) ? ok(value) : err(fieldErrors(validate.errors ?? [])))
}
