import Type, { type Static } from 'typebox'

/** One thing that is wrong with a request: the field's path (`amount`, `payer.name`), the broken rule, and a sentence. */
export const FieldError = Type.Object(
  {
    field: Type.String({ description: 'Path of the field, or the name of a header or parameter' }),
    rule: Type.String({ description: 'The rule that was broken, such as `required` or `pattern`' }),
    message: Type.String(),
  },
  { $id: 'FieldError' },
)
export type FieldError = Static<typeof FieldError>

/** An error answer (RFC 9457). `type` and `code` are stable and for programs; `title` and `detail` are for people. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'A URN that names the kind of problem: `urn:huitong:problem:<code>`' }),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String(),
    instance: Type.String({ description: 'A URN with the id of the request: `urn:huitong:request:<id>`' }),
    code: Type.String(),
    errors: Type.Optional(Type.Array(FieldError)),
  },
  { $id: 'Problem' },
)
export type Problem = Static<typeof Problem>

/** The `type` of a problem: a name, not an address, so that it stays true wherever the server runs. */
export function problemType(code: string): string {
  return `urn:huitong:problem:${code}`
}
