/**
 * Why a batch did not commit, as far as its error tells.
 *
 * - `fenced`: another process took over; nothing of this batch was written.
 * - `statement`: PostgreSQL refused a statement; the transaction is rolled back and the connection is sound.
 * - `connection`: nobody knows whether the commit arrived.
 */
export type BatchFailure = 'fenced' | 'statement' | 'connection'

/** SQLSTATE of the division by zero by which the fenced head update fails its transaction. */
const DIVISION_BY_ZERO = '22012'
/** Classes in which the server is going away or cannot work at all, so that trying the inputs one by one is no use. */
const UNSOUND_CLASSES = new Set(['08', '53', '57', '58', 'XX'])

/** A row could not even be put into a statement: a value that its column cannot hold. */
export class UnwritableBatch extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.name = 'UnwritableBatch'
  }
}

export function classifyFailure(error: unknown): BatchFailure {
  if (error instanceof UnwritableBatch) return 'statement'
  const code = errorCode(error)
  if (code === undefined || !/^[0-9A-Z]{5}$/.test(code)) return 'connection'
  if (code === DIVISION_BY_ZERO) return 'fenced'
  return UNSOUND_CLASSES.has(code.slice(0, 2)) ? 'connection' : 'statement'
}

/** No disk, memory or connections left (SQLSTATE class 53): sound, but of no use to try again at once. */
export function isOutOfResources(error: unknown): boolean {
  return errorCode(error)?.startsWith('53') === true
}

function errorCode(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined
}
