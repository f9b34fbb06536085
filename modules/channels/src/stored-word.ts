import { invariant } from '@huitong/kernel'

/** A stored word as one of those that are known. */
export function storedWord<T extends string>(known: readonly T[], text: string): T {
  const found = known.find((word) => word === text)
  invariant(found !== undefined, `a stored word is none of ${known.join(', ')}: ${text}`)
  return found
}
