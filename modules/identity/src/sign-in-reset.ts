import { MICROS_PER_SECOND, type Micros } from '@huitong/kernel'

/*
 * A customer who lost every passkey and code goes to customer service, who look at documents. Two of them ask for the reset, and it waits:
 * whoever can still sign in as the customer sees it and may object, so a thief with forged documents is found out in time.
 */

export const RESET_STATES = ['open', 'objected', 'done'] as const
export type ResetState = (typeof RESET_STATES)[number]

export interface SignInReset {
  readonly id: number
  readonly customer: number
  /** What was looked at, by number; never a name. */
  readonly reason: string
  readonly requestedAt: Micros
  /** From then on it may be done. */
  readonly effectiveAt: Micros
  readonly state: ResetState
  readonly decidedAt: Micros | null
}

/** Three days, so that a weekend without a look at the phone does not make it pass unseen. */
export const RESET_WAIT: Micros = 72 * 3600 * MICROS_PER_SECOND

/** Why something with a reset is refused, in order of precedence. */
export const RESET_REFUSALS = ['reset_unknown', 'reset_objected', 'reset_done', 'reset_too_early'] as const
export type ResetRefusal = (typeof RESET_REFUSALS)[number]

export const RESET_REFUSAL_MEANINGS: Readonly<
  Record<ResetRefusal, { readonly status: 404 | 409; readonly retry: boolean; readonly text: string }>
> = {
  reset_unknown: { status: 404, retry: false, text: 'No reset was asked for.' },
  reset_objected: { status: 409, retry: false, text: 'The customer objected to the reset.' },
  reset_done: { status: 409, retry: false, text: 'The reset was done.' },
  reset_too_early: {
    status: 409,
    retry: true,
    text: 'The customer may still object; try again after the time of waiting.',
  },
}

/** Whether this may become of a reset now; table of (state, action). */
export function resetFault(
  reset: Pick<SignInReset, 'state' | 'effectiveAt'> | undefined,
  action: 'object' | 'finish',
  at: Micros,
): ResetRefusal | undefined {
  if (reset === undefined) return 'reset_unknown'
  if (reset.state === 'objected') return action === 'object' ? undefined : 'reset_objected'
  if (reset.state === 'done') return 'reset_done'
  return action === 'finish' && at < reset.effectiveAt ? 'reset_too_early' : undefined
}
