import { invariant } from '@huitong/kernel'
import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'

/** How an answer is kept with a remembered outcome: as JSON, judged by its schema when it is read back. */
export function answerCodec<S extends TSchema>(schema: S) {
  return {
    encode: (answer: Static<S>): string => JSON.stringify(answer),
    decode: (text: string): Static<S> => {
      const value: unknown = JSON.parse(text)
      invariant(Value.Check(schema, value), 'a remembered answer is what its kind of command answers')
      return value
    },
  }
}
