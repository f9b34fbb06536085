import { invariant } from '@huitong/kernel'

/** Reads a text column that a check constraint keeps within a list: the second of the pair of assertions. */
export function storedOneOf<T extends string>(known: readonly T[], text: string): T {
  const found = known.find((value) => value === text)
  invariant(found !== undefined, `a stored value is none of ${known.join(', ')}: ${text}`)
  return found
}
