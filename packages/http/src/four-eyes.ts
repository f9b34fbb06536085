import type { Caller, Scope } from '@huitong/contract'
import type { RouteReply } from './http-reply.ts'
import type { RouteRequest } from './route.ts'

/** A request that was judged by its route's schemas and waits for a second person. */
export interface ProposedRequest {
  readonly method: string
  /** With parameters by name. */
  readonly route: string
  /** What whoever decides must have. */
  readonly scope: Scope
  readonly params: unknown
  readonly body: unknown
}

/**
 * Where requests go whose route takes four eyes: the first person's request becomes a proposal, and the route's handler runs
 * when a second one approves.
 */
export interface ApprovalDesk {
  propose(request: ProposedRequest, caller: Caller, idempotencyKey: string): Promise<RouteReply<unknown>>
}

/** What of the approving request a performed one is shown. */
export type Circumstances = Pick<RouteRequest<unknown, unknown, unknown>, 'requestId' | 'headers' | 'ip' | 'log'>

/** Runs the handler of an approved request, judged by the schemas once more. Give the same key again to get the first answer. */
export type PerformApproved = (
  request: ProposedRequest,
  caller: Caller,
  idempotencyKey: string,
  circumstances: Circumstances,
) => Promise<RouteReply<unknown>>
