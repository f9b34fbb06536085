import type { Caller, RouteAccess } from '@huitong/contract'

/** A request that may go on to its handler. */
export interface Visit {
  readonly caller: Caller
  readonly access: RouteAccess
  readonly method: string
  /** The route, with its parameters by name: `/v1/customers/:id`. */
  readonly route: string
  readonly params: Readonly<Record<string, string>>
  /** The address without its query. */
  readonly path: string
  readonly ip: string
  readonly requestId: string
}

/**
 * Writes down that a caller is about to do something, before it is done: when that cannot be written, nothing is done. What it
 * gives back is told the status of the answer; undefined when this visit is none to be recorded.
 */
export type VisitRecorder = (visit: Visit) => Promise<((status: number) => Promise<void>) | undefined>

/** Runs a handler between the two; one that threw has a status too. */
export async function recorded<Answer extends { readonly status: number }>(
  recorder: VisitRecorder | undefined,
  visit: Visit,
  run: () => Promise<Answer>,
): Promise<Answer> {
  const ended = await recorder?.(visit)
  if (ended === undefined) return run()
  try {
    const answer = await run()
    await ended(answer.status)
    return answer
  } catch (error) {
    await ended(statusOf(error))
    throw error
  }
}

function statusOf(error: unknown): number {
  if (typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number') {
    return error.status
  }
  return 500
}
