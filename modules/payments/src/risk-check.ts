import type { ProofStrength } from '@huitong/contract'
import { invariant } from '@huitong/kernel'
import { PAYMENT_MINOR_MAX } from './limits.ts'
import type { PaymentWay } from './risk-port.ts'
import type { PaymentRefusalCode } from './trade-refusals.ts'

/*
 * A payment that risk did not simply allow. It waits for its payer to prove more, with no money moved, or for staff, with its money held.
 *
 *     awaiting_proof ──prove──► passed          held ──release──► passed
 *          │   └──proved, yet to be looked at──►  │──deny──► denied
 *          └──time over──► lapsed                 └──time over──► lapsed
 *     either ──call off, by its payer or its merchant──► called_off
 *
 * Silence never moves money to the payee: when the time is over, what was held goes back.
 */

export const RISK_CHECK_STATES = ['awaiting_proof', 'held', 'passed', 'denied', 'lapsed', 'called_off'] as const
export type RiskCheckState = (typeof RISK_CHECK_STATES)[number]

export const RISK_CHECK_ACTIONS = ['prove', 'release', 'deny', 'call_off', 'lapse'] as const
export type RiskCheckAction = (typeof RISK_CHECK_ACTIONS)[number]

/** Who ended it, or may. */
export const RISK_CHECK_ACTORS = ['payer', 'merchant', 'staff', 'time'] as const
export type RiskCheckActor = (typeof RISK_CHECK_ACTORS)[number]

/** What is paid: a trade, which is there already, or a transfer, which is not until the check is passed. */
export const RISK_CHECK_KINDS = ['trade', 'transfer'] as const
type RiskCheckKind = (typeof RISK_CHECK_KINDS)[number]

export interface RiskCheck {
  readonly id: number
  readonly kind: RiskCheckKind
  /** Id of the trade, or the one that the transfer will have. */
  readonly subject: number
  /** The payer. */
  readonly customer: number
  /** A merchant's id with trades, a customer's with transfers. */
  readonly payee: number
  readonly amountMinor: bigint
  readonly way: PaymentWay
  /** Of a transfer, in its payer's words. */
  readonly transferNumber: string | null
  readonly title: string | null
  readonly remark: string | null
  readonly state: RiskCheckState
  /** What the payer is asked to prove; null of payments that were held at once. */
  readonly proof: ProofStrength | null
  /** The ledger's hold; null while no money is held. */
  readonly hold: number | null
  /** Whose verdict it was, and the rules behind it. For staff only. */
  readonly judgedBy: readonly string[]
  readonly reasons: readonly string[]
  /** µs. */
  readonly createdAt: number
  /** When silence ends it. */
  readonly dueAt: number
  readonly endedAt: number | null
  /** `staff:12`, `payer`, `merchant` or `time`. */
  readonly endedBy: string | null
}

const MINUTE = 60_000_000

/** How long a payer has to prove more, and staff to look at a payment. */
export const PROOF_LIFE = 15 * MINUTE
export const HOLD_LIFE = 72 * 60 * MINUTE

type Cell = { readonly to: RiskCheckState } | { readonly refuse: PaymentRefusalCode }
const over = { refuse: 'risk_check_over' } as const
const ended = { prove: over, release: over, deny: over, call_off: over, lapse: over } as const

/** Every action in every state, for the actors who may take it at all. */
export const RISK_CHECK_TABLE: Readonly<Record<RiskCheckState, Readonly<Record<RiskCheckAction, Cell>>>> = {
  awaiting_proof: {
    prove: { to: 'passed' },
    release: over,
    deny: over,
    call_off: { to: 'called_off' },
    lapse: { to: 'lapsed' },
  },
  held: {
    prove: { refuse: 'payment_held' },
    release: { to: 'passed' },
    deny: { to: 'denied' },
    call_off: { to: 'called_off' },
    lapse: { to: 'lapsed' },
  },
  passed: ended,
  denied: ended,
  lapsed: ended,
  called_off: ended,
}

/** Who may take an action. To anybody else the check does not exist. */
const RISK_CHECK_ALLOWED: Readonly<Record<RiskCheckAction, readonly RiskCheckActor[]>> = {
  prove: ['payer'],
  release: ['staff'],
  deny: ['staff'],
  call_off: ['payer', 'merchant'],
  lapse: ['time'],
}

/** Why an action is refused at a time; undefined when it is allowed. What is past its time is over before the job has noted it. */
export function riskCheckFault(
  { state, dueAt }: Pick<RiskCheck, 'state' | 'dueAt'>,
  action: RiskCheckAction,
  actor: RiskCheckActor,
  now: number,
): PaymentRefusalCode | undefined {
  if (!RISK_CHECK_ALLOWED[action].includes(actor)) return 'risk_check_not_found'
  const cell = RISK_CHECK_TABLE[state][action]
  if ('refuse' in cell) return cell.refuse
  if (action === 'lapse') return dueAt > now ? 'trade_not_due' : undefined
  // To give up is never too late.
  return action !== 'call_off' && dueAt <= now ? 'risk_check_over' : undefined
}

export function isOpen({ state }: Pick<RiskCheck, 'state'>): boolean {
  return state === 'awaiting_proof' || state === 'held'
}

/** Holds for every check at every time; the constraints of the table are its pair. */
export function assertRiskCheck(check: RiskCheck): RiskCheck {
  const name = `risk check ${check.id}`
  invariant(check.amountMinor > 0n && check.amountMinor <= PAYMENT_MINOR_MAX, `${name}: an amount that no payment has`)
  invariant(check.state !== 'held' || check.hold !== null, `${name}: held without a hold`)
  invariant(check.state !== 'awaiting_proof' || check.hold === null, `${name}: waits for a proof with money held`)
  invariant(check.state !== 'awaiting_proof' || check.proof !== null, `${name}: waits for no proof`)
  invariant(isOpen(check) === (check.endedAt === null), `${name}: ended without a time, or the reverse`)
  invariant((check.endedAt === null) === (check.endedBy === null), `${name}: ended by nobody, or the reverse`)
  invariant((check.kind === 'transfer') === (check.transferNumber !== null), `${name}: a transfer without a number`)
  return check
}
