import type { PaymentRefusalCode } from './trade-refusals.ts'

export const MONEY_REQUEST_STATES = ['open', 'paid', 'declined', 'cancelled', 'expired'] as const
export type MoneyRequestState = (typeof MONEY_REQUEST_STATES)[number]

/** The first two are the asked person's, `cancel` the asker's, `expire` time's. */
export const MONEY_REQUEST_ACTIONS = ['pay', 'decline', 'cancel', 'expire'] as const
export type MoneyRequestAction = (typeof MONEY_REQUEST_ACTIONS)[number]

/**
 * One person asks another for money.
 *
 *     open ──pay──► paid
 *      ├──decline──► declined
 *      ├──cancel, its bill is closed──► cancelled
 *      └──time over──► expired
 */
export interface MoneyRequest {
  readonly id: number
  /** A customer, who is paid. */
  readonly asker: number
  /** A customer, who is asked to pay. */
  readonly payer: number
  readonly amountMinor: bigint
  readonly note: string | null
  /** The split bill that it is a share of. */
  readonly bill: number | null
  readonly state: MoneyRequestState
  readonly createdAt: number
  readonly expiresAt: number
  readonly endedAt: number | null
  /** The transfer that paid it. */
  readonly transfer: number | null
}

/** Where an action leads from the open state; every other state is final. */
export const MONEY_REQUEST_ENDS: Readonly<Record<MoneyRequestAction, Exclude<MoneyRequestState, 'open'>>> = {
  pay: 'paid',
  decline: 'declined',
  cancel: 'cancelled',
  expire: 'expired',
}

/** Why an action is refused at a time; undefined when it is allowed. Past its time a request cannot be paid, also before that is noted. */
export function moneyRequestFault(
  { state, expiresAt }: Pick<MoneyRequest, 'state' | 'expiresAt'>,
  action: MoneyRequestAction,
  now: number,
): PaymentRefusalCode | undefined {
  if (state !== 'open') return 'money_request_over'
  if (action === 'expire') return expiresAt > now ? 'trade_not_due' : undefined
  return expiresAt <= now && action === 'pay' ? 'money_request_over' : undefined
}
