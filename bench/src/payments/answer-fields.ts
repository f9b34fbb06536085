import { isJsonObject, parseJsonStrict } from '@huitong/kernel'
import type { Answer } from './http-connection.ts'

/** The fields of a JSON object; anything else ends the benchmark. */
export function fieldsIn(text: string): Readonly<Record<string, unknown>> {
  const parsed = parseJsonStrict(text)
  if (!parsed.ok || !isJsonObject(parsed.value)) throw new Error(`not a JSON object: ${text.slice(0, 500)}`)
  return parsed.value
}

/** A run in which anything was refused measures something else, so it ends there. */
export function expectStatus(answer: Answer, status: number): void {
  if (answer.status !== status) throw new Error(`${answer.status} instead of ${status}: ${answer.body.slice(0, 500)}`)
}

/** The id that an answer begins with; a whole parse of each answer would cost the client more than all else. */
export function idIn(answer: Answer): string {
  const id = /^\{"id":"([0-9a-z_]+)"/.exec(answer.body)?.[1]
  if (id === undefined) throw new Error(`no id: ${answer.body.slice(0, 500)}`)
  return id
}
