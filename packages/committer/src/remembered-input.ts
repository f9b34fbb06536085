import { hash } from 'node:crypto'
import type { CommandKind } from './command.ts'

/**
 * What is kept of an input, so that a repeat is told from another request under the same key, and the difference can be named.
 *
 * A kind whose inputs hold nothing personal keeps the canonical form itself. Of any other, the SHA-256 of the form is kept and 16 bits of
 * the SHA-256 of each of its fields: enough to tell which field differs (one difference in 65,536 is told without its name), too
 * little to find out what was in it.
 */
export function rememberedInput(kind: Pick<CommandKind<never, unknown>, 'keepsForm'>, form: string): string {
  if (kind.keepsForm === true) return inOnePiece(form)
  const fields = fieldsOf(form).map(([name, value]) => `;${name}=${hash('sha256', value, 'hex').slice(0, 4)}`)
  return `sha256:${hash('sha256', form, 'base64url')}${fields.join('')}`
}

/**
 * The same text. One that was put together is a tree of its parts until it is read, a dozen objects that the collector of garbage would
 * carry along for as long as the command waits; reading it joins them.
 */
function inOnePiece(text: string): string {
  text.isWellFormed()
  return text
}

/** Names of the fields that differ; empty when only the whole is known to differ. */
export function differingFields(first: string, second: string): readonly string[] {
  const before = marks(first)
  const after = marks(second)
  return [...new Set([...before.keys(), ...after.keys()])].filter((name) => before.get(name) !== after.get(name)).sort()
}

function marks(remembered: string): ReadonlyMap<string, string> {
  const [, ...fields] = remembered.split(';')
  return new Map(
    fields.map((field) => {
      const cut = field.lastIndexOf('=')
      return [field.slice(0, cut), field.slice(cut + 1)]
    }),
  )
}

/** Top-level fields of a form that is a JSON object, in their order; none of any other form. */
function fieldsOf(form: string): readonly (readonly [string, string])[] {
  if (!form.startsWith('{')) return []
  const parsed: unknown = JSON.parse(form)
  if (typeof parsed !== 'object' || parsed === null) return []
  return Object.entries(parsed).map(([name, value]) => [name, JSON.stringify(value)])
}
