import { invariant } from '@huitong/kernel'

export type PlainSchema = { [keyword: string]: unknown }

/**
 * A copy of a schema for judging input: every object that does not say otherwise refuses fields that it does not name, for a
 * misspelt field would otherwise be dropped without a word. Names (`$id`) are for the reference and are left out.
 */
export function closedSchema(schema: unknown): PlainSchema {
  const copy = mapSchemas(schema, closedSchema)
  delete copy.$id
  // Each part of an intersection would refuse the fields of the others.
  invariant(copy.allOf === undefined, 'input schemas name their fields in one object, not in an intersection')
  if (copy.type === 'object' && copy.additionalProperties === undefined && !('patternProperties' in copy)) {
    copy.additionalProperties = false
  }
  return copy
}

const SCHEMA_KEYS = new Set(['items', 'additionalProperties', 'not', 'contains', 'propertyNames'])
const SCHEMA_LIST_KEYS = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems', 'items'])
const SCHEMA_MAP_KEYS = new Set(['properties', 'patternProperties', '$defs'])

/** Copies a schema, with `change` applied to the schemas right below it. Only JSON Schema's own keywords are followed. */
export function mapSchemas(schema: unknown, change: (schema: unknown) => PlainSchema): PlainSchema {
  invariant(isObject(schema), 'a schema is an object')
  const copy: PlainSchema = {}
  for (const [key, value] of Object.entries(schema)) {
    if (SCHEMA_LIST_KEYS.has(key) && Array.isArray(value)) copy[key] = value.map((one) => change(one))
    else if (SCHEMA_KEYS.has(key) && isObject(value)) copy[key] = change(value)
    else if (SCHEMA_MAP_KEYS.has(key) && isObject(value)) {
      copy[key] = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, change(one)]))
    } else copy[key] = value
  }
  return copy
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
