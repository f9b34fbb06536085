/** The program itself is wrong: nobody may catch this to continue. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError'
}

/** Holds in production too: a wrong number that goes on is worse than a stopped program. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message)
}

/** Closes an exhaustive switch: the compiler refuses the call while a case is missing. */
export function unreachable(value: never, message = 'reached a case that should not exist'): never {
  throw new InvariantError(`${message}: ${String(value)}`)
}
