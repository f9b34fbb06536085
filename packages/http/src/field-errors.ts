import type { FieldError } from '@huitong/contract'
import type { ErrorObject } from 'ajv'
import { isObject } from './closed-schema.ts'
import { fieldPath, pointerSteps } from './field-path.ts'

/** More than this many tell nothing new, and a large bad body would make a larger answer. */
const ERRORS_MAX = 20

/** What the validator found, as fields and rules. */
export function fieldErrors(found: readonly ErrorObject[]): FieldError[] {
  const choices = found.filter((error) => error.keyword === 'anyOf' || error.keyword === 'oneOf')
  // Why each single branch of a choice did not fit is noise; that none did is the error.
  const told = found.filter(
    (error) => !choices.some((choice) => choice !== error && error.schemaPath.startsWith(`${choice.schemaPath}/`)),
  )
  return told.slice(0, ERRORS_MAX).map(fieldError)
}

function fieldError(error: ErrorObject): FieldError {
  const steps = pointerSteps(error.instancePath)
  switch (error.keyword) {
    case 'required':
      return named([...steps, String(error.params.missingProperty)], 'required', 'is missing')
    case 'additionalProperties':
      return named([...steps, String(error.params.additionalProperty)], 'unknown_field', 'is not a known field')
    case 'anyOf':
    case 'oneOf':
      return named(steps, 'choice', choiceMessage(error.schema))
    case 'const':
      return named(steps, 'const', `must be ${JSON.stringify(error.params.allowedValue)}`)
    case 'enum':
      return named(steps, 'enum', `must be one of ${listed(error.params.allowedValues)}`)
    default:
      return named(steps, error.keyword, error.message ?? 'is not valid')
  }
}

function named(steps: readonly (string | number)[], rule: string, message: string): FieldError {
  return { field: fieldPath(steps), rule, message }
}

function choiceMessage(branches: unknown): string {
  if (!Array.isArray(branches)) return 'fits none of the allowed forms'
  const values = branches.map((branch: unknown) => (isObject(branch) ? branch.const : undefined))
  return values.includes(undefined) ? 'fits none of the allowed forms' : `must be one of ${listed(values)}`
}

function listed(values: unknown): string {
  return Array.isArray(values) ? values.map((value) => JSON.stringify(value)).join(', ') : String(values)
}
